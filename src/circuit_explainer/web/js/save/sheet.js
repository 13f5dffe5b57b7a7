// A sheet: title, chart, sentence and source line below each other, laid out by the browser and drawn as one SVG.
import { CONFIG, dressed } from '../exhibit/dress.js';
import { plotly } from '../exhibit/chart.js';
import { colour, template, textScale } from '../exhibit/look.js';
import { bare, fontFaces } from './fonts.js';
import { drawing, make } from './vector.js';
import { wordsOf } from './words.js';

const WIDTH = 760; // px of a chart
const EDGE = 24; // px around the sheet
const PLACE = `position: absolute; left: -9999px; top: 0; box-sizing: border-box; width: ${WIDTH + 2 * EDGE}px; padding: ${EDGE}px`;
// What XML 1.0 cannot hold, and a reader may have typed.
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

// Returns { svg, width, height } of what the exhibit shows.
export async function sheet(section, figure) {
  const words = wordsOf(section);
  const node = document.createElement('div');
  node.className = 'md-typeset';
  node.style.cssText = PLACE;
  node.inert = true;
  const chart = document.createElement('div');
  node.append(paragraph('exhibit-title', words.title), chart, paragraph('exhibit-summary', words.sentence), paragraph('exhibit-reading', words.source));
  node.lastChild.style.marginBottom = '0';
  const height = section.querySelector('[data-role="chart"]').clientHeight;
  const drawn = figure.html === undefined && await plot(figure, height);
  if (drawn) chart.style.height = `${height}px`;
  else Object.assign(chart, { innerHTML: figure.html }).style.marginBlock = '0.6rem'; // made and escaped by charts/picture.py
  document.body.append(node);
  try {
    return await finished(node, chart, drawn, words);
  } finally {
    node.remove();
  }
}

async function finished(node, chart, drawn, { title, sentence }) {
  const width = Math.max(WIDTH, chart.scrollWidth) + 2 * EDGE;
  const height = node.offsetHeight;
  const parts = drawing(node, new Map([[chart, drawn]]));
  const style = make('style');
  style.textContent = await fontFaces(families(parts), parts.textContent);
  const svg = make('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' });
  svg.append(named('title', title), named('desc', sentence), style, make('rect', { width, height, fill: colour('page') }), parts);
  return { svg: clean(new XMLSerializer().serializeToString(svg)), width, height };
}

// The Plotly figure as SVG, as wide as a chart is where there is room.
async function plot(figure, height) {
  const { data, layout } = dressed(structuredClone(figure), template(), textScale(), false);
  const text = await (await plotly()).toImage({ data, layout, config: CONFIG }, { format: 'svg', width: WIDTH, height, imageDataOnly: true });
  return document.importNode(new DOMParser().parseFromString(clean(text), 'image/svg+xml').documentElement, true);
}

function families(parts) {
  const all = [...parts.querySelectorAll('text, tspan')].map((text) => text.getAttribute('font-family') ?? text.style.fontFamily);
  return [...new Set(all.filter(Boolean).map(bare))];
}

const clean = (xml) => xml.replace(FORBIDDEN, '\uFFFD');

function paragraph(kind, text) {
  const node = document.createElement('p');
  node.className = kind;
  node.textContent = text;
  return node;
}

function named(kind, text) {
  const node = make(kind);
  node.textContent = text;
  return node;
}
