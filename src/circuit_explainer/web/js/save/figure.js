// The figure as JSON that Plotly and plotly.py read, in the reader's present look. Words and table are its `layout.meta`.
import { dressed } from '../exhibit/dress.js';
import { colour, template, textScale } from '../exhibit/look.js';
import { cells } from './csv.js';
import { wordsOf } from './words.js';

const ROOM = 32; // px above the chart for the title

export function figureJson(section, figure) {
  const { title, sentence, reading, source } = wordsOf(section);
  const { data, layout } = dressed(figure, template(), textScale(), false);
  const { margin = {} } = layout;
  const [columns, ...rows] = cells(section);
  const table = { caption: section.querySelector('.exhibit-data caption').textContent, columns, rows: rows.map(typed) };
  const worded = {
    ...layout,
    paper_bgcolor: colour('page'),
    margin: { ...margin, t: (margin.t ?? 0) + ROOM },
    title: { text: plain(title), x: 0, xref: 'paper', xanchor: 'left' },
    meta: { title, sentence, reading, source, table },
  };
  return new Blob([JSON.stringify({ data, layout: worded })], { type: 'application/json' });
}

// The first cell heads its row; the others are numbers where they read as such, and null where they are empty.
function typed([head, ...rest]) {
  return [head, ...rest.map((cell) => (cell === '' ? null : Number.isFinite(Number(cell)) ? Number(cell) : cell))];
}

// Plotly reads some HTML in its texts.
const plain = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
