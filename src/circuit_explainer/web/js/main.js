// Entry: Material announces each page, the first one and those that instant navigation brings.
import { connectPaper } from './exhibit/paper.js';
import { openPage } from './page.js';
import { connectSearch, mendContent } from './reading/material.js';
import { connectCopy, showCopy } from './reading/copy.js';
import { connectSettings } from './reading/settings.js';
import { checkExercises } from './reading/exercise.js';
import { hideNamed } from './reading/hide.js';
import { answerQuestions } from './reading/predict.js';
import { showProgress, tellProgress } from './reading/progress.js';
import { showSteps } from './reading/steps.js';
import { explainTerms } from './reading/terms.js';

document.documentElement.dataset.python ??= 'idle';
for (const connect of [connectSettings, connectSearch, explainTerms, connectPaper, connectCopy]) connect();
// A frame of another page shows one exhibit alone, and keeps no progress.
if (document.documentElement.dataset.view === 'embed') {
  // Without it the frame lacks a link.
  import('./save/embed.js').then(({ openEmbed }) => openEmbed(), () => {}).then(() => announce([hideNamed, openPage, mendContent]));
} else announce([hideNamed, openPage, answerQuestions, checkExercises, showProgress, showSteps, showKept, showCopy, mendContent]);
document.documentElement.dataset.scripts = 'run'; // unloaded.js looks for it

// Opens the parts of each page.
function announce(parts) {
  let close = [];
  globalThis.document$.subscribe(() => {
    for (const end of close) end();
    close = parts.map((open) => open());
  });
}

// The page that lists what is kept fetches what it needs for that.
function showKept() {
  const root = document.querySelector('[data-role="kept"]');
  if (!root) return () => {};
  const changed = () => {
    globalThis.readerSettings.reread();
    tellProgress();
    dispatchEvent(new Event('kept')); // for the switch of the copy
  };
  const ended = import('./reading/kept.js').then((kept) => kept.showKept(root, changed), () => () => {});
  return () => ended.then((end) => end());
}
