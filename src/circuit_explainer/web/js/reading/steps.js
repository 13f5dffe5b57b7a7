// The steps of a lesson: which one is being read, and in focus mode that one alone.
import { unescaped } from '../given.js';
import { reached } from './progress.js';
import { watchSettings } from './settings.js';

// Returns the function that ends it.
export function showSteps() {
  const steps = [...document.querySelectorAll('section.step')];
  if (!steps.length) return () => {};
  const leaving = new AbortController();
  const focused = () => document.documentElement.dataset.focus === 'on';
  let current = steps[0];

  function read(step) {
    if (step === current) return;
    current.removeAttribute('data-current');
    current = step;
    mark();
  }

  function mark() {
    current.setAttribute('data-current', '');
    reached(current.querySelector('h2').id);
  }

  // A link to a step, or to something in it, leads there, although focus mode hides the step.
  function follow(hash = location.hash) {
    const target = hash && document.getElementById(unescaped(hash.slice(1)));
    const step = target && target.closest('section.step');
    if (!step) return;
    read(step);
    if (!focused()) return;
    (target.matches('h2') ? step : target).scrollIntoView();
    if (target.matches('h2')) {
      target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
  }

  // Without focus mode a step is being read when its heading has come into the upper half of the window.
  const seen = new IntersectionObserver((entries) => {
    if (focused()) return;
    for (const { target, isIntersecting } of entries) if (isIntersecting) read(target.closest('section.step'));
  }, { rootMargin: '0px 0px -50% 0px' });
  for (const step of steps) seen.observe(step.querySelector('h2'));

  mark();
  const { signal } = leaving;
  addEventListener('hashchange', () => follow(location.hash || `#${steps[0].querySelector('h2').id}`), { signal });
  follow();
  const endWatch = watchSettings(['focus'], () => (focused() ? current : current.querySelector('h2')).scrollIntoView());
  return () => {
    leaving.abort();
    seen.disconnect();
    endWatch();
  };
}
