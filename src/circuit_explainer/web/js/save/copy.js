// Copies a link or an embed code; where the browser refuses, the text stands selected in a field.
import { wordsOf } from './words.js';

const LINK = 'The link to this exhibit is copied. It opens the exhibit as it first stands: what you set or typed is not in it.';
const EMBED = 'The embed code is copied. It shows this exhibit alone, as it first stands: what you set or typed is not in it.';
const REFUSED = 'The browser did not let the site copy. The text below is selected: press Ctrl+C, on a Mac Command+C.';
const ROOM = 140; // px of an embedded page around the exhibit, and for controls that take another line

// A link that holds more says so in its `data-says`.
export function copyLink(section) {
  const link = section.querySelector('[data-role="link"]');
  const { address } = wordsOf(section);
  const here = link.getAttribute('href') === `#${section.id}`; // without what belongs to this view, as "?view=embed"
  return copy(section, here ? address : link.href, link.dataset.says ?? LINK, 'Link to this exhibit');
}

export function copyEmbed(section) {
  const { address, title } = wordsOf(section);
  const frame = document.createElement('iframe');
  const attributes = { src: address.replace('#', '?view=embed#'), title, width: '100%', height: String(height(section)), loading: 'lazy', allow: 'clipboard-write', style: 'border: 0' };
  for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
  return copy(section, frame.outerHTML, EMBED, 'Embed code');
}

// What the exhibit takes with nothing unfolded.
function height(section) {
  const tools = section.querySelector('.exhibit-tools');
  return Math.ceil((section.offsetHeight - tools.offsetHeight + ROOM) / 10) * 10;
}

async function copy(section, text, said, name) {
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
