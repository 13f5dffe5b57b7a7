// The Save menu of an exhibit and what it can copy. What they do is fetched when the reader asks for it.

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
  section.addEventListener('click', (event) => {
    const what = event.target.closest('[data-role="link"], [data-role="copy-program"]');
    if (!what || event.ctrlKey || event.metaKey || event.shiftKey) return; // with these a link opens in another tab
    event.preventDefault();
    fetched(import('../save/copy.js').then(({ copy }) => copy(section, what.dataset.role)));
  }, { signal });
}
