/**
 * The cost: beside one another what the network says and what is true, the gap between the two; for a squared cost the gap
 * becomes the side of a square, and the squares add up to C.
 */

import { largest, remembering } from "../base/format.js";
import { benchFor, benchMark } from "./bench.js";
import { cellOf, entriesOf, factorAt } from "./factors.js";
import { mark, numberMark, written } from "./marks.js";
import { between, LANDED, mix, part, shown } from "./motion.js";
import { spotOf } from "./places.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Tone} Tone */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./lines.js").Factor} Factor */
/** @typedef {{ said: Factor, right: Factor, gap: number, part: number }} Pair part: what it adds to a squared cost */

/** In text sizes. */
const HEIGHT = 8;
const BAR = 1.7;
const FOOT = 2.1;
const HEAD = 1.9;
const PAD = 0.9;
const SUM = 6;
/** From label to label of squares that are smaller than these. */
const LABEL = 1.05;
const MOST_PAIRS = 6;
/** When what happens. */
const FLY = [0, 0.2];
const GROW = [0.14, 0.3];
const GAP = [0.28, 0.38];
const SQUARE = [0.36, 0.5];
const STACK = [0.5, 0.64];
const TOTAL = [0.6, 0.68];

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Tone} tone of the result
 * @returns {((t: number, places: Places) => Mark[]) | null} null where there are too many numbers, or none to be drawn
 */
