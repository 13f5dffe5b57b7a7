// The script of a saved page: draws its figure in the device's colours, and again when these or the width change.
// It stands in the page together with the two modules that it needs.
import { CONFIG, NARROW, dressed } from '../exhibit/dress.js';
import { template, textScale } from '../exhibit/look.js';

const node = document.getElementById('chart');
const figure = document.getElementById('figure').textContent;
const Plotly = await globalThis.plotlyParts.assemble(async () => {});
let width = 0;

function draw() {
  const { data, layout } = dressed(JSON.parse(figure), template(), textScale(), node.clientWidth < NARROW * textScale());
  Plotly.purge(node);
  return Plotly.newPlot(node, data, layout, CONFIG);
}

for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) matchMedia(query).addEventListener('change', draw);
new ResizeObserver(([{ contentRect }]) => {
  if (Math.round(contentRect.width) !== width) draw();
  width = Math.round(contentRect.width);
}).observe(node);
