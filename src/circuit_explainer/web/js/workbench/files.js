// Files that were dropped: those themselves, and those of a folder that was dropped, but not of folders inside it.

// Resolves to the files; rejects when one cannot be read. Must be called while the drop is handled.
export async function chosenFiles({ items, files }) {
  const entries = [...items].map((item) => item.webkitGetAsEntry?.());
  if (!entries.every(Boolean)) return [...files];
  const found = await Promise.all(entries.map((entry) => (entry.isDirectory ? inside(entry) : file(entry).then((one) => [one]))));
  return found.flat();
}

async function inside(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // at most 100 at a time
    if (!some.length) return Promise.all(found.filter((entry) => entry.isFile && !entry.name.startsWith('.')).map(file));
    found.push(...some);
  }
}

const file = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));
