// Where the site's files come from: their addresses. In the offline copy packs.js stands in for this module.
// Names are paths below assets/, but that "page/" is this folder, whatever its name is.
import files from './files.js';

const get = fetch.bind(globalThis); // interpreter.js puts another in its place

export const address = (name) => new URL(name.startsWith('page/') ? name.slice(5) : `../${name}`, import.meta.url).href;

// Resolves to the response. `anew` leaves out what the browser has kept: it may be damaged.
export const ask = (name, anew = false) => get(address(name), anew ? { cache: 'reload' } : {});

// A module that failed to load stays failed under its address, so each later attempt takes another.
export const load = (name, attempt = 0) => import(address(name) + (attempt ? `?attempt=${attempt}` : ''));

// The address at which the worker finds Python's interpreter; another one for each attempt, for the same reason.
export const interpreter = (attempt) => address('page/python/interpreter.js') + (attempt ? `?attempt=${attempt}` : '');

// Loads a classic script; the browser refuses one that is not of this version of the site.
export function run(name) {
  const script = document.createElement('script');
  script.src = address(name);
  if (files.hashes[name]) script.integrity = `sha256-${files.hashes[name]}`;
  return new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${name.split('/').pop()} could not be downloaded`));
    };
    document.head.append(script);
  });
}
