// When what happens: pages say `{ keep: … }`, and hear what `tell` says.
const JOBS = { use: () => skipWaiting(), fill: take, stop: () => stop?.abort(), tidy, serve };

addEventListener('install', (event) => event.waitUntil(take()));
addEventListener('activate', (event) => event.waitUntil(begin()));
addEventListener('fetch', (event) => {
  if (event.request.method === 'GET' && event.request.url.startsWith(SCOPE.href)) event.respondWith(answer(event));
});
addEventListener('message', (event) => {
  const job = JOBS[event.data?.keep];
  if (job) event.waitUntil(Promise.resolve(job(event)).catch(() => {})); // a copy that fails has told so
});

// Pages that are open go on as they are: with the copy before this one, or with the network where there was none.
async function begin() {
  let before = null;
  for (const name of await copies()) if (name !== NAME && await noted(name, 'active')) before = name;
  const theirs = before ? await noted(before, 'tabs') ?? {} : {};
  const open = await clients.matchAll({ includeUncontrolled: true, type: 'window' });
  const all = Object.fromEntries(open.map(({ id }) => [id, id in theirs ? theirs[id] : before]));
  known = Promise.resolve(all);
  await write('tabs', all);
  await write('active', true);
  await tidy();
}

// Deletes copies that no open page needs. Those that were never in use stay while a newer one is on its way, or waits.
async function tidy() {
  const open = await clients.matchAll({ includeUncontrolled: true, type: 'window' });
  const all = await tabs();
  const needed = new Set([NAME, ...open.map(({ id }) => all[id])]);
  const newer = registration.installing || registration.waiting;
  for (const name of await copies()) {
    if (!needed.has(name) && (!newer || await noted(name, 'active'))) await caches.delete(name);
  }
}

// The page from which the copy was asked for uses it at once, if it is of this version.
async function serve({ source, data }) {
  if (!(`${data.page}main.js` in FILES)) return;
  const all = await tabs();
  delete all[source.id];
  await write('tabs', all);
  await clients.claim();
}
