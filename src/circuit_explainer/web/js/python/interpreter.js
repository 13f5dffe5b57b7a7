// The interpreter that PyScript loads in its worker: Pyodide, with every file fetched at once and counted.
import files from '../files.js';
import { checked } from '../checked.js';
import { address, ask, imported } from '../where.js';

const RUNTIME = `${files.runtime}pyodide/`;
const WASM = 'application/wasm';
const SITE_PACKAGES = '/lib/python3.14/site-packages';
const AGAIN = new URL(import.meta.url).searchParams.has('attempt'); // what the browser has kept may be at fault
const nativeFetch = self.fetch;
const whole = new Map(); // by path: settles when all of a file has come, and is as it was built

export const version = files.pyodide;

export async function loadPyodide(options) {
  // Pyodide waits for ever for some files that cannot be had, and goes on without others: the first failure ends the start.
  const failure = Promise.withResolvers();
  failure.promise.catch(() => {});
  // Pyodide asks for its own files by addresses; whatever it asks for lies in its folder.
  const counting = (name) => counted(name, failure.reject).catch((error) => {
    failure.reject(error);
    throw error;
  });
  self.fetch = (url) => counting(RUNTIME + new URL(url).pathname.split('/').pop());
  try {
    return await Promise.race([start(options, counting), failure.promise]);
  } catch (error) {
    await Promise.all(whole.values()); // what fails for want of a file says less than the file does
    throw error;
  } finally {
    self.fetch = nativeFetch;
  }
}

async function start(options, counting) {
  tell('downloading', { file: 'interpreter.js', bytes: 0 });
  // Unpacked here and not by Pyodide's package loader, which would import a quarter of the standard library for it.
  const archives = [RUNTIME + files.numpy, files.package].map((name) => counting(name).then((response) => response.arrayBuffer()));
  for (const archive of archives) archive.catch(() => {}); // told through `failure`
  const [pyodide, factory] = await Promise.all(['pyodide.mjs', 'pyodide.asm.mjs'].map((name) => run(RUNTIME + name, counting)));
  const python = await pyodide.loadPyodide({
    ...options,
    indexURL: address(RUNTIME),
    packageBaseUrl: address(RUNTIME),
    lockFileContents: files.lock,
    createPyodideModule: factory.default,
  });
  tell('starting');
  for (const archive of archives) python.unpackArchive(await archive, 'zip', { extractDir: SITE_PACKAGES });
  await Promise.all(whole.values());
  python.registerJsModule('_pyscript', { interpreter: python, fs: {} }); // as PyScript's own hook would; nobody uses its files
  python.files = () => import('../workbench/mount.js'); // what the reader's own files need
  return python;
}

// Runs a module while it is counted and checked, as all files are. What the browser has kept of it is not used again after
// a failure, nor what a host does not call a script.
async function run(path, counting) {
  const bytes = counting(path).then((response) => response.arrayBuffer());
  bytes.catch(() => {}); // told through `failure`
  const module = AGAIN ? null : await imported(path);
  if (module) return module;
  const source = await bytes;
  await whole.get(path);
  const at = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return await import(at);
  } finally {
    URL.revokeObjectURL(at);
  }
}

// Fetches a file and tells the page how much of it has come; rejects with a sentence that names the file. It is used as
// it comes, and checked when all of it is there.
async function counted(path, broken) {
  const name = path.split('/').pop();
  const response = await ask(path, AGAIN).catch(() => ({ status: 'no connection' }));
  if (!response.ok) throw new Error(`${name} could not be downloaded (${response.status})`);
  const check = received(response.clone(), name).then((bytes) => checked(path, bytes).catch((error) => {
    throw new Error(`${name} could not be used: ${error.message}`);
  }));
  whole.set(path, check);
  check.catch(broken);
  // The browser keeps what it compiles of an answer of the host's own. It compiles what is said to be WebAssembly, and some
  // hosts do not say so.
  const typed = !name.endsWith('.wasm') || response.headers.get('content-type') === WASM;
  return typed ? response : new Response(response.body, { headers: { 'content-type': WASM } });
}

// Resolves to the bytes of an answer.
async function received(response, name) {
  const chunks = [];
  const reader = response.body.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      tell('downloading', { file: name, bytes: piece.value.byteLength });
      chunks.push(piece.value);
    }
  } catch {
    throw new Error(`${name} broke off while it was downloaded`);
  }
  return new Blob(chunks).arrayBuffer();
}

const tell = (phase, detail) => postMessage({ phase, ...detail });
