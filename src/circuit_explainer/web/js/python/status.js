// The one line at the foot of the window: what is loading, or what is missing, with the button that tries again.
import { restart, watch } from './life.js';
import { sentence, spoken } from './words.js';

const line = document.querySelector('[data-role="loading"]');
const [text, again, hide] = line.children;
const voice = document.querySelector('[data-role="spoken"]');
const notices = new Map(); // topic -> { text, retry }
let offered = null; // what the buttons are for, where nothing is missing
let before = null; // where the focus was before it came to the line

// Says `text` about a topic, or nothing any more. Screen readers hear `aloud`: progress would never let them rest.
// An offer, { name, take, later }, has its own two buttons, and waits while something is missing.
export function notice(topic, said, { retry: tryAgain, offer, aloud = said } = {}) {
  if (said) notices.set(topic, { said, tryAgain, offer });
  else notices.delete(topic);
  const failed = [...notices.values()].some((each) => each.tryAgain);
  const all = [...notices.values()].filter((each) => !failed || !each.offer);
  offered = all.find((each) => each.offer)?.offer ?? null;
  text.textContent = all.map((each) => each.said).join(' ');
  again.textContent = offered?.name ?? 'Retry';
  hide.textContent = offered ? 'Later' : 'Hide';
  again.hidden = hide.hidden = !failed && !offered;
  show(all.length > 0);
  if (aloud && voice.textContent !== aloud) voice.textContent = aloud;
}

function show(visible) {
  const focused = line.contains(document.activeElement);
  line.hidden = !visible;
  if (focused && !visible) (before?.isConnected ? before : document.querySelector('main a, main input'))?.focus();
}

line.addEventListener('focusin', ({ relatedTarget }) => {
  if (!line.contains(relatedTarget)) before = relatedTarget;
});
again.addEventListener('click', () => {
  line.focus(); // the button may go
  if (offered) return offered.take();
  for (const { tryAgain } of [...notices.values()]) tryAgain?.();
});
hide.addEventListener('click', () => (offered ? offered.later() : show(false)));

watch((state) => notice('python', sentence(state), { aloud: spoken(state), retry: state.phase === 'failed' && restart }));
