"""A walk through every page with the Tab key alone."""

from playwright.sync_api import Page

from tests.browser.pages import KINDS, go, html_of, paths, uncover

# What has the focus: whether it comes later than the stop before, where it is, whether something lies over it, and how
# its ring looks.
FOCUS = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 40), 1), innerHeight - 2);
    const over = document.elementFromPoint(x, y);
    const later = !window.stop || !(node.compareDocumentPosition(window.stop) & Node.DOCUMENT_POSITION_FOLLOWING);
    window.stop = node;
    const ring = node.matches('a.md-skip') || parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== 'none';
    return {
        name: `${node.localName}.${node.className.baseVal ?? node.className} ${node.textContent.trim().slice(0, 40)}`,
        seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
        free: Boolean(over) && (node.contains(over) || over.contains(node)),
        ring,
        later,
    };
}"""
# Where the reader pressed last is where Tab would go on from.
START = """(selector) => {
    const start = document.querySelector(selector);
    scrollTo(0, 0);
    window.stop = null;
    start.tabIndex = -1;
    start.focus();
    start.removeAttribute('tabindex');
}"""
NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
MANY = 600


def test_every_stop_can_be_seen_and_comes_in_the_order_of_the_page(page: Page, base: str) -> None:
    page.goto(base)
    wrong: list[str] = []
    for path in paths():
        if path not in KINDS and 'class="exhibit"' not in html_of(path):
            continue  # prose, whose links are those of a page of its kind
        go(page, base, path)
        uncover(page)
        # The bar and the list of pages are the same on all.
        page.evaluate(START, "body" if path in KINDS else "main")
        wrong += walk(page, path)
    assert wrong == []


def walk(page: Page, path: str) -> list[str]:
    wrong: list[str] = []
    stops = 0
    for _ in range(MANY):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or not stop["later"]:
            break
        if not (stop["seen"] and stop["free"] and stop["ring"]):
            page.evaluate(NEXT_FRAME)  # the tip of a term that was left may have lain there still
            stop = page.evaluate(FOCUS)
        stops += 1
        wrong += [f"{path}: {stop['name']} is not {what}" for what in ("seen", "free", "ring") if not stop[what]]
    else:
        wrong.append(f"{path}: more than {MANY} stops")
    # The foot alone has more.
    return wrong if stops > 4 else [*wrong, f"{path}: only {stops} stops"]
