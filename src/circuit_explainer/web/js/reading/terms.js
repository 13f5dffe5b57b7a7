// Terms of the glossary: explained where they stand, on hover, focus and tap. Without scripts they are links.
const LINGER = 200; // ms in which the pointer may cross from the term to its explanation

// Connects the one explanation of the site, once for the whole visit.
export function explainTerms() {
  const tip = document.querySelector('[role="tooltip"]');
  let term = null;
  let leaving = 0;

  function show(next) {
    clearTimeout(leaving);
    if (next === term) return;
    hide();
    term = next;
    tip.textContent = term.dataset.definition;
    term.setAttribute('aria-describedby', tip.id);
    tip.showPopover();
    place();
  }

  function hide() {
    if (!term) return;
    term.removeAttribute('aria-describedby');
    term = null;
    tip.hidePopover();
  }

  // Under the term, or over it where there is no room; never beyond the window's edge.
  function place() {
    const { left, top, bottom } = term.getClientRects()[0];
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    tip.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : top - height - 4}px`;
  }

  const termOf = ({ target }) => target instanceof Element && target.closest('a.term');
  document.addEventListener('focusin', (event) => (termOf(event) ? show(termOf(event)) : hide()));
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return;
    if (termOf(event)) show(termOf(event));
    else if (tip.contains(event.target)) clearTimeout(leaving);
    else if (term && term !== document.activeElement) {
      clearTimeout(leaving);
      leaving = setTimeout(hide, LINGER);
    }
  });
  // The first tap explains, the next one follows the link.
  let touched = false;
  document.addEventListener('pointerdown', (event) => {
    touched = event.pointerType === 'touch' && termOf(event) !== term;
    if (!termOf(event)) hide();
  });
  document.addEventListener('click', (event) => {
    const tapped = termOf(event);
    if (!tapped) return;
    if (touched) event.preventDefault();
    if (touched) event.stopPropagation();
    if (touched) show(tapped);
    else hide();
  }, { capture: true });
  addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
  addEventListener('scroll', () => term && place(), { passive: true });
}
