// Exercises: checks what the reader typed against the value that the build computed. Nothing is kept or counted.
const LONGEST = 40; // characters of an answer
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;
const HEAD = /^\W*(?:layer|l)?\W*(\d{1,3})(?:\W*(?:head|h)\W*|\W+)(\d{1,3})\W*$/i;
const KINDS = { number: 'a number', head: 'the name of a head', text: 'an answer' };

// Makes every exercise of the page answer; returns the function that ends it.
export function checkExercises() {
  const leaving = new AbortController();
  const { signal } = leaving;
  for (const form of document.querySelectorAll('form[data-role="exercise"]')) {
    const field = form.querySelector('input');
    const check = JSON.parse(form.dataset.check);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      tell(form, field, judge(check, field.value));
    }, { signal });
    field.addEventListener('input', () => tell(form, field, {}), { signal });
    form.dataset.live = '';
  }
  return () => leaving.abort();
}

// Returns { error }, or { reply }: "right", the place of a known mistake, or "hint".
export function judge({ kind, right, within, near, example }, typed) {
  const text = typed.trim();
  const type = `Type ${KINDS[kind]}, such as ${example}.`;
  if (!text) return { error: type };
  if (text.length > LONGEST) return { error: `That is longer than ${LONGEST} characters. ${type}` };
  const answer = { number, head, text: words }[kind](text);
  if (answer === null) return { error: `“${text}” is not ${KINDS[kind]}. ${type}` };
  const meets = (value) => (kind === 'number' ? Math.abs(answer - value) <= within + 1e-9 : [value].flat().some((one) => words(one) === words(answer)));
  const mistake = near.findIndex(meets);
  return { reply: meets(right) ? 'right' : mistake < 0 ? 'hint' : String(mistake) };
}

// "0.25", "0,25", ".25", "25 %", "1/4" and "−2.5" are numbers; anything without an end or a value is none.
function number(text) {
  const [, top, bottom, percent] = /^([^/%]*)(?:\/([^/%]*))?(%?)$/.exec(text.replaceAll(/\s/g, '').replaceAll(/[−–]/g, '-').replace(/^([^.,]*),([^.,]*)$/, '$1.$2')) ?? [];
  if (top === undefined || ![top, ...(bottom === undefined ? [] : [bottom])].every((part) => NUMBER.test(part))) return null;
  const value = (Number(top) / Number(bottom ?? 1)) / (percent ? 100 : 1);
  return Number.isFinite(value) ? value : null;
}

// "L1H0", "1.0", "1,0", "head 1.0" and "layer 1, head 0" are the same head.
function head(text) {
  const [, layer, at] = HEAD.exec(text.replace(/^\W*head\b/i, '')) ?? [];
  return layer === undefined ? null : `L${Number(layer)}H${Number(at)}`;
}

// Without what does not change the meaning: quotation marks, the end of a sentence, upper case, more than one space.
const words = (text) => text.normalize('NFC').replaceAll(/[“”„"'‘’`]|[.!]+$/g, '').trim().replaceAll(/\s+/g, ' ').toLowerCase();

function tell(form, field, { error = '', reply = null }) {
  form.querySelector('[data-role="error"]').textContent = error;
  field.toggleAttribute('aria-invalid', false);
  if (error) {
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  }
  if (reply) form.dataset.answer = reply === 'right' ? 'right' : 'wrong';
  else delete form.dataset.answer;
  const said = reply && form.querySelector(`[data-reply="${reply}"] > span`).textContent;
  const start = { right: 'Yes.', hint: 'Not yet.' }[reply] ?? 'Not quite.';
  form.querySelector('[data-role="reply"]').textContent = reply ? `${start} ${said}` : '';
}
