// A chart's table as a file: comma-separated, with all digits that the table's cells carry.

export function downloadTable(section) {
  const rows = [...section.querySelectorAll('.exhibit-data tr')];
  const lines = rows.map((row) => [...row.cells].map((cell) => quoted(cell.dataset.value ?? cell.textContent)).join(','));
  const file = new Blob([`\ufeff${lines.join('\r\n')}\r\n`], { type: 'text/csv;charset=utf-8' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `${section.id}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}

// A leading =, +, - or @ would make a spreadsheet run a reader's word as a formula.
function quoted(cell) {
  const text = /^[=+\-@]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
