/**
 * Equations on the bench: what stands in each, and how they are arranged so that they fit: beside one another as the results
 * stand on their card, or one below the other, or the first of them only.
 */

import { bestBench, roomOf, textSize } from "./bench.js";
import { written } from "./marks.js";

/** @typedef {import("./marks.js").Tone} Tone */
/** @typedef {import("./marks.js").Spot} Spot */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./places.js").Cell} Cell */
/** @typedef {{ chip: string } | { figure: number }} Elsewhere the chip of an edge, or a point of the figure */
/** @typedef {{ value: number | string, from: Cell | Elsewhere | null, tone: Tone }} Factor from: null for what stands nowhere */
/** @typedef {{ terms: Factor[][], result: number, to: Cell | null, around?: readonly string[] }} Sum of products; around: where it is something else of single numbers, what stands before each, and behind the last */
/**
 * What is drawn beside the equations, so many times as wide and high as the text.
 * @typedef {object} Figure
 * @property {number} width
 * @property {number} height
 * @property {(t: number, box: Box, size: number) => import("./marks.js").Mark[]} marks
 * @property {(index: number, box: Box, size: number) => Spot} spot
 */
/**
 * @typedef {object} Sums
 * @property {Sum[]} sums
 * @property {number} columns as the results stand on their card
 * @property {Tone} tone of the results
 * @property {boolean} backward against the edges
 * @property {string} [open] what is done with the terms: "softmax("
 * @property {string} [between] what stands between the terms, where they are not added up
 * @property {Figure | null} [figure]
 */
/** @typedef {{ kind: "factor" | "sign" | "result", text: string, factor?: Factor, term: number }} Token */
/** @typedef {{ tokens: Token[], spots: Spot[] }} Line */
/** @typedef {{ size: number, bench: Box, figure: Box | null, lines: Line[] }} Arrangement */

const LINE = 1.85;
const HIGH = 1.5;
const PAD = 0.7;
const BETWEEN = 1.5;
/** What it costs to write smaller, and to leave equations out, where hiding a whole matrix costs 6. */
const SMALLER = 5;
const FEWER = 6;
/** Text gets smaller, down to this share, before a line is left out. */
const SHRINKS = [1, 0.88, 0.76];
const LEAST = SHRINKS[SHRINKS.length - 1];
const FEW = [3, 2, 1];

/**
 * @param {Sums} sums
 * @param {Places} places
 * @param {readonly Box[]} needed what the bench must not hide
 * @returns {Arrangement}
 */
export function arranged({ sums, columns, open, between = "+", figure }, places, needed) {
  const tokens = sums.map((it) => tokensOf(it, open ?? "", between));
  const room = roomOf(places);
  const whole = textSize(places);
  const first = tokens.slice(0, columns);
  const tries = SHRINKS.flatMap((shrink) => [
    grid(tokens, columns, whole * shrink),
    grid(tokens, 1, whole * shrink),
    ...(first.length < tokens.length ? [grid(first, columns, whole * shrink)] : []),
  ]);
  for (const many of FEW) tries.push(grid(tokens.slice(0, many), 1, whole * LEAST));
  const most = figure ? { ...figure } : { width: 0, height: 0 };
  const withFigure = tries.flatMap((it) => sides(it, most).map((how) => ({ ...it, ...how })));
  const fits = withFigure.filter((it) => it.width <= room.width && it.height <= room.height);
  if (fits.length === 0)
    fits.push({ ...wrapped(tokens[0] ?? [], room.width, whole * LEAST), at: null, dx: 0, dy: 0 });
  const costs = fits.map((it) => {
    const { box, cost } = bestBench(places, it, needed);
    const less = SMALLER * (1 - it.size / whole) + FEWER * (1 - it.lines.length / tokens.length);
    return { it, box, cost: cost + less };
  });
  const best = costs.reduce((a, b) => (b.cost < a.cost ? b : a));
  return placed(best.it, best.box);
}

/** @typedef {{ size: number, width: number, height: number, lines: Line[] }} Block lines from 0, 0 */

/**
 * Beside a figure or under it; as it is where there is none.
 * @param {Block} block
 * @param {{ width: number, height: number }} figure
 */
function sides({ size, width, height }, figure) {
  if (figure.width === 0) return [{ width, height, at: null, dx: 0, dy: 0 }];
  const [w, h] = [figure.width * size, figure.height * size];
  return [
    {
      width: w + width,
      height: Math.max(h, height),
      at: { x: 0, y: Math.max(0, (height - h) / 2), width: w, height: h },
      dx: w,
      dy: Math.max(0, (h - height) / 2),
    },
    {
      width: Math.max(w, width),
      height: h + height,
      at: { x: Math.max(0, (width - w) / 2), y: 0, width: w, height: h },
      dx: Math.max(0, (w - width) / 2),
      dy: h,
    },
  ];
}

