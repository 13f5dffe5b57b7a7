// The cell's elements: folded, with one line that says what it is.
import { EXAMPLES } from './examples.js';

const KEY = /Mac|iPhone|iPad/.test(navigator.platform) ? 'Cmd' : 'Ctrl';
const NAMES = ['model', 'text', 'tokens', 'logits', 'cache', 'np', 'charts', 'circuits', 'show'];

export const HINT = `Tab moves on. ${KEY}+] indents a line, ${KEY}+[ takes it back. ${KEY}+Enter runs the code.`;

export function cellMarkup() {
  const names = NAMES.map((name) => `<code>${name}</code>`).join(', ');
  const examples = EXAMPLES.map(({ label }, n) => `<button type="button" class="cell-button" data-example="${n}">${label}</button>`).join('');
  return `<details class="note">
<summary>Write your own Python</summary>
<p>It runs in this page, on the playground’s present state: ${names}. Where an intervention is on, also <code>changed_logits</code> and <code>changed_cache</code>. Your variables last until Reset, your code until you change it. Nothing is sent.</p>
<p class="cell-row" role="group" aria-label="Examples"><span>Examples:</span>${examples}</p>
<p class="cell-label" id="cell-label">Python code</p>
<div class="cell-editor" data-part="editor"></div>
<p class="cell-hint" id="cell-hint">${HINT}</p>
<div class="cell-row"><button type="button" class="cell-main" data-part="run">Run</button><button type="button" class="cell-main" data-part="stop" aria-disabled="true">Stop</button><button type="button" class="cell-main" data-part="reset">Reset</button></div>
<div class="cell-row cell-told"><p data-part="message" role="status"></p><button type="button" class="cell-button" data-part="go" hidden></button><button type="button" class="cell-button" data-part="undo" hidden>Undo</button></div>
<div class="cell-output" data-part="output"></div>
</details>`;
}
