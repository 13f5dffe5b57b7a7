// One page: makes its exhibits, opens it in Python when Python is ready, cleans up when the reader leaves.
import files from './files.js';
import { makeExhibit } from './exhibit.js';
import { call, retry, start, watch } from './python.js';
import { sentence } from './words.js';

const fetched = new Map(); // model name -> promise of its bytes, for the whole visit

// Returns the function that closes the page.
export function openPage() {
  const data = document.querySelector('[data-role="page"]');
  if (!data) return () => {};
  start(); // the template starts it too, but not on a page that instant navigation brings
  const page = JSON.parse(data.content.textContent);
  let closed = false;
  const exhibits = [...document.querySelectorAll('section.exhibit')].map((section) => makeExhibit(section, page.page, (values) => {
    return askWithModels('draw', { page: page.page, exhibit: section.id, values });
  }));
  const lines = [...document.querySelectorAll('[data-role="loading"]')];

  const endWatch = watch((state) => {
    tell(lines, state);
    if (state.phase === 'ready') open();
    else for (const exhibit of exhibits) exhibit.offline();
  });

  async function open() {
    tell(lines, { phase: 'opening' });
    try {
      const answer = await askWithModels('open_page', page);
      if (closed) return;
      tell(lines, { phase: 'ready' });
      for (const exhibit of exhibits) answer.error ? exhibit.say(answer.error.message) : exhibit.live();
    } catch (error) {
      // A Python that died starts anew and opens the page again; only what could not be downloaded is told here.
      if (!closed && error.file) tell(lines, { phase: 'incomplete', why: error.message }, open);
    }
  }

  for (const model of page.models) modelBytes(model).catch(() => {});
  return () => {
    closed = true;
    endWatch();
    for (const exhibit of exhibits) exhibit.close();
  };
}

// Python says which model it lacks; the page brings it and asks again.
async function askWithModels(name, request) {
  for (;;) {
    const answer = await call(name, JSON.stringify(request));
    if (!answer.needs) return answer;
    await giveModel(answer.needs);
  }
}

async function giveModel(model) {
  return call('add_model', model, await modelBytes(model));
}

function modelBytes(model) {
  if (!fetched.has(model)) {
    const name = `${model}.safetensors`;
    const bytes = fetch(new URL(files.models + name, import.meta.url)).then(async (response) => {
      if (!response.ok) throw new Error(response.status);
      return new Uint8Array(await response.arrayBuffer());
    }).catch((error) => {
      fetched.delete(model);
      throw Object.assign(new Error(`${name} could not be downloaded (${error.message})`), { file: name });
    });
    fetched.set(model, bytes);
  }
  return fetched.get(model);
}

function tell(lines, state, again = retry) {
  for (const line of lines) {
    const button = line.querySelector('button');
    line.querySelector('span').textContent = sentence(state);
    line.hidden = !sentence(state);
    button.hidden = !state.why;
    button.onclick = again;
  }
}
