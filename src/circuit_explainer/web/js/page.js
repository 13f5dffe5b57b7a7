// One page: makes its exhibits, opens it in Python when Python is ready, cleans up when the reader leaves.
import files from './files.js';
import { makeExhibit } from './exhibit/exhibit.js';
import { call, start, watch } from './python/life.js';
import { notice } from './python/status.js';
import { LOADING_MODEL, modelMissing } from './python/words.js';

const fetched = new Map(); // model name -> promise of its bytes, for the whole visit

// Returns the function that closes the page.
export function openPage() {
  const data = document.querySelector('[data-role="page"]');
  if (!data) return () => {};
  start(); // the template starts it too, but not on a page that instant navigation brings
  const page = JSON.parse(data.content.textContent);
  let closed = false;
  const exhibits = [...document.querySelectorAll('section.exhibit')].map((section) => makeExhibit(section, page.page, (values) => {
    return askWithModels('draw', { page: page.page, exhibit: section.id, values }, wake);
  }));

  // Python says which model it lacks; the page brings it and asks again. `again` is what Retry does when it cannot.
  async function askWithModels(name, request, again) {
    for (;;) {
      const answer = await call(name, JSON.stringify(request));
      if (!answer.needs) return answer;
      tell(LOADING_MODEL, { aloud: '' });
      try {
        await call('add_model', answer.needs, await modelBytes(answer.needs));
        tell();
      } catch (error) {
        tell(error.file && modelMissing(error.message), { retry: again });
        throw error;
      }
    }
  }

  function tell(...said) {
    if (!closed) notice('model', ...said);
  }

  function wake() {
    if (!closed) for (const exhibit of exhibits) exhibit.live();
  }

  const endWatch = watch(({ phase }) => {
    if (phase === 'ready') open();
    else for (const exhibit of exhibits) exhibit.offline(phase === 'failed' ? 'failed' : 'loading');
  });

  async function open() {
    try {
      const answer = await askWithModels('open_page', page, open);
      if (closed) return;
      if (answer.error) for (const exhibit of exhibits) exhibit.offline('failed', answer.error.message);
      else wake();
    } catch {
      // A Python that died starts anew and opens the page again; a model that is missing has been told.
    }
  }

  for (const model of page.models) modelBytes(model).catch(() => {});
  return () => {
    closed = true;
    endWatch();
    notice('model');
    for (const exhibit of exhibits) exhibit.close();
  };
}

function modelBytes(model) {
  if (!fetched.has(model)) {
    const name = `${model}.safetensors`;
    const bytes = fetch(files.models + name).then(async (response) => {
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
