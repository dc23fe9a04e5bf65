/**
 * How edges run between ranks, and what the drawing around all of it measures.
 */

import { edgeKey } from "../trace/trace.js";
import { CHIP } from "./places.js";

/** @typedef {import("./chain.js").Card} Card */
/** @typedef {import("./chain.js").Box} Box */
/** @typedef {import("./chain.js").Curve} Curve */
/** @typedef {import("./chain.js").Link} Link */
/** @typedef {import("./chain.js").Layout} Layout */
/** @typedef {import("./places.js").Place} Place */

/** The share of a gap's free room that is between a chip and the card that it stands in front of: there is the arrow. */
const ARROW = 0.64;
/** How much room the edges of a gap need to change their height: for each that does, and for the steepest. */
const CROSSING = { least: 2, each: 5, slope: 0.14, most: 110 };
/** Ports stay clear of a card's corners. */
const CORNER = 14;

/**
 * From where to where each rank goes; in the gap before it its edges have the room that they need to change their height.
 * @param {Place[][]} ranks
 * @param {number} level
 */
export function columnsOf(ranks, level) {
  const arrow = ARROW * (level - CHIP.width);
  /** @type {number[]} */
  const left = [];
  /** @type {number[]} */
  const right = [];
  for (const [at, rank] of ranks.entries()) {
    const climbs = rank.flatMap((to) =>
      to.before.map((from, slot) => Math.abs(to.y + to.aside[slot] - from.y)),
    );
    const { least, each, slope, most } = CROSSING;
    const steep = slope * Math.max(0, ...climbs) + each * climbs.filter((it) => it > 4).length;
    const crossing = Math.min(Math.max(least, level - CHIP.width - arrow) + steep, most);
    left.push(at === 0 ? 0 : right[at - 1] + crossing + CHIP.width + arrow);
    right.push(left[at] + Math.max(0, ...rank.map((it) => it.card?.width ?? 0)));
  }
  return { left, right, arrow };
}

/**
 * @param {Place[]} way from the card where it begins, through the lanes
 * @param {Place} to
 * @param {number} slot
 * @param {Map<string, Box>} boxes
 * @param {ReturnType<typeof columnsOf>} columns
 * @returns {Link}
 */
export function linkAcross(way, to, slot, boxes, { left, right, arrow }) {
  const card = /** @type {Card} */ (to.card);
  const wrt = way[0].wrt;
  const from = /** @type {Box} */ (boxes.get(wrt));
  const box = /** @type {Box} */ (boxes.get(card.id));
  const chipLeft = (/** @type {number} */ rank) => left[rank] - arrow - CHIP.width;
  const pen = new Pen(from.x + from.width, way[0].y);
  for (const { rank, y } of way) {
    if (rank > way[0].rank) pen.level(chipLeft(rank), y);
    pen.level(right[rank], y);
  }
  const y = to.y + to.aside[slot];
  pen.level(chipLeft(to.rank), y);
  const widest = Math.max(...to.aside.map(Math.abs));
  pen.level(left[to.rank] - arrow, y);
  pen.level(box.x, to.y + port(to.aside[slot], widest, card));
  const chip = /** @type {[number, number]} */ ([chipLeft(to.rank) + CHIP.width / 2, y]);
  return { key: edgeKey(card, slot), of: card.id, wrt, curve: pen.curve, chip };
}

/**
 * How far from the middle of its card an edge ends, whose chip stands `aside`: as far, unless the card is too low.
 * @param {number} aside
 * @param {number} widest of the card's chips
 * @param {Card} card
 */
export function port(aside, widest, { height }) {
  const most = height / 2 - CORNER;
  return widest > most ? (aside * most) / widest : aside;
}

/** Draws an edge, piece by piece. */
export class Pen {
  /** @type {Curve} */
  curve;
  /** The height of the last piece, where that is a level line. @type {number | null} */
  #level = null;

  /**
   * @param {number} x
   * @param {number} y
   */
  constructor(x, y) {
    this.curve = [x, y];
  }

  /**
   * To a point, level at both ends; straight on where it may be.
   * @param {number} x
   * @param {number} y
   */
  level(x, y) {
    const [x0, y0] = this.#end();
    if (x === x0 && y === y0) return;
    if (y === y0 && y === this.#level) {
      // The same straight piece, longer.
      const start = this.curve.length - 8;
      const from = this.curve[start];
      this.curve.splice(-6, 6, from + (x - from) / 3, y, x - (x - from) / 3, y, x, y);
      return;
    }
    this.#level = y === y0 ? y : null;
    const half = (x - x0) / 2;
    this.curve.push(x0 + half, y0, x - half, y, x, y);
  }

  /**
   * Around a corner: level here and plumb there, or the other way round.
   * @param {number} x
   * @param {number} y
   * @param {"level" | "plumb"} first how it leaves
   */
  turn(x, y, first) {
    const [x0, y0] = this.#end();
    this.#level = null;
    const [cx, cy] = first === "level" ? [x, y0] : [x0, y];
    this.curve.push(x0 + (cx - x0) / 2, y0 + (cy - y0) / 2, cx + (x - cx) / 2, cy + (y - cy) / 2);
    this.curve.push(x, y);
  }

  /** @param {number} y */
  plumb(y) {
    const [x0, y0] = this.#end();
    if (y === y0) return;
    this.#level = null;
    const third = (y - y0) / 3;
    this.curve.push(x0, y0 + third, x0, y - third, x0, y);
  }

  #end() {
    return this.curve.slice(-2);
  }
}

/**
 * The drawing around what stands and runs in it, moved such that it begins at 0.
 * @param {Map<string, Box>} boxes
 * @param {Link[]} links
 * @returns {Layout}
 */
export function whole(boxes, links) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  /** @type {(x: number, y: number, aside?: number, under?: number) => void} */
  const hold = (x, y, aside = 0, under = 0) => {
    left = Math.min(left, x - aside);
    right = Math.max(right, x + aside);
    top = Math.min(top, y - under);
    bottom = Math.max(bottom, y + under);
  };
  for (const { x, y, width, height } of boxes.values()) {
    hold(x, y);
    hold(x + width, y + height);
  }
  for (const { curve, chip } of links) {
    hold(chip[0], chip[1], CHIP.width / 2, CHIP.height / 2);
    for (let i = 0; i < curve.length; i += 2) hold(curve[i], curve[i + 1]);
  }
  for (const box of boxes.values()) {
    box.x -= left;
    box.y -= top;
  }
  for (const link of links) {
    link.chip = [link.chip[0] - left, link.chip[1] - top];
    link.curve = link.curve.map((it, i) => it - (i % 2 === 0 ? left : top));
  }
  return { width: right - left, height: bottom - top, boxes, links };
}
