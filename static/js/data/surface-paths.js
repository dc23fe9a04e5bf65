/**
 * The picture of a network with one or two inputs, as paths: patches of one class, marks of the rows, the fitted curve.
 */

import { linePath, round } from "../base/axis.js";
import { classAt } from "../trace/scores.js";
import { placeOf, scalesOf, surfaceOf } from "./surface.js";

/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("./surface.js").Grid} Grid */
/** @typedef {import("./surface.js").Range} Range */
/** @typedef {import("./surface.js").Point} Point */
/** @typedef {import("./data-setting.js").Row} Row */
/** @typedef {import("../trace/scores.js").Aim} Aim */
/** @typedef {Point & { place: import("./edit-data.js").Place }} Spot */
/** @typedef {{ at: number, level: number, d: string }} Patch cells of one class that are about equally sure */
/** @typedef {{ at: number, held: boolean, wrong: boolean, d: { mark: string, ring: string } }} Dots */

const LEVELS = 4;
const MARK = 4.5;
const MANY_ROWS = 400;
const SMALL_MARK = 2.2;
/** More marks than this hide each other and the surface. */
const MOST_MARKS = 1500;

/**
 * The marks of the classes, each a path around a point.
 * @type {((x: number, y: number, r: number) => string)[]}
 */
export const SHAPES = [
  (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
  (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (x, y, r) => `M${x} ${y - 1.2 * r}l${1.2 * r} ${2.1 * r}h${-2.4 * r}z`,
  (x, y, r) =>
    `M${x} ${y - 1.3 * r}l${1.3 * r} ${1.3 * r}l${-1.3 * r} ${1.3 * r}l${-1.3 * r} ${-1.3 * r}z`,
  (x, y, r) => `M${x - r} ${y - r}l${2 * r} ${2 * r}m0 ${-2 * r}l${-2 * r} ${2 * r}`,
  (x, y, r) => `M${x - 1.2 * r} ${y}h${2.4 * r}m${-1.2 * r} ${-1.2 * r}v${2.4 * r}`,
];

/**
 * The rows that are drawn: of very many a part, evenly from the first to the last.
 * @param {Row[]} rows
 */
export function drawn(rows) {
  if (rows.length <= MOST_MARKS) return rows;
  return Array.from(
    { length: MOST_MARKS },
    (_, at) => rows[Math.floor((at * rows.length) / MOST_MARKS)],
  );
}

/**
 * Whether marks are small.
 * @param {Row[]} rows
 */
export function areMany(rows) {
  return rows.length > MANY_ROWS;
}

/** @type {WeakMap<Matrix, { patches: Patch[], range: Range | null }>} */
const known = new WeakMap();

/**
 * The surface in patches, one path for each class and each of four degrees of sureness. Numbers are cut at the middle of
 * their range. Worked out once for each answer.
 * @param {Matrix} said
 * @param {number} side
 * @param {Aim} aim
 * @returns {{ patches: Patch[], range: Range | null }}
 */
export function runs(said, side, aim) {
  let made = known.get(said);
  if (!made) {
    const range = aim === "numbers" ? rangeOf(said) : null;
    made = { range, patches: patchesOf(range ? halves(said, range) : surfaceOf(said), side) };
    known.set(said, made);
  }
  return made;
}

/**
 * The first output's range, over which numbers are cut at the middle.
 * @param {Matrix} said
 */
function rangeOf(said) {
  const range = extent(said.map(([first]) => [first]));
  return range.low <= range.high ? range : { low: 0, high: 1 };
}

/**
 * @param {Matrix} said
 * @param {Range} range
 */
function halves(said, { low, high }) {
  const [middle, half] = [(low + high) / 2, (high - low) / 2 || 1];
  return {
    classes: said.map(([value]) => (value >= middle ? 1 : 0)),
    sure: said.map(([value]) => Math.min(1, Math.abs(value - middle) / half) || 0),
  };
}

/**
 * @param {{ classes: number[], sure: number[] }} surface
 * @param {number} side
 * @returns {Patch[]}
 */
function patchesOf({ classes, sure }, side) {
  /** @type {Map<string, Patch>} */
  const patches = new Map();
  const levels = sure.map((it) => Math.min(LEVELS, 1 + Math.floor(it * LEVELS)));
  for (let start = 0; start < classes.length; ) {
    const [at, level] = [classes[start], levels[start]];
    const row = Math.floor(start / side);
    let end = start + 1;
    // Where the network gives no number there is no class.
    while (end < (row + 1) * side && classes[end] === at && levels[end] === level) end += 1;
    if (at < 0) {
      start = end;
      continue;
    }
    const key = `${at}:${level}`;
    const patch = patches.get(key) ?? { at, level, d: "" };
    patch.d += `M${start - row * side} ${row}h${end - start}v1h${start - end}z`;
    patches.set(key, patch);
    start = end;
  }
  return [...patches.values()];
}

/**
 * The rows as marks: one path for those of a class that are held back or not, wrong or not.
 * @param {Row[]} rows
 * @param {Grid} grid
 * @param {{ width: number, height: number }} size
 * @param {Aim} aim
 * @param {Range | null} range of numbers, which are cut at its middle
 */
export function dotPaths(rows, grid, size, aim, range) {
  const places = rows.map((row) => ({ ...placeOf(grid, row.x, size), place: row.place }));
  /** @type {(row: Row) => number} */
  const kind = ({ y }) =>
    aim === "numbers" && range ? Number(y[0] >= (range.low + range.high) / 2) : classAt(y);
  return { places, dots: marks(rows, places, kind) };
}

/**
 * @param {Row[]} rows
 * @param {Point[]} places
 * @param {(row: Row) => number} kind
 * @returns {Dots[]}
 */
function marks(rows, places, kind) {
  const radius = areMany(rows) ? SMALL_MARK : MARK;
  /** @type {Map<string, Dots>} */
  const groups = new Map();
  rows.forEach((row, index) => {
    const at = kind(row);
    const wrong = row.score?.right === false;
    const { held } = row.place;
    const key = `${Number(wrong)}${Number(held)}${at}`;
    const group = groups.get(key) ?? { at, held, wrong, d: { mark: "", ring: "" } };
    const [x, y] = [round(places[index].x), round(places[index].y)];
    group.d.mark += SHAPES[at % SHAPES.length](x, y, radius);
    if (wrong) group.d.ring += SHAPES[0](x, y, radius * 2);
    groups.set(key, group);
  });
  // What is wrong lies on top.
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/**
 * From the lowest to the highest target, and as far as the outputs go, but no further than as much again on either side: a
 * run that diverges would press everything else into one line.
 * @param {Matrix} said
 * @param {Row[]} rows
 * @returns {Range}
 */
function heights(said, rows) {
  const targets = extent(rows.map((it) => it.y));
  const outputs = extent(said);
  const reach = targets.high - targets.low || Math.abs(targets.high) || 1;
  const low = Math.min(targets.low, Math.max(outputs.low, targets.low - reach));
  const high = Math.max(targets.high, Math.min(outputs.high, targets.high + reach));
  const room = (high - low || reach) * 0.08;
  return { low: low - room, high: high + room };
}

/**
 * @param {Matrix} matrix
 * @returns {Range}
 */
function extent(matrix) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of matrix)
    for (const value of row)
      if (Number.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
  return { low, high };
}

/**
 * For one input: a line for each output, and the targets as marks.
 * @param {import("./data-setting.js").Surface} surface
 * @param {Row[]} rows
 * @param {{ width: number, height: number }} size
 */
export function curveOfOne({ grid, said }, rows, size) {
  const [across] = grid.ranges;
  const up = heights(said, rows);
  const { x, y } = scalesOf(across, up, size);
  const lines = (said[0] ?? []).map((_, k) =>
    linePath(grid.x.map(([value], at) => [x(value), y(said[at][k])])),
  );
  const outputs = said[0]?.length ?? 0;
  const spread = Array.from({ length: outputs }, (_, k) => {
    const places = rows.map((it) => ({
      x: x(it.x[0]),
      y: y(it.y[k]),
      place: it.place,
    }));
    return { places, dots: marks(rows, places, () => k) };
  });
  return {
    frame: { across, up, x, y },
    lines,
    dots: spread.flatMap((it) => it.dots),
    places: spread.flatMap((it) => it.places),
  };
}

/**
 * @param {Spot[]} places
 * @param {Point} at
 * @param {number} reach
 */
export function nearest(places, at, reach) {
  let [best, distance] = [/** @type {Spot | null} */ (null), reach];
  for (const spot of places) {
    const here = Math.hypot(spot.x - at.x, spot.y - at.y);
    if (here <= distance) [best, distance] = [spot, here];
  }
  return best;
}
