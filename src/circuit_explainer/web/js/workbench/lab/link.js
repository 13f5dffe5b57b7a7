// The lab's settings in the page's address: "#v=1&heads=4&lr=0.03" names those that differ from the first preset's.
import { told } from '../../given.js';

const VERSION = '1';
const MOST = 3; // names that a sentence lists

// Returns the settings that the address names and a sentence of what it names in vain; nothing where it holds no link.
export function opened(form, first) {
  if (!location.hash.startsWith('#v=')) return null;
  const { v, ...given } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (v !== VERSION) return { values: first, ignored: `The link has version ${told(v)}, and this page reads ${VERSION}. All of it was ignored.` };
  const controls = (name) => [...form.elements].filter((element) => element.dataset.control === name);
  const offers = ({ type, options, value }, wanted) => type === 'text' || (options ? [...options] : [{ value }]).some((one) => one.value === wanted);
  const fits = ([name, value]) => controls(name).some((control) => offers(control, value));
  const fitting = Object.entries(given).filter(fits);
  const names = Object.keys(given).filter((name) => !fitting.some(([kept]) => kept === name));
  return { values: { ...first, ...Object.fromEntries(fitting) }, ignored: names.length ? `The link was partly ignored: ${listed(names)}.` : '' };
}

function listed(names) {
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : '';
  return names.slice(0, MOST).map(told).join(', ') + more;
}

export function show(values, first) {
  const changed = Object.entries(values).filter(([name, value]) => value !== first[name]);
  const link = new URLSearchParams([['v', VERSION], ...changed]);
  history.replaceState(history.state, '', changed.length ? `#${link}` : location.pathname + location.search);
}
