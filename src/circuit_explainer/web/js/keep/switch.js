// The switch of the copy, in the settings and on the page about what is kept, and the line that tells of a newer one.
import { notice } from '../python/status.js';
import { keep, look, remove, renew, use, watch } from './keep.js';

const HOUR = 3_600_000; // ms
const DENIED = 'This browser keeps no copy here. In a private window it may not, nor where a site does not come by https.';
const WHOLE = 'This site now works without a network on this device.';
const NEWER = 'A new version of this site is ready.';

const megabytes = (bytes) => Math.floor(bytes / 1e6);

// Shows one switch; returns what ends it.
export function showSwitch(root) {
  const leaving = new AbortController();
  const [box, size, told] = ['input', '[data-role="keep-size"]', '[data-role="keep-told"]'].map((part) => root.querySelector(part));
  const about = Number(root.dataset.megabytes);
  let before = null; // a copy that is there already needs no announcement
  root.hidden = false;
  box.addEventListener('change', () => (box.checked ? keep() : remove()), { signal: leaving.signal });
  const end = watch(({ phase, failed, bytes = 0, total = 0 }) => {
    const kept = phase === 'kept' || phase === 'newer';
    box.checked = kept || phase === 'getting';
    box.disabled = phase === 'denied';
    size.textContent = {
      denied: '',
      getting: `Getting it: ${megabytes(bytes)} of ${total ? Math.round(total / 1e6) : about} MB. You can read on meanwhile.`,
    }[phase] ?? `About ${about} MB. ${kept ? 'Switch it off to remove it.' : 'It is fetched once, when you switch this on.'}`;
    const said = phase === 'denied' ? DENIED
      : failed && kept ? `A newer version could not be kept: ${failed}. The copy stays as it was.`
      : failed ? `The copy could not be made: ${failed}. Nothing was kept.`
      : kept ? WHOLE
      : phase === 'none' && before && before !== 'none' ? 'The copy is removed.' : '';
    if (phase !== 'none' || before !== 'none' || failed) told.textContent = said;
    before = phase;
  });
  look();
  return () => {
    leaving.abort();
    end();
  };
}

// Announces newer versions, once for the whole visit of a page that comes from a copy.
export function announce() {
  let later = false;
  watch(({ phase }) => {
    notice('copy', phase === 'newer' && !later && NEWER, { offer: { name: 'Use it now', take: use, later: () => {
      later = true;
      notice('copy');
    } } });
  });
  look().then(renew);
  setInterval(renew, HOUR);
}
