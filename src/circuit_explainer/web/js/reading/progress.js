// Which lessons are done and where the reader was last: kept on this device, told in the list of lessons, cleared at will.
const KEY = 'circuit-explainer:progress';
const NOTHING = { done: [], last: null };

const watchers = new Set();
const lesson = () => document.querySelector('[data-lesson]')?.dataset.lesson;

function progress() {
  try {
    return { ...NOTHING, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return NOTHING; // storage may be forbidden
  }
}

function keep(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...progress(), ...changes }));
  } catch {
    // Storage may be full; reading goes on without it.
  }
  tellProgress();
}

// Shows the progress that is kept now.
export function tellProgress() {
  for (const watcher of watchers) watcher();
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
    localStorage.removeItem('circuit-explainer:cell'); // the code of workbench/cell/keep.js
  } catch {
    // Nothing is kept where storage is forbidden.
  }
  tellProgress();
}

// Remembers the step that is being read.
export function reached(step) {
  const { last } = progress();
  if (last?.lesson !== lesson() || last.step !== step) keep({ last: { lesson: lesson(), step } });
}

// Shows on this page what is done and where to go on; returns the function that ends it.
export function showProgress() {
  const leaving = new AbortController();
  document.querySelector('[data-role="done"]')?.addEventListener('click', () => {
    const { done } = progress();
    const mine = lesson();
    keep({ done: done.includes(mine) ? done.filter((other) => other !== mine) : [...done, mine] });
  }, { signal: leaving.signal });
  watchers.add(show);
  show();
  return () => {
    leaving.abort();
    watchers.delete(show);
  };
}

function show() {
  const { done, last } = progress();
  for (const link of document.querySelectorAll('[data-lesson-link]')) {
    const mark = link.querySelector('.done');
    if (done.includes(link.dataset.lessonLink) === Boolean(mark)) continue;
    if (mark) mark.remove();
    else link.append(Object.assign(document.createElement('span'), { className: 'done', textContent: ' done' }));
  }
  const button = document.querySelector('[data-role="done"]');
  if (button) button.textContent = done.includes(lesson()) ? 'Not done after all' : 'Mark as done';
  const told = document.querySelector('[data-role="done-told"]');
  if (told) told.textContent = done.includes(lesson()) ? 'This lesson is done.' : '';
  goOn(last);
}

// The home page offers the step at which the reader left off.
function goOn(last) {
  const place = document.querySelector('[data-role="go-on"]');
  if (!place) return;
  const link = last && document.querySelector(`[data-lesson-link="${CSS.escape(last.lesson)}"]`);
  place.hidden = !link;
  if (!link) return;
  const anchor = place.querySelector('a');
  anchor.href = `${link.href}#${last.step}`;
  anchor.textContent = link.dataset.title;
}
