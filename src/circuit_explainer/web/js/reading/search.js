// What Material's search lacks: its labels answer the space bar, and letters typed on the page stay the reader's.

// Connects once for the whole visit.
export function connectSearch() {
  const opened = document.querySelector('[data-md-toggle="search"]');
  opened.addEventListener('change', () => {
    document.querySelector(opened.checked ? '[data-md-component="search-query"]' : '.site-search').focus();
  });
  // Material takes single letters as commands ("n": next page). Who dictates, or slips, would lose the page.
  addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && event.key.length === 1;
    const { target } = event;
    if (plain && !target.closest('input, textarea, select, [contenteditable]')) event.stopImmediatePropagation();
    if (event.key === ' ' && target.matches('label[role="button"]')) {
      event.preventDefault();
      target.click();
    }
  }, { capture: true });
}
