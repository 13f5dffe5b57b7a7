// Answering from the copy: a page gets all its files from the copy of its own version.
const HASHED = /^assets\/\w+-[0-9a-f]{10}\//; // folders whose name stands for their content
let known = null; // resolves to tab -> name of its copy, null for one from the network; tabs that are not there have this copy

const tabs = () => (known ??= noted(NAME, 'tabs').then((found) => found ?? {}));

async function answer({ request, clientId, resultingClientId }) {
  const opens = request.mode === 'navigate';
  const name = opens ? NAME : (await tabs())[clientId];
  if (name === null) return fetch(request);
  const found = await file(request.url, name ?? NAME);
  if (found) return found;
  const response = await fetch(request).catch(() => null);
  if (!opens) return response ?? Response.error();
  if (!response) return missing();
  await remember(resultingClientId);
  return response;
}

// Resolves to a file of a copy, whatever stands behind a "?", or to nothing.
async function file(url, name) {
  const { pathname, search } = new URL(url);
  const path = pathname.slice(SCOPE.pathname.length);
  const end = path === '' || path.endsWith('/') ? 'index.html' : '';
  const from = (cacheName) => caches.match(at(path + end), { cacheName });
  const found = await from(name);
  if (found) return found;
  if (!end && await caches.match(at(`${path}/index.html`), { cacheName: name })) return Response.redirect(`${at(path)}/${search}`, 301);
  if (HASHED.test(path)) for (const other of await copies()) if (await from(other)) return from(other);
  return null;
}

async function missing() {
  const page = await caches.match(at('404.html'), { cacheName: NAME });
  return page ? new Response(page.body, { status: 404, headers: page.headers }) : Response.error();
}

// Notes that a tab came from the network, with a version that may be another.
async function remember(tab) {
  const all = await tabs();
  all[tab] = null;
  await write('tabs', all);
}
