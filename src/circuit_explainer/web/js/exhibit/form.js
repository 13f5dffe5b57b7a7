// The controls of an exhibit's form. `data-control` names each one; `name` and `id` are the exhibit's name and that.
import { itemsOf } from './edits.js';

const controls = (form) => [...form.elements].filter((element) => element.dataset.control);

// Returns the wire values of a form's controls by name.
export function read(form) {
  const values = {};
  for (const field of form.querySelectorAll('[data-edits]')) values[field.dataset.edits] = itemsOf(field);
  for (const element of controls(form)) {
    const { control, several, item } = element.dataset;
    if (item !== undefined) continue;
    if (several !== undefined) (values[control] ??= []).push(...(element.checked ? [element.value] : []));
    else if (element.type === 'checkbox') values[control] = element.checked;
    else if (element.type !== 'radio' || element.checked) values[control] = element.value;
  }
  return values;
}

// Sets the controls that `values` names; what it does not name stays.
export function write(form, values) {
  for (const element of controls(form)) {
    const { control, several, item } = element.dataset;
    if (!(control in values) || item !== undefined) continue;
    const value = values[control];
    if (several !== undefined) element.checked = value.includes(element.value);
    else if (element.type === 'checkbox') element.checked = value;
    else if (element.type === 'radio') element.checked = element.value === value;
    else element.value = value;
  }
}

// Shows beside each slider what it stands at, and at which end of their options the steppers are.
export function showNumbers(form) {
  for (const output of form?.querySelectorAll('output') ?? []) {
    const input = form.elements.namedItem(output.htmlFor.value);
    const { names, unit = '' } = input.dataset;
    output.value = names ? JSON.parse(names)[(input.value - input.min) / input.step] : `${input.value} ${unit}`.trim();
    input.setAttribute('aria-valuetext', output.value);
  }
  for (const button of form?.querySelectorAll('[data-step]') ?? []) button.setAttribute('aria-disabled', String(stepped(button) === null));
}

// Moves the slider or the list beside a button one on; tells the form as if the reader had moved it.
export function step(button) {
  const value = stepped(button);
  if (value === null) return;
  const input = stepping(button);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

const stepping = (button) => button.parentElement.querySelector('input, select');

function stepped(button) {
  const input = stepping(button);
  const by = Number(button.dataset.step);
  if (input.options) return input.options[input.selectedIndex + by]?.value ?? null;
  const next = Number(input.value) + by * Number(input.step);
  return next < Number(input.min) || next > Number(input.max) ? null : String(next);
}

const made = new WeakMap(); // by form: the fields that were put into it last

// Puts other fields into the form, where they differ from those that stand there, and writes the values; what had the
// focus keeps it.
export function renew(form, fields, values) {
  const focus = form.contains(document.activeElement) && document.activeElement;
  if (made.get(form) !== fields) {
    made.set(form, fields);
    const opened = [...form.querySelectorAll('details[open] > summary')].map((summary) => summary.textContent.split(':')[0]);
    form.innerHTML = fields; // made and escaped by exhibits/form.py
    for (const summary of form.querySelectorAll('details > summary')) if (opened.includes(summary.textContent.split(':')[0])) summary.parentElement.open = true;
  }
  write(form, values);
  showNumbers(form);
  // Behind the values: a text that is set moves the caret to its end.
  if (focus && !focus.isConnected) again(form, focus);
}

// Gives the focus to the element that stands where the one that had it stood.
function again(form, focus) {
  const label = focus.getAttribute('aria-label');
  const found = (focus.id && form.querySelector(`#${CSS.escape(focus.id)}`))
    || [...form.querySelectorAll('input, button, select, summary')].find((each) => each.localName === focus.localName && each.name === focus.name && each.value === focus.value && each.getAttribute('aria-label') === label && each.textContent === focus.textContent)
    || form.querySelector('[data-edits] > summary');
  found?.focus();
  if (focus.type === 'text') found?.setSelectionRange(focus.selectionStart, focus.selectionEnd);
}

// Returns the values that "view=One head&head=L0H1" sets.
export const pressed = (said) => Object.fromEntries(said.split('&').map((pair) => /^([^=]+)=(.*)$/s.exec(pair).slice(1)));

// Does what a pressed part of a picture says: "head=L0H1" sets a control, "paths:direct" switches one of several.
export function press(form, said) {
  const [, control, how, value] = /^([^=:]+)([=:])(.*)$/s.exec(said);
  const element = controls(form).find((each) => each.dataset.control === control && (how === '=' || each.value === value));
  if (how === ':') element.checked = !element.checked;
  else write(form, { [control]: value });
  element.dispatchEvent(new Event('input', { bubbles: true }));
}

// Brings the shared controls of this name in the page's other exhibits to the same value.
export function share(form, element) {
  if (!element.closest('[data-shared]')) return;
  const { control } = element.dataset;
  const value = { [control]: read(form)[control] };
  for (const other of document.querySelectorAll('form[data-role="controls"]')) {
    if (other === form || !other.querySelector(`[data-shared] [data-control="${control}"]`)) continue;
    write(other, value);
    other.dispatchEvent(new CustomEvent('shared', { detail: control }));
  }
}

export function shareAll(form) {
  for (const element of controls(form)) share(form, element);
}

// Tells at a control what is wrong with its value; returns whether the form has this control.
export function showError(form, control, message) {
  const field = form?.querySelector(`[data-error-for="${control}"]`);
  if (!field) return false;
  field.textContent = message;
  for (const element of controls(form)) {
    if (element.dataset.control === control) element.setAttribute('aria-invalid', 'true');
  }
  return true;
}

export function clearErrors(form) {
  for (const field of form?.querySelectorAll('[data-error-for]') ?? []) field.textContent = '';
  for (const element of form?.querySelectorAll('[aria-invalid]') ?? []) element.removeAttribute('aria-invalid');
}

// Values are the same whether they come from the form, in which a number is text, or from Python.
export const same = (one, other) => plain(one) === plain(other);
const plain = (values) => JSON.stringify(Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? String(value) : value]).sort());

// The values of an answer, but for those that the reader has changed since it was asked for.
export function changedSince(asked, now, settled) {
  const changed = Object.entries(now).filter(([name, value]) => !same({ [name]: value }, { [name]: asked[name] }));
  return { ...settled, ...Object.fromEntries(changed) };
}
