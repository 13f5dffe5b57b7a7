// Entry: Material announces each page, the first one and those that instant navigation brings.
import { openPage } from './page.js';
import { connectSearch, mendContent } from './reading/material.js';
import { connectSettings } from './reading/settings.js';
import { answerQuestions } from './reading/predict.js';
import { showProgress } from './reading/progress.js';
import { showSteps } from './reading/steps.js';
import { explainTerms } from './reading/terms.js';

document.documentElement.dataset.python ??= 'idle';
for (const connect of [connectSettings, connectSearch, explainTerms]) connect();
let close = [];
globalThis.document$.subscribe(() => {
  for (const end of close) end();
  close = [openPage, answerQuestions, showProgress, showSteps, mendContent].map((open) => open());
});
