// The one Python of the site: started once, kept over page changes, started anew when it dies.
import files from '../files.js';
import { createWorker } from './pyscript.js';

const SILENT_START = 60_000; // ms without a word from a starting worker: every download tells each piece of itself
const MAX_DEATHS = 2; // within DEATHS_WITHIN ms: one may be an accident, one after another is not
const DEATHS_WITHIN = 120_000;

export const totalBytes = Object.values(files.sizes).reduce((sum, { wire }) => sum + wire, 0);

const watchers = new Set();
let state = { phase: 'idle' };
let begin;
// Settles when the first worker has been made, or has failed: the page's own heavy work can wait for that.
export const begun = new Promise((resolve) => {
  begin = resolve;
});
let worker = null; // { promise, stop, gone } of the Python in use
let failures = 0; // how many starts failed: what the browser has kept may be at fault
let deaths = []; // when each happened
let ran = false; // whether Python has ever been ready
const hearers = new Set();

// Calls `watcher(state)` now and at each change; returns the function that ends it.
export function watch(watcher) {
  watchers.add(watcher);
  watcher(state);
  return () => watchers.delete(watcher);
}

function become(next) {
  state = { ...next, ran };
  const word = ['idle', 'ready', 'failed'].includes(next.phase) ? next.phase : 'loading';
  document.documentElement.dataset.python = word;
  for (const watcher of watchers) watcher(state);
}

// Starts Python unless it runs or starts already.
export function start() {
  worker ??= launch();
}

// Starts Python anew after a failure, or when it cannot be stopped otherwise, at the reader's wish.
export function restart() {
  deaths = [];
  stop();
  start();
}

// Calls `hearer(message)` for all that Python says in mid-work; returns the function that ends it.
export function onMessage(hearer) {
  hearers.add(hearer);
  return () => hearers.delete(hearer);
}

function stop() {
  worker?.stop();
  worker = null;
}

function launch() {
  const { promise: gone, reject } = Promise.withResolvers();
  gone.catch(() => {}); // heard by whoever waits for an answer
  const mine = { gone, stop: () => reject(new Error('Python was stopped')) };
  const received = {};
  let silence = 0;
  let starting = true;
  const listen = () => {
    clearTimeout(silence);
    if (starting) silence = setTimeout(reject, SILENT_START, new Error(`nothing more came for ${SILENT_START / 1000} s`));
  };
  const hear = (message) => {
    listen();
    if (worker !== mine) return;
    if (message.phase) report(message, received);
    for (const hearer of hearers) hearer(message);
  };
  const made = (terminate) => {
    begin();
    if (worker !== mine) terminate();
    mine.stop = () => {
      terminate();
      reject(new Error('Python was stopped'));
    };
  };
  become({ phase: 'downloading', bytes: 0 });
  listen();
  mine.promise = Promise.race([createWorker({ attempt: failures, hear, made }), gone]).finally(() => {
    starting = false;
    clearTimeout(silence);
  });
  mine.promise.then(
    () => {
      if (worker !== mine) return;
      ran = true;
      become({ phase: 'ready' });
    },
    (error) => {
      if (worker !== mine) return;
      failures += 1;
      fail(error);
    },
  );
  return mine;
}

function fail(error) {
  begin();
  stop();
  become({ phase: 'failed', why: reason(error) });
}

// Browsers name a module that could not be had by its whole address, in words of their own.
function reason({ name, message }) {
  if (name === 'SyntaxError') return `a script came damaged (${message})`;
  const file = /dynamically imported module: \S*?([\w.-]+)(\?\S*)?$/.exec(message);
  return file ? `${file[1]} could not be downloaded` : message.replace(/^(\w*Error: )+/, '');
}

function report({ phase, file, bytes }, received) {
  if (phase === 'downloading') received[file] = (received[file] ?? 0) + bytes;
  become(phase === 'downloading' ? { phase, bytes: overTheWire(received) } : { phase });
}

// What arrived is counted unpacked; `sizes` tells how much of that was sent.
function overTheWire(received) {
  const parts = Object.entries(files.sizes).map(([name, { size, wire }]) => Math.min(1, (received[name] ?? 0) / size) * wire);
  return parts.reduce((sum, part) => sum + part, 0);
}

// The worker in use, started if need be: `promise` of it, and `gone`, which rejects when it is no more.
export function running() {
  start();
  return worker;
}

// Tells that a worker failed in a call: it is started anew, unless that happens too often.
export function failed(mine, error) {
  if (worker !== mine) return;
  deaths = [...deaths.filter((time) => performance.now() - time < DEATHS_WITHIN), performance.now()];
  if (deaths.length > MAX_DEATHS) return fail(error);
  stop();
  start();
}
