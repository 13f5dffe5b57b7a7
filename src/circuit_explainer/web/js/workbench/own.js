// The reader's own model: its files are chosen or dropped, told about, loaded, and then offered by the playground.
import { call } from '../python/call.js';
import { watch } from '../python/life.js';
import { ask, hear } from '../python/tools.js';
import { chosenFiles } from './files.js';

// Which buttons there are in each state of the element.
const BUTTONS = {
  empty: [], looking: [], refused: [], told: ['load'], loading: ['cancel'], loaded: ['score', 'forget'], scoring: ['cancel'],
};
const GONE = 'Python was started anew, and the model in it is gone. Load it again.';
const UNREADABLE = 'These files could not be read. Choose them again; a folder is opened when it is dropped, not when it is chosen.';

// Opens the part in its element; resolves to the function that closes it.
export async function open(element, { opened, exhibits }) {
  const leaving = new AbortController();
  const { signal } = leaving;
  const part = (role) => element.querySelector(`[data-role="own-${role}"]`);
  const playground = exhibits.find(({ id }) => id === element.dataset.exhibit);
  const drop = part('drop');
  let files = [];
  let loaded = null; // the name of the model that Python holds
  let stillThere = true; // whether Python still knows the files

  // The one place that says how the element stands.
  function become(state, { told = '', problem = '' } = {}) {
    if (signal.aborted) return;
    const focused = element.contains(document.activeElement) && document.activeElement.dataset.own;
    element.dataset.state = state;
    for (const button of element.querySelectorAll('[data-own]')) button.hidden = !BUTTONS[state].includes(button.dataset.own);
    part('playground').hidden = state !== 'loaded' || Boolean(playground);
    part('going').hidden = !['looking', 'loading', 'scoring'].includes(state);
    part('told').textContent = told;
    part('problem').textContent = problem;
    // The button that was pressed may have gone: the focus goes to the one that came.
    if (focused && element.querySelector(`[data-own="${focused}"]`).hidden) element.querySelector('[data-own]:not([hidden])')?.focus();
  }

  function far(said, done = null) {
    const bar = element.querySelector('progress');
    if (done === null) bar.removeAttribute('value');
    else bar.value = done;
    part('far').textContent = said;
  }

  // Does something that Python may refuse, in words.
  async function attempt(work, state) {
    try {
      await work();
    } catch (error) {
      become(state, { problem: error.told ? error.message : error.file ? `${error.message}. Check the connection, then try again.` : GONE });
    }
  }

  async function choose(given) {
    files = given;
    if (!files.length) return;
    become('looking');
    far('Waiting for Python.');
    part('facts').hidden = true;
    part('scores').hidden = true;
    await attempt(async () => {
      await opened;
      far('Looking at the files.');
      const answer = await look();
      part('facts').replaceChildren(...[...answer.sentences, answer.refused].filter(Boolean).map(line));
      part('facts').hidden = false;
      if (answer.refused) become('refused', { problem: 'This model is not loaded.' });
      else become('told', { told: 'Nothing is loaded yet.' });
    }, 'empty');
  }

  // Python reads the files in place; it has to be shown them again when it was started anew.
  async function look() {
    await ask('own', 'cancel'); // lets go of the files of before
    const { folder } = await call('show_files', files);
    const answer = await ask('own', 'look', { folder });
    stillThere = true;
    return answer;
  }

  async function load() {
    become('loading');
    loaded = null; // the one before makes room
    part('scores').hidden = true;
    far('Reading the file.');
    await attempt(async () => {
      if (!stillThere) await look();
      const answer = await ask('own', 'load');
      if (answer.cancelled) return become('told', { told: 'Cancelled. Nothing is loaded.' });
      loaded = answer.name;
      const { bytes } = await call('memory');
      become('loaded', { told: `${loaded} is loaded. That took ${answer.seconds.toFixed(1)} seconds, and Python now takes ${size(bytes)} of memory.` });
      element.dataset.memory = bytes;
      link();
      playground?.change({ model: loaded });
    }, 'told');
  }

  function link() {
    part('playground').hash = `#v=1&model=${encodeURIComponent(loaded)}`;
  }

  async function score() {
    become('scoring');
    far('Running the model.');
    await attempt(async () => {
      const answer = await ask('own', 'score');
      if (answer.cancelled) return become('loaded', { told: 'Cancelled.' });
      part('table').innerHTML = answer.html; // made and escaped by exhibits/markup.py
      part('scores').hidden = false;
      element.dataset.memory = (await call('memory')).bytes;
      become('loaded', { told: answer.summary });
    }, 'loaded');
  }

  async function forget() {
    await ask('own', 'forget').catch(() => {});
    loaded = null;
    part('scores').hidden = true;
    become('told', { told: 'The model is gone from memory. Its files stay where they are.' });
  }

  const press = { load, score, forget, cancel: () => ask('own', 'cancel').catch(() => {}) };
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal });
  on(element, 'click', ({ target }) => press[target.dataset.own]?.());
  const input = element.querySelector('input');
  // The same files may be chosen once more, when they were changed meanwhile.
  on(input, 'click', () => {
    input.value = '';
  });
  on(input, 'change', () => choose([...input.files]));
  // What is dropped beside the zone would open in place of the page.
  for (const type of ['dragover', 'drop']) on(document, type, (event) => event.preventDefault());
  on(drop, 'dragover', () => {
    drop.dataset.over = '';
  });
  on(drop, 'dragleave', () => delete drop.dataset.over);
  on(drop, 'drop', async (event) => {
    delete drop.dataset.over;
    input.value = '';
    await chosenFiles(event.dataTransfer).then(choose, () => become('empty', { problem: UNREADABLE }));
  });
  const ends = [
    hear('own', ({ what, done, whole }) => far(what === 'bytes' ? `${size(done)} of ${size(whole)} read.` : `${Math.round((100 * done) / whole)} of 100 percent done.`, done / whole)),
    watch(({ phase }) => {
      if (phase === 'ready') return;
      stillThere = false;
      if (!loaded) return;
      loaded = null;
      become(files.length ? 'told' : 'empty', { problem: GONE });
    }),
  ];
  // A model that was loaded on an earlier page of the visit is still there.
  opened.then(() => ask('own', 'stands')).then(({ name }) => {
    if (!name || element.dataset.state !== 'empty') return;
    loaded = name;
    become('loaded', { told: `${name} is loaded.` });
    link();
  }, () => {});
  return () => {
    leaving.abort();
    for (const end of ends) end();
  };
}

const line = (text) => Object.assign(document.createElement('li'), { textContent: text });

const size = (bytes) => (bytes >= 999.5e6 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 999_500 ? `${Math.round(bytes / 1e6)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`);
