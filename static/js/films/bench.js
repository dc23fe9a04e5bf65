/**
 * The bench: a free place in sight on which a film works something out, as large as can be read from a distance.
 */

import { mark } from "./marks.js";
import { mix } from "./motion.js";

/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./marks.js").Point} Point */

/** Between the bench and the edge of what is seen, in pixels. */
const MARGIN = 6;
/** Of the text on it, in pixels; in a hall it grows with the room. */
const TEXT = { least: 15, most: 30, share: 1 / 17 };
const STEPS = 6;

/**
 * How large text on the bench is.
 * @param {Places} places
 */
export function textSize({ sight, pixel }) {
  const room = Math.min(sight.height, sight.width) / pixel;
  return Math.min(Math.max(room * TEXT.share, TEXT.least), TEXT.most) * pixel;
}

/**
 * How much room there may be taken.
 * @param {Places} places
 */
export function roomOf({ sight, pixel }) {
  const narrow = sight.width / pixel < 700;
  return {
    width: sight.width * (narrow ? 0.94 : 0.62),
    height: narrow ? 260 * pixel : sight.height * 0.62,
  };
}

/**
 * @param {Places} places
 * @param {{ width: number, height: number }} size
 * @param {readonly Box[]} needed what must be seen
 * @returns {Box}
 */
export function benchAt(places, size, needed) {
  return bestBench(places, size, needed).box;
}

/**
 * A bench for a figure: as large as the text there, or as there is room for.
 * @param {Places} places
 * @param {{ width: number, height: number }} extent of the figure, in text sizes
 * @param {number} tall how much of the room's height it may take; Infinity: it need not keep to the room
 * @param {readonly Box[]} needed what must be seen
 * @returns {{ box: Box, size: number }} size: of its text
 */
export function benchFor(places, extent, tall, needed) {
  const room = roomOf(places);
  const isFree = tall === Infinity;
  const size = Math.min(
    textSize(places),
    isFree ? Infinity : room.width / extent.width,
    (tall * room.height) / extent.height,
  );
  const wanted = { width: extent.width * size, height: extent.height * size };
  return { size, box: benchAt(places, wanted, needed) };
}

/**
 * Where a bench of that size hides least of what the film is about, not far from it.
 * @param {Places} places
 * @param {{ width: number, height: number }} size
 * @param {readonly Box[]} needed what must be seen
 * @returns {{ box: Box, cost: number }} what it costs: how much it hides, and how far it is
 */
export function bestBench({ cards, sight, pixel }, { width, height }, needed) {
  const middle = centre(needed.length > 0 ? needed : [sight]);
  const margin = MARGIN * pixel;
  const avoided = [
    ...needed.map((box) => ({ box, weight: 6 })),
    ...cards.map(({ box, active }) => ({ box, weight: active ? 3 : 0.1 })),
  ];
  let best = { x: 0, y: 0, width, height };
  let least = Number.POSITIVE_INFINITY;
  for (let i = -STEPS; i <= STEPS; i += 1)
    for (let j = -STEPS; j <= STEPS; j += 1) {
      const x = inside(middle.x + (i * width) / 4 - width / 2, width, sight.x, sight.width, margin);
      const y = inside(
        middle.y + (j * height) / 4 - height / 2,
        height,
        sight.y,
        sight.height,
        margin,
      );
      const box = { x, y, width, height };
      const hidden = avoided.reduce((sum, it) => sum + it.weight * hiddenBy(box, it.box), 0);
      const far = Math.hypot(x + width / 2 - middle.x, 1.4 * (y + height / 2 - middle.y));
      const cost = hidden + far / (sight.width * 0.6);
      if (cost < least) [best, least] = [box, cost];
    }
  return { box: best, cost: least };
}

/**
 * @param {Box} box
 * @param {number} opacity
 */
export function benchMark({ x, y, width, height }, opacity) {
  const place = { x: x + width / 2, y: y + height / 2, width, height };
  return mark("area", "bench", { ...place, tone: "bench", opacity });
}

/** @param {readonly Box[]} boxes */
function centre(boxes) {
  const left = Math.min(...boxes.map((it) => it.x));
  const right = Math.max(...boxes.map((it) => it.x + it.width));
  const top = Math.min(...boxes.map((it) => it.y));
  const bottom = Math.max(...boxes.map((it) => it.y + it.height));
  return { x: mix(left, right, 0.5), y: mix(top, bottom, 0.5) };
}

/**
 * @param {number} at
 * @param {number} size
 * @param {number} start
 * @param {number} seen
 * @param {number} margin
 */
function inside(at, size, start, seen, margin) {
  const most = start + seen - size - margin;
  return Math.max(start + margin, Math.min(at, most));
}

/**
 * How much of the second box the first one hides, from 0 to 1.
 * @param {Box} a
 * @param {Box} b
 */
function hiddenBy(a, b) {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return (Math.max(0, width) * Math.max(0, height)) / (b.width * b.height);
}
