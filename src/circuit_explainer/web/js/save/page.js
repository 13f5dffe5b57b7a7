// A page of the chart that opens from a disk: everything that it needs is in it, and it asks no network for anything.
import files from '../files.js';
import { fetched } from './download.js';
import { bare, fontFaces } from './fonts.js';
import { wordsOf } from './words.js';

const STYLES = ['page/tokens.css', 'page/exhibit.css', 'page/diagram.css'];
const SCRIPTS = ['page/exhibit/look.js', 'page/exhibit/dress.js', 'page/save/opened.js'];

export async function pageHtml(section, figure) {
  const { title, sentence, reading, source, address, site } = wordsOf(section);
  const picture = figure.html !== undefined;
  const texts = (names) => Promise.all(names.map((name) => fetched(name)));
  const [frame, ...styles] = await texts(['page/save/opened.html', ...STYLES]);
  const scripts = picture ? [] : await texts(SCRIPTS);
  const [bundle, ...licences] = picture ? [''] : await texts([files.plotly, 'LICENSE', 'LICENSES-bundled.txt'].map((name) => `${files.runtime}plotly/${name}`));
  const table = section.querySelector('.exhibit-data').outerHTML;
  const look = getComputedStyle(document.documentElement);
  const families = ['--ce-text-font', '--ce-code-font'].map((name) => bare(look.getPropertyValue(name)));
  const parts = {
    title: escaped(title), reading: escaped(reading), sentence: escaped(sentence), table,
    source: escaped(source.slice(0, -address.length)), address: escaped(address), site: escaped(site),
    styles: [await fontFaces(families, title + sentence + section.textContent), ...styles.map(ownFaces)].join('\n'),
    chart: picture ? still(figure.html) : '',
    height: picture ? 'auto' : `${section.querySelector('[data-role="chart"]').clientHeight}px`,
    kind: picture ? 'group' : 'img',
    figure: picture ? '' : inScript(JSON.stringify(figure).replaceAll('<', '\\u003c')),
    bundle: inScript(bundle), licences: inScript(licences.join('\n\n')),
    script: inScript(scripts.map(withoutModules).join('\n')),
  };
  return new Blob([frame.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name])], { type: 'text/html;charset=utf-8' });
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

// A script of HTML ends where these letters stand, even within its strings.
const inScript = (code) => code.replace(/<(?=\/script|!--)/gi, '\\x3c');

// The faces in the site's style sheets are files of the site.
const ownFaces = (css) => css.replace(/@font-face\s*\{[^}]*\}/g, '');

const withoutModules = (code) => code.replace(/^import .*$/gm, '').replace(/^export /gm, '');

// A picture in which nothing can be pressed: there is no Python in the page.
function still(html) {
  const box = document.createElement('template');
  box.innerHTML = html;
  for (const part of box.content.querySelectorAll('[data-set]')) {
    for (const name of ['data-set', 'role', 'tabindex', 'aria-pressed']) part.removeAttribute(name);
    part.classList.remove('part');
  }
  return box.innerHTML;
}
