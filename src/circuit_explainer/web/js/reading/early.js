// The reader's settings, as attributes of <html> before anything is drawn. A classic script: modules come too late.
{
  const KEY = 'circuit-explainer:settings';
  const DEFAULTS = { scheme: 'auto', size: '100', spacing: 'normal', motion: 'off', focus: 'off', simple: 'off' };
  const UNKEPT = 'This browser keeps nothing for this site, so the settings last as long as this page is open.';
  // "?view=embed#name" shows one exhibit alone, in a frame of another page: embed.css.
  const view = new URLSearchParams(location.search).get('view') === 'embed' && { view: 'embed', focus: 'off' };
  const light = matchMedia('(prefers-color-scheme: light)');

  function kept() {
    try {
      return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY)) };
    } catch {
      return { ...DEFAULTS }; // storage may be forbidden
    }
  }

  let settings = kept();

  function apply() {
    const shown = { ...settings, scheme: settings.scheme === 'auto' ? (light.matches ? 'light' : 'dark') : settings.scheme, ...view };
    Object.assign(document.documentElement.dataset, shown);
  }

  // What settings.js reads and writes; `set(null)` brings the first settings back, `reread()` those that are kept.
  globalThis.readerSettings ??= {
    get: () => ({ ...settings }),
    set(changes) {
      settings = changes ? { ...settings, ...changes } : { ...DEFAULTS };
      apply();
      try {
        if (changes) localStorage.setItem(KEY, JSON.stringify(settings));
        else localStorage.removeItem(KEY);
      } catch {
        document.querySelector('[data-role="settings-note"]').textContent = UNKEPT;
      }
    },
    reread() {
      settings = kept();
      apply();
    },
  };

  // "?hide=code,table" leaves these parts of the page out: hide.css. Returns the names that are none of them.
  const PARTS = ['answers', 'code', 'controls', 'navigation', 'questions', 'save', 'table'];
  globalThis.hideParts ??= () => {
    const asked = new URLSearchParams(location.search).getAll('hide').join(',').split(',').map((name) => name.trim().toLowerCase()).filter(Boolean);
    document.documentElement.dataset.hide = PARTS.filter((name) => asked.includes(name)).join(' ');
    return { unknown: [...new Set(asked)].filter((name) => !PARTS.includes(name)), parts: PARTS };
  };

  apply();
  hideParts();
  document.documentElement.classList.remove('no-js'); // Material does so too, but after the page was drawn
  light.addEventListener('change', apply);
  // Another tab has changed them.
  addEventListener('storage', ({ key }) => [KEY, null].includes(key) && readerSettings.reread());

  // Material opens every fold to print it. What the reader opened is marked before, for print.css.
  addEventListener('beforeprint', () => {
    for (const fold of document.querySelectorAll('details')) fold.toggleAttribute('data-opened', fold.open);
  });
}
