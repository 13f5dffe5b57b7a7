// Draws an exhibit's figure: a Plotly figure in the page's own look, or a picture, which is HTML.
import files from '../files.js';
import { run } from '../where.js';
import { begun } from '../python/life.js';
import { pause } from '../python/pause.js';
import { notice } from '../python/status.js';
import { chartsMissing } from '../python/words.js';
import { CONFIG, NARROW, dressed } from './dress.js';
import { template, textScale } from './look.js';

const HOVERED = 200; // ms; Plotly shows a label up to 50 ms after the pointer moved
const SHORT = { duration: 200, easing: 'cubic-in-out' }; // only where the reader asked for motion

const redraws = new Set();
const shown = new WeakMap(); // by the chart's box: its figure, and whether it was drawn for a narrow box
let loading = null;
let again = false; // whether Plotly could not be had before
let ready = null; // Plotly, once it is there
let look = null; // the page's colours and fonts as a Plotly template
let queue = Promise.resolve();

export function plotly() {
  loading ??= new Promise((resolve, reject) => {
    keepStyle();
    const assembled = () => globalThis.plotlyParts.assemble(pause).then((Plotly) => (ready = Plotly));
    run(`${files.runtime}plotly/${files.plotly}`, again).then(() => resolve(assembled()), ({ message }) => {
      notice('charts', chartsMissing(message), { retry: tryAgain });
      reject(new Error(`The chart is missing: ${message}`));
    });
  });
  return loading;
}

// Navigation takes from the head what the next page's head lacks. Without its rules a chart is blind to the pointer, so
// they are kept elsewhere as soon as they come.
function keepStyle() {
  const coming = new MutationObserver(() => {
    const style = document.getElementById('plotly.js-style-global');
    if (!style) return;
    coming.disconnect();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(Array.from(style.sheet.cssRules, ({ cssText }) => cssText).join('\n'));
    document.adoptedStyleSheets.push(sheet);
  });
  coming.observe(document.head, { childList: true });
}

// Draws or redraws `figure` in `node`, unless the node has left the page meanwhile.
export async function draw(node, figure) {
  if (figure.html !== undefined) return picture(node, figure.html);
  return inTurn(async () => {
    await begun; // a worker that is being made waits for the page, and Plotly is heavy
    const Plotly = await plotly();
    if (!node.isConnected) return;
    const react = () => fit(Plotly, node, figure);
    await (node.matches('.js-plotly-plot') ? react() : Plotly.inPieces(react)); // a redrawn chart changes all at once
    node.removeAllListeners('plotly_click');
    node.on('plotly_click', ({ points: [at] }) => point(node, { trace: at.curveNumber, x: at.x, y: at.y }));
    sizes.observe(node);
  });
}

// Tells that the reader chose a point of the chart, by the pointer or by the keyboard.
export function point(node, detail) {
  node.dispatchEvent(new CustomEvent('point', { detail }));
}

// Draws `figure` in `node` as it suits the box's width. A colour bar that moves leaves its room and its numbers behind,
// so a chart that changes from narrow to wide is drawn anew.
function fit(Plotly, node, figure) {
  const narrow = isNarrow(node);
  const { data, layout } = dressed(figure, look ??= template(), textScale(), narrow);
  const moving = document.documentElement.dataset.motion === 'on' && !matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (shown.has(node) && shown.get(node).narrow !== narrow) Plotly.purge(node);
  shown.set(node, { figure, narrow });
  return Plotly.react(node, data, { ...layout, ...(moving && { transition: SHORT }) }, CONFIG);
}

// A box in a step that is not shown has no width: it stays as it was.
function isNarrow(node) {
  return node.clientWidth ? node.clientWidth < NARROW * textScale() : (shown.get(node)?.narrow ?? false);
}

// What had the focus keeps it: a picture's parts can be pressed.
function picture(node, html) {
  const pressed = node.contains(document.activeElement) && document.activeElement.dataset.set;
  node.innerHTML = html; // made and escaped by charts/picture.py
  if (pressed) node.querySelector(`[data-set="${CSS.escape(pressed)}"]`)?.focus();
}

// Frees what Plotly holds for a chart that leaves the page, once it has done with a pointer that was over it.
export function purge(node) {
  sizes.unobserve(node);
  setTimeout(inTurn, HOVERED, async () => {
    if (node.matches('.js-plotly-plot')) (await plotly()).purge(node);
  });
}

// One chart at a time, each in a task of its own.
export function inTurn(work) {
  const done = queue.then(work);
  queue = done.catch(() => {}).then(pause);
  return done;
}

// A chart takes the width of its box, also when the step of the lesson that it stands in comes to be shown.
const sizes = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const drawn = target._fullLayout;
    if (!drawn || !contentRect.width || (Math.round(contentRect.width) === drawn.width && Math.round(contentRect.height) === drawn.height)) continue;
    inTurn(async () => target.isConnected && resize(await plotly(), target));
  }
});

function resize(Plotly, node) {
  const { figure, narrow } = shown.get(node);
  return narrow === isNarrow(node) ? Plotly.Plots.resize(node) : fit(Plotly, node, figure);
}

// Draws every chart of the page anew, `width` px wide, before it returns: paper does not wait.
export function drawAtOnce(width) {
  look = null;
  for (const node of ready ? document.querySelectorAll('.js-plotly-plot') : []) {
    const height = parseFloat(node.style.height) * textScale() * 20; // given in rem
    const { data, layout } = dressed(shown.get(node).figure, look ??= template(), textScale(), width < NARROW);
    ready.react(node, data, { ...layout, width, height }, CONFIG);
  }
}

// Calls `redraw` whenever the page's colours change or a lost Plotly is asked for again; returns what ends it.
export function onRedraw(redraw) {
  redraws.add(redraw);
  return () => redraws.delete(redraw);
}

function tryAgain() {
  notice('charts');
  loading = null;
  again = true;
  redrawAll();
}

export function redrawAll() {
  look = null;
  for (const redraw of redraws) redraw();
}

new MutationObserver(redrawAll).observe(document.documentElement, { attributeFilter: ['data-scheme', 'data-size'] });
for (const query of ['(forced-colors: active)', '(prefers-contrast: more)']) matchMedia(query).addEventListener('change', redrawAll);
