// The copy of the site on this device, from the page's side: asked for, removed, renewed. `sw.js` takes it and answers.
const site = () => new URL('../../../', import.meta.url);
const page = () => new URL('../', import.meta.url).href.slice(site().href.length);
const worker = globalThis.navigator.serviceWorker;

const others = globalThis.BroadcastChannel && new BroadcastChannel('the copy of the site'); // other tabs

const watchers = new Set();
const same = (one, other) => Object.keys({ ...one, ...other }).every((key) => one[key] === other[key]);
// `phase`: none, getting (with `bytes` of `total`), kept, newer (a newer copy waits), or denied.
let state = { phase: 'none' };
let busy = 0; // what the reader asked for, and is not done
let looks = 0; // the last one counts
let failed = ''; // why the last one was not taken

// Calls `watcher(state)` now and at each change; returns what ends it.
export function watch(watcher) {
  watchers.add(watcher);
  watcher(state);
  return () => watchers.delete(watcher);
}

function become(given) {
  const next = { failed, ...given };
  if (same(state, next)) return;
  const settled = next.phase !== state.phase && next.phase !== 'getting';
  state = next;
  for (const watcher of watchers) watcher(state);
  if (!settled) return;
  dispatchEvent(new Event('kept')); // for the list of what is kept
  others?.postMessage('changed');
}

addEventListener('kept', () => look()); // it may have been deleted there
others?.addEventListener('message', () => look());

const registered = async () => {
  const found = await worker.getRegistration(site());
  return found?.scope === site().href ? found : undefined; // or that of a site around this one
};
const names = async () => (await caches.keys()).filter((name) => /^circuit-explainer-\S+ /.test(name) && name.endsWith(` ${site().pathname}`));

async function whole() {
  const lists = await Promise.all((await names()).map((cacheName) => caches.match(new URL('?list', site()), { cacheName })));
  return lists.some(Boolean);
}

// Looks what there is.
export async function look() {
  if (!worker || !globalThis.caches) return become({ phase: 'denied' });
  const mine = ++looks;
  try {
    const found = await registered();
    const kept = found?.active && await whole();
    if (busy || mine !== looks) return;
    if (kept) become({ phase: found.waiting ? 'newer' : 'kept' });
    else if (found && !failed && (state.phase === 'getting' || !found.active)) {
      if (state.phase !== 'getting') become({ phase: 'getting' });
      follow(found);
    } else {
      await found?.unregister(); // there is nothing that it could answer from
      become({ phase: 'none' });
    }
  } catch {
    become({ phase: 'denied' });
  }
}

// Takes a copy.
export async function keep() {
  failed = '';
  busy++;
  looks++;
  become({ phase: 'getting' });
  try {
    const found = await worker.register(new URL('sw.js', site()), { scope: site().pathname });
    if (found.active) found.active.postMessage({ keep: 'fill' }); // of a copy that was removed while its pages are open
    else follow(found);
  } catch (error) {
    if (error.name === 'SecurityError' || error.name === 'NotSupportedError') return become({ phase: 'denied' });
    failed = 'sw.js could not be downloaded';
    become({ phase: 'none' });
  } finally {
    busy--;
  }
}

// Removes the copy, or what there is of it.
export async function remove() {
  failed = '';
  busy++;
  looks++;
  try {
    const found = await registered();
    for (const each of [found?.installing, found?.active]) each?.postMessage({ keep: 'stop' });
    await found?.unregister();
    for (const name of await names()) await caches.delete(name);
  } finally {
    busy--;
  }
  become({ phase: 'none' });
}

// Asks whether there is a newer one; no answer is no news.
export async function renew() {
  const found = await registered().catch(() => undefined);
  if (!found?.active) return;
  found.active.postMessage({ keep: 'tidy' });
  follow(found);
  found.onupdatefound = () => follow(found);
  if (navigator.onLine) found.update().catch(() => {});
}

// Uses the newer copy: this page starts anew with it, others go on as they are.
export async function use() {
  const next = (await registered())?.waiting;
  if (!next) return look(); // another tab uses it already
  next.addEventListener('statechange', () => next.state === 'activated' && location.reload());
  next.postMessage({ keep: 'use' });
}

const followed = new WeakSet();
function follow({ installing, waiting, active }) {
  const next = installing ?? waiting;
  if (!next || followed.has(next)) return;
  followed.add(next);
  next.addEventListener('statechange', () => {
    // The first one serves this page at once.
    if (next.state === 'activated' && !active) next.postMessage({ keep: 'serve', page: page() });
    look();
  });
}

worker?.addEventListener('message', ({ data }) => {
  const said = data?.keep;
  if (!said) return;
  if (said.failed) failed = said.failed;
  else if (said.taken) failed = '';
  if (!said.bytes && said.bytes !== 0) look();
  else if (['none', 'getting'].includes(state.phase)) become({ phase: 'getting', ...said });
});
