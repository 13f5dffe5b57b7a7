// The list of changes in a form, and what a press in it makes of it. Its items are made by edits_form.py.
// `latest`, where there is one, is the list that was asked for last: the form shows it only once Python has answered.

// Returns the list as it is after one of its buttons was pressed.
export function edited(button, latest) {
  const field = button.closest('[data-edits]');
  const items = [...(latest ?? itemsOf(field))];
  const { edit } = button.dataset;
  if (edit === 'add') {
    const kind = field.querySelector('[data-kinds]').value;
    return [...items, `${kind} ${placesOf(field, kind).value}`];
  }
  const box = button.closest('li').querySelector('[data-item]');
  const at = position(items, box, itemOf(box));
  if (at < 0) return items;
  const [item] = items.splice(at, 1);
  if (edit !== 'remove') items.splice(Math.max(0, at + Number(edit)), 0, item);
  return items;
}

// Returns the list as it is after the box of one of its changes was switched.
export function switched(box, latest) {
  const items = latest ?? itemsOf(box.closest('[data-edits]'));
  const at = position(items, box, itemOf(box, !box.checked));
  return items.map((item, each) => (each === at ? itemOf(box) : item));
}

// Where in `items` the change of this box stands; -1 where it was taken away already.
function position(items, box, item) {
  const at = boxesOf(box.closest('[data-edits]')).indexOf(box);
  return items[at] === item ? at : items.indexOf(item);
}

export const itemsOf = (field) => boxesOf(field).map((box) => itemOf(box));

const boxesOf = (field) => [...field.querySelectorAll('[data-item]')];
const itemOf = (box, on = box.checked) => (on ? box.dataset.item : `off ${box.dataset.item}`);

// Shows the places of the kind that was chosen.
export function choosePlaces(kinds) {
  for (const places of kinds.parentElement.querySelectorAll('[data-places]')) places.hidden = places.dataset.places !== kinds.value;
}

const placesOf = (field, kind) => field.querySelector(`[data-places="${CSS.escape(kind)}"]`);
