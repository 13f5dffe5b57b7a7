// The notebook cell: the reader's own Python in the page's worker, on the state of the page's first exhibit.
// Code comes from the editor and from this device, never from an address.
import { watch } from '../../python/life.js';
import { ask, hear, restart } from '../../python/tools.js';
import { makeEditor } from './editor.js';
import { EXAMPLES, FIRST } from './examples.js';
import { keepCode, keptCode } from './keep.js';
import { cellMarkup } from './markup.js';
import { makeOutput } from './output.js';

const STOP_WITHIN = 300; // ms: code that awaits stops by then; other code never does, and its worker is ended
const GONE = 'Python had to start anew, so the variables of your code are gone. Your code is kept.';
const WAITING = 'Waiting for Python. The code runs as soon as it is there.';

// Opens the cell in its element; returns the function that closes it.
export function open(element, { opened, exhibits }) {
  element.className = 'cell';
  element.innerHTML = cellMarkup();
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const leaving = new AbortController();
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal: leaving.signal });
  const output = makeOutput(part('output'));
  let editor = null;
  let making = null;
  let running = null; // settles when the run that goes on has ended
  let stopping = false;
  let ready = false; // whether Python is
  let before = null; // the code that Undo brings back
  let stoppedAt = null; // the line that went wrong

  function say(text, failure = null) {
    part('message').textContent = text;
    part('message').dataset.wrong = String(Boolean(failure));
    stoppedAt = failure?.line ?? null;
    part('go').hidden = !stoppedAt;
    part('go').textContent = `Go to line ${stoppedAt}`;
  }

  function settle() {
    part('run').setAttribute('aria-disabled', String(Boolean(running)));
    part('stop').setAttribute('aria-disabled', String(!running));
    part('undo').hidden = before === null;
    element.dataset.state = running ? 'running' : 'idle';
  }

  // The editor is fetched when the cell is first opened.
  async function makeOnce() {
    making ??= makeEditor(part('editor'), { code: keptCode() ?? FIRST, attributes: { 'aria-labelledby': 'cell-label', 'aria-describedby': 'cell-hint' }, changed, run });
    editor = await making;
    if (leaving.signal.aborted) editor.close();
    else element.dataset.editor = 'ready';
  }

  function changed() {
    const code = editor.code();
    keepCode(code === FIRST ? null : code);
    before = null;
    settle();
  }

  // Puts other code in place of the reader's, which one press brings back.
  function replace(code, told) {
    const old = editor.code();
    editor.replace(code);
    before = old === code ? null : old;
    say(told);
    settle();
  }

  function run() {
    if (running || !editor) return;
    running = work().finally(() => {
      running = null;
      stopping = false;
      settle();
    });
    settle();
  }

  async function work() {
    output.clear();
    editor.mark(null);
    say(ready ? 'Running.' : WAITING);
    await opened;
    try {
      tell(await ask('cell', 'run', { code: editor.code(), ...exhibits[0].latest() }));
    } catch (error) {
      say(stopping ? `Stopped. ${GONE}` : error.told ? error.message : error.file ? `${error.message}. Check the connection, then press Run again.` : `${error.message}. ${GONE}`);
    }
  }

  function tell({ failure, stopped, seconds }) {
    if (stopped) return say('Stopped.');
    if (!failure) return say(`Done in ${seconds < 0.1 ? 'less than 0.1' : seconds.toFixed(1)} s.`);
    say(failure.message, failure);
    output.fail(failure.details);
    editor.mark(failure.line);
  }

  async function stop() {
    const going = running;
    if (!going || stopping) return;
    stopping = true;
    say('Stopping.');
    ask('cell', 'stop').catch(() => {}); // the worker may be gone before it hears
    const late = new Promise((resolve) => setTimeout(resolve, STOP_WITHIN, true));
    if (await Promise.race([going, late])) restart();
  }

  async function reset() {
    stop();
    await running;
    replace(FIRST, 'The first code is back, and your variables are forgotten.');
    keepCode(null);
    output.clear();
    editor.mark(null);
    if (ready) ask('cell', 'reset').catch(() => {}); // a Python that is gone has none
  }

  const details = element.querySelector('details');
  on(details, 'toggle', () => details.open && makeOnce());
  const press = (name, action) => on(part(name), 'click', () => editor && action());
  press('run', run);
  press('stop', stop);
  press('reset', reset);
  press('go', () => editor.goTo(stoppedAt));
  press('undo', () => replace(before, 'Your code is back.'));
  for (const button of element.querySelectorAll('[data-example]')) {
    on(button, 'click', () => editor && replace(EXAMPLES[button.dataset.example].code, `${button.textContent}: press Run.`));
  }
  const ends = [
    watch(({ phase }) => {
      ready = phase === 'ready';
    }),
    hear('cell', (said) => {
      if (said.told) say(said.told);
      output.hear(said);
    }),
  ];
  settle();

  return () => {
    if (running) stop(); // the next page needs Python
    leaving.abort();
    for (const end of ends) end();
    output.clear();
    editor?.close();
  };
}
