// One exhibit: its form and its chart, and what it says while it waits or when something is wrong.
import { choosePlaces, edited } from './edits.js';
import { clearErrors, pressed, press, read, renew, share, shareAll, showError, showNumbers, step, write } from './form.js';
import { makeHistory, openedLink } from './history.js';
import { keep, kept } from './memory.js';
import { makePanel } from './panel.js';
import { listen } from './voice.js';

const WAITING = {
  loading: 'Your change is kept. It is drawn as soon as Python is ready.',
  failed: 'Your change is kept. It is drawn once Python runs: press Retry below.',
  ready: '',
};
const CANCELLED = 'Cancelled. The chart shows the last state. Change something, or press Undo.';
const STALE_AFTER = 200; // ms: while a slider is dragged every answer is already old; draw one now and then
const SLOW = 400; // ms after which a drawing says how far it is

// `ask(request)` asks Python for the chart of {values} or {link}; `cancel()` stops that. Returns what the page may tell
// the exhibit.
export function makeExhibit(section, page, { ask, cancel }) {
  const part = (role) => section.querySelector(`[data-role="${role}"]`);
  const form = part('controls');
  const key = `${page}#${section.id}`;
  const values = () => (form ? read(form) : {});
  const untouched = values();
  const leaving = new AbortController();
  const { signal } = leaving;
  let shown = untouched; // the values that the chart shows
  let shownAt = 0;
  let python = 'loading'; // or ready, failed
  let problem = null; // what is wrong with the last answer; empty when a control tells it
  let note = ''; // what the last answer left out
  let wanted = null; // the request that comes next: { values } or { link }
  let asking = null; // the request that Python works on
  let typing = null; // the text that the reader changed last
  let busy = false;
  let askedAt = 0;
  let closed = false;

  // The one place that says how the exhibit stands.
  function settle() {
    const next = wanted ?? asking ?? { values: values() };
    const waiting = Boolean(next.link) || !same(next.values, shown);
    const wrong = problem !== null || panel.undrawn !== null;
    section.dataset.state = wrong ? 'error' : waiting ? 'waiting' : python === 'ready' ? 'live' : 'built';
    part('message').textContent = wrong ? problem || panel.undrawn || '' : waiting ? WAITING[python] : note;
  }

  function request(next = { values: values() }) {
    if (next.values) keep(key, same(next.values, untouched) ? null : next.values);
    showNumbers(form);
    wanted = next;
    note = '';
    if (busy && performance.now() - askedAt > SLOW) cancel();
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
      asking = asked;
      askedAt = performance.now();
      // A Python that died is started anew, and asked again then; a file that cannot be had is told.
      const answer = await ask(asked).catch((error) => (error.file ? { error } : null));
      asking = null;
      tell('');
      if (closed) return;
      if (answer === null) wanted ??= asked;
      else if (!wanted || (answer.chart && performance.now() - shownAt > STALE_AFTER)) await show(answer, asked);
    }
    busy = false;
    if (!closed) settle();
  }

  async function show({ chart, error, cancelled, form: fields, values: settled, link, notes = [], program }, asked) {
    clearErrors(form);
    problem = null;
    note = notes.join(' ');
    if (fields) renew(form, fields, wanted ? values() : settled);
    if (program !== undefined) part('program').textContent = program;
    if (error || cancelled) {
      const told = error?.control && showError(form, error.control, error.message);
      problem = told ? '' : cancelled ? CANCELLED : `${error.message} The chart shows the last state that worked.`;
      return settle();
    }
    shown = settled ?? asked.values;
    drawn?.(shown, link, typing);
    if (settled) keep(key, same(settled, untouched) ? null : settled);
    await panel.show(chart);
    await strip();
    shownAt = performance.now();
    if (!closed) settle();
  }

  // Says how far a long drawing is.
  function tell(said) {
    const place = part('told');
    if (!place || closed) return;
    place.textContent = said;
    part('cancel').hidden = !said;
  }

  const on = (target, type, handler) => target?.addEventListener(type, handler, { signal });
  on(form, 'input', ({ target }) => {
    if (target.matches('[data-kinds]')) choosePlaces(target);
    if (!target.dataset.control && !target.dataset.item) return;
    typing = target.type === 'text' ? target.dataset.control : null;
    share(form, target);
    request();
  });
  on(form, 'shared', () => request());
  on(form, 'submit', (event) => event.preventDefault());
  on(form, 'reset', () => setTimeout(() => {
    shareAll(form);
    request();
  }));
  on(form, 'click', ({ target }) => {
    if (target.dataset.step) step(target);
    if (target.dataset.edit && target.getAttribute('aria-disabled') !== 'true') change({ [target.closest('[data-edits]').dataset.edits]: edited(target) });
    if (!target.dataset.example) return;
    const input = target.closest('.field').querySelector('input');
    input.value = target.dataset.example;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    typing = null;
  });

  // Asks for the present values but for those that `changes` names.
  function change(changes) {
    typing = null;
    request({ values: { ...values(), ...changes } });
  }

  const panel = makePanel(section, settle);
  const drawn = part('controls') && section.querySelector('[data-history]') && makeHistory(section, { signal, go: (before) => request({ values: before }), open: (link) => request({ link }) });
  let updateStrip = null; // fetched with the first chart that has one

  async function strip() {
    if (!updateStrip && panel.figure.layout?.meta?.strip) updateStrip = (await import('../workbench/strip.js')).makeStrip(panel, signal);
    updateStrip?.();
  }

  const push = (event) => {
    const said = event.target.closest('[data-set]')?.dataset.set;
    if (!said) return;
    event.preventDefault();
    press(form, said);
  };
  on(panel.node, 'click', push);
  on(panel.node, 'keydown', (event) => [' ', 'Enter'].includes(event.key) && push(event));
  on(panel.node, 'point', ({ detail }) => {
    const said = panel.figure.layout.meta?.press?.[detail.trace];
    if (said) change(pressed(said));
  });
  on(part('cancel'), 'click', cancel);
  on(part('copy-program'), 'click', () => navigator.clipboard.writeText(part('program').textContent));
  listen(section, signal);

  // Python is there, or is there again: nothing that stood in the way before counts any more.
  function live() {
    python = 'ready';
    problem = null;
    clearErrors(form);
    wanted ??= same(values(), shown) ? null : { values: values() };
    pump();
    settle();
  }

  showNumbers(form);
  const before = form && kept(key);
  if (drawn && openedLink()) request({ link: openedLink() });
  else if (before && drawn) request({ values: before });
  else if (before) {
    write(form, before);
    request();
  }

  return {
    id: section.id,
    live,
    tell: (said) => performance.now() - askedAt > SLOW && tell(said),
    // `how` is "loading" or "failed"; `why`, if given, is told.
    offline(how, why = null) {
      python = how;
      problem = why;
      settle();
    },
    close() {
      closed = true;
      leaving.abort();
      panel.close();
    },
  };
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
