// Where the site's files come from: their addresses. In the offline copy packs.js stands in for this module.
// Names are paths below assets/, but that "page/" is this folder, whatever its name is.
import { checked } from './checked.js';
import files from './files.js';

const get = fetch.bind(globalThis); // interpreter.js puts another in its place

export const address = (name) => new URL(name.startsWith('page/') ? name.slice(5) : `../${name}`, import.meta.url).href;

// Resolves to the response. `anew` leaves out what the browser has kept: it may be damaged.
export const ask = (name, anew = false) => get(address(name), anew ? { cache: 'reload' } : {});

// Loads PyScript. A module that failed to load stays failed under its address, so each later attempt takes another; the
// page's import map knows none but the first, so the files are checked here.
export async function load(name, attempt = 0) {
  const query = attempt ? `?attempt=${attempt}` : '';
  const renewAll = () => Promise.all(Object.keys(files.modules).map((each) => renew(each, each === name ? query : '')));
  if (attempt) await renewAll();
  return import(address(name) + query).catch(async (error) => {
    await renewAll();
    throw error;
  });
}

// Resolves to a module at its address, or to nothing where the browser cannot have it there.
export const imported = (name) => import(address(name)).catch(() => null);

// The address at which the worker finds Python's interpreter; another one for each attempt, for the same reason.
export const interpreter = (attempt) => address('page/python/interpreter.js') + (attempt ? `?attempt=${attempt}` : '');

// Loads a classic script; the browser refuses one that is not of this version of the site. `again` after a failure.
export async function run(name, again = false) {
  if (again) await renew(name);
  const script = document.createElement('script');
  script.src = address(name);
  if (files.hashes[name]) script.integrity = `sha256-${files.hashes[name]}`;
  return new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      renew(name).then(() => reject(new Error(`${name.split('/').pop()} could not be downloaded`)), reject);
    };
    document.head.append(script);
  });
}

// Fetches a script that the browser refused anew, so that it keeps no longer what was wrong. Rejects with a sentence on
// what is still wrong: browsers do not tell.
async function renew(name, query = '') {
  const file = name.split('/').pop();
  const fail = (what) => {
    throw new Error(`${file} ${what}`);
  };
  const response = await get(address(name) + query, { cache: 'reload' }).catch(() => ({ status: 'no connection' }));
  if (!response.ok) fail(`could not be downloaded (${response.status})`);
  if (!/javascript/.test(response.headers.get('content-type'))) fail('could not be used: the server does not send it as a script');
  const bytes = await response.arrayBuffer().catch(() => fail('broke off while it was downloaded'));
  await checked(name, bytes).catch(({ message }) => fail(`could not be used: ${message}`));
}
