// The training lab: its buttons, its slider and its files ask Python, and the page shows what Python says.
import { watch } from '../../python/life.js';
import { ask, hear, restart } from '../../python/tools.js';
import { makeView } from './view.js';
import { connectSettings } from './settings.js';
import { connectShelf } from './shelf.js';

const GONE = 'Python stopped, and the run in it is gone. Start begins another, and Open goes on with one that was saved.';

const SILENT = 30_000; // ms without a word of a run that goes on: each of its steps takes far less

// What the reader is told of an error: the tool's own sentence, which file is missing, or that Python is gone.
const told = (error) => (error.told ? error.message : error.file ? `${error.message}. Check the connection, then press the button again.` : GONE);

// Opens the lab in its element; resolves to the function that closes it.
export async function open(bench, { opened, exhibits }) {
  const leaving = new AbortController();
  const { signal } = leaving;
  // Looked up in the page that this lab stands in: it may be gone while Python answers.
  const article = bench.closest('article');
  const part = (role) => article.querySelector(`[data-role="${role}"]`);
  const view = makeView(bench, part, exhibits);
  const settings = connectSettings(bench, part, { plan, signal });
  const linked = settings.follow();
  let closed = false;

  // Asks the lab for something that changes what the page shows. Resolves to the answer, or to nothing when it failed.
  async function send(command, request = {}, { data = null, place = part('lab-problem') } = {}) {
    await opened;
    try {
      const answer = await ask('lab', command, request, { data });
      if (closed) return null;
      place.textContent = '';
      if (answer.problem) settings.tell(answer.problem);
      else if (answer.panels) await view.show(answer);
      return answer;
    } catch (error) {
      if (!closed) place.textContent = told(error);
      return null;
    }
  }

  async function plan(values) {
    await opened;
    return closed ? null : ask('lab', 'plan', { values }).catch(() => null);
  }

  const on = (target, type, handler) => target.addEventListener(type, handler, { signal });
  on(bench, 'click', ({ target }) => {
    const command = target.dataset.lab;
    if (!command || target.getAttribute('aria-disabled') === 'true') return;
    send(command, { values: settings.values() }).then(settings.again);
  });
  on(bench, 'input', async ({ target }) => {
    if (target.id === 'lab-place') view.scrub(() => send('show', { place: Number(target.value) }));
    else if (target.id === 'lab-head') view.scrub(() => send('show', { head: target.value }));
    else if (target.name === 'lab-shows') send('show', { shows: target.value });
  });
  on(document, 'visibilitychange', () => {
    if (document.hidden && bench.dataset.state === 'running') send('pause', { why: 'hidden' });
  });
  connectShelf(part, { send, settings, signal });
  let silence = 0;
  const endHear = hear('lab', (answer) => {
    clearTimeout(silence);
    if (answer.state === 'running') silence = setTimeout(restart, SILENT);
    view.show(answer);
    if (answer.state !== 'running') settings.again();
  });
  // A Python that was started anew knows nothing of the run.
  let shown = false;
  const endWatch = watch(async ({ phase }) => {
    if (phase !== 'ready' || !shown) return;
    const begun = bench.dataset.state !== 'empty';
    const answer = await ask('lab', 'view').catch(() => null);
    if (!answer || closed) return;
    await view.show(answer);
    if (begun && !closed) part('lab-problem').textContent = GONE;
  });
  opened.then(async () => {
    // A run that was begun on an earlier visit of the page is still there.
    const before = closed ? null : await ask('lab', 'view').catch(() => null);
    if (before && before.state !== 'empty' && !closed) await view.show(before);
    if (before?.settings && !linked && !closed) settings.write(before.settings);
    if (!closed) bench.dataset.ready = '';
    shown = true;
    settings.again();
  });
  return () => {
    closed = true;
    leaving.abort();
    clearTimeout(silence);
    for (const end of [endHear, endWatch]) end();
    if (bench.dataset.state === 'running') ask('lab', 'pause').catch(() => {});
  };
}
