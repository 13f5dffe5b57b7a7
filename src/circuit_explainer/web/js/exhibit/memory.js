// What the reader did to each exhibit, kept for as long as the tab is open.
const key = (exhibit) => `circuit-explainer:${exhibit}`;

export function keep(exhibit, values) {
  try {
    if (values) sessionStorage.setItem(key(exhibit), JSON.stringify(values));
    else sessionStorage.removeItem(key(exhibit));
  } catch {
    // Storage may be full or forbidden; the page works without it.
  }
}

export function kept(exhibit) {
  try {
    return JSON.parse(sessionStorage.getItem(key(exhibit)));
  } catch {
    return null;
  }
}
