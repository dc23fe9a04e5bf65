/**
 * What a film shows at a moment: plain records, drawn by `film-view.js`. All places are in the drawing's coordinates; `x` and
 * `y` are the middle of what has a size.
 */

import { short } from "../base/format.js";

/** @typedef {"forward" | "backward" | "update" | "cost" | "target" | "soft" | "plain" | "bench"} Tone */
/** @typedef {"number" | "text" | "line" | "curve" | "area" | "ring" | "hole" | "dot" | "arrow"} Kind */
/**
 * @typedef {object} Mark
 * @property {Kind} kind
 * @property {string} id        the same thing has the same from moment to moment
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {string} text
 * @property {number} size      of the text
 * @property {Tone} tone
 * @property {number} opacity
 * @property {number} emphasis  0 to 1: how strong a number's cell is tinted, how thick a line is
 * @property {number} turn      of an arrow, in degrees
 * @property {readonly number[]} points of a line or a curve: x, y, x, y …
 */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {Point & { width: number, height: number, size: number }} Spot where a number stands, and how large */

/** A mark that nobody sees is left out. */
const LEAST = 0.004;

/**
 * @param {Kind} kind
 * @param {string} id
 * @param {Partial<Mark>} how
 * @returns {Mark}
 */
export function mark(kind, id, how) {
  return {
    kind,
    id,
    x: 0,
    y: 0,
    width: 0,
    height: 0,
    text: "",
    size: 0,
    tone: "plain",
    opacity: 1,
    emphasis: 0,
    turn: 0,
    points: [],
    ...how,
  };
}

/**
 * @param {string} id
 * @param {number | string} value
 * @param {Spot} spot
 * @param {Partial<Mark>} how
 */
export function numberMark(id, value, spot, how) {
  return mark("number", id, { ...spot, text: written(value), ...how });
}

/** @param {number | string} value */
export function written(value) {
  return typeof value === "number" ? short(value) : value;
}

/** @param {Mark[]} marks */
export function visible(marks) {
  return marks.filter((it) => it.opacity > LEAST);
}
