// Draws Plotly figures in the page's own colours. The figures hold none: they stand in tokens.css.
import files from './files.js';
import { pause } from './pause.js';
import { begun } from './python.js';
import { notice } from './status.js';
import { CHARTS_MISSING } from './words.js';

const SOURCE = new URL(`${files.runtime}plotly/${files.plotly}`, import.meta.url);
const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, doubleClick: false, scrollZoom: false, showTips: false };

const redraws = new Set();
let loading = null;
let look = null; // the page's colours and fonts as a Plotly template
let queue = Promise.resolve();

function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SOURCE;
    script.onload = () => resolve(globalThis.plotlyParts.assemble(pause));
    script.onerror = () => {
      script.remove();
      notice('charts', CHARTS_MISSING, { retry: tryAgain });
      reject(new Error('The chart is missing: Plotly could not be downloaded'));
    };
    document.head.append(script);
  });
  return loading;
}

// Draws or redraws `figure` in `node`, unless the node has left the page meanwhile.
export function draw(node, figure) {
  return inTurn(async () => {
    await begun; // a worker that is being made waits for the page, and Plotly is heavy
    const Plotly = await plotly();
    if (!node.isConnected) return;
    const react = () => Plotly.react(node, figure.data, { ...figure.layout, template: (look ??= template()) }, CONFIG);
    await (node.matches('.js-plotly-plot') ? react() : Plotly.inPieces(react)); // a redrawn chart changes all at once
  });
}

// Frees what Plotly holds for a chart that leaves the page.
export function purge(node) {
  inTurn(async () => {
    if (node.matches('.js-plotly-plot')) (await plotly()).purge(node);
  });
}

// One chart at a time, each in a task of its own.
function inTurn(work) {
  const done = queue.then(work);
  queue = done.catch(() => {}).then(pause);
  return done;
}

// Calls `redraw` whenever the page's colours change or a lost Plotly is asked for again; returns what ends it.
export function onRedraw(redraw) {
  redraws.add(redraw);
  return () => redraws.delete(redraw);
}

function tryAgain() {
  notice('charts');
  loading = null;
  redrawAll();
}

function redrawAll() {
  look = null;
  for (const redraw of redraws) redraw();
}

new MutationObserver(redrawAll).observe(document.body, { attributeFilter: ['data-md-color-scheme'] });
for (const query of ['(forced-colors: active)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', redrawAll);

function template() {
  const style = getComputedStyle(document.body);
  const token = (name) => style.getPropertyValue(`--ce-${name}`).trim();
  const scale = (name) => token(name).split(',').map((colour, i, all) => [i / (all.length - 1), colour.trim()]);
  const text = { family: token('text-font'), size: 14, color: colour('text') };
  const mono = { family: token('code-font'), size: 13, color: colour('text') };
  const axis = { color: colour('text'), gridcolor: colour('grid'), linecolor: colour('border'), zerolinecolor: colour('border'), tickfont: mono, title: { font: text, standoff: 8 } };
  return {
    data: {
      heatmap: [{ colorscale: scale('sequential'), colorbar: { tickfont: mono, title: { font: text }, outlinewidth: 0 } }],
      bar: [{ marker: { color: colour('bar') }, textfont: mono }],
      scatter: token('series').split(',').map((line) => ({ line: { color: line.trim(), width: 2.5 }, marker: { color: line.trim(), size: 8 } })),
    },
    layout: {
      font: text,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      colorscale: { sequential: scale('sequential'), diverging: scale('diverging') },
      hoverlabel: { bgcolor: colour('surface'), bordercolor: colour('border'), font: mono },
      xaxis: axis,
      yaxis: axis,
      shapes: [
        outline('destination', { color: colour('destination'), width: 2 }),
        outline('casing', { color: colour('page'), width: 6 }),
        outline('here', { color: colour('destination'), width: 2, dash: '2px,3px' }),
        outline('source', { color: colour('source'), width: 2, dash: '5px,3px' }),
      ],
    },
  };
}

// Returns a colour as Plotly can read it: in forced colours the tokens are names that only the browser knows.
function colour(name) {
  const probe = document.createElement('span');
  probe.style.cssText = `display: none; forced-color-adjust: none; color: var(--ce-${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

// Plotly draws a template's shapes on every chart unless they are hidden; a figure that names one shows it.
const outline = (name, line) => ({ name, line, type: 'rect', visible: false });
