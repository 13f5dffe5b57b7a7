// A chart's table as a file: comma-separated, with all digits that the table's cells carry.

export function csv(section) {
  const lines = cells(section).map((row) => row.map(quoted).join(','));
  return new Blob([`\ufeff${lines.join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}

// The rows of the table as text, its head the first.
export function cells(section) {
  return [...section.querySelectorAll('.exhibit-data tr')].map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent));
}

// A leading =, +, - or @ would make a spreadsheet run a reader's word as a formula.
function quoted(cell) {
  const text = /^[=+\-@]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
