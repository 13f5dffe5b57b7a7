// What the reader does in an exhibit's form and in its chart, told as changes of the exhibit's values.
import { choosePlaces, edited } from './edits.js';
import { pressed, press, share, shareAll, step } from './form.js';

// `changed(typing)` is told that the form holds other values, `typing` naming the text that is being typed in;
// `change(values)` that some values are to be others, also of controls that the form does not have yet.
export function connectForm(form, { changed, change, signal }) {
  const on = (type, handler) => form.addEventListener(type, handler, { signal });
  on('input', ({ target }) => {
    if (target.matches('[data-kinds]')) choosePlaces(target);
    if (!target.dataset.control) return;
    share(form, target);
    changed(target.type === 'text' ? target.dataset.control : null);
  });
  on('shared', () => changed(null));
  on('submit', (event) => event.preventDefault());
  on('reset', () => setTimeout(() => {
    shareAll(form);
    changed(null);
  }));
  on('click', ({ target }) => {
    const { step: by, edit, example } = target.dataset;
    if (by) step(target);
    if (edit && target.getAttribute('aria-disabled') !== 'true') change({ [target.closest('[data-edits]').dataset.edits]: edited(target) });
    if (!example) return;
    const input = target.closest('.field').querySelector('input');
    input.value = example;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

// Parts of a picture can be pressed, and so can the traces of a figure that says so.
export function connectChart(panel, form, { change, signal }) {
  const on = (type, handler) => panel.node.addEventListener(type, handler, { signal });
  const push = (event) => {
    const said = event.target.closest('[data-set]')?.dataset.set;
    if (!said) return;
    event.preventDefault();
    press(form, said);
  };
  on('click', push);
  on('keydown', (event) => [' ', 'Enter'].includes(event.key) && push(event));
  on('point', ({ detail }) => {
    const said = panel.figure.layout.meta?.press?.[detail.trace];
    if (said) change(pressed(said));
  });
}
