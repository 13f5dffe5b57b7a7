// The settings panel and the keys that go with it. The settings themselves are kept by early.js.
import { forget } from './progress.js';

const { readerSettings } = globalThis;
const FORGOTTEN = 'Your progress and your code are forgotten.';

// Connects the panel, once for the whole visit: it stands outside the part of the page that navigation swaps.
export function connectSettings() {
  const form = document.querySelector('[data-role="settings"]');
  const note = form.querySelector('[data-role="settings-note"]');
  const link = form.querySelector('a');
  link.href = link.href; // absolute: the panel stays where navigation brings other pages
  const show = () => {
    for (const [name, value] of Object.entries(readerSettings.get())) form.elements.namedItem(name).value = value;
  };
  form.addEventListener('change', ({ target }) => target.name && readerSettings.set({ [target.name]: target.value }));
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    readerSettings.set(null);
    show();
  });
  form.querySelector('[data-role="forget"]').addEventListener('click', () => {
    forget();
    note.textContent = FORGOTTEN;
  });
  document.addEventListener('keydown', (event) => {
    // On a Mac, Option with Q types another letter.
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.code === 'KeyQ') {
      event.preventDefault();
      toggleFocusMode();
    }
  });
  new MutationObserver(show).observe(document.documentElement, { attributeFilter: ['data-focus'] });
  form.addEventListener('beforetoggle', show); // they may have been deleted meanwhile
  show();
}

export function toggleFocusMode() {
  readerSettings.set({ focus: readerSettings.get().focus === 'on' ? 'off' : 'on' });
}

// Calls `watcher` whenever one of these settings changes; returns what ends it.
export function watchSettings(names, watcher) {
  const observer = new MutationObserver(watcher);
  observer.observe(document.documentElement, { attributeFilter: names.map((name) => `data-${name}`) });
  return () => observer.disconnect();
}
