// The site's typefaces as CSS that holds their files, so that a saved chart looks the same elsewhere.
import { fetched } from './download.js';

const SHEET = 'page/tokens.css';

// The faces of the families named in `families` that have a letter of `text`.
export async function fontFaces(families, text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await fetched(SHEET));
  const rules = [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule);
  const wanted = rules.filter((rule) => families.includes(bare(rule.style.getPropertyValue('font-family'))) && covers(rule, text));
  return (await Promise.all(wanted.map(face))).join('\n');
}

async function face({ style }) {
  const [, at] = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue('src'));
  const file = at.startsWith('data:') ? at : await dataUrl(await fetched(`fonts/${at.split('/').at(-1)}`, 'blob'));
  const range = style.getPropertyValue('unicode-range');
  return `@font-face{font-family:"${bare(style.getPropertyValue('font-family'))}";font-weight:${style.getPropertyValue('font-weight')};src:url(${file}) format("woff2")${range && `;unicode-range:${range}`}}`;
}

function covers(rule, text) {
  const ranges = [...rule.style.getPropertyValue('unicode-range').matchAll(/U\+([\dA-F]+)(?:-([\dA-F]+))?/gi)];
  const within = (point) => ranges.some(([, from, to = from]) => parseInt(from, 16) <= point && point <= parseInt(to, 16));
  return !ranges.length || [...text].some((char) => within(char.codePointAt(0)));
}

function dataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.replace(/^data:[^;,]*/, 'data:font/woff2'));
    reader.onerror = () => reject(new Error('a typeface could not be read'));
    reader.readAsDataURL(blob);
  });
}

export const bare = (family) => family.split(',')[0].trim().replace(/^["']|["']$/g, '');
