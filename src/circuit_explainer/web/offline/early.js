// First script of the offline copy. A page that was opened from a disk may fetch nothing and start no worker from a file.
// So files come out of packs, which are classic scripts, and workers are made of text. `offline` is what `where.js` is
// elsewhere; it is made once, before any other script needs it.
import SEARCH from 'search-worker'; // the text of Material's search worker
import BOOT from 'boot-files'; // names of what Python needs to start
import INTERPRETER from 'interpreter'; // the text of interpreter.js with all that it imports
import { Packs } from './packs.js';

const NOWHERE = 'https://offline.invalid/'; // an address that others can be relative to
const assets = new URL('../', document.currentScript.src);
const packs = new Packs(assets);
const address = (name) => new URL(name, assets).href;
const modules = new Map(); // name -> promise of the module
const scripts = new Map(); // address of a worker's script that was made in the page -> the script
let boot = null; // the files that a worker for Python gets

globalThis.offline = {
  take: (name, text) => packs.take(name, text),
  address,
  ask: async (name) => new Response(await packs.file(name)),
  // PyScript makes its worker while its module is run, so the files for Python are there before.
  async load(name) {
    boot ??= Object.fromEntries(await Promise.all(BOOT.map(async (file) => [file, await packs.file(file)])));
    if (!modules.has(name)) modules.set(name, packs.file(name).then((file) => import(URL.createObjectURL(file))));
    return modules.get(name);
  },
  interpreter: () => `${NOWHERE}interpreter.js`, // the worker does not import it from there, see BEFORE
  run(name) {
    const script = Object.assign(document.createElement('script'), { src: address(name) });
    return new Promise((resolve, reject) => {
      Object.assign(script, { onload: resolve, onerror: () => reject(new Error(`${name} is missing from this copy`)) });
      document.head.append(script);
    });
  },
};

const javascript = (...texts) => new Blob(texts, { type: 'text/javascript' });
const createObjectURL = URL.createObjectURL.bind(URL);
URL.createObjectURL = (object) => {
  const made = createObjectURL(object);
  if (object.type === 'text/javascript') scripts.set(made, object);
  return made;
};

// PyScript's worker is a module, which browsers refuse here; within a function it runs as a classic script too, and finds
// an address that others can be relative to. Before it the files are received. Pyodide takes a worker that has `importScripts` for one in which it cannot run.
const BEFORE = `self.importScripts = undefined;
self.interpreter = async () => import(URL.createObjectURL((await self.given).interpreter));
self.given = new Promise((resolve) => addEventListener('message', function first(event) {
  if (!event.data?.given) return;
  event.stopImmediatePropagation();
  removeEventListener('message', first);
  resolve(event.data.given);
}));
(async (location) => {
`;
const AFTER = `\n})(new URL('${NOWHERE}'));`;

globalThis.Worker = class extends Worker {
  constructor(given) {
    const script = scripts.get(String(given));
    super(createObjectURL(script ? javascript(BEFORE, script, AFTER) : javascript(SEARCH)));
    if (script) this.postMessage({ given: { ...boot, interpreter: javascript(INTERPRETER) } });
  }
};
