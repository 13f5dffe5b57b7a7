// One exhibit: its form, its chart with sentence and table, and what it says while it waits or when something is wrong.
import { draw, onRedraw, purge } from './chart.js';
import { follow } from './cursor.js';
import { clearErrors, press, read, share, shareAll, showError, showNumbers, step, write } from './form.js';
import { keep, kept } from './memory.js';
import { downloadTable } from './table.js';
import { listen } from './voice.js';

const WAITING = {
  loading: 'Your change is kept. It is drawn as soon as Python is ready.',
  failed: 'Your change is kept. It is drawn once Python runs: press Retry below.',
  ready: '',
};
const STALE_AFTER = 200; // ms: while a slider is dragged every answer is already old; draw one now and then

// `ask(values)` asks Python for the chart of these wire values. Returns what the page may tell the exhibit.
export function makeExhibit(section, page, ask) {
  const part = (role) => section.querySelector(`[data-role="${role}"]`);
  const form = part('controls');
  const node = part('chart');
  const key = `${page}#${section.id}`;
  const values = () => (form ? read(form) : {});
  const untouched = values();
  let figure = JSON.parse(part('figure').content.textContent);
  if (figure.html !== undefined) figure.html = node.innerHTML; // a picture stands in the page already
  let shown = untouched; // the values that the chart shows
  let shownAt = 0;
  let python = 'loading'; // or ready, failed
  let problem = null; // what is wrong with the last answer; empty when a control tells it
  let undrawn = null; // why there is no chart
  let wanted = null;
  let busy = false;
  let closed = false;

  // The one place that says how the exhibit stands.
  function settle() {
    const waiting = !same(values(), shown);
    const wrong = problem !== null || undrawn !== null;
    section.dataset.state = wrong ? 'error' : waiting ? 'waiting' : python === 'ready' ? 'live' : 'built';
    part('message').textContent = wrong ? problem || undrawn || '' : waiting ? WAITING[python] : '';
  }

  async function paint() {
    undrawn = await draw(node, figure).then(() => null, (error) => `${error.message}. The sentence and the table are right.`);
    if (!closed) settle();
  }

  function request() {
    const now = values();
    keep(key, same(now, untouched) ? null : now);
    showNumbers(form);
    wanted = now;
    pump();
    settle();
  }

  // One question at a time; what the reader did meanwhile is asked next, and the answer to the old question dropped.
  async function pump() {
    if (busy) return;
    busy = true;
    while (wanted && python === 'ready' && !closed) {
      const asked = wanted;
      wanted = null;
      // A Python that died is started anew, and asked again then; a file that cannot be had is told.
      const answer = await ask(asked).catch((error) => (error.file ? { error } : null));
      if (closed) return;
      if (answer === null) wanted ??= asked;
      else if (!wanted || performance.now() - shownAt > STALE_AFTER) await show(answer, asked);
    }
    busy = false;
  }

  async function show({ chart, error }, asked) {
    clearErrors(form);
    problem = null;
    if (error) {
      const told = error.control && showError(form, error.control, error.message);
      problem = told ? '' : `${error.message} The chart shows the last state that worked.`;
      return settle();
    }
    figure = chart.figure;
    shown = asked;
    await paint();
    part('summary').textContent = chart.summary;
    part('reading').textContent = chart.reading;
    part('table').innerHTML = chart.table; // made and escaped by exhibits/markup.py
    shownAt = performance.now();
    settle();
  }

  const leaving = new AbortController();
  const on = (type, handler) => form?.addEventListener(type, handler, { signal: leaving.signal });
  on('input', ({ target }) => {
    share(form, target);
    request();
  });
  on('shared', request);
  on('submit', (event) => event.preventDefault());
  on('reset', () => setTimeout(() => {
    shareAll(form);
    request();
  }));
  on('click', ({ target }) => {
    if (target.dataset.step) step(target);
    if (!target.dataset.example) return;
    const input = target.closest('.field').querySelector('input');
    input.value = target.dataset.example;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const { signal } = leaving;
  const pressed = (event) => {
    const said = event.target.closest('[data-set]')?.dataset.set;
    if (!said) return;
    event.preventDefault();
    press(form, said);
  };
  node.addEventListener('click', pressed, { signal });
  node.addEventListener('keydown', (event) => [' ', 'Enter'].includes(event.key) && pressed(event), { signal });
  part('csv').addEventListener('click', () => downloadTable(section), { signal });
  follow(node, () => figure, part('cell'), signal);
  listen(section, signal);
  const endRedraw = onRedraw(paint);

  // Python is there, or is there again: nothing that stood in the way before counts any more.
  function live() {
    python = 'ready';
    problem = null;
    clearErrors(form);
    wanted = same(values(), shown) ? null : values();
    pump();
    settle();
  }

  paint();
  showNumbers(form);
  const before = form && kept(key);
  if (before) {
    write(form, before);
    request();
  }

  return {
    live,
    // `how` is "loading" or "failed"; `why`, if given, is told.
    offline(how, why = null) {
      python = how;
      problem = why;
      settle();
    },
    close() {
      closed = true;
      leaving.abort();
      endRedraw();
      purge(node);
    },
  };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
