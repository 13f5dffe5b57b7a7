// Entry: Material announces each page, the first one and those that instant navigation brings.
import { openPage } from './page.js';
import { connectSearch, mendContent } from './reading/material.js';
import { connectSettings } from './reading/settings.js';
import { answerQuestions } from './reading/predict.js';
import { showProgress, tellProgress } from './reading/progress.js';
import { showSteps } from './reading/steps.js';
import { explainTerms } from './reading/terms.js';

document.documentElement.dataset.python ??= 'idle';
for (const connect of [connectSettings, connectSearch, explainTerms]) connect();
// A frame of another page shows one exhibit alone, and keeps no progress.
const embedded = document.documentElement.dataset.view === 'embed';
if (embedded) await import('./save/embed.js').then(({ openEmbed }) => openEmbed(), () => {}); // without it the frame lacks a link
const parts = embedded ? [openPage, mendContent] : [openPage, answerQuestions, showProgress, showSteps, showKept, mendContent];

// The page that lists what is kept fetches what it needs for that.
function showKept() {
  const root = document.querySelector('[data-role="kept"]');
  if (!root) return () => {};
  const changed = () => {
    globalThis.readerSettings.reread();
    tellProgress();
  };
  const ended = import('./reading/kept.js').then((kept) => kept.showKept(root, changed), () => () => {});
  return () => ended.then((end) => end());
}

let close = [];
globalThis.document$.subscribe(() => {
  for (const end of close) end();
  close = parts.map((open) => open());
});
