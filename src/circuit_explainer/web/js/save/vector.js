// HTML as SVG: what the browser laid out, drawn again as boxes, lines of text and drawings. Real SVG, which every viewer
// and editor reads; HTML inside an SVG (foreignObject) is shown by browsers only.
import { linesOf } from './lines.js';

const NAMESPACE = 'http://www.w3.org/2000/svg';
const SIDES = ['Top', 'Right', 'Bottom', 'Left'];
// What style sheets say of the shapes in a drawing.
const SHAPE = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'dominant-baseline', 'opacity'];

export function make(kind, attributes = {}) {
  const node = document.createElementNS(NAMESPACE, kind);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  return node;
}

// Returns a group that shows what `root` shows; `instead` maps elements to the SVG that stands in their place.
export function drawing(root, instead) {
  const group = make('g');
  const { left, top } = root.getBoundingClientRect();
  const place = (rect) => ({ x: rect.left - left, y: rect.top - top, width: rect.width, height: rect.height });
  walk(root, group, place, instead);
  return group;
}

function walk(node, group, place, instead) {
  if (node.nodeType === Node.TEXT_NODE) return group.append(...text(node, place));
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const style = getComputedStyle(node);
  if (style.display === 'none' || style.visibility !== 'visible' || node.matches('.spoken')) return;
  const at = place(node.getBoundingClientRect());
  if (instead.get(node)) return group.append(placed(instead.get(node), at));
  if (node.namespaceURI === NAMESPACE) return group.append(placed(styled(node), at));
  group.append(...box(style, at));
  for (const child of node.childNodes) walk(child, group, place, instead);
}

function placed(svg, { x, y, width, height }) {
  for (const [name, value] of Object.entries({ x, y, width, height })) svg.setAttribute(name, round(value));
  return svg;
}

// A drawing of the page with its styles written into it, and nothing that can be pressed.
function styled(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute('overflow', 'visible'); // a frame at its edge is drawn half outside
  const pairs = [svg, ...svg.querySelectorAll('*')].map((from, i) => [from, [copy, ...copy.querySelectorAll('*')][i]]);
  for (const [from, to] of pairs) {
    const style = getComputedStyle(from);
    for (const name of ['class', 'style', 'tabindex', 'role', 'data-set', 'aria-pressed']) to.removeAttribute(name);
    for (const name of SHAPE) {
      const value = style.getPropertyValue(name);
      to.setAttribute(name, ['fill', 'stroke'].includes(name) && value !== 'none' ? plain(value) : value);
    }
  }
  return copy;
}

// The ground, the border and the outline of an element.
function box(style, at) {
  const parts = [];
  const ground = plain(style.backgroundColor);
  const radius = parseFloat(style.borderTopLeftRadius) || null;
  const [first, ...others] = SIDES.map((side) => border(style, side));
  const alike = others.every((each) => JSON.stringify(each) === JSON.stringify(first));
  if (ground || (alike && first)) parts.push(make('rect', { ...inset(at, alike && first ? first['stroke-width'] / 2 : 0), rx: radius, fill: ground ?? 'none', ...(alike && first) }));
  if (!alike) parts.push(...[first, ...others].flatMap((each, i) => (each ? [edge(at, SIDES[i], each)] : [])));
  if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth)) {
    const wide = parseFloat(style.outlineWidth);
    parts.push(make('rect', { ...inset(at, -parseFloat(style.outlineOffset) - wide / 2), fill: 'none', ...stroke(style.outlineColor, wide, style.outlineStyle) }));
  }
  return parts;
}

function border(style, side) {
  const wide = parseFloat(style[`border${side}Width`]);
  return wide && style[`border${side}Style`] !== 'none' ? stroke(style[`border${side}Color`], wide, style[`border${side}Style`]) : null;
}

const stroke = (color, wide, kind) => ({ stroke: plain(color) ?? 'none', 'stroke-width': wide, 'stroke-dasharray': kind === 'dashed' ? `${2.5 * wide} ${1.5 * wide}` : null });

const inset = ({ x, y, width, height }, by) => ({ x: round(x + by), y: round(y + by), width: round(width - 2 * by), height: round(height - 2 * by) });

function edge({ x, y, width, height }, side, pen) {
  const by = pen['stroke-width'] / 2;
  const across = { Top: y + by, Bottom: y + height - by }[side];
  const along = { Left: x + by, Right: x + width - by }[side];
  return across !== undefined ? make('line', { x1: round(x), x2: round(x + width), y1: round(across), y2: round(across), ...pen }) : make('line', { x1: round(along), x2: round(along), y1: round(y), y2: round(y + height), ...pen });
}

function text(node, place) {
  const style = getComputedStyle(node.parentElement);
  return linesOf(node, style).map(({ words, left, right, base }) => {
    const backwards = style.direction === 'rtl';
    const { x, y } = place({ left: backwards ? right : left, top: base });
    const line = make('text', { x: round(x), y: round(y), fill: plain(style.color), direction: backwards ? 'rtl' : null, 'font-family': style.fontFamily, 'font-size': style.fontSize, 'font-weight': style.fontWeight, style: 'white-space: pre' });
    for (const name of ['letterSpacing', 'wordSpacing']) if (parseFloat(style[name])) line.style[name] = style[name];
    line.textContent = words;
    return line;
  });
}

// A colour as every viewer reads it; nothing for one that is not seen. Mixed ones come as `color(srgb …)`.
function plain(color) {
  const pen = (plain.pen ??= new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }));
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = color;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  if (!alpha) return null;
  return alpha === 255 ? `rgb(${red}, ${green}, ${blue})` : `rgba(${red}, ${green}, ${blue}, ${(alpha / 255).toFixed(3)})`;
}

const round = (number) => Math.round(number * 100) / 100;
