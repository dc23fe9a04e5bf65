/**
 * A GIF, picture after picture. Each has a palette of its own, and only what has changed since the one before is written:
 * the rest is transparent, which takes next to no bytes.
 */

/** Colours of a picture, besides the transparent one; and how many of these are those of the first that it has most of. */
const COLOURS = 255;
const COMMON = 8;

/** @typedef {number[][]} Palette */
/**
 * What is used of gifenc, which comes without types.
 * @typedef {object} Encoder
 * @property {() => { writeFrame: (index: Uint8Array, width: number, height: number, how: object) => void, finish: () => void, bytes: () => Uint8Array<ArrayBuffer> }} GIFEncoder
 * @property {(rgba: Uint8Array, colours: number) => Palette} quantize
 * @property {(rgba: Uint8Array, palette: Palette) => Uint8Array} applyPalette
 */

export class Gif {
  #encoder;
  #gif;
  #width;
  #height;
  /** The picture before. @type {Uint32Array | null} */
  #before = null;
  /** What is paper stays the very same from picture to picture: a shade beside it would be seen. @type {Palette} */
  #common = [];

  /**
   * @param {Encoder} encoder
   * @param {number} width
   * @param {number} height
   */
  constructor(encoder, width, height) {
    this.#encoder = encoder;
    this.#gif = encoder.GIFEncoder();
    this.#width = width;
    this.#height = height;
  }

  /**
   * @param {Uint8ClampedArray<ArrayBuffer>} rgba
   * @param {number} delay how long it stands, in milliseconds
   */
  add(rgba, delay) {
    const now = new Uint32Array(rgba.buffer.slice(0));
    const changed = changedIn(now, this.#before);
    const colours = Uint32Array.from(changed, (at) => now[at]);
    const bytes = new Uint8Array(colours.buffer);
    if (!this.#before) this.#common = mostOf(colours);
    const own = changed.length > 0 ? this.#encoder.quantize(bytes, COLOURS - COMMON) : [];
    const palette = [...this.#common, ...own];
    this.#before = now;
    const found = changed.length > 0 ? this.#encoder.applyPalette(bytes, palette) : [];
    const transparentIndex = palette.length;
    const index = new Uint8Array(now.length).fill(transparentIndex);
    for (let at = 0; at < changed.length; at++) index[changed[at]] = found[at];
    const how = { transparent: true, transparentIndex, dispose: 1, delay, repeat: 0 };
    const colourTable = [...palette.map((it) => it.slice(0, 3)), [0, 0, 0]];
    this.#gif.writeFrame(index, this.#width, this.#height, { ...how, palette: colourTable });
  }

  /** All of it. */
  bytes() {
    this.#gif.finish();
    return this.#gif.bytes();
  }
}

/**
 * Where a picture differs from the one before.
 * @param {Uint32Array} now
 * @param {Uint32Array | null} before
 */
function changedIn(now, before) {
  const changed = new Uint32Array(now.length);
  let count = 0;
  for (let at = 0; at < now.length; at++) if (now[at] !== before?.[at]) changed[count++] = at;
  return changed.subarray(0, count);
}

/**
 * The colours that most of a picture has.
 * @param {Uint32Array} colours
 * @returns {Palette}
 */
function mostOf(colours) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const it of colours) counts.set(it, (counts.get(it) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, COMMON);
  return most.map(([it]) => [it & 255, (it >> 8) & 255, (it >> 16) & 255]);
}

/** @returns {Promise<Encoder>} */
export function loadEncoder() {
  return import(new URL("../../vendor/gifenc@1.0.3/gifenc.esm.js", import.meta.url).href);
}
