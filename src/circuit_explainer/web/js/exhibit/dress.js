// A figure in the page's look, and as it suits the width of its box.

// A word between dollars is no formula to be typeset: Plotly would complain that it has nothing to do that with.
export const CONFIG = { typesetMath: false, displayModeBar: false, displaylogo: false, doubleClick: false, scrollZoom: false, showTips: false };
export const NARROW = 480; // px of a chart in which a colour bar lies on top
const LYING = 46; // px that it takes there

// `look` is a Plotly template, `size` that of the text, where 1 is the first setting.
export function dressed({ data, layout }, look, size, narrow) {
  const room = { ...layout.margin };
  if (narrow && data.some((trace) => trace.colorbar)) room.t += LYING;
  const margin = Object.fromEntries(Object.entries(room).map(([side, pixels]) => [side, pixels * size]));
  return { data: narrow ? data.map(withBarOnTop) : data, layout: { ...layout, margin, template: look } };
}

// Beside the chart a colour bar takes a third of a phone's width. From y = 1 on Plotly (4.1, colorbar/draw.js) would make
// room for the bar by lifting titles, that of the horizontal axis into the chart.
function withBarOnTop(trace) {
  const { colorbar } = trace;
  return colorbar ? { ...trace, colorbar: { ...colorbar, orientation: 'h', x: 0, xanchor: 'left', y: 0.999, yanchor: 'bottom', len: 1, thickness: 10, title: { ...colorbar.title, side: 'top' } } } : trace;
}
