// What every file says beside the chart: title, sentence, where it comes from; and what the file is called.

export function wordsOf(section) {
  const words = (part) => section.querySelector(part).textContent.trim();
  const site = document.querySelector('.site-name').textContent.trim();
  const link = section.querySelector('[data-role="link"]');
  const here = place();
  const address = link.hidden ? here : `${here}#${section.id}`;
  const held = link.getAttribute('href'); // history.js keeps the exhibit's state in it: "#v=1&head=0"
  return {
    title: words('.exhibit-title'),
    sentence: words('[data-role="summary"]'),
    reading: words('[data-role="reading"]'),
    site, address,
    state: held.includes('&') ? here + held : null,
    source: `${site}, ${pageTitle()}, ${address}`,
    file: [folder() || 'circuit-explainer', section.id].join('-').replaceAll('_', '-'),
  };
}

// In the offline copy, the page's place on the site: a place on this disk would lead nobody there.
function place() {
  const page = location.href.split(/[?#]/)[0];
  return location.protocol === 'file:' ? document.querySelector('link[rel="canonical"]').href : page;
}

// Without the sign that links to it.
export function pageTitle() {
  const heading = document.querySelector('h1').cloneNode(true);
  heading.querySelector('.headerlink')?.remove();
  return heading.textContent.trim();
}

const folder = () => location.pathname.split('/').filter((part) => part && part !== 'index.html').at(-1);
