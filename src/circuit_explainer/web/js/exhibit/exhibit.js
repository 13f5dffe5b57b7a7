// One exhibit: its form and its chart, and what it says while it waits or when something is wrong.
import { connectChart, connectForm } from './events.js';
import { changedSince, clearErrors, read, renew, same, showError, showNumbers, write } from './form.js';
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
const SLOW = 400; // ms after which a drawing says how far it is, and a newer request stops it

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
  let wanted = null; // the request that comes next: { values }, or { link, values } of what was changed since it came
  let asking = null; // the request that Python works on
  let lost = null; // the request that a missing file stopped
  let askedAt = 0;
  let typing = null; // the text that the reader changed last
  let updateStrip = null; // fetched with the first chart that has one
  let closed = false;

  const panel = makePanel(section, settle);
  const drawn = section.querySelector('[data-history]') && makeHistory(section, untouched, { signal, go: (before) => request({ values: before }), open: (link) => request({ link, values: {} }) });

  // What the reader wants to see, which the form may not hold yet.
  const latest = () => wanted ?? asking ?? lost ?? { values: values() };

  // The one place that says how the exhibit stands.
  function settle() {
    const next = latest();
    const waiting = Boolean(next.link) || !same(next.values, shown);
    const wrong = problem !== null || panel.undrawn !== null;
    section.dataset.state = wrong ? 'error' : waiting ? 'waiting' : python === 'ready' ? 'live' : 'built';
    part('message').textContent = wrong ? problem || panel.undrawn || '' : waiting ? WAITING[python] : note;
  }

  function request(next) {
    if (!next.link) remember(next.values);
    showNumbers(form);
    wanted = next;
    note = '';
    if (asking && performance.now() - askedAt > SLOW) cancel();
    pump();
    settle();
  }

  function remember(now) {
    keep(key, same(now, untouched) ? null : now);
  }

  // Asks for the latest values but for those that `changes` names; `text` is the one that is being typed in.
  function change(changes, text = null) {
    typing = text;
    const next = latest();
    request({ ...next, values: { ...next.values, ...changes } });
  }

  // One question at a time; what the reader did meanwhile is asked next, and the answer to the old question dropped.
  async function pump() {
    if (asking) return;
    while (wanted && python === 'ready' && !closed) {
      asking = wanted;
      wanted = null;
      askedAt = performance.now();
      const asked = asking;
      // A Python that died is started anew, and asked again then; a file that cannot be had is told.
      const answer = await ask(drawn ? { ...asked, shown } : asked).catch((error) => (error.file ? { error } : null));
      if (closed) return;
      tell('');
      if (answer === null) wanted ??= asked;
      else if (!wanted || (answer.chart && performance.now() - shownAt > STALE_AFTER)) await show(answer, asked);
      asking = null;
    }
    if (!closed) settle();
  }

  async function show({ chart, error, cancelled, form: fields, values: settled, link, notes = [], program }, asked) {
    clearErrors(form);
    problem = null;
    lost = error?.file ? asked : null;
    note = notes.join(' ');
    if (fields) {
      if (wanted && !wanted.link) wanted = { values: changedSince(asked.values, wanted.values, settled) };
      renew(form, fields, { ...settled, ...wanted?.values });
    }
    if (program !== undefined) part('program').textContent = program;
    if (error || cancelled) {
      const told = error?.control && showError(form, error.control, error.message);
      problem = told ? '' : cancelled ? CANCELLED : `${error.message} The chart shows the last state that worked.`;
      return;
    }
    shown = settled ?? asked.values;
    if (drawn) remember(settled);
    drawn?.(settled, link, typing);
    await panel.show(chart);
    if (closed) return;
    if (chart.figure.layout?.meta?.strip) updateStrip ??= (await import('../workbench/strip.js')).makeStrip(panel, signal);
    updateStrip?.();
    shownAt = performance.now();
  }

  // Says how far a long drawing is.
  function tell(said) {
    const place = part('told');
    if (!place) return;
    place.textContent = said;
    part('cancel').hidden = !said;
  }

  // Python is there, or is there again: nothing that stood in the way before counts any more.
  function live() {
    python = 'ready';
    problem = null;
    clearErrors(form);
    const next = latest();
    wanted ??= next.link || !same(next.values, shown) ? next : null;
    pump();
    settle();
  }

  if (form) connectForm(form, { change, latest: (control) => latest().values[control], signal });
  connectChart(panel, form, { change, signal });
  part('cancel')?.addEventListener('click', cancel, { signal });
  listen(section, signal);
  showNumbers(form);
  const before = form && kept(key);
  if (drawn && openedLink()) request({ link: openedLink(), values: {} });
  else if (before && drawn) request({ values: before });
  else if (before) {
    write(form, before);
    request({ values: values() });
  }

  return {
    id: section.id,
    panel,
    live,
    change,
    latest,
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
