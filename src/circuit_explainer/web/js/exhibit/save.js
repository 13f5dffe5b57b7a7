// The Save menu and the link of an exhibit. What they do is fetched when the reader asks for it.

// `figure()` gives what the exhibit shows: a Plotly figure, or a picture.
export function connectSave(section, figure, signal) {
  const menu = section.querySelector('.exhibit-save');
  const line = section.querySelector('[data-role="saved"]');
  const fetched = (parts) => parts.catch(() => {
    line.textContent = 'This part of the site could not be downloaded. Try again when there is a network.';
  });
  menu.addEventListener('toggle', () => {
    if (menu.open) fetched(import('../save/menu.js').then(({ fill }) => fill(section, figure)));
  }, { signal });
  section.querySelector('[data-role="link"]').addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // the reader wants it in a tab or a window
    event.preventDefault();
    fetched(import('../save/copy.js').then(({ copyLink }) => copyLink(section)));
  }, { signal });
}
