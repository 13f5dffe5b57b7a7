// What a Plotly figure holds, point by point: where each is, and the words that hovering over it would show.

const TYPES = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array };

// Returns the traces of a figure as grids of rows and columns: a heatmap has both; bars that lie have one column; upright
// bars, lines and points have one row.
export function traces(figure) {
  return figure.data.map((trace, index) => {
    const axes = { x: trace.xaxis ?? 'x', y: trace.yaxis ?? 'y' };
    const labels = { x: ticks(figure, axes.x), y: ticks(figure, axes.y) };
    const say = (values) => spoken(trace.hovertemplate, values);
    if (trace.type === 'heatmap') return { ...heatmap(trace, labels, say), axes, index };
    const x = numbers(trace.x);
    const y = numbers(trace.y);
    const across = trace.orientation !== 'h';
    const at = (row, column) => (across ? column : row);
    return {
      index, axes, rows: across ? 1 : y.length, columns: across ? x.length : 1, shape: trace.type === 'scatter' ? 'point' : across ? 'upright' : 'lying',
      half: (trace.width ?? 1) / 2,
      place: (row, column) => ({ x: x[at(row, column)], y: y[at(row, column)] }),
      has: () => true,
      words: (row, column) => say({ x: labels.x?.[x[at(row, column)]] ?? x[at(row, column)], y: labels.y?.[y[at(row, column)]] ?? y[at(row, column)], text: trace.text?.[at(row, column)], customdata: trace.customdata?.[at(row, column)] }),
    };
  });
}

function heatmap(trace, labels, say) {
  const z = numbers(trace.z);
  const [rows, columns] = trace.z.shape.split(',').map(Number);
  const value = (row, column) => z[row * columns + column];
  const place = (row, column) => ({ x: column + (trace.x0 ?? 0), y: row + (trace.y0 ?? 0) });
  return {
    rows, columns, shape: 'cell', half: 0.5, value, tokens: labels.x ?? [], most: trace.zmax ?? Math.max(...z.filter(Number.isFinite).map(Math.abs)),
    place,
    has: (row, column) => Number.isFinite(value(row, column)),
    words: (row, column) => say({ x: labels.x?.[column] ?? place(row, column).x, y: labels.y?.[row] ?? place(row, column).y, z: value(row, column) }),
  };
}

// Python packs arrays as base64 of little-endian numbers.
function numbers(given) {
  if (!given?.bdata) return given;
  const bytes = Uint8Array.from(atob(given.bdata), (char) => char.charCodeAt(0));
  return new TYPES[given.dtype](bytes.buffer);
}

function ticks(figure, axis) {
  return figure.layout[`${axis[0]}axis${axis.slice(1)}`]?.ticktext?.map(unescaped);
}

function spoken(template, values) {
  const filled = template.replace('<extra></extra>', '').replace(/%\{(\w+)(?::\.(\d)f)?\}/g, (_, name, digits) => {
    const value = values[name];
    return digits && typeof value === 'number' ? value.toFixed(Number(digits)).replace('-', '−') : value;
  });
  return unescaped(filled);
}

const unescaped = (text) => String(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#123;', '{').replaceAll('&amp;', '&');
