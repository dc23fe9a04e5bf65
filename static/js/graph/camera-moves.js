/**
 * Where the camera goes: nearer and further, on its way from here to there, along with an entry, and under the fingers. Pure
 * geometry.
 */

import { entryOf } from "../base/format.js";
import { entryBox, levelOf, zoomOf } from "./level-of-detail.js";

/** @typedef {import("./card.js").CardPlan} CardPlan */
/** @typedef {import("../layout/chain.js").Box} Box */
/** @typedef {import("./level-of-detail.js").Point} Point */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./camera.js").Size} Size */

const ZOOMS = { least: 0.08, most: 6 };
/** Between the window's edge and the entry that it follows, in entries. */
const ROOM = 1;

/**
 * @param {Camera} camera
 * @param {number} factor
 * @param {number} [most] the largest zoom
 * @returns {Camera}
 */
export function zoomed(camera, factor, most = ZOOMS.most) {
  return { ...camera, zoom: Math.min(Math.max(camera.zoom * factor, ZOOMS.least), most) };
}

/**
 * Zoom so that the point under the pointer stays there.
 * @param {Camera} camera
 * @param {number} factor
 * @param {number} dx pixels from the viewport's middle
 * @param {number} dy
 * @param {number} [most]
 * @returns {Camera}
 */
export function zoomedAt(camera, factor, dx, dy, most) {
  const next = zoomed(camera, factor, most);
  return {
    ...next,
    x: camera.x + dx / camera.zoom - dx / next.zoom,
    y: camera.y + dy / camera.zoom - dy / next.zoom,
  };
}

/**
 * The largest zoom that any entry of a drawing needs.
 * @param {ReadonlyMap<string, CardPlan>} cards
 */
export function largestZoom(cards) {
  const heats = [...cards.values()].filter((it) => it.value.kind === "heat");
  return Math.max(ZOOMS.most, ...heats.map((it) => 2 * zoomOf(it.value)));
}

/**
 * The camera moved no further than it takes to have a box in sight, with room around it.
 * @param {Camera} camera
 * @param {Size} size
 * @param {Box} box
 * @returns {Camera}
 */
export function following(camera, size, box) {
  return {
    ...camera,
    x: towards(camera.x, size.width / camera.zoom, box.x, box.width),
    y: towards(camera.y, size.height / camera.zoom, box.y, box.height),
  };
}

/**
 * The camera moved such that an entry that has just been selected is in sight, where its numbers can be read.
 * @param {Camera} camera
 * @param {Size} size
 * @param {string} name
 * @param {import("./graph-view.js").Drawing} drawing
 */
export function followingEntry(camera, size, name, { cards, layout: { boxes } }) {
  const entry = name.includes("[") ? entryOf(name) : null;
  const block = cards.get(entry?.id ?? "")?.value;
  const card = boxes.get(entry?.id ?? "");
  if (!entry || !card || block?.kind !== "heat") return camera;
  if (levelOf(block, camera.zoom) === "squares") return camera;
  return following(camera, size, entryBox(block, card, entry));
}

/**
 * @param {number} middle
 * @param {number} seen
 * @param {number} start
 * @param {number} size
 */
function towards(middle, seen, start, size) {
  const least = start + size * (1 + ROOM) - seen / 2;
  const most = start - size * ROOM + seen / 2;
  return least > most ? start + size / 2 : Math.min(Math.max(middle, least), most);
}

/**
 * The camera on its way: the zoom grows by equal factors, and one point of the picture stays where it is.
 * @param {Camera} from
 * @param {Camera} to
 * @param {number} share 0 to 1
 * @returns {Camera}
 */
export function between(from, to, share) {
  const zoom = from.zoom * (to.zoom / from.zoom) ** share;
  const whole = 1 / from.zoom - 1 / to.zoom;
  const part = Math.abs(whole) < 1e-9 ? share : (1 / from.zoom - 1 / zoom) / whole;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, zoom };
}

/**
 * What fingers do: one drags, two zoom too. What is under them stays under them.
 * @param {Camera} camera
 * @param {Point[]} before from the viewport's middle, in pixels
 * @param {Point[]} after
 * @param {number} most the largest zoom
 * @returns {Camera}
 */
export function handled(camera, before, after, most) {
  const [was, is] = [middleOf(before), middleOf(after)];
  const spread = before.length > 1 ? apart(after) / Math.max(1, apart(before)) : 1;
  const zoom = Math.min(camera.zoom * spread, Math.max(most, camera.zoom));
  return {
    x: camera.x + was.x / camera.zoom - is.x / zoom,
    y: camera.y + was.y / camera.zoom - is.y / zoom,
    zoom,
  };
}

/** @param {Point[]} points */
function middleOf(points) {
  return {
    x: points.reduce((sum, it) => sum + it.x, 0) / points.length,
    y: points.reduce((sum, it) => sum + it.y, 0) / points.length,
  };
}

/** @param {Point[]} points */
function apart([a, b]) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
