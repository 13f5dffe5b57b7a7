// The browser's stores, alike: which names there are for a key, how many bytes they hold, and how they are removed.
// `remove` gives how to restore, or in words why something stayed. A key that ends with * stands for all that begin so.
const matching = (names, key) => names.filter((name) => (key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : name === key));

function web(open) {
  return {
    names: async (key) => matching(Object.keys(open()), key),
    // A letter takes two bytes there.
    size: (names) => names.reduce((sum, name) => sum + 2 * (name.length + open().getItem(name).length), 0),
    remove: async (names) => {
      const before = names.map((name) => [name, open().getItem(name)]);
      for (const name of names) open().removeItem(name);
      return { restore: () => before.forEach(([name, value]) => open().setItem(name, value)) };
    },
  };
}

const databases = {
  names: async (key) => matching((await indexedDB.databases()).map(({ name }) => name), key),
  size: () => 0, // PyScript's, and nothing is put into them
  async remove(names) {
    // An open one is removed only when Python ends, and until then a new Python would wait for it.
    if (!['idle', 'failed'].includes(document.documentElement.dataset.python)) {
      return { refused: 'in use while Python runs. Load this page anew, then delete them.' };
    }
    await Promise.all(names.map((name) => new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    })));
    return {};
  },
};

// Of files that were kept for reading offline, with the worker that gives them out. Other copies of the site on this
// host say their path after a space.
const here = () => new URL('../../../', import.meta.url);
const files = {
  async names(key) {
    const all = matching(await globalThis.caches?.keys() ?? [], key);
    return all.filter((name) => !name.includes(' ') || name.endsWith(` ${here().pathname}`));
  },
  async size(names) {
    const sizes = await Promise.all(names.map(async (name) => {
      const cache = await caches.open(name);
      const answers = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
      const blobs = await Promise.all(answers.map((answer) => answer?.blob()));
      return blobs.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
    }));
    return sizes.reduce((sum, size) => sum + size, 0);
  },
  async remove(names) {
    const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
    await Promise.all(workers.filter(({ scope }) => scope === here().href).map((worker) => worker.unregister()));
    await Promise.all(names.map((name) => caches.delete(name)));
    return {};
  },
};

export const stores = { localStorage: web(() => localStorage), sessionStorage: web(() => sessionStorage), indexedDB: databases, caches: files };
