// "?hide=code,table": leaves these parts of this page out, and says which names are none. What hides them is hide.css.

// Follows the address of the page; returns the function that takes the line away again.
export function hideNamed() {
  const { unknown, parts } = globalThis.hideParts();
  if (!unknown.length) return () => {};
  const told = `This address asks to hide ${unknown.map((name) => `“${name.slice(0, 40)}”`).join(', ')}. What can be hidden: ${parts.join(', ')}.`;
  if (document.documentElement.dataset.view === 'embed') {
    console.info(told); // a frame shows the exhibit and nothing else
    return () => {};
  }
  const line = document.createElement('div');
  line.className = 'hide-note';
  const text = document.createElement('p');
  text.setAttribute('role', 'status');
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'site-button', textContent: 'Close' });
  close.addEventListener('click', () => {
    line.remove();
    const title = document.querySelector('h1');
    title.tabIndex = -1;
    title.focus();
  });
  line.append(text, close);
  document.querySelector('article')?.prepend(line);
  text.textContent = told; // behind the rest: a live region is read when it changes
  return () => line.remove();
}
