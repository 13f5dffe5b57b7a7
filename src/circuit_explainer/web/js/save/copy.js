// Copies a link, an embed code or a program; where the browser refuses, the text stands selected in a field.
import { wordsOf } from './words.js';

const REFUSED = 'The browser did not let the site copy. The text below is selected: press Ctrl+C, on a Mac Command+C.';
const FIRST = 'as it first stands: what you set or typed is not in it.';
const STATE = 'as it stands now: what you set and typed is in the address, for whomever you give it to.';
const COLUMN = 600; // px of the page that an exhibit is embedded in
const ROOM = 140; // px for its tools, the link below them, and controls that take another line

const TEXTS = {
  link: (section) => {
    const { address, state } = wordsOf(section);
    return { name: 'Link to this exhibit', text: state ?? address, said: `The link to this exhibit is copied. It opens the exhibit ${state ? STATE : FIRST}` };
  },
  embed: (section) => {
    const { state } = wordsOf(section);
    return { name: 'Embed code', text: embedCode(section), said: `The embed code is copied. It shows this exhibit alone, ${state ? STATE : FIRST}` };
  },
  'copy-program': (section) => ({ name: 'Code', text: section.querySelector('[data-role="program"]').textContent, said: 'The code is copied. It computes what the exhibit shows now.' }),
};

// `what` is a name of TEXTS.
export async function copy(section, what) {
  const { name, text, said } = TEXTS[what](section);
  const line = section.querySelector('[data-role="saved"]');
  section.querySelector('.exhibit-copied')?.remove();
  try {
    await navigator.clipboard.writeText(text);
    line.textContent = said;
  } catch {
    const field = document.createElement('textarea');
    Object.assign(field, { className: 'exhibit-copied', value: text, readOnly: true, rows: 4 });
    field.setAttribute('aria-label', name);
    line.after(field);
    line.textContent = REFUSED;
    field.focus();
    field.select();
  }
}

function embedCode(section) {
  const { address, state, title } = wordsOf(section);
  const frame = document.createElement('iframe');
  const attributes = { src: (state ?? address).replace('#', '?view=embed#'), title, width: '100%', height: String(height(section)), loading: 'lazy', allow: 'clipboard-write', style: 'border: 0' };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  return frame.outerHTML;
}

// What the exhibit takes in a column of text, with nothing unfolded.
function height(section) {
  const { cssText } = section.style;
  section.style.cssText = `display: block; width: ${COLUMN}px`;
  const high = section.offsetHeight - section.querySelector('.exhibit-tools').offsetHeight;
  section.style.cssText = cssText;
  return Math.ceil((high + ROOM) / 10) * 10;
}
