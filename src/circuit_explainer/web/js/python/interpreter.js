// The interpreter that PyScript loads in its worker: Pyodide, with every file fetched at once and counted.
import files from '../files.js';

const runtime = new URL(`${files.runtime}pyodide/`);
const SITE_PACKAGES = '/lib/python3.14/site-packages';
const nativeFetch = self.fetch.bind(self);

export const version = files.pyodide;

export async function loadPyodide(options) {
  // Pyodide waits for ever for some files that cannot be had, and goes on without others: the first failure ends the start.
  const failure = Promise.withResolvers();
  failure.promise.catch(() => {});
  self.fetch = (url, init) => counted(url, init, failure.reject).catch((error) => {
    failure.reject(error);
    throw error;
  });
  try {
    return await Promise.race([start(options), failure.promise]);
  } finally {
    self.fetch = nativeFetch;
  }
}

async function start(options) {
  tell('downloading', { file: 'interpreter.js', bytes: 0 });
  // Unpacked here and not by Pyodide's package loader, which would import a quarter of the standard library for it.
  const archives = [bytes(new URL(files.numpy, runtime)), bytes(files.package)];
  for (const archive of archives) archive.catch(() => {}); // told through `failure`
  const [pyodide, factory] = await Promise.all([module('pyodide.mjs'), module('pyodide.asm.mjs')]);
  const python = await pyodide.loadPyodide({
    ...options,
    indexURL: runtime.href,
    packageBaseUrl: runtime.href,
    lockFileContents: files.lock,
    createPyodideModule: factory.default,
  });
  tell('starting');
  for (const archive of archives) python.unpackArchive(await archive, 'zip', { extractDir: SITE_PACKAGES });
  python.files = () => import('../workbench/mount.js'); // what the reader's own files need
  return python;
}

const bytes = (url) => self.fetch(url).then((response) => response.arrayBuffer());

async function module(name) {
  const loaded = await import(new URL(name, runtime));
  tell('downloading', { file: name, bytes: Infinity }); // whole at once: imports tell no progress
  return loaded;
}

// Fetches a file and tells the page how much of it has come; rejects with a sentence that names the file.
async function counted(url, init, broken) {
  const name = new URL(url, import.meta.url).pathname.split('/').pop();
  // A file that is not the one in Pyodide's lock is refused as if there were no connection.
  const response = await nativeFetch(url, init).catch(() => ({ status: 'no connection, or a damaged file' }));
  if (!response.ok) throw new Error(`${name} could not be downloaded (${response.status})`);
  const count = new TransformStream({
    transform(chunk, controller) {
      tell('downloading', { file: name, bytes: chunk.byteLength });
      controller.enqueue(chunk);
    },
  });
  response.body.pipeTo(count.writable).catch(() => broken(new Error(`${name} broke off while it was downloaded`)));
  return new Response(count.readable, response);
}

const tell = (phase, detail) => postMessage({ phase, ...detail });
