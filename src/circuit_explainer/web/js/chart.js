// Draws Plotly figures in the page's own colours. The figures hold none: they stand in tokens.css.
import files from './files.js';
import { begun } from './python.js';

const SOURCE = new URL(`${files.runtime}plotly/${files.plotly}`, import.meta.url);
const CONFIG = { displayModeBar: false, displaylogo: false, responsive: true, doubleClick: false, scrollZoom: false, showTips: false };

let loading = null;

function plotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SOURCE;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      loading = null;
      script.remove();
      reject(new Error('The charts (Plotly) could not be downloaded'));
    };
    document.head.append(script);
  });
  return loading;
}

// Draws or redraws `figure` in `node`, unless the node has left the page meanwhile.
export async function draw(node, figure) {
  await begun; // Plotly holds the page for some tenths of a second, in which a new worker would wait for it
  const Plotly = await plotly();
  if (!node.isConnected) return;
  await Plotly.react(node, figure.data, { ...figure.layout, template: template() }, CONFIG);
}

// Frees what Plotly holds for a chart that leaves the page.
export function purge(node) {
  globalThis.Plotly?.purge(node);
}

// Calls `redraw` whenever the reader changes the colour scheme; returns the function that ends it.
export function onScheme(redraw) {
  const observer = new MutationObserver(redraw);
  observer.observe(document.body, { attributeFilter: ['data-md-color-scheme'] });
  return () => observer.disconnect();
}

function template() {
  const style = getComputedStyle(document.body);
  const token = (name) => style.getPropertyValue(`--ce-${name}`).trim();
  const scale = (name) => token(name).split(',').map((colour, i, all) => [i / (all.length - 1), colour.trim()]);
  const text = { family: token('text-font'), size: 14, color: token('text') };
  const mono = { family: token('code-font'), size: 13, color: token('text') };
  const axis = { color: token('text'), gridcolor: token('grid'), linecolor: token('border'), zerolinecolor: token('border'), tickfont: mono, title: { font: text, standoff: 8 } };
  return {
    data: {
      heatmap: [{ colorscale: scale('sequential'), colorbar: { tickfont: mono, title: { font: text }, outlinewidth: 0 } }],
      bar: [{ marker: { color: token('bar') }, textfont: mono }],
    },
    layout: {
      font: text,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      colorscale: { sequential: scale('sequential'), diverging: scale('diverging') },
      hoverlabel: { bgcolor: token('surface'), bordercolor: token('border'), font: mono },
      xaxis: axis,
      yaxis: axis,
      shapes: [
        outline('destination', { color: token('destination'), width: 2 }),
        outline('casing', { color: token('page'), width: 6 }),
        outline('source', { color: token('source'), width: 2, dash: '5px,3px' }),
      ],
    },
  };
}

// Plotly draws a template's shapes on every chart unless they are hidden; a figure that names one shows it.
const outline = (name, line) => ({ name, line, type: 'rect', visible: false });
