// What the Save menu offers, and what each of its buttons does.
import { inTurn } from '../exhibit/chart.js';
import { copy } from './copy.js';
import { csv } from './csv.js';
import { download } from './download.js';
import { experimentJson, openExperiment } from './experiment.js';
import { figureJson } from './figure.js';
import { pageHtml } from './page.js';
import { png } from './png.js';
import { sheet } from './sheet.js';
import { wordsOf } from './words.js';

// Each makes a Blob of what the exhibit shows. A picture is no Plotly figure, so it cannot be had as one.
const FILES = [
  { name: 'PNG', end: 'png', what: 'a picture for slides and papers', make: async (section, figure) => png(await sheet(section, figure)) },
  { name: 'SVG', end: 'svg', what: 'a drawing, sharp at any size', make: async (section, figure) => new Blob([(await sheet(section, figure)).svg], { type: 'image/svg+xml' }) },
  { name: 'CSV', end: 'csv', what: 'the numbers of the table', make: csv },
  { name: 'JSON', end: 'json', what: 'the figure for Plotly, with its table', make: figureJson, plotly: true },
  { name: 'HTML', end: 'html', what: 'a page that works without a network', make: pageHtml },
  { name: 'Experiment', end: 'experiment.json', what: 'the state and its results, to be opened again', make: experimentJson, state: true },
];
const LEAD = 'Each file holds the exhibit as it stands now. It is made on your device.';

// Fills the menu, the first time that it is opened.
export function fill(section, figure) {
  const menu = section.querySelector('.exhibit-save');
  if (menu.querySelector('ul')) return;
  const lead = document.createElement('p');
  lead.textContent = LEAD;
  const list = document.createElement('ul');
  const stateful = section.querySelector('[data-history]');
  for (const file of FILES) {
    if (file.plotly && figure().html !== undefined) continue;
    if (file.state && !stateful) continue;
    list.append(entry(file.name, file.what, () => save(section, figure, file)));
  }
  if (stateful) list.append(entry('Open an experiment', 'that was saved as a file', () => openExperiment(section.querySelector('[data-role="saved"]'))));
  // A chart of the reader's own code is on no other page.
  if (!section.querySelector('[data-role="link"]').hidden) list.append(entry('Copy embed code', 'for your own page', () => copy(section, 'embed')));
  menu.append(lead, list);
}

function entry(name, what, press) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = name;
  button.addEventListener('click', press);
  const words = document.createElement('span');
  words.textContent = what;
  item.append(button, words);
  return item;
}

async function save(section, figure, { name, end, make }) {
  const line = section.querySelector('[data-role="saved"]');
  line.textContent = `Making the ${name} file.`;
  try {
    // In turn: a chart that is being drawn and its sentence belong together.
    const file = await inTurn(() => make(section, figure()));
    const called = `${wordsOf(section).file}.${end}`;
    download(file, called);
    line.textContent = `Saved as ${called}, where your browser keeps downloads.`;
  } catch (error) {
    line.textContent = `The ${name} file could not be made: ${error.message}. Try again, or take another kind of file.`;
  }
}
