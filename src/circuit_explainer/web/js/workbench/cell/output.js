// What a run shows, in the order in which it comes: what is printed, values, charts, and what went wrong.
import { makePanel } from '../../exhibit/panel.js';

// Returns what fills and empties `place`.
export function makeOutput(place) {
  let panels = [];
  let text = null; // the block that takes what is printed next

  function clear() {
    for (const panel of panels) panel.close();
    panels = [];
    text = null;
    place.replaceChildren();
  }

  // Text that comes bit by bit stands in one block until something else comes between.
  function print(printed, stream) {
    text ??= block('cell-printed', 'What the code printed');
    const piece = stream === 'stderr' ? Object.assign(document.createElement('span'), { className: 'cell-stderr', textContent: printed }) : printed;
    text.append(piece);
  }

  function block(className, label, content = '') {
    const made = Object.assign(document.createElement('pre'), { className, tabIndex: 0, textContent: content });
    made.setAttribute('role', 'group');
    made.setAttribute('aria-label', label);
    place.append(made);
    return made;
  }

  function note(sentence) {
    text = null;
    place.append(Object.assign(document.createElement('p'), { className: 'cell-note', textContent: sentence }));
  }

  // A chart comes as the markup of a whole exhibit, made and escaped by exhibits/markup.py.
  function chart(markup) {
    text = null;
    const made = document.createElement('template');
    made.innerHTML = markup;
    const section = made.content.querySelector('section');
    section.querySelector('[data-role="link"]').hidden = true; // it is on no page but this one
    place.append(section);
    panels.push(makePanel(section, () => {
      const why = panels.find((panel) => section.contains(panel.node))?.undrawn;
      section.dataset.state = why ? 'error' : 'live';
      section.querySelector('[data-role="message"]').textContent = why ?? '';
    }));
  }

  function fail(details) {
    text = null;
    block('cell-details', 'Where the code stopped', details);
  }

  // What the worker says in mid-run (workbench/cell/tool.py).
  function hear({ out, stream, cut, value, chart: markup }) {
    if (out) print(out, stream);
    if (cut) note(cut);
    if (value !== undefined) {
      text = null;
      block('cell-value', 'Value', value);
    }
    if (markup) chart(markup);
  }

  return { clear, fail, hear };
}
