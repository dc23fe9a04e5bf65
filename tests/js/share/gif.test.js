import assert from "node:assert/strict";
import { test } from "node:test";
import { Gif, loadEncoder } from "../../../static/js/share/gif.js";

const WIDTH = 40;
const HEIGHT = 20;
const PAPER = [246, 244, 239, 255];

/** @param {(at: number) => number[]} colourAt */
function picture(colourAt) {
  const all = Array.from({ length: WIDTH * HEIGHT }, (_, at) => colourAt(at));
  return new Uint8ClampedArray(all.flat());
}

/**
 * The pictures of a GIF by its blocks: its delay in hundredths of a second, and how many bytes its pixels take.
 * @param {Uint8Array} bytes
 */
function picturesIn(bytes) {
  const found = [];
  let delay = 0;
  const sizeOf = (/** @type {number} */ packed) => (packed & 128 ? 3 * 2 ** ((packed & 7) + 1) : 0);
  let at = 13 + sizeOf(bytes[10]);
  const skipBlocks = () => {
    const from = at;
    while (bytes[at] !== 0) at += bytes[at] + 1;
    at += 1;
    return at - from;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) delay = bytes[at + 4] + 256 * bytes[at + 5];
      at += 2;
      skipBlocks();
    } else {
      assert.equal(bytes[at], 0x2c, `a block at ${at}`);
      at += 10 + sizeOf(bytes[at + 9]) + 1;
      found.push({ delay, bytes: skipBlocks() });
    }
  }
  return found;
}

test("a GIF has its pictures with their delays, and writes only what has changed", async () => {
  const gif = new Gif(await loadEncoder(), WIDTH, HEIGHT);
  const noise = picture((at) => [(at * 37) % 256, (at * 91) % 256, (at * 53) % 256, 255]);
  gif.add(noise, 80);
  gif.add(noise, 2000);
  const moved = noise.slice();
  moved.set(PAPER, 400);
  gif.add(moved, 80);
  const bytes = gif.bytes();
  assert.equal(String.fromCharCode(...bytes.subarray(0, 6)), "GIF89a");
  assert.deepEqual([bytes[6], bytes[8]], [WIDTH, HEIGHT]);
  const pictures = picturesIn(bytes);
  assert.deepEqual(
    pictures.map((it) => it.delay),
    [8, 200, 8],
  );
  assert.ok(pictures[0].bytes > 5 * pictures[1].bytes, JSON.stringify(pictures));
  assert.ok(pictures[0].bytes > 5 * pictures[2].bytes, JSON.stringify(pictures));
});

test("the paper keeps its very colour in every picture", async () => {
  /** @type {number[][][]} */
  const palettes = [];
  const encoder = await loadEncoder();
  const spying = {
    ...encoder,
    applyPalette: (/** @type {Uint8Array} */ rgba, /** @type {number[][]} */ palette) => {
      palettes.push(palette);
      return encoder.applyPalette(rgba, palette);
    },
  };
  const gif = new Gif(spying, WIDTH, HEIGHT);
  gif.add(
    picture((at) => (at < 100 ? [at, 0, 0, 255] : PAPER)),
    80,
  );
  gif.add(
    picture((at) => (at < 300 ? [245, 244, 238, 255] : PAPER)),
    80,
  );
  gif.add(
    picture(() => PAPER),
    80,
  );
  for (const palette of palettes)
    assert.ok(palette.some((it) => it.slice(0, 3).join() === PAPER.slice(0, 3).join()));
  assert.equal(palettes.length, 3);
});
