// The reader's code, kept on this device until Reset or until the settings forget it (reading/progress.js).
const KEY = 'circuit-explainer:cell';

export function keptCode() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden
  }
}

// Keeps code, or nothing any more.
export function keepCode(code) {
  try {
    if (code === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, code);
  } catch {
    // Storage may be full; the code then lasts as long as the page.
  }
}
