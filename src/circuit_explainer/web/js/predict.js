// "Predict, then check": replies to the choice that the reader made. Nothing is kept or counted.

// Makes every question of the page answer; returns the function that ends it.
export function answerQuestions() {
  const leaving = new AbortController();
  for (const form of document.querySelectorAll('form[data-role="predict"]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      answer(form);
    }, { signal: leaving.signal });
    form.addEventListener('change', () => tell(form, null), { signal: leaving.signal });
    form.dataset.live = '';
  }
  return () => leaving.abort();
}

function answer(form) {
  const chosen = form.querySelector('input:checked');
  tell(form, chosen && form.querySelector(`[data-choice="${chosen.value}"]`), 'Choose an answer first.');
}

function tell(form, choice, otherwise = '') {
  const reply = form.querySelector('[data-role="reply"]');
  const right = choice?.hasAttribute('data-right');
  if (choice) form.dataset.answer = right ? 'right' : 'wrong';
  else delete form.dataset.answer;
  reply.textContent = choice ? `${right ? 'Yes.' : 'Not quite.'} ${choice.querySelector('span').textContent}` : otherwise;
}
