// Undo, Redo and Start over of an exhibit, and its state in the page's address.
import { same } from './form.js';

const LINK = /^#(v=.*)$/s;

// The link in the page's address that holds an exhibit's state, or nothing.
export const openedLink = () => LINK.exec(location.hash)?.[1] ?? null;

// `first` is the state at the beginning; `go(values)` brings back a state, `open(link)` one that an address holds. Returns `drawn(values, link, typing)`, which
// is told of each state that was drawn; `typing` names the text that was typed in, whose letters are one step together.
export function makeHistory(section, first, { go, open, signal }) {
  const buttons = Object.fromEntries([...section.querySelectorAll('[data-history]')].map((button) => [button.dataset.history, button]));
  const past = [];
  const future = [];
  let now = first; // the last state that was drawn
  let moving = null; // where Undo or Redo leads
  let typed = null;

  function enable() {
    buttons['-1'].setAttribute('aria-disabled', String(!past.length));
    buttons['1'].setAttribute('aria-disabled', String(!future.length));
  }

  function move(from, to) {
    if (!from.length) return;
    moving = { from, to };
    go(from.at(-1));
  }

  buttons['-1'].addEventListener('click', () => move(past, future), { signal });
  buttons['1'].addEventListener('click', () => move(future, past), { signal });
  buttons.start.addEventListener('click', () => go({}), { signal });
  addEventListener('hashchange', () => openedLink() && open(openedLink()), { signal });

  return function drawn(values, link, typing) {
    let before = now;
    if (moving) {
      moving.to.push(now);
      before = moving.from.pop();
    }
    // Also where the reader went on before the state that Undo or Redo led to was drawn.
    if (!same(values, before)) {
      if (moving || !typing || typing !== typed) past.push(before);
      future.length = 0;
    }
    typed = moving && same(values, before) ? null : typing;
    moving = null;
    now = values;
    enable();
    const address = link.includes('&') ? `#${link}` : location.pathname + location.search;
    history.replaceState(history.state, '', address);
    section.querySelector('[data-role="link"]').href = `#${link}`;
  };
}
