// The list of changes in a form: what a press on one of its buttons makes of it. Its items are made by edits_form.py.

// Returns the changes of the list that a button stands in, as they are after it was pressed.
export function edited(button) {
  const field = button.closest('[data-edits]');
  const items = itemsOf(field);
  const at = [...field.querySelectorAll('li')].indexOf(button.closest('li'));
  const { edit } = button.dataset;
  if (edit === 'add') {
    const kind = field.querySelector('[data-kinds]').value;
    return [...items, `${kind} ${placesOf(field, kind).value}`];
  }
  const [item] = items.splice(at, 1);
  if (edit !== 'remove') items.splice(Math.max(0, at + Number(edit)), 0, item);
  return items;
}

export const itemsOf = (field) => [...field.querySelectorAll('[data-item]')].map((box) => (box.checked ? box.dataset.item : `off ${box.dataset.item}`));

// Shows the places of the kind that was chosen.
export function choosePlaces(kinds) {
  for (const places of kinds.parentElement.querySelectorAll('[data-places]')) places.hidden = places.dataset.places !== kinds.value;
}

const placesOf = (field, kind) => field.querySelector(`[data-places="${CSS.escape(kind)}"]`);
