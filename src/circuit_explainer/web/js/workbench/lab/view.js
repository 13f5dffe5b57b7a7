// Shows what the lab says: how the run stands, what can be pressed, the slider, and the three charts.

// `undo` and `redo` are told by Python.
const CAN = {
  empty: ['start', 'step'],
  running: ['pause', 'reset'],
  paused: ['start', 'step', 'reset'],
  done: ['reset'],
  broken: ['reset'],
};

export function makeView(bench, part, exhibits) {
  const panels = Object.fromEntries(['losses', 'scores', 'pattern'].map((id) => [id, exhibits.find((each) => each.id === id).panel]));
  const place = bench.querySelector('#lab-place');
  const head = bench.querySelector('#lab-head');
  let latest = null; // what is shown next
  let drawing = null; // the promise of what is being drawn
  let scrubbing = 0; // how many moves of the slider Python has not answered

  // Shows the newest of all answers; those that come while the charts are being drawn are passed over.
  function show(answer) {
    latest = answer;
    drawing ??= draw().finally(() => {
      drawing = null;
    });
    return drawing;
  }

  async function draw() {
    while (latest) {
      const now = latest;
      latest = null;
      lines(now);
      for (const [id, panel] of Object.entries(panels)) await chart(panel, now.panels[id], now.state);
      bench.dataset.shown = now.slider.text;
    }
  }

  function lines(now) {
    bench.dataset.state = now.state;
    part('lab-status').textContent = now.status;
    part('lab-phase').textContent = now.phase;
    if (now.said !== part('lab-said').textContent) part('lab-said').textContent = now.said;
    for (const button of bench.querySelectorAll('[data-lab]')) button.setAttribute('aria-disabled', String(!(now[button.dataset.lab] ?? CAN[now.state].includes(button.dataset.lab))));
    for (const choice of bench.querySelectorAll('[name="lab-shows"]')) {
      choice.disabled = choice.value === 'yours' && now.state === 'empty';
      choice.checked = choice.value === now.shows;
    }
    if (scrubbing) return;
    place.max = now.slider.max;
    place.value = now.slider.value;
    place.setAttribute('aria-valuetext', `step ${now.slider.text}`);
    bench.querySelector('output').value = now.slider.text;
    if ([...head.options].map((option) => option.value).join() !== now.heads.names.join()) head.replaceChildren(...now.heads.names.map((name) => new Option(name)));
    head.value = now.heads.value;
    kept(now.kept);
  }

  function kept(names) {
    const list = part('lab-kept');
    if ([...list.children].map((item) => item.dataset.name).join('\n') === names.join('\n')) return;
    list.replaceChildren(...names.map((name) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      item.dataset.name = name;
      Object.assign(button, { type: 'button', className: 'bench-button', textContent: 'Remove' });
      button.setAttribute('aria-label', `Remove ${name}`);
      button.dataset.drop = name;
      item.append(name, ' ', button);
      return item;
    }));
  }

  // A running chart is not read out: the line of the run says what matters.
  async function chart(panel, { title, chart: next, missing }, state) {
    const section = panel.node.closest('section');
    const message = section.querySelector('[data-role="message"]');
    section.querySelector('[data-role="summary"]').setAttribute('aria-live', 'off');
    section.dataset.run = state;
    if (!next) {
      message.textContent = missing;
      return;
    }
    section.querySelector('.exhibit-title').textContent = title;
    await panel.show(next);
    message.textContent = '';
  }

  // Moves the charts at the reader's wish, and reads out where they are.
  async function scrub(send) {
    scrubbing += 1;
    const output = bench.querySelector('output');
    const answer = await send().finally(() => {
      scrubbing -= 1;
    });
    if (!answer?.panels || scrubbing) return;
    output.value = answer.slider.text;
    place.setAttribute('aria-valuetext', `step ${answer.slider.text}`);
    part('lab-said').textContent = answer.panels.losses.chart.summary;
  }

  return { show, scrub };
}
