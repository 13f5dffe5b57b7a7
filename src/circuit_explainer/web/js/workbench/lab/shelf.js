// What stands below the charts: curves that are kept, and the run as a file or as a model of the playground.
import { told } from '../../given.js';
import { download } from '../../save/download.js';

const LARGEST = 100_000_000; // bytes; the largest runs of the lab have a few million

export function connectShelf(part, { send, settings, signal }) {
  const shelf = part('lab-shelf');
  const trouble = part('lab-trouble');
  const name = shelf.querySelector('#lab-name');
  const ask = (command, request, data) => send(command, request, { data, place: trouble });
  const on = (target, type, handler) => target.addEventListener(type, handler, { signal });

  on(name, 'input', () => {
    name.dataset.typed = 'yes';
  });
  on(part('lab-keep'), 'submit', async (event) => {
    event.preventDefault();
    if (await ask('keep', { name: name.value })) delete name.dataset.typed;
  });
  on(part('lab-kept'), 'click', async ({ target }) => {
    if (!target.dataset.drop) return;
    await ask('drop', { name: target.dataset.drop });
    name.focus(); // the button is gone
  });
  on(part('lab-open'), 'change', async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    const bytes = await contents(file).catch((error) => {
      trouble.textContent = error.message;
    });
    const answer = bytes && await ask('open', {}, bytes);
    target.value = ''; // the same file can be chosen again
    if (answer?.settings) settings.write(answer.settings);
  });
  on(shelf, 'click', async ({ target }) => {
    if (target.dataset.lab === 'save') {
      const answer = await ask('save');
      if (answer) download(new Blob([answer.file], { type: 'application/octet-stream' }), answer.name);
    }
    if (target.dataset.lab === 'publish') {
      const answer = await ask('publish');
      const link = part('lab-playground');
      if (!answer) return;
      link.hash = `#v=1&model=${encodeURIComponent(answer.name)}`;
      link.click(); // a link of the page, so that the worker and the model in it stay
    }
  });
}

// Resolves to a file's bytes; rejects with a sentence where it cannot be read or is no run for certain.
async function contents(file) {
  if (file.size > LARGEST) throw new Error(`${told(file.name)} has ${Math.round(file.size / 1e6)} MB; a run has at most ${LARGEST / 1e6}. Choose one that the lab saved.`);
  const bytes = await file.arrayBuffer().catch(() => {
    throw new Error(`${told(file.name)} can be read no more: it was changed or moved since it was chosen. Choose it again.`);
  });
  return new Uint8Array(bytes);
}
