// The one line at the foot of the window: what is loading, or what is missing, with the button that tries again.
import { restart, watch } from './life.js';
import { sentence, spoken } from './words.js';

const line = document.querySelector('[data-role="loading"]');
const [text, again, hide] = line.children;
const voice = document.querySelector('[data-role="spoken"]');
const notices = new Map(); // topic -> { text, retry }
let before = null; // where the focus was before it came to the line

// Says `text` about a topic, or nothing any more. Screen readers hear `aloud`: progress would never let them rest.
export function notice(topic, said, { retry: tryAgain, aloud = said } = {}) {
  if (said) notices.set(topic, { said, tryAgain });
  else notices.delete(topic);
  const all = [...notices.values()];
  text.textContent = all.map((each) => each.said).join(' ');
  const failed = all.some((each) => each.tryAgain);
  again.hidden = !failed;
  hide.hidden = !failed;
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
  for (const { tryAgain } of [...notices.values()]) tryAgain?.();
});
hide.addEventListener('click', () => show(false));

watch((state) => notice('python', sentence(state), { aloud: spoken(state), retry: state.phase === 'failed' && restart }));
