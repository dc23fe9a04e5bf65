/**
 * The threads of routes through the graph: through the gradient's cell of every entry on the way, side by side where they
 * share one. Pure geometry.
 */

import { entryOf } from "../base/format.js";
import { entryBox } from "./level-of-detail.js";

/** @typedef {import("./graph-view.js").Drawing} Drawing */
/** @typedef {import("../state/drawn-routes.js").Route} Route */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {Point & { width: number }} Knot a line under a cell */
/** @typedef {{ route: Route, d: string, width: number, ends: Point[], knots: Knot[] }} Thread knots: where it goes through another cell than the other threads do */

const WIDTH = { least: 1.4, most: 6.5 };
/** Between two threads, and what all of them together may take of a cell's height. */
const BETWEEN = 1.2;
const BUNDLE = 17;
/** A cell of a heat map is too low for a line under it. */
const LEAST_KNOTTED = 14;

/**
 * @param {readonly Route[]} routes
 * @param {Drawing} drawing
 * @param {boolean} isKnown whether the products are: until then all are as thin
 * @returns {Thread[]}
 */
export function threadsOf(routes, drawing, isKnown) {
  const parting = partingOf(routes);
  const widths = widthsOf(routes.map(({ size }) => (isKnown ? size : 0)));
  const total = widths.reduce((sum, width) => sum + width + BETWEEN, -BETWEEN);
  let lane = -total / 2;
  return routes.flatMap((route, at) => {
    const aside = lane + widths[at] / 2;
    lane += widths[at] + BETWEEN;
    const middle = pointsOf(route.path, drawing);
    if (middle.length < 2) return [];
    const points = shifted(middle, aside);
    const ends = [points[0], points[points.length - 1]];
    const knots = knotsOf(route.path, drawing, parting);
    return [{ route, d: pathOf(points), width: widths[at], ends, knots }];
  });
}

/**
 * As thick as they are large; all thinner where they are many.
 * @param {number[]} sizes
 */
export function widthsOf(sizes) {
  const wanted = sizes.map((size) => WIDTH.least + size * (WIDTH.most - WIDTH.least));
  const total = wanted.reduce((sum, width) => sum + width, 0);
  const room = BUNDLE - BETWEEN * (sizes.length - 1);
  const scale = Math.min(1, Math.max(room, BETWEEN * sizes.length) / total);
  return wanted.map((width) => width * scale);
}

/**
 * The middles of the cells on the way; of folded layers, that of their card, once.
 * @param {readonly string[]} path
 * @param {Drawing} drawing
 */
function pointsOf(path, drawing) {
  /** @type {Point[]} */
  const points = [];
  let passed = "";
  for (const name of path) {
    const id = entryOf(name)?.id ?? "";
    const group = drawing.holder.get(id);
    const box = drawing.layout.boxes.get(group ?? id);
    if (!box || (group !== undefined && group === passed)) continue;
    passed = group ?? "";
    const cell = group === undefined ? cellOf(name, drawing) : null;
    points.push(cell ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  }
  return points;
}

/**
 * The cell of an entry's gradient: its middle and its size; null where its layer is folded.
 * @param {string} name
 * @param {Drawing} drawing
 */
function cellOf(name, { layout, cards }) {
  const entry = entryOf(name);
  const box = layout.boxes.get(entry?.id ?? "");
  const plan = cards.get(entry?.id ?? "")?.gradient;
  if (!entry || !box || !plan) return null;
  const { x, y, width, height } = entryBox(plan, box, entry);
  return { x: x + width / 2, y: y + height / 2, width, height };
}

/**
 * The nodes where some routes pass another entry than others.
 * @param {readonly Route[]} routes
 */
function partingOf(routes) {
  /** @type {Map<string, Set<string>>} */
  const entries = new Map();
  for (const name of routes.flatMap(({ path }) => path)) {
    const id = entryOf(name)?.id ?? "";
    entries.set(id, (entries.get(id) ?? new Set()).add(name));
  }
  return new Set([...entries].flatMap(([id, names]) => (names.size > 1 ? [id] : [])));
}

/**
 * @param {readonly string[]} path
 * @param {Drawing} drawing
 * @param {ReadonlySet<string>} parting
 * @returns {Knot[]}
 */
function knotsOf(path, drawing, parting) {
  return path.flatMap((name) => {
    const cell = parting.has(entryOf(name)?.id ?? "") ? cellOf(name, drawing) : null;
    if (!cell || cell.height < LEAST_KNOTTED) return [];
    return [{ x: cell.x, y: cell.y + cell.height / 2 + 1, width: cell.width - 6 }];
  });
}

/**
 * Whether a way runs rather down or up than to a side.
 * @param {readonly Point[]} points
 */
function isDown(points) {
  const last = points[points.length - 1];
  return Math.abs(last.y - points[0].y) > Math.abs(last.x - points[0].x);
}

/**
 * @param {readonly Point[]} points
 * @param {number} by
 */
function shifted(points, by) {
  const down = isDown(points);
  return points.map(({ x, y }) => (down ? { x: x + by, y } : { x, y: y + by }));
}

/**
 * A smooth line through points: it leaves each as it comes to it, along the way.
 * @param {readonly Point[]} points
 */
function pathOf(points) {
  const down = isDown(points);
  const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;
  const parts = points.slice(1).map((to, at) => {
    const from = points[at];
    const half = down ? (to.y - from.y) / 2 : (to.x - from.x) / 2;
    const [a, b] = down
      ? [`${round(from.x)} ${round(from.y + half)}`, `${round(to.x)} ${round(to.y - half)}`]
      : [`${round(from.x + half)} ${round(from.y)}`, `${round(to.x - half)} ${round(to.y)}`];
    return `C${a} ${b} ${round(to.x)} ${round(to.y)}`;
  });
  return `M${round(points[0].x)} ${round(points[0].y)}${parts.join("")}`;
}
