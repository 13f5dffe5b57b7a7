// The page on paper: charts in light colours and as wide as a sheet, and the address that a reader can type.
import { drawAtOnce, redrawAll } from './chart.js';

const WIDTH = 640; // px; A4 and Letter have 670 and more between the margins of print.css
const PAPER = { 'color-scheme': 'light', 'font-size': '20px' }; // whatever the reader set for the screen

// Once for the whole visit.
export function connectPaper() {
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    for (const [name, value] of Object.entries(PAPER)) root.style.setProperty(name, value, 'important');
    for (const place of document.querySelectorAll('.site-foot [data-role="address"]')) place.textContent = location.origin + location.pathname;
    drawAtOnce(WIDTH);
  });
  addEventListener('afterprint', () => {
    for (const name of Object.keys(PAPER)) root.style.removeProperty(name);
    redrawAll();
  });
}
