// What stands below the charts: curves that are kept, and the run as a file or as a model of the playground.
import { download } from '../../save/download.js';

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
    const answer = await ask('open', {}, new Uint8Array(await file.arrayBuffer()));
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
