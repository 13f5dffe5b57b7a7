// One exhibit: its form, its chart with sentence and table, and what it says while it waits or when something is wrong.
import { draw, onScheme, purge } from './chart.js';
import { keep, kept } from './memory.js';

const WAITING = 'Your change is kept. It is drawn as soon as Python is ready.';
const STALE_AFTER = 200; // ms: while a slider is dragged every answer is already old; draw one now and then

// `ask(values)` asks Python for the chart of these wire values. Returns the exhibit's { live, offline, close }.
export function makeExhibit(section, page, ask) {
  const part = (role) => section.querySelector(`[data-role="${role}"]`);
  const form = part('controls');
  const node = part('chart');
  const key = `${page}#${section.id}`;
  const untouched = form ? read(form) : {};
  let figure = JSON.parse(part('figure').content.textContent);
  let drawn = JSON.stringify(untouched);
  let drawnAt = 0;
  let ready = false;
  let closed = false;
  let wanted = null;
  let busy = false;

  const paint = () => draw(node, figure).catch((error) => say(error.message));
  const say = (message) => {
    part('message').textContent = message;
  };
  const state = (name) => {
    section.dataset.state = name;
  };

  function request() {
    wanted = read(form);
    keep(key, JSON.stringify(wanted) === JSON.stringify(untouched) ? null : wanted);
    for (const output of form.querySelectorAll('output')) output.value = form.elements[output.htmlFor.value].value;
    if (ready) pump();
    else {
      state('waiting');
      say(WAITING);
    }
  }

  // One question at a time; what the reader did meanwhile is asked next, and the answer to the old question dropped.
  async function pump() {
    if (busy) return;
    busy = true;
    while (wanted && ready && !closed) {
      const values = wanted;
      wanted = null;
      // A Python that died is started anew, and asked again then; a file that cannot be had is told.
      const answer = await ask(values).catch((error) => (error.file ? { error } : null));
      if (closed) return;
      if (answer === null) wanted ??= values;
      else if (!wanted || performance.now() - drawnAt > STALE_AFTER) await show(answer, values);
    }
    busy = false;
  }

  async function show({ chart, error }, values) {
    clearErrors();
    if (error) {
      state('error');
      const field = error.control && form?.querySelector(`[data-error-for="${CSS.escape(error.control)}"]`);
      if (field) {
        field.textContent = error.message;
        form.elements[error.control].setAttribute?.('aria-invalid', 'true');
        say('');
      } else say(`${error.message} The chart shows the last state that worked.`);
      return;
    }
    figure = chart.figure;
    drawn = JSON.stringify(values);
    await paint();
    part('summary').textContent = chart.summary;
    part('reading').textContent = chart.reading;
    part('table').innerHTML = chart.table; // made and escaped by exhibits/markup.py
    drawnAt = performance.now();
    say('');
    state('live');
  }

  function clearErrors() {
    for (const field of section.querySelectorAll('[data-error-for]')) field.textContent = '';
    for (const field of section.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }

  const listening = new AbortController();
  const { signal } = listening;
  form?.addEventListener('input', ({ target }) => {
    share(form, target);
    request();
  }, { signal });
  form?.addEventListener('shared', request, { signal });
  form?.addEventListener('submit', (event) => event.preventDefault(), { signal });
  form?.addEventListener('reset', () => setTimeout(() => {
    clearErrors();
    for (const control of form.querySelectorAll('[data-shared] [name]')) share(form, control);
    request();
  }), { signal });
  form?.addEventListener('click', ({ target }) => {
    if (!target.dataset.example) return;
    const input = target.closest('.field').querySelector('input');
    input.value = target.dataset.example;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, { signal });
  const endScheme = onScheme(paint);

  paint();
  const before = form && kept(key);
  if (before) {
    write(form, before);
    request();
  }

  return {
    live() {
      ready = true;
      if (!form || JSON.stringify(read(form)) === drawn) {
        say('');
        state('live');
      } else {
        wanted = read(form);
        pump();
      }
    },
    offline() {
      ready = false;
      if (section.dataset.state === 'live') state('built');
    },
    say,
    close() {
      closed = true;
      listening.abort();
      endScheme();
      purge(node);
    },
  };
}

function read(form) {
  const values = {};
  for (const element of form.elements) {
    if (!element.name || element.type === 'fieldset') continue;
    if (element.type === 'checkbox') values[element.name] = element.checked;
    else if (element.type !== 'radio' || element.checked) values[element.name] = element.value;
  }
  return values;
}

function write(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const element = form.elements[name];
    if (!element) continue;
    if (element.type === 'checkbox') element.checked = value;
    else element.value = value;
  }
}

// Brings the shared controls of this name in the page's other exhibits to the same value.
function share(form, control) {
  if (!control.closest('[data-shared]')) return;
  const value = read(form)[control.name];
  for (const other of document.querySelectorAll('form[data-role="controls"]')) {
    if (other === form || !other.querySelector(`[data-shared] [name="${CSS.escape(control.name)}"]`)) continue;
    write(other, { [control.name]: value });
    other.dispatchEvent(new Event('shared'));
  }
}
