// A drawing as a picture of dots, twice as fine as the screen of old.

const FINE = 2;

export async function png({ svg, width, height }) {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = address;
    await image.decode().catch(() => {
      throw new Error('the browser cannot read the drawing');
    });
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: width * FINE, height: height * FINE });
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!file) throw new Error('the picture is too large');
    return file;
  } finally {
    URL.revokeObjectURL(address);
  }
}
