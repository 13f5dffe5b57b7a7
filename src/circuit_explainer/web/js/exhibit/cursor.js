// A cursor in a chart, for the keyboard: arrow keys move it from cell to cell, and each cell is shown and read out.
import { plotly, point } from './chart.js';
import { traces } from './points.js';

const HINT = 'Arrow keys move from cell to cell, Home and End to the ends of a row';
const HINT_MANY = 'Page Up and Page Down go to another part of the chart.';

// Makes the chart in `node` answer keys; `figure()` gives what it shows, `voice` is the live region that reads out.
export function follow(node, figure, voice, signal) {
  if (figure().html !== undefined) return;
  let at = null; // { trace, row, column }
  let locked = false;
  node.tabIndex = 0;
  node.setAttribute('role', 'application');
  node.setAttribute('aria-roledescription', 'chart');

  const opens = () => Boolean(figure().layout.meta?.press); // whether to choose a part of the chart does something
  const on = (type, listener) => node.addEventListener(type, listener, { signal });
  on('focus', () => {
    voice.textContent = `${HINT}, Enter ${opens() ? 'opens the part' : 'locks the row'}. ${figure().data.length > 1 ? HINT_MANY : ''}`.trim();
  });
  on('blur', () => {
    at = null;
    locked = false;
    show(null);
  });
  on('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const all = traces(figure());
    const next = event.key === 'Enter' && at ? at : moved(event.key, all, at, locked);
    if (!next) return;
    event.preventDefault();
    if (event.key === 'Enter' && opens()) return point(node, { trace: all[at.trace].index, ...all[at.trace].place(at.row, at.column) });
    if (event.key === 'Enter') locked = !locked;
    at = next;
    const trace = all[at.trace];
    const lock = event.key === 'Enter' ? ` The row is ${locked ? 'locked' : 'free'}.` : '';
    voice.textContent = `${trace.words(at.row, at.column)}${lock}`;
    show(trace);
  });

  async function show(trace) {
    if (!node.matches('.js-plotly-plot')) return;
    const Plotly = await plotly();
    const cells = trace ? [cell(trace, at), ...(locked ? [row(trace, at)] : [])] : [];
    await Plotly.relayout(node, { shapes: [...(figure().layout.shapes ?? []), ...cells] });
    if (!trace) return Plotly.Fx.unhover(node);
    const { x, y } = trace.place(at.row, at.column);
    Plotly.Fx.hover(node, { xval: x, yval: y, curveNumber: trace.index }, `${trace.axes.x}${trace.axes.y}`);
  }
}

// Returns where a key leads, or nothing for keys that are not the chart's. The first one leads to the first cell.
function moved(key, all, at, locked) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity], PageUp: -1, PageDown: 1 }[key];
  if (step === undefined) return null;
  if (!at) return { trace: 0, row: 0, column: 0 };
  if (typeof step === 'number') {
    const trace = Math.min(Math.max(at.trace + step, 0), all.length - 1);
    return { trace, ...inside(all[trace], at.row, at.column) };
  }
  const trace = all[at.trace];
  const [down, right] = trace.rows === 1 && step[0] ? [0, -step[0]] : trace.columns === 1 && step[1] ? [step[1], 0] : step;
  return { trace: at.trace, ...inside(trace, locked ? at.row : at.row + down, at.column + right) };
}

// The nearest cell that is there: a pattern has none to the right of its diagonal.
function inside(trace, row, column) {
  const at = { row: Math.min(Math.max(row, 0), trace.rows - 1), column: Math.min(Math.max(column, 0), trace.columns - 1) };
  while (at.column > 0 && !trace.has(at.row, at.column)) at.column -= 1;
  return at;
}

function cell(trace, at) {
  const { x, y } = trace.place(at.row, at.column);
  const where = { templateitemname: 'cursor', visible: true, xref: trace.axes.x, yref: trace.axes.y, type: 'rect' };
  if (trace.shape === 'point') return { ...where, xsizemode: 'pixel', ysizemode: 'pixel', xanchor: x, yanchor: y, x0: -8, x1: 8, y0: -8, y1: 8 };
  const wide = trace.shape === 'lying' ? { x0: Math.min(0, x), x1: Math.max(0, x) } : { x0: x - 0.5, x1: x + 0.5 };
  const high = trace.shape === 'upright' ? { y0: Math.min(0, y), y1: Math.max(0, y) } : { y0: y - trace.half, y1: y + trace.half };
  return { ...where, ...wide, ...high };
}

function row(trace, at) {
  const { x, y } = trace.place(at.row, 0);
  return { templateitemname: 'destination', visible: true, xref: trace.axes.x, yref: trace.axes.y, type: 'rect', x0: x - 0.5, x1: x + trace.columns - 0.5, y0: y - 0.5, y1: y + 0.5 };
}
