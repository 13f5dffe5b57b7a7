// The settings of a run: presets write them, and what they would cost is told while they are changed.
import { clearErrors, read, showError, write } from '../../exhibit/form.js';
import { opened, show } from './link.js';

const PAUSE = 300; // ms without a change before the cost is measured

// `plan(values)` asks what a run of these values would cost.
export function connectSettings(bench, part, { plan, signal }) {
  const form = part('lab-settings');
  const presets = JSON.parse(part('lab-presets').content.textContent);
  const choice = part('lab-preset');
  const first = Object.values(presets)[0].values;
  const own = choice.options[choice.options.length - 1].value;
  let timer = 0;
  let asked = 0;

  const values = () => read(form);

  // The preset that the form stands at, or that it stands at none.
  function named() {
    const now = values();
    return Object.keys(presets).find((name) => Object.entries(presets[name].values).every(([key, value]) => now[key].trim() === value)) ?? own;
  }

  function changed() {
    choice.value = named();
    part('lab-told').textContent = presets[choice.value]?.told ?? 'These settings are yours.';
    show(values(), first);
    clearTimeout(timer);
    timer = setTimeout(again, PAUSE);
  }

  // Asks anew what the settings cost, and says what is wrong with them.
  async function again() {
    const mine = (asked += 1);
    const answer = await plan(values());
    if (!answer || mine !== asked || signal.aborted) return;
    clearErrors(form);
    if (answer.problem) return tell(answer.problem);
    part('lab-cost').textContent = answer.cost;
    const name = part('lab-keep').querySelector('#lab-name');
    if (!name.dataset.typed) name.value = answer.name;
  }

  function tell({ control, message }) {
    const field = form.querySelector(`[data-control="${control}"]`);
    if (field.closest('.more')) field.closest('.more').open = true;
    showError(form, control, message);
  }

  function set(given) {
    write(form, given);
    changed();
  }

  // Sets what a link in the address names; returns whether there was one.
  function follow() {
    const link = opened(form, first);
    if (!link) return false;
    set(link.values);
    part('lab-problem').textContent = link.ignored;
    return true;
  }

  form.addEventListener('input', ({ target }) => {
    if (target === choice && presets[choice.value]) write(form, presets[choice.value].values);
    if (target === choice) clearErrors(form);
    changed();
  }, { signal });
  form.addEventListener('submit', (event) => event.preventDefault(), { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));

  addEventListener('hashchange', follow, { signal });

  return { values, tell, again, follow, write: set };
}