export function costFilm(iteration, node, tone) {
  const pairs = pairsOf(iteration, node);
  if (!pairs) return null;
  const isSquared = (node.op ?? "").includes("squared");
  const values = pairs.flatMap(({ said, right }) => [Number(said.value), Number(right.value), 0]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const gaps = pairs.reduce((sum, it) => sum + Math.abs(it.gap), 0);
  const high = Math.max(most - least, isSquared ? gaps : 0) || 1;
  const unit = HEIGHT / high;
  const widths = pairs.map((it) => 3 * BAR + (isSquared ? Math.abs(it.gap) * unit : 0) + 0.8);
  const sum = isSquared ? Math.max(SUM, ...pairs.map((it) => Math.abs(it.gap) * unit + 1)) : SUM;
  const extent = {
    width: widths.reduce((all, it) => all + it, 0) + sum + 2 * PAD,
    height: HEAD + HEIGHT + FOOT,
  };
  const benchIn = remembering((/** @type {Places} */ places) =>
    benchFor(places, extent, 1.1, blocks(node, places)),
  );
  return (t, places) => {
    const { box, size } = benchIn(places);
    const presence = shown(t);
    const scale = {
      size,
      unit: unit * size,
      base: box.y + (HEAD + HEIGHT + Math.min(0, least * unit)) * size,
    };
    const marks = [benchMark(box, presence)];
    let x = box.x + PAD * size;
    const right = box.x + box.width - sum * size;
    const floor = box.y + (HEAD + HEIGHT) * size;
    let bottom = floor;
    pairs.forEach((pair, index) => {
      const side = Math.abs(pair.gap) * scale.unit;
      marks.push(...bars(pair, index, t, x, scale, places));
      marks.push(
        ...gapMarks(pair, index, t, x, scale, isSquared ? { right, bottom, floor } : null),
      );
      x += widths[index] * size;
      bottom -= side;
    });
    const drawn = marks.slice(1).map((it) => ({ ...it, opacity: it.opacity * presence }));
    return [
      marks[0],
      ...drawn,
      ...total(node, t, { right, box, size, sum, tone }, places, presence),
    ];
  };
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @returns {Pair[] | null}
 */
function pairsOf(iteration, node) {
  const [said, right] = node.inputs.map((id) => iteration.node.get(id));
  if (node.inputs.length !== 2 || !said || !right) return null;
  const [cost] = node.value[0] ?? [];
  const entries = entriesOf(said);
  const others = entriesOf(right);
  if (entries.length > MOST_PAIRS || entries.length !== others.length) return null;
  const pairs = entries.map((entry, k) => {
    const [a, y] = [factorAt(iteration, entry), factorAt(iteration, others[k])];
    return { said: a, right: y, gap: Number(a.value) - Number(y.value), part: 0 };
  });
  const all = pairs.reduce((sum, { gap }) => sum + gap * gap, 0);
  // As large a part of C as its square is of all squares.
  for (const pair of pairs) pair.part = all === 0 ? 0 : (cost * pair.gap * pair.gap) / all;
  const sizes = largest([pairs.flatMap((it) => [Number(it.said.value), Number(it.right.value)])]);
  const isDrawn =
    pairs.every(({ gap }) => Number.isFinite(gap)) && sizes < 1e6 && Number.isFinite(cost);
  return isDrawn ? pairs : null;
}

/**
 * @param {Node} node
 * @param {Places} places
 */
function blocks({ id, inputs }, places) {
  return [id, ...inputs].map((it) => places.block(it, false)).filter((it) => it !== null);
}

/** @typedef {{ size: number, unit: number, base: number }} Scale */

/**
 * Two bars, grown out of the numbers that fly to their feet.
 * @param {Pair} pair
 * @param {number} index
 * @param {number} t
 * @param {number} left
 * @param {Scale} scale
 * @param {Places} places
 */
function bars({ said, right }, index, t, left, { size, unit, base }, places) {
  return [said, right].flatMap((factor, k) => {
    /** @type {Tone} */
    const tone = k === 0 ? "forward" : "target";
    const value = Number(factor.value);
    const x = left + (0.5 + k * 1.12) * BAR * 1.35 * size;
    const grown = value * unit * part(t, GROW[0], GROW[1]);
    const height = Math.max(Math.abs(grown), 0.16 * size);
    const text = written(value);
    const width = (0.56 * text.length + 0.4) * size * 0.86;
    const above = value >= 0 ? -0.75 : 0.75;
    const stand = {
      x,
      y: base - grown + above * size,
      width,
      height: 1.25 * size,
      size: 0.86 * size,
    };
    const cell = factor.from && "id" in factor.from ? spotOf(places, factor.from) : null;
    return [
      mark("area", `bar ${index} ${k}`, {
        x,
        y: base - grown / 2,
        width: BAR * size,
        height,
        tone,
        opacity: 0.85 * part(t, GROW[0] - 0.02, GROW[0] + 0.06),
      }),
      numberMark(
        `said ${index} ${k}`,
        text,
        between(cell ?? stand, stand, part(t, FLY[0], FLY[1])),
        {
          tone,
          opacity: part(t, 0, 0.05),
          emphasis: 0.1,
        },
      ),
    ];
  });
}

/**
 * The gap between the two; its square, on its way to the others.
 * @param {Pair} pair
 * @param {number} index
 * @param {number} t
 * @param {number} left
 * @param {Scale} scale
 * @param {{ right: number, bottom: number, floor: number } | null} stack where the squares meet, and where the lowest stands; null where nothing is squared
 */
function gapMarks(pair, index, t, left, { size, unit, base }, stack) {
  const side = Math.abs(pair.gap) * unit;
  const x = left + 2.75 * BAR * size;
  const middle = base - ((Number(pair.said.value) + Number(pair.right.value)) / 2) * unit;
  const opacity = part(t, GAP[0], GAP[1]);
  const line = mark("line", `gap ${index}`, {
    x,
    y: middle - side / 2,
    points: [x, middle - side / 2, x, middle + side / 2],
    tone: "backward",
    emphasis: 1,
    opacity: opacity * (stack ? 1 - part(t, STACK[0], STACK[0] + 0.06) : 1),
  });
  if (!stack) return [line];
  const wide = side * part(t, SQUARE[0], SQUARE[1]);
  const move = part(t, STACK[0], STACK[1]);
  const place = {
    x: mix(x + wide / 2, stack.right + side / 2, move),
    y: mix(middle, stack.bottom - side / 2, move),
  };
  const isLarge = side > 1.2 * size;
  const label = stack.floor - (0.5 + index) * LABEL * size;
  return [
    line,
    mark("area", `square ${index}`, {
      ...place,
      width: wide,
      height: side,
      tone: "backward",
      opacity: 0.42 * opacity,
    }),
    mark("text", `part ${index}`, {
      ...place,
      x: isLarge ? place.x : place.x + 2 * size,
      // Of small squares the labels would lie over one another.
      y: isLarge ? place.y : mix(middle, Math.min(stack.bottom - side / 2, label), move),
      size: 0.9 * size,
      text: written(pair.part),
      tone: "backward",
      opacity: part(t, SQUARE[1] - 0.06, SQUARE[1]),
    }),
  ];
}

/**
 * C, out of all of them, on its way to its card.
 * @param {Node} node
 * @param {number} t
 * @param {{ right: number, box: Box, size: number, sum: number, tone: Tone }} where
 * @param {Places} places
 * @param {number} presence
 */
function total(node, t, { right, box, size, sum, tone }, places, presence) {
  const [entry] = entriesOf(node);
  const value = node.value[0][0];
  const text = `${node.id} = ${written(value)}`;
  const width = (0.6 * text.length + 0.7) * size;
  const spot = {
    x: right + (sum * size) / 2 - 0.5 * size,
    y: box.y + box.height - 1.05 * size,
    width,
    height: 1.5 * size,
    size,
  };
  const cell = spotOf(places, cellOf(entry, false));
  const there = part(t, TOTAL[0], TOTAL[1]);
  const marks = [
    numberMark("total", text, spot, { tone, opacity: there * presence, emphasis: 0.6 }),
  ];
  if (!cell) return marks;
  marks.push(
    mark("hole", "hole 0", {
      ...cell,
      tone,
      opacity: part(t, 0, 0.1) * (1 - part(t, 0.74, LANDED)),
    }),
    numberMark(
      "result 0",
      value,
      between({ ...spot, width: cell.width }, cell, part(t, 0.67, LANDED)),
      {
        tone,
        emphasis: 1,
        opacity: part(t, 0.66, 0.69),
      },
    ),
  );
  return marks;
}
