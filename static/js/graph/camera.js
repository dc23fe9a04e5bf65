/**
 * What part of the graph is in sight: all of it where it stays readable, else the part around the beat. Pure geometry.
 */

/** @typedef {import("../layout/chain.js").Layout} Layout */
/** @typedef {import("../layout/chain.js").Box} Box */
/** @typedef {{ width: number, height: number }} Size in CSS pixels */
/** @typedef {{ x: number, y: number, width: number, height: number }} Window in units of the drawing */
/** @typedef {{ x: number, y: number, zoom: number }} Camera the drawing's point in the middle of the viewport */

export const MARGIN = 14;
const LARGEST_FIT = 1.4;
/** A graph that would be smaller than this when all of it is in sight is shown around the beat. */
const READABLE = 0.3;
const FOLLOW_ZOOM = 0.9;

/**
 * The zoom at which the whole drawing is in sight.
 * @param {Size} layout
 * @param {Size} size
 */
export function fitZoom(layout, size) {
  const across = size.width / (layout.width + 2 * MARGIN);
  const down = size.height / (layout.height + 2 * MARGIN);
  return Math.min(across, down, LARGEST_FIT);
}

/**
 * @param {Layout} layout
 * @param {Size} size
 * @param {Camera | null} camera null to choose by itself
 * @param {Box | undefined} focus what to keep in sight where not all can be read at once
 * @returns {Window}
 */
export function windowOn(layout, size, camera, focus) {
  const { x, y, zoom } = camera ?? automatic(layout, size, focus);
  const width = size.width / zoom;
  const height = size.height / zoom;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * @param {Layout} layout
 * @param {Size} size
 * @param {Box | undefined} focus
 * @returns {Camera}
 */
export function automatic(layout, size, focus) {
  const middle = { x: layout.width / 2, y: layout.height / 2 };
  const fit = fitZoom(layout, size);
  if (fit >= READABLE || !focus) return { ...middle, zoom: fit };
  const at = { x: focus.x + focus.width / 2, y: focus.y + focus.height / 2 };
  const zoom = Math.max(fit, FOLLOW_ZOOM);
  return {
    x: inside(at.x, layout.width, size.width / zoom),
    y: inside(at.y, layout.height, size.height / zoom),
    zoom,
  };
}

/**
 * Keeps the window's middle such that nothing but a margin is seen beyond the drawing.
 * @param {number} at
 * @param {number} size
 * @param {number} seen
 */
function inside(at, size, seen) {
  const least = seen / 2 - MARGIN;
  const most = size - seen / 2 + MARGIN;
  return least > most ? size / 2 : Math.min(Math.max(at, least), most);
}

/**
 * The nearest box in the direction of an arrow key; undefined where there is none.
 * @param {ReadonlyMap<string, { x: number, y: number }>} centres
 * @param {string} from
 * @param {string} key
 */
export function neighbour(centres, from, key) {
  const here = centres.get(from);
  if (!here) return undefined;
  const horizontal = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [id, { x, y }] of centres) {
    const along = sign * (horizontal ? x - here.x : y - here.y);
    const aside = Math.abs(horizontal ? y - here.y : x - here.x);
    const distance = along + 2 * aside;
    if (along > 1 && distance < bestDistance) [best, bestDistance] = [id, distance];
  }
  return best;
}
