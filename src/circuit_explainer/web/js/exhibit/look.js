// How charts look: the page's own colours, faces and sizes, as a Plotly template. They stand in tokens.css.

// The size of the page's text, where 1 is the first setting.
export const textScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 20;

export function template() {
  const style = getComputedStyle(document.body);
  const property = (name) => style.getPropertyValue(`--ce-${name}`).trim();
  const scale = (colours) => colours.map((each, i) => [i / (colours.length - 1), each]);
  const sequential = scale(property('sequential').split(',').map((each) => each.trim()));
  const size = textScale();
  const text = { family: property('text-font'), size: 14 * size, color: colour('text') };
  const mono = { family: property('code-font'), size: 13 * size, color: colour('text') };
  // Margins leave room for every label. To look for one that lacks it takes Plotly half of a redraw.
  const axis = { color: colour('text'), gridcolor: colour('grid'), linecolor: colour('border'), zerolinecolor: colour('border'), tickfont: mono, title: { font: text, standoff: 8 }, ticklabeloverflow: 'allow' };
  return {
    data: {
      heatmap: [{ colorscale: sequential, colorbar: { tickfont: mono, title: { font: text }, outlinewidth: 0 } }],
      bar: [{ marker: { color: colour('bar') }, textfont: mono }],
      scatter: [1, 2, 3, 4, 5].map((n) => colour(`series-${n}`)).map((color) => ({ line: { color, width: 2.5 }, marker: { color, size: 9 }, textfont: text })),
    },
    layout: {
      font: text,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      colorscale: { sequential, diverging: scale(['below', 'zero', 'above'].map(colour)) },
      hoverlabel: { bgcolor: colour('surface'), bordercolor: colour('border'), font: mono },
      xaxis: axis,
      yaxis: axis,
      shapes: [
        outline('destination', { color: colour('destination'), width: 2 }),
        outline('casing', { color: colour('page'), width: 6 }),
        outline('here', { color: colour('destination'), width: 2, dash: '2px,3px' }),
        outline('mark', { color: colour('text-2'), width: 1.5 }),
        ...[1, 2, 3, 4, 5].map((n) => outline(`series-${n}`, { color: colour(`series-${n}`), width: 2.5 })),
        outline('source', { color: colour('source'), width: 2, dash: '5px,3px' }),
        outline('cursor', { color: colour('link'), width: 3 }),
      ],
    },
  };
}

// Returns a colour as Plotly can read it: a token may be a name, or differ between dark and light.
export function colour(name) {
  const probe = document.createElement('span');
  probe.style.cssText = `display: none; forced-color-adjust: none; color: var(--ce-${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

// Plotly draws a template's shapes on every chart unless they are hidden; a figure that names one shows it.
const outline = (name, line) => ({ name, line, type: 'rect', visible: false });
