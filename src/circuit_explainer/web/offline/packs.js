// Packs: scripts that hold a file as text, zipped. Each calls `offline.take(name, text)`.

const TYPES = { js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', css: 'text/css', html: 'text/html' };

export class Packs {
  #folder;
  #waiting = new Map(); // name -> what takes the text
  #files = new Map(); // name -> promise of the file

  constructor(assets) {
    this.#folder = new URL('packs/', assets);
  }

  take(name, text) {
    this.#waiting.get(name)(text);
  }

  // Resolves to the file as a Blob.
  file(name) {
    if (!this.#files.has(name)) {
      const file = this.#unpacked(name);
      file.catch(() => this.#files.delete(name)); // it may be there the next time
      this.#files.set(name, file);
    }
    return this.#files.get(name);
  }

  async #unpacked(name) {
    const packed = new Blob([bytes(await this.#text(name))]);
    const type = TYPES[name.split('.').at(-1)] ?? 'application/octet-stream';
    return new Response(packed.stream().pipeThrough(new DecompressionStream('gzip')), { headers: { 'content-type': type } }).blob();
  }

  #text(name) {
    const script = Object.assign(document.createElement('script'), { src: new URL(`${name}.js`, this.#folder).href });
    const missing = () => new Error(`${name.split('/').at(-1)} is missing from this copy, or damaged`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, resolve);
      // A script that could not be read through takes nothing.
      Object.assign(script, { onload: () => reject(missing()), onerror: () => reject(missing()) });
      document.head.append(script);
    }).finally(() => script.remove());
  }
}

const bytes = (text) => Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
