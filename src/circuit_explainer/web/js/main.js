// Entry: Material announces each page, the first one and those that instant navigation brings.
import { openPage } from './page.js';

document.documentElement.dataset.python ??= 'idle';
let close = () => {};
globalThis.document$.subscribe(() => {
  close();
  close = openPage();
});
