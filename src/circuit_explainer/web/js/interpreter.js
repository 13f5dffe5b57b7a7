// The interpreter that PyScript loads in its worker: Pyodide with everything it needs fetched at once and counted.
import files from './files.js';

const here = new URL('.', import.meta.url);
const runtime = new URL(`${files.runtime}pyodide/`, here);

export const version = files.pyodide;

const tell = (phase, detail = {}) => postMessage({ phase, ...detail });

// Rejects with a sentence that names the file: Pyodide's own errors do not.
async function counted(url, options) {
  const name = new URL(url, here).pathname.split('/').pop();
  let response;
  try {
    response = await nativeFetch(url, options);
  } catch {
    throw new Error(`${name} could not be downloaded (no connection)`);
  }
  if (!response.ok) throw new Error(`${name} could not be downloaded (HTTP ${response.status})`);
  const count = new TransformStream({
    transform(chunk, controller) {
      tell('downloading', { file: name, bytes: chunk.byteLength });
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(count), { status, statusText, headers });
}

const nativeFetch = self.fetch.bind(self);

async function module(name) {
  const loaded = await import(new URL(name, runtime)).catch(() => {
    throw new Error(`${name} could not be downloaded`);
  });
  tell('downloading', { file: name, bytes: Infinity }); // whole at once: imports tell no progress
  return loaded;
}

export async function loadPyodide(options) {
  const archive = counted(new URL('package.zip', here)).then((response) => response.arrayBuffer());
  archive.catch(() => {}); // awaited below; an earlier failure must not go unhandled meanwhile
  self.fetch = counted;
  try {
    const [pyodide, factory] = await Promise.all([module('pyodide.mjs'), module('pyodide.asm.mjs')]);
    tell('starting');
    const python = await pyodide.loadPyodide({
      ...options,
      indexURL: runtime.href,
      packageBaseUrl: runtime.href,
      lockFileContents: files.lock,
      createPyodideModule: factory.default,
      packages: ['numpy'],
    });
        python.unpackArchive(await archive, 'zip', { extractDir: '/lib/python3.14/site-packages' });
    return python;
  } finally {
    self.fetch = nativeFetch;
  }
}
