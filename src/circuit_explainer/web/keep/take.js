// Taking the copy: each file of the list is fetched, or comes from an older copy, and is checked. All of them, or none.
// build/keep.py writes VERSION and FILES, path -> [size, hash], before this.
const SCOPE = new URL(registration.scope);
const PREFIX = 'circuit-explainer-';
const OURS = ` ${SCOPE.pathname}`; // another copy of the site may lie on the same host, under another path
const NAME = `${PREFIX}${VERSION}${OURS}`;
const AT_ONCE = 6;
const TOTAL = Object.values(FILES).reduce((sum, [size]) => sum + size, 0);

const at = (path) => new URL(path, SCOPE).href;
// Notes in a copy, at addresses that no page has. `list` is written last, so that a copy that has it is whole.
const notes = { list: at('?list'), active: at('?active'), tabs: at('?tabs') };
const noted = async (name, note) => (await caches.match(notes[note], { cacheName: name }))?.json();
const write = async (note, data) => (await caches.open(NAME)).put(notes[note], new Response(JSON.stringify(data)));
const copies = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name.endsWith(OURS));

let stop = null;

async function take() {
  const { signal } = stop = new AbortController();
  try {
    const { quota = Infinity, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < TOTAL) throw new DOMException('', 'QuotaExceededError');
    const cache = await caches.open(NAME);
    const old = await older();
    const left = Object.entries(FILES);
    let bytes = 0;
    tell({ bytes, total: TOTAL });
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      while (left.length) {
        const [path, [size, hash]] = left.pop();
        await cache.put(at(path), await copied(old[hash], hash) ?? await fetched(path, hash, signal));
        signal.throwIfAborted();
        const before = Math.floor(bytes / 1e6);
        bytes += size;
        if (Math.floor(bytes / 1e6) > before) tell({ bytes, total: TOTAL });
      }
    }));
    await write('list', FILES);
    tell({ taken: true });
  } catch (error) {
    const ended = signal.aborted;
    stop.abort();
    await caches.delete(NAME);
    if (!ended) tell({ failed: words(error) });
    throw error;
  }
}

// Where older copies have files, by their hashes.
async function older() {
  const found = {};
  for (const name of await copies()) {
    if (name === NAME) continue;
    for (const [path, [, hash]] of Object.entries(await noted(name, 'list') ?? {})) found[hash] = { name, path };
  }
  return found;
}

async function copied(place, hash) {
  const response = place && await caches.match(at(place.path), { cacheName: place.name });
  return response && checked(response, hash);
}

// Tries again where a connection breaks, and without what the browser has kept, which may be at fault.
async function fetched(path, hash, signal, caching = ['no-cache', 'reload', 'reload']) {
  const [cache, ...again] = caching;
  const name = path.split('/').pop();
  let response = { status: 'no connection' };
  try {
    response = await fetch(at(path), { cache, signal });
    const found = response.ok && await checked(response, hash);
    if (found) return found;
  } catch {
    response = { status: 'no connection' };
  }
  signal.throwIfAborted();
  if (again.length) return fetched(path, hash, signal, again);
  if (!response.ok) throw new Error(`${name} could not be downloaded (${response.status})`);
  throw new Error(`${name} is damaged, or of another version of the site`);
}

// Resolves to an answer with these bytes and no address of its own: a module finds its parts from where it is asked for.
async function checked(response, hash) {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (btoa(String.fromCharCode(...digest)) !== hash) return null;
  return new Response(bytes, { headers: { 'content-type': response.headers.get('content-type') ?? '' } });
}

function words(error) {
  if (error.name === 'QuotaExceededError') return `there is not enough room on this device for ${Math.round(TOTAL / 1e6)} MB`;
  return ['TypeError', 'SecurityError', 'InvalidStateError', 'UnknownError'].includes(error.name) ? 'the browser could not keep it' : error.message;
}

async function tell(said) {
  for (const client of await clients.matchAll({ includeUncontrolled: true })) client.postMessage({ keep: said });
}
