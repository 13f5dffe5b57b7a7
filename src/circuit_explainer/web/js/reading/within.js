// Links within a page are the browser's own: at the first of them Material would fetch the page anew, and what the reader
// did on it would be gone. This stands before Material's script, since a window asks its listeners in their order.
{
  let shown = location.pathname; // of the page that stands in the document
  addEventListener('DOMContentLoaded', () => globalThis.document$.subscribe(() => {
    shown = location.pathname;
  }));
  addEventListener('click', ({ target }) => {
    const link = target.closest('a[href*="#"]');
    if (link?.pathname === shown) link.target = '_self'; // such a link Material leaves alone
  }, { capture: true });
  addEventListener('popstate', (event) => {
    if (location.pathname !== shown) return;
    event.stopImmediatePropagation();
    if (event.state) scrollTo(0, event.state.y); // Material keeps the place there, and may have put itself in charge of it
  });
}
