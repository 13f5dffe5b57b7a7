// Whether a file is the one that this version of the site was built with.
import files from './files.js';

export const DAMAGED = 'it is damaged, or of another version of the site';

// Rejects when the bytes are not those of the file. Browsers can tell only on pages that came safely, by https or so.
export async function checked(name, bytes) {
  const expected = files.hashes[name] ?? files.modules[name];
  if (!expected || !globalThis.crypto?.subtle) return bytes;
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...found)) !== expected) throw new Error(DAMAGED);
  return bytes;
}
