// Hands a file to the reader.
import { ask } from '../where.js';

export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it late
}

// A file of the site, as text or as bytes.
export async function fetched(name, as = 'text') {
  const response = await ask(name).catch(() => null);
  if (!response?.ok) throw new Error(`${name.split('/').at(-1)} could not be downloaded`);
  return response[as]();
}
