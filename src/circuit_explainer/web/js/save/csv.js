// A chart's table as a file: comma-separated, with all digits that the table's cells carry.

export function csv(section) {
  const lines = cells(section).map((row) => row.map(quoted).join(','));
  return new Blob([`\ufeff${lines.join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
}

// The rows of the table as text, its head the first.
export function cells(section) {
  return [...section.querySelectorAll('.exhibit-data tr')].map((row) => [...row.cells].map((cell) => cell.dataset.value ?? cell.textContent));
}

// A leading =, +, - or @, wide ones and those behind white space too, would make a spreadsheet run a reader's word as a
// formula. Some programs take another sign for the comma.
function quoted(cell) {
  const text = /^\s*[=+\-@＝＋－＠]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
