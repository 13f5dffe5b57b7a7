// One page: makes its exhibits, opens it in Python when Python is ready, cleans up when the reader leaves.
import { makeExhibit } from './exhibit/exhibit.js';
import { callBringing, fetchEarly } from './python/brought.js';
import { call } from './python/call.js';
import { onMessage, start, watch } from './python/life.js';
import { notice } from './python/status.js';

// Returns the function that closes the page.
export function openPage() {
  const data = document.querySelector('[data-role="page"]');
  if (!data) return () => {};
  start(); // the template starts it too, but not on a page that instant navigation brings
  const { files, ...page } = JSON.parse(data.content.textContent);
  let closed = false;
  const exhibits = [...document.querySelectorAll('section.exhibit[id]')].map((section) => makeExhibit(section, page.page, {
    ask: (request) => callBringing('draw', { page: page.page, exhibit: section.id, ...request }, wake),
    cancel: () => call('cancel').catch(() => {}), // a Python that is gone draws nothing
  }));
  const ends = [
    onMessage(({ exhibit, told }) => exhibits.find((each) => each.id === exhibit)?.tell(told)),
    watch(({ phase }) => {
      if (phase === 'ready') open();
      else for (const exhibit of exhibits) exhibit.offline(phase === 'failed' ? 'failed' : 'loading');
    }),
  ];
  const { promise: opened, resolve: isOpen } = Promise.withResolvers();
  for (const bench of document.querySelectorAll('[data-workbench]')) connect(bench);

  function wake() {
    if (!closed) for (const exhibit of exhibits) exhibit.live();
  }

  async function open() {
    try {
      const answer = await callBringing('open_page', page, open);
      if (closed) return;
      isOpen();
      if (answer.error) for (const exhibit of exhibits) exhibit.offline('failed', answer.error.message);
      else wake();
    } catch {
      // A Python that died starts anew and opens the page again; a file that is missing has been told.
    }
  }

  // Parts of the workbench are fetched on the pages that have one. `opened` resolves when Python knows the page.
  async function connect(bench) {
    const { open: openBench } = await import('./workbench/main.js');
    if (closed) return;
    const end = await openBench(bench, { opened, exhibits });
    if (closed) end();
    else ends.push(end);
  }

  fetchEarly(files);
  return () => {
    closed = true;
    for (const end of ends) end();
    notice('files');
    for (const exhibit of exhibits) exhibit.close();
  };
}
