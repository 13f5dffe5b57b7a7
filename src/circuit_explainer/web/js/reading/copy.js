// The copy of the site on this device. Nothing of it is fetched until the reader opens its switch, or has a copy.
const ROOT = '[data-role="keep"]';
const served = /^https?:$/.test(location.protocol); // a page from a disk is part of a copy already
const parts = () => import('../keep/switch.js');
const nothing = () => {}; // without its script there is no switch

// Connects the switch in the settings, and announces newer versions; once for the whole visit.
export function connectCopy() {
  if (!served) return;
  const panel = document.querySelector('[data-role="settings"]');
  panel.addEventListener('beforetoggle', () => parts().then(({ showSwitch }) => showSwitch(panel.querySelector(ROOT)), nothing), { once: true });
  if (navigator.serviceWorker?.controller) parts().then(({ announce }) => announce(), nothing);
}

// Shows the switch of the page that has one; returns the function that ends it.
export function showCopy() {
  const root = served && document.querySelector(`main ${ROOT}`);
  if (!root) return () => {};
  const ended = parts().then(({ showSwitch }) => showSwitch(root), () => nothing);
  return () => ended.then((end) => end());
}
