// Makes a PyScript worker that runs worker.py: one `<script type="py" worker>` outside the part that navigation swaps.
import files from '../files.js';
import { interpreter, load } from '../where.js';

const PLUGINS = ['codemirror', 'deprecations-manager', 'donkey', 'error', 'py-editor', 'py-game', 'py-terminal'];

// Not in the head, which Material clears when it brings another page. The start may come before there is a body.
const outside = document.body ?? document.documentElement;

// PyScript looks through all that comes into the page for elements and attributes of its own, which takes a tenth of the
// time of a redraw. Its observer is held back but for the moment in which a worker is made.
const observers = new Map(); // with what each observes

// Resolves to the worker once worker.py has run. `hear(message)` gets what the worker posts; `attempt` counts starts that failed.
export async function createWorker({ attempt, hear, made }) {
  await loadCore(attempt);
  const script = document.createElement('script');
  Object.assign(script, { type: 'py', textContent: files.worker });
  script.setAttribute('worker', '');
  script.setAttribute('config', JSON.stringify({
    interpreter: interpreter(attempt),
    sync_main_only: true,
    packages_cache: 'never',
  }));
  for (const [observer, options] of observers) observer.observe(document, options);
  outside.append(script);
  await null; // by now it has been seen
  for (const observer of observers.keys()) observer.disconnect();
  const xworker = await attached(script);
  made(() => {
    xworker.terminate();
    script.remove();
  });
  xworker.onerror = () => {}; // the same error rejects `ready`
  let ran = false;
  xworker.addEventListener('message', ({ data }) => {
    if (data?.phase === 'ran') ran = true;
    else if (data?.phase || data?.exhibit || data?.tool) hear(data);
  });
  await xworker.ready;
  // PyScript prints an error of the script itself and goes on; its functions would then never answer.
  if (!ran) throw new Error('the worker script worker.py did not run');
  return xworker;
}

// PyScript sees the new element through a mutation observer and hangs the worker on it.
function attached(script) {
  return new Promise((resolve, reject) => {
    const limit = performance.now() + 10_000;
    const look = () => {
      if (script.xworker) resolve(script.xworker);
      else if (performance.now() > limit) reject(new Error('PyScript made no worker'));
      else setTimeout(look, 4);
    };
    look();
  });
}

async function loadCore(attempt) {
  if (!document.querySelector('py-config')) outside.append(pluginsOff('py-config'), pluginsOff('mpy-config'));
  const { hooks } = await withObservers(() => load(files.core, attempt));
  hooks.worker.onBeforeRunAsync.clear(); // it travels as text and would need eval; interpreter.js does what it does
}

// Notes who observes the whole document from within `work`.
async function withObservers(work) {
  const { MutationObserver } = globalThis;
  globalThis.MutationObserver = class extends MutationObserver {
    observe(target, options) {
      super.observe(target, options);
      if (target === document) observers.set(this, options);
    }
  };
  return work().finally(() => {
    globalThis.MutationObserver = MutationObserver;
  });
}

// PyScript reads one element for each of its two languages. The site uses none of its plugins: each is one more request.
function pluginsOff(tag) {
  const config = document.createElement(tag);
  config.setAttribute('type', 'json');
  config.hidden = true;
  config.textContent = JSON.stringify({ plugins: PLUGINS.map((name) => `!${name}`) });
  return config;
}
