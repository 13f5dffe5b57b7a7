// An experiment as a file: the exhibit's state, and what it gave. Opening it brings the state back.
import { told } from '../given.js';
import { cells } from './csv.js';
import { wordsOf } from './words.js';

const FORMAT = 'circuit-explainer experiment';
const VERSION = 1;
const LARGEST = 10_000_000; // bytes

export function experimentJson(section) {
  const { title, sentence, reading, source } = wordsOf(section);
  const [columns, ...rows] = cells(section);
  const program = section.querySelector('[data-role="program"]')?.textContent;
  const link = section.querySelector('[data-role="link"]').getAttribute('href').slice(1);
  const state = link.startsWith('v=') ? link : 'v=1'; // the first state has no link of its own
  return new Blob([JSON.stringify({ format: FORMAT, version: VERSION, state, title, sentence, reading, source, table: { columns, rows }, program }, null, 1)], { type: 'application/json' });
}

// Asks for a file and opens the state that it holds; says in `line` what came of it.
export function openExperiment(line) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', async () => {
    try {
      line.textContent = opened(await text(input.files[0]), told(input.files[0].name));
    } catch (error) {
      line.textContent = `${error.message} Nothing was changed.`;
    }
  });
  input.click();
}

async function text(file) {
  if (file.size > LARGEST) throw new Error(`${told(file.name)} has ${(file.size / 1e6).toFixed(0)} MB; an experiment has at most ${LARGEST / 1e6}.`);
  return file.text().catch(() => {
    throw new Error(`${told(file.name)} can be read no more: it was changed or moved since it was chosen. Choose it again.`);
  });
}

function opened(given, name) {
  let held = null;
  try {
    held = JSON.parse(given);
  } catch {
    throw new Error(`${name} is not JSON. Choose a file that “Experiment” saved.`);
  }
  if (held?.format !== FORMAT || typeof held.state !== 'string' || !held.state.startsWith('v=')) throw new Error(`${name} is no experiment of this site. Choose a file that “Experiment” saved.`);
  if (held.version !== VERSION) throw new Error(`${name} is an experiment of version ${told(JSON.stringify(held.version) ?? 'none')}; this page reads version ${VERSION}.`);
  // As a link that is pasted: what cannot be used is left out, and said. The same link twice would be no change.
  history.replaceState(history.state, '', location.pathname + location.search);
  location.hash = held.state;
  return `Opened ${name}.`;
}