/**
 * @param {Block & { at: Box | null, dx?: number, dy?: number }} chosen
 * @param {Box} bench
 * @returns {Arrangement}
 */
function placed({ size, lines, at, dx = 0, dy = 0 }, bench) {
  return {
    size,
    bench,
    figure: at && { ...at, x: bench.x + at.x, y: bench.y + at.y },
    lines: lines.map(({ tokens, spots }) => ({
      tokens,
      spots: spots.map((it) => ({ ...it, x: bench.x + dx + it.x, y: bench.y + dy + it.y })),
    })),
  };
}

/**
 * @param {Sum} sum
 * @param {string} open
 * @param {string} between
 * @returns {Token[]}
 */
function tokensOf({ terms, result, around }, open, between) {
  if (around) return aroundTokens(terms, around, result);
  /** @type {Token[]} */
  const tokens = open ? [{ kind: "sign", text: open, term: -1 }] : [];
  terms.forEach((factors, term) => {
    if (term > 0) tokens.push({ kind: "sign", text: between, term: -1 });
    factors.forEach((factor, at) => {
      if (at > 0) tokens.push({ kind: "sign", text: "·", term });
      tokens.push({ kind: "factor", text: written(factor.value), factor, term });
    });
  });
  tokens.push({ kind: "sign", text: open ? ") =" : "=", term: -1 });
  tokens.push({ kind: "result", text: written(result), term: -1 });
  return tokens;
}

/**
 * @param {Factor[][]} terms
 * @param {readonly string[]} around
 * @param {number} result
 * @returns {Token[]}
 */
function aroundTokens(terms, around, result) {
  const tokens = around.flatMap((text, term) => {
    const [factor] = terms[term] ?? [];
    /** @type {Token[]} */
    const found = text.trim() ? [{ kind: "sign", text: text.trim(), term: -1 }] : [];
    if (factor) found.push({ kind: "factor", text: written(factor.value), factor, term });
    return found;
  });
  return [
    ...tokens,
    { kind: "sign", text: "=", term: -1 },
    { kind: "result", text: written(result), term: -1 },
  ];
}

/**
 * How wide a token is, in text sizes.
 * @param {Token} token
 */
function widthOf({ kind, text }) {
  return kind === "sign" ? 0.52 * text.length + 0.28 : 0.6 * text.length + 0.75;
}

/**
 * Lines in columns; tokens of the same place stand below one another.
 * @param {Token[][]} all
 * @param {number} columns
 * @param {number} size
 * @returns {Block}
 */
function grid(all, columns, size) {
  const many = Math.max(0, ...all.map((it) => it.length));
  const widths = Array.from({ length: many }, (_, k) =>
    Math.max(0, ...all.map((tokens) => (tokens[k] ? widthOf(tokens[k]) : 0))),
  );
  const column = widths.reduce((sum, it) => sum + it, 0);
  const lines = all.map((tokens, index) => {
    let x = PAD + (index % columns) * (column + BETWEEN);
    const y = PAD + (Math.floor(index / columns) + 0.5) * LINE;
    const spots = tokens.map((_, k) => {
      const spot = { x: x + widths[k] / 2, y, width: widths[k] - 0.16, height: HIGH, size: 1 };
      x += widths[k];
      return scaled(spot, size);
    });
    return { tokens, spots };
  });
  const rows = Math.ceil(all.length / columns);
  const used = Math.min(columns, all.length);
  const width = (2 * PAD + used * column + (used - 1) * BETWEEN) * size;
  return { size, width, height: (2 * PAD + rows * LINE) * size, lines };
}

/**
 * One equation in several lines, in the width that there is.
 * @param {Token[]} tokens
 * @param {number} width
 * @param {number} size
 * @returns {Block}
 */
function wrapped(tokens, width, size) {
  let [x, row] = [PAD, 0];
  const spots = tokens.map((token) => {
    const wide = widthOf(token);
    if ((x + wide + PAD) * size > width && x > PAD) [x, row] = [PAD, row + 1];
    const spot = { x: x + wide / 2, y: PAD + (row + 0.5) * LINE, width: wide - 0.16 };
    x += wide;
    return scaled({ ...spot, height: HIGH, size: 1 }, size);
  });
  return { size, width, height: (2 * PAD + (row + 1) * LINE) * size, lines: [{ tokens, spots }] };
}

/**
 * @param {Spot} spot
 * @param {number} by
 * @returns {Spot}
 */
function scaled({ x, y, width, height, size }, by) {
  return { x: x * by, y: y * by, width: width * by, height: height * by, size: size * by };
}
