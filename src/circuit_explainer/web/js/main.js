// Entry: Material announces each page, the first one and those that instant navigation brings.
import { openPage } from './page.js';
import { answerQuestions } from './predict.js';

document.documentElement.dataset.python ??= 'idle';
let close = [];
globalThis.document$.subscribe(() => {
  for (const end of close) end();
  close = [openPage, answerQuestions].map((open) => open());
});
