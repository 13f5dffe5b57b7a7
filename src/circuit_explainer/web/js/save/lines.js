// Where the browser broke a text into lines, and where each stands.

// Returns the lines of a text node in `style`: their words, ends and base line.
export function linesOf(node, style) {
  const range = document.createRange();
  const lines = [];
  let at = 0;
  for (const char of node.data) {
    range.setStart(node, at);
    range.setEnd(node, at += char.length);
    const box = [...range.getClientRects()].at(-1);
    const line = lines.at(-1);
    if (!box || (!box.width && /\s/.test(char))) continue; // white space that is not shown
    if (line && Math.abs(line.top - box.top) < box.height / 2) {
      line.words += char;
      line.left = Math.min(line.left, box.left);
      line.right = Math.max(line.right, box.right);
    } else {
      lines.push({ words: char, left: box.left, right: box.right, top: box.top });
    }
  }
  const rise = ascent(style);
  return lines.filter(({ words }) => words.trim()).map((line) => ({ ...line, base: line.top + rise }));
}

// From the top of a line's letters to the line that they stand on.
function ascent({ fontWeight, fontSize, fontFamily }) {
  const pen = (ascent.pen ??= new OffscreenCanvas(1, 1).getContext('2d'));
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  return pen.measureText('x').fontBoundingBoxAscent;
}
