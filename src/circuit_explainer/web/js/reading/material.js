// What Material's parts lack for readers with a keyboard or a screen reader.

// Connects the search, once for the whole visit.
export function connectSearch() {
  const opened = document.querySelector('[data-md-toggle="search"]');
  for (const button of document.querySelectorAll('[data-role="search"]')) button.addEventListener('click', () => opened.click());
  opened.addEventListener('change', () => {
    document.querySelector(opened.checked ? '[data-md-component="search-query"]' : '.site-search').focus();
  });
  // Material listens to keys alone: what is pasted or dictated has to be heard too.
  const query = document.querySelector('[data-md-component="search-query"]');
  query.addEventListener('input', () => query.dispatchEvent(new KeyboardEvent('keyup')));
  // Material takes single letters as commands ("n": next page). Who dictates, or slips, would lose the page.
  addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && event.key.length === 1;
    if (plain && !event.target.closest('input, textarea, select, [contenteditable]')) event.stopImmediatePropagation();
  }, { capture: true });
}

// Mends what Material made of this page's content; returns the function that ends it.
export function mendContent() {
  const sizes = new ResizeObserver((entries) => {
    // A table that scrolls has to take the focus, and only such a one.
    for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1;
  });
  requestAnimationFrame(() => {
    for (const nav of document.querySelectorAll('nav.md-code__nav')) plain(nav);
    for (const wrap of document.querySelectorAll('.md-typeset__scrollwrap')) sizes.observe(wrap);
  });
  return () => sizes.disconnect();
}

// Each block of code has its copy button in a landmark, all of one name, dozens on a page: they become plain boxes.
function plain(nav) {
  const box = document.createElement('div');
  box.className = nav.className;
  box.append(...nav.childNodes);
  nav.replaceWith(box);
}
