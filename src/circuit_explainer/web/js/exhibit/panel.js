// A chart on the page with all that belongs to it: its sentence, the line on how to read it, its table, its cursor.
import { draw, onRedraw, purge } from './chart.js';
import { follow } from './cursor.js';
import { connectSave } from './save.js';

// `settle()` is called when the chart was drawn, or could not be. Returns what shows another chart in the section.
export function makePanel(section, settle = () => {}) {
  const part = (role) => section.querySelector(`[data-role="${role}"]`);
  const node = part('chart');
  const leaving = new AbortController();
  let closed = false;
  const panel = { node, figure: JSON.parse(part('figure').content.textContent), undrawn: null, paint, show, close };
  if (panel.figure.html !== undefined) panel.figure.html = node.innerHTML; // a picture stands in the page already

  // `undrawn` says why there is no chart, or nothing.
  async function paint() {
    panel.undrawn = await draw(node, panel.figure).then(() => null, (error) => `${error.message}. The sentence and the table are right.`);
    if (!closed) settle();
  }

  async function show(chart) {
    panel.figure = chart.figure;
    await paint();
    if (closed) return;
    part('summary').textContent = chart.summary;
    part('reading').textContent = chart.reading;
    part('table').innerHTML = chart.table; // made and escaped by exhibits/markup.py
  }

  function close() {
    closed = true;
    leaving.abort();
    endRedraw();
    purge(node);
  }

  connectSave(section, () => panel.figure, leaving.signal);
  follow(node, () => panel.figure, part('cell'), leaving.signal);
  const endRedraw = onRedraw(paint);
  paint();
  return panel;
}
