// What every file says beside the chart: title, sentence, where it comes from; and what the file is called.

export function wordsOf(section) {
  const words = (part) => section.querySelector(part).textContent.trim();
  const site = document.querySelector('.site-name').textContent.trim();
  const page = pageTitle();
  const address = `${location.origin}${location.pathname}#${section.id}`;
  return {
    title: words('.exhibit-title'),
    sentence: words('[data-role="summary"]'),
    reading: words('[data-role="reading"]'),
    site, page, address,
    source: `${site}, ${page}, ${address}`,
    file: [folder() || 'circuit-explainer', section.id].join('-').replaceAll('_', '-'),
  };
}

// Without the sign that links to it.
export function pageTitle() {
  const heading = document.querySelector('h1').cloneNode(true);
  heading.querySelector('.headerlink')?.remove();
  return heading.textContent.trim();
}

const folder = () => location.pathname.split('/').filter((part) => part && part !== 'index.html').at(-1);
