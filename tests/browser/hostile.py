"""What tests of hostile input do in the page: one call of the browser for many texts, each waited for and looked at."""

from typing import Any

from playwright.sync_api import Page

# Of the page's own modules: `settled` resolves when an exhibit says anew how it stands, other than that it waits.
PRELUDE = """async (given) => {
    const main = document.querySelector('script[type=module][src$="/main.js"]').src;
    const from = (path) => import(main.replace('main.js', path));
    const { call } = await from('python/call.js');
    const { ask } = await from('python/tools.js');
    const { pause } = await from('python/pause.js');
    const settled = async (element, begin, waits = ['waiting']) => {
        begin();
        await new Promise((resolve) => {
            const said = new MutationObserver(() => {
                if (waits.includes(element.dataset.state)) return;
                said.disconnect();
                resolve();
            });
            said.observe(element, { attributeFilter: ['data-state'] });
            setTimeout(resolve, 20_000);
        });
        await pause();
    };
    // What a text may have become.
    const ran = () => [
        ...(window.hostile === undefined ? [] : ['it ran']),
        ...[...document.querySelectorAll('[data-hostile]')].map(({ outerHTML }) => outerHTML),
    ];
    const wrong = [];
    const look = (text, more = []) => wrong.push(...[...ran(), ...more].map((what) => [text.slice(0, 60), what]));
    %s
    return wrong;
}"""
# How an exhibit stands: live, or with a sentence.
STANDS = """const stands = (section) => {
        const { state } = section.dataset;
        if (state === 'live') return [];
        const places = [...section.querySelectorAll('[data-error-for], [data-role=message]')];
        const told = places.map(({ textContent }) => textContent).join('');
        const sentence = told.endsWith('.') && told.length < 400;
        return state === 'error' && sentence ? [] : [`${state}: ${told.slice(0, 100)}`];
    };"""


def in_page(page: Page, work: str, given: Any) -> Any:
    """Run JavaScript that fills `wrong`, with what the prelude names; return that."""
    return page.evaluate(PRELUDE % work, given)
