// The parts of the workbench, each fetched where a page has an element `data-workbench` of its name.
const PARTS = {
  cell: () => import('./cell/cell.js'),
  lab: () => import('./lab/lab.js'),
  own: () => import('./own.js'),
};

// Opens a part in its element; resolves to the function that closes it.
export async function open(element, page) {
  const { open: openPart } = await PARTS[element.dataset.workbench]();
  return openPart(element, page);
}
