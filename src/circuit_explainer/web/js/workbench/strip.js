// The tokens of an attention chart as chips above it: the one that is hovered over, focused or locked lights up those
// that it looks at.
import { traces } from '../exhibit/points.js';

const SEEN = 0.005; // a weight that two decimals show

// Keeps a strip above the panel's chart while its figure asks for one; call `update` after each drawing.
export function makeStrip(panel, signal) {
  const strip = document.createElement('div');
  strip.className = 'token-strip';
  strip.setAttribute('role', 'group');
  strip.setAttribute('aria-label', 'Tokens. Choose one to see where it looks; press it to keep that.');
  panel.node.before(strip);
  let locked = null;
  let shownFor = null;

  function light(row) {
    const [trace] = traces(panel.figure);
    for (const [column, chip] of [...strip.children].entries()) {
      const weight = row === null || !trace.has(row, column) ? null : trace.value(row, column);
      chip.style.setProperty('--weight', weight === null ? 0 : Math.min(1, Math.abs(weight) / trace.most));
      chip.toggleAttribute('data-asks', column === row);
      chip.toggleAttribute('data-looked', weight !== null && column !== row && Math.abs(weight) >= SEEN);
      chip.setAttribute('aria-pressed', String(column === locked));
      chip.lastChild.textContent = weight === null ? '\u00a0' : weight.toFixed(2).replace('-', '−');
    }
  }

  const rowOf = (target) => {
    const at = [...strip.children].indexOf(target.closest('button'));
    return at < 0 ? locked : at;
  };
  const on = (type, handler) => strip.addEventListener(type, handler, { signal });
  on('pointerover', ({ target }) => light(rowOf(target)));
  on('pointerleave', () => light(locked));
  on('focusin', ({ target }) => light(rowOf(target)));
  on('focusout', () => light(locked));
  on('click', ({ target }) => lock(rowOf(target)));
  panel.node.addEventListener('point', ({ detail }) => wanted() && lock(detail.y), { signal });

  function lock(row) {
    locked = locked === row ? null : row;
    light(locked ?? row);
  }

  const wanted = () => Boolean(panel.figure.layout?.meta?.strip);

  function update() {
    strip.hidden = !wanted();
    if (!wanted() || shownFor === panel.figure) return;
    shownFor = panel.figure;
    const { tokens } = traces(panel.figure)[0];
    if (locked !== null && locked >= tokens.length) locked = null;
    if (strip.children.length !== tokens.length || tokens.some((token, n) => strip.children[n].firstChild.textContent !== token)) strip.replaceChildren(...tokens.map(chip));
    light(locked);
  }

  update();
  return update;
}

function chip(token) {
  const button = document.createElement('button');
  const weight = document.createElement('small');
  button.type = 'button';
  button.append(token, weight);
  return button;
}
