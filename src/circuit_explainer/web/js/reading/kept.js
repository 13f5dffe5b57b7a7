// The page that lists what is kept on this device: how large it is now, and buttons that delete it.
import { stores } from './stores.js';

// `changed` is called after something was deleted or brought back. Returns the function that ends it.
export function showKept(root, changed) {
  const leaving = new AbortController();
  const { signal } = leaving;
  const part = (role) => root.querySelector(`[data-role="kept-${role}"]`);
  const [all, undo, told] = [part('all'), part('undo'), part('told')];
  const rows = [...root.querySelectorAll('tr[data-key]')].map((row) => ({
    what: row.querySelector('strong').textContent.replace(/^./, (letter) => letter.toLowerCase()), // within a sentence
    size: row.querySelector('[data-role="kept-size"]'),
    button: row.querySelector('[data-role="kept-delete"]'),
    key: row.dataset.key,
    store: stores[row.dataset.store],
  }));
  let restores = [];

  async function show() {
    const sizes = await Promise.all(rows.map(async ({ store, key }) => {
      const names = await store.names(key).catch(() => []); // a store may be forbidden
      return names.length ? store.size(names) : null;
    }));
    sizes.forEach((size, nth) => {
      rows[nth].size.textContent = size === null ? 'Nothing' : words(size);
      enable(rows[nth].button, size !== null);
    });
    enable(all, sizes.some((size) => size !== null));
  }

  async function remove(chosen) {
    const [gone, stayed] = [[], []];
    restores = [];
    for (const { what, store, key } of chosen) {
      const names = await store.names(key).catch(() => []);
      if (!names.length) continue;
      const { restore, refused } = await store.remove(names);
      if (restore) restores.push(restore);
      if (refused) stayed.push(`Not deleted: ${what}, ${refused}`);
      else gone.push(what);
    }
    changed();
    await show();
    undo.hidden = !restores.length;
    told.textContent = [gone.length ? `Deleted: ${gone.join(', ')}.` : '', ...stayed].join(' ').trim();
  }

  for (const row of rows) {
    row.button.addEventListener('click', () => enabled(row.button) && remove([row]), { signal });
  }
  all.addEventListener('click', () => enabled(all) && remove(rows), { signal });
  undo.addEventListener('click', async () => {
    for (const restore of restores) restore();
    changed();
    await show();
    all.focus(); // Undo goes away under the focus
    undo.hidden = true;
    told.textContent = 'It is back.';
  }, { signal });
  addEventListener('storage', show, { signal }); // another tab keeps or deletes something
  addEventListener('kept', show, { signal }); // so does another part of this page
  show();
  return () => leaving.abort();
}

// The focus stays on a button that has nothing to do.
const enable = (button, on) => button.setAttribute('aria-disabled', String(!on));
const enabled = (button) => button.getAttribute('aria-disabled') === 'false';

function words(bytes) {
  if (bytes === 0) return 'Empty';
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
