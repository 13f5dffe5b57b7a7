// A page that shows one exhibit alone, in a frame of another page. What hides the rest is embed.css.
import { told, unescaped } from '../given.js';
import { pageTitle } from './words.js';

// Shows the exhibit that the address names, with the way to the whole page, or says what is wrong with the address.
export function openEmbed() {
  const line = document.createElement('p');
  line.className = 'embed-line';
  const show = () => {
    const id = unescaped(location.hash.slice(1));
    const found = exhibit(id);
    for (const other of document.querySelectorAll('[data-embedded]')) delete other.dataset.embedded;
    if (found) found.dataset.embedded = '';
    const full = document.createElement('a');
    full.href = location.href.split(/[?#]/)[0] + (found ? location.hash : '');
    full.textContent = `${document.querySelector('.site-name').textContent.trim()}: ${pageTitle()} (opens in a new tab)`;
    line.replaceChildren(found ? '' : missing(id), full);
    (found ?? document.querySelector('article')).append(line);
    // The heading of the page is not shown.
    for (const title of document.querySelectorAll('.exhibit-title')) Object.assign(title, { role: 'heading', ariaLevel: '1' });
  };
  // The frame shows nothing but this exhibit, so links lead to tabs of their own. Material leaves such links alone.
  addEventListener('click', ({ target }) => {
    const link = target.closest('a[href]');
    if (link?.matches('.embed-line *')) link.hash = document.querySelector('[data-embedded] [data-role="link"]')?.hash ?? '';
    if (link) Object.assign(link, { target: '_blank', rel: 'noopener' });
  }, { capture: true });
  addEventListener('hashchange', show);
  show();
}

// An address that holds a state belongs to the one exhibit of the page that keeps a history.
function exhibit(id) {
  const node = id.startsWith('v=') ? document.querySelector('.exhibit-history')?.closest('.exhibit') : document.getElementById(id);
  return node?.matches('section.exhibit') ? node : null;
}

const missing = (id) => (id ? `This page has no exhibit named “${told(id)}”. The whole page: ` : 'This address names no exhibit. The whole page: ');
