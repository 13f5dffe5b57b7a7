// Hands a file to the reader.

export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it late
}

// A file of the site, as text or as bytes.
export async function fetched(address, as = 'text') {
  const name = new URL(address).pathname.split('/').at(-1);
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) throw new Error(`${name} could not be downloaded`);
  return response[as]();
}
