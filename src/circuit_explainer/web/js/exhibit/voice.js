// What screen readers are told of an exhibit: only of the one in use, and only when the reader pauses.
const PAUSE = 500; // ms

// An exhibit that changes since its words are shared stays silent; so does one in which the reader still types.
export function listen(section, signal) {
  const voices = [...section.querySelectorAll('[aria-live]')];
  const set = (name, value) => {
    for (const voice of voices) voice.setAttribute(name, value);
  };
  let pause = 0;
  const used = () => {
    set('aria-live', 'polite');
    set('aria-busy', 'true');
    clearTimeout(pause);
    pause = setTimeout(set, PAUSE, 'aria-busy', 'false');
  };
  for (const type of ['input', 'reset']) section.addEventListener(type, used, { signal });
  section.addEventListener('shared', () => set('aria-live', 'off'), { signal, capture: true });
}
