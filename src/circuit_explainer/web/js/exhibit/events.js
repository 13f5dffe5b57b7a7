// What the reader does in an exhibit's form and in its chart, told as changes of the exhibit's values.
import { choosePlaces, edited, switched } from './edits.js';
import { pressed, press, read, share, shareAll, step } from './form.js';

// `change(values, typing)` is told which values are to be others, also of controls that the form does not have yet,
// `typing` naming the text that is being typed in. `latest(control)` is the value that was asked for last.
export function connectForm(form, { change, latest, signal }) {
  const on = (type, handler) => form.addEventListener(type, handler, { signal });
  on('input', ({ target }) => {
    const { control, item } = target.dataset;
    if (target.matches('[data-kinds]')) choosePlaces(target);
    if (!control) return;
    if (item !== undefined) return change({ [control]: switched(target, latest(control)) });
    share(form, target);
    change({ [control]: read(form)[control] }, target.type === 'text' ? control : null);
  });
  on('shared', ({ detail: control }) => change({ [control]: read(form)[control] }));
  on('submit', (event) => event.preventDefault());
  on('reset', () => setTimeout(() => {
    shareAll(form);
    change(read(form));
  }));
  on('click', ({ target }) => {
    const { step: by, edit, example } = target.dataset;
    if (by) step(target);
    if (edit && target.getAttribute('aria-disabled') !== 'true') {
      const { edits } = target.closest('[data-edits]').dataset;
      change({ [edits]: edited(target, latest(edits)) });
    }
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
