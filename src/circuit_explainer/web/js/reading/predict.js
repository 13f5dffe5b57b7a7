// "Predict, then check": replies to the choice that the reader made. Nothing is kept or counted.

// Makes every question of the page answer; returns the function that ends it.
export function answerQuestions() {
  const leaving = new AbortController();
  const { signal } = leaving;
  for (const form of document.querySelectorAll('form[data-role="predict"]')) {
    const uncover = cover(document.getElementById(form.dataset.covers), signal);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (answer(form)) uncover();
    }, { signal });
    form.addEventListener('change', () => tell(form, null), { signal });
    form.dataset.live = '';
  }
  return () => leaving.abort();
}

// Lays a cover over the exhibit that would give the answer away; returns what takes it off.
function cover(exhibit, signal) {
  if (!exhibit || document.documentElement.matches('[data-hide~="questions"]')) return () => {};
  const sheet = document.createElement('div');
  sheet.className = 'cover';
  const text = document.createElement('p');
  text.textContent = 'The answer is under here. Predict first.';
  const show = document.createElement('button');
  show.type = 'button';
  show.textContent = 'Show it now';
  sheet.append(text, show);
  exhibit.append(sheet);
  exhibit.dataset.covered = '';
  const uncover = () => {
    sheet.remove();
    delete exhibit.dataset.covered;
  };
  show.addEventListener('click', uncover, { signal });
  return uncover;
}

function answer(form) {
  const chosen = form.querySelector('input:checked');
  tell(form, chosen && form.querySelector(`[data-choice="${chosen.value}"]`), 'Choose an answer first.');
  return Boolean(chosen);
}

function tell(form, choice, otherwise = '') {
  const reply = form.querySelector('[data-role="reply"]');
  const right = choice?.hasAttribute('data-right');
  if (choice) form.dataset.answer = right ? 'right' : 'wrong';
  else delete form.dataset.answer;
  reply.textContent = choice ? `${right ? 'Yes.' : 'Not quite.'} ${choice.querySelector('span').textContent}` : otherwise;
}
