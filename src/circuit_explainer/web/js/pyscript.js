// Makes a PyScript worker that runs worker.py: one `<script type="py" worker>` outside the part that navigation swaps.
import files from './files.js';

const here = new URL('.', import.meta.url);
const PLUGINS = ['codemirror', 'deprecations-manager', 'donkey', 'error', 'py-editor', 'py-game', 'py-terminal'];

// Resolves to the worker once worker.py has run. `hear(message)` gets what the worker posts; `attempt` counts starts.
export async function createWorker({ attempt, hear, made }) {
  // A module that failed to load stays failed under its address, so each later attempt takes another.
  const again = attempt ? `?attempt=${attempt}` : '';
  const [code] = await Promise.all([text('worker.py'), text('interpreter.js'), loadCore(again)]);
  const script = document.createElement('script');
  Object.assign(script, { type: 'py', textContent: code });
  script.setAttribute('worker', '');
  script.setAttribute('config', JSON.stringify({
    interpreter: new URL('interpreter.js', here).href + again,
    sync_main_only: true,
    packages_cache: 'never',
  }));
  document.body.append(script);
  const xworker = await attached(script);
  made(() => {
    xworker.terminate();
    script.remove();
  });
  xworker.onerror = () => {}; // the same error rejects `ready`
  let ran = false;
  xworker.addEventListener('message', ({ data }) => {
    if (data?.phase === 'ran') ran = true;
    else if (data?.phase) hear(data);
  });
  await xworker.ready;
  // PyScript prints an error of the script itself and goes on; its functions would then never answer.
  if (!ran) throw new Error('the worker script worker.py did not run');
  return xworker;
}

// PyScript waits for ever for a script that cannot be had, and does not name a module: so both are fetched here first.
async function text(name) {
  const response = await fetch(new URL(name, here)).catch(() => ({ status: 'no connection' }));
  if (!response.ok) throw new Error(`${name} could not be downloaded (${response.status})`);
  return response.text();
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

async function loadCore(again) {
  if (!document.querySelector('py-config')) document.body.append(pluginsOff('py-config'), pluginsOff('mpy-config'));
  try {
    await import(new URL(`${files.runtime}pyscript/core.js`, here).href + again);
  } catch {
    throw new Error('PyScript (core.js) could not be downloaded');
  }
}

// PyScript reads one element for each of its two languages. The site uses none of its plugins: each is one more request.
function pluginsOff(tag) {
  const config = document.createElement(tag);
  config.setAttribute('type', 'json');
  config.hidden = true;
  config.textContent = JSON.stringify({ plugins: PLUGINS.map((name) => `!${name}`) });
  return config;
}
