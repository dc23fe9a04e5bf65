/**
 * An activation: each m finds its place under the curve, rises to it, and its height is a. On the way back, the tangent
 * there: its slope goes to the chip and meets what arrives.
 */

import { largest, remembering, share } from "../base/format.js";
import { partialBetween } from "../trace/rule.js";
import { edgeSums } from "./backward.js";
import { benchFor, benchMark } from "./bench.js";
import {
  CURVE_SIZE,
  curveMarks,
  dotMark,
  holds,
  lineMark,
  plotOf,
  pointBetween,
  tangentMark,
} from "./curve.js";
import { cellOf, entriesOf, factorAt } from "./factors.js";
import { mark, numberMark, written } from "./marks.js";
import { between, part, shown, turnOf } from "./motion.js";
import { chipSpot, spotOf } from "./places.js";
import { neededBy, sumsFilm } from "./sums.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./curve.js").Curve} Curve */
/** @typedef {import("./curve.js").Dot} Dot */

const FLY = [0.66, 1];

/**
 * What goes in and what comes out, entry by entry.
 * @param {Iteration} iteration
 * @param {Node} node
 * @returns {Dot[]}
 */
function dotsOf(iteration, node) {
  const into = /** @type {Node} */ (iteration.node.get(node.inputs[0]));
  return entriesOf(node).map(({ row, column }) => ({
    m: into.value[row][column],
    a: node.value[row][column],
  }));
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Curve} curve
 * @returns {((t: number, places: Places) => Mark[]) | null} null where a number is beyond the curve
 */
export function activationFilm(iteration, node, curve) {
  const dots = dotsOf(iteration, node);
  if (!holds(curve, dots)) return null;
  const plot = plotOf(curve, dots, { m: node.inputs[0], a: node.id });
  const entries = entriesOf(node);
  const sums = entries.map((entry, index) => ({
    terms: [[factorAt(iteration, { ...entry, id: node.inputs[0] })]],
    result: dots[index].a,
    to: cellOf(entry, false),
  }));
  const most = largest(node.value);
  const benchIn = remembering((/** @type {Places} */ places) =>
    benchFor(places, CURVE_SIZE, Infinity, neededBy(sums, places)),
  );
  return (t, places) => {
    const bench = benchIn(places);
    const { box, size } = bench;
    const presence = shown(t);
    const marks = [benchMark(box, presence)];
    for (const it of curveMarks(plot, box, size)) marks.push({ ...it, opacity: presence });
    sums.forEach((sum, index) => {
      const u = turnOf(t, index, sums.length);
      const strength = 0.3 + 0.7 * share(sum.result, most);
      marks.push(...risen(plot, dots[index], sum, index, u, places, bench, presence));
      marks.push(...arrived(plot, dots[index], sum, index, u, places, bench, strength));
    });
    return marks;
  };
}

/**
 * @param {import("./curve.js").Plot} plot
 * @param {Dot} dot
 * @param {import("./lines.js").Sum} sum
 * @param {number} index
 * @param {number} u
 * @param {Places} places
 * @param {{ box: Box, size: number }} bench
 * @param {number} presence
 */
function risen(plot, dot, { terms }, index, u, places, { box, size }, presence) {
  const [[{ value, from, tone }]] = terms;
  const foot = plot.at({ m: dot.m, a: 0 }, box, size);
  const there = plot.at(dot, box, size);
  const text = written(value);
  const stand = { ...foot, width: (0.6 * text.length + 0.6) * size, height: 1.5 * size, size };
  const cell = from && "id" in from ? spotOf(places, from) : null;
  const fly = cell ? part(u, 0, 0.36) : 1;
  const rise = part(u, 0.36, 0.6);
  const isThere = part(u, 0.3, 0.38);
  const now = pointBetween(foot, there, rise);
  return [
    ...(cell
      ? [mark("ring", `ring ${index}`, { ...cell, tone, opacity: part(u, 0, 0.1) * (1 - rise) })]
      : []),
    lineMark(`height ${index}`, [foot, now], {
      tone: "soft",
      emphasis: 0.4,
      opacity: isThere * presence,
    }),
    dotMark(`dot ${index}`, now, size, { tone: "forward", opacity: isThere * presence }),
    numberMark(`m ${index}`, text, between(cell ?? stand, stand, fly), {
      tone,
      emphasis: 0.3,
      opacity: part(u, 0, 0.07) * (1 - part(u, 0.34, 0.46)) * presence,
    }),
  ];
}

/**
 * The height, on its way to its cell.
 * @param {import("./curve.js").Plot} plot
 * @param {Dot} dot
 * @param {import("./lines.js").Sum} sum
 * @param {number} index
 * @param {number} u
 * @param {Places} places
 * @param {{ box: Box, size: number }} bench
 * @param {number} emphasis
 */
function arrived(plot, dot, { result, to }, index, u, places, { box, size }, emphasis) {
  const cell = to && spotOf(places, to);
  if (!cell) return [];
  const text = written(result);
  const there = plot.at(dot, box, size);
  const width = (0.6 * text.length + 0.75) * size;
  const start = { x: there.x, y: there.y - 1.3 * size, width, height: 1.5 * size, size };
  const opacity = part(u, 0.5, 0.6);
  const hole = part(u, 0, 0.1) * (1 - part(u, 0.9, 1));
  return [
    mark("hole", `hole ${index}`, { ...cell, tone: "forward", opacity: hole }),
    numberMark(`result ${index}`, text, between(start, cell, part(u, FLY[0], FLY[1]), 0.06), {
      tone: "forward",
      opacity,
      emphasis,
    }),
  ];
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge of an activation
 * @param {Curve} curve
 * @returns {((t: number, places: Places) => Mark[]) | null}
 */
export function slopeFilm(iteration, edge, curve) {
  const node = /** @type {Node} */ (iteration.node.get(edge.of));
  const dots = dotsOf(iteration, node);
  if (!holds(curve, dots)) return null;
  const plot = plotOf(curve, dots, { m: node.inputs[0], a: node.id });
  const slopes = entriesOf(node).map((of) => partialBetween(edge, of, { ...of, id: edge.wrt }));
  const many = dots.length;
  /** @type {import("./lines.js").Figure} */
  const figure = {
    ...CURVE_SIZE,
    marks: (t, box, size) => [
      ...curveMarks(plot, box, size),
      ...dots.flatMap((dot, index) => {
        const u = turnOf(t, index, many);
        const tangent = part(u, 0.02, 0.3) * (1 - 0.3 * part(u, 0.6, 1));
        return [
          tangentMark(plot, `tangent ${index}`, dot, slopes[index], { box, size }, tangent),
          dotMark(`dot ${index}`, plot.at(dot, box, size), size, { tone: "forward" }),
        ];
      }),
    ],
    spot: (index, box, size) => {
      const text = written(slopes[index]);
      const { x, y } = plot.at(dots[index], box, size);
      return {
        x,
        y: y - 0.4 * size,
        width: (0.6 * text.length + 0.75) * size,
        height: 1.5 * size,
        size,
      };
    },
  };
  const film = sumsFilm(edgeSums(iteration, edge, figure));
  return (t, places) => [...film(t, places), ...stamps(slopes, edge.key, t, places)];
}

/**
 * The slopes, stamped on the chip in turn.
 * @param {readonly number[]} slopes
 * @param {string} key
 * @param {number} t
 * @param {Places} places
 * @returns {Mark[]}
 */
function stamps(slopes, key, t, places) {
  const spot = chipSpot(places, key);
  if (!spot) return [];
  return slopes.map((slope, index) => {
    const u = turnOf(t, index, slopes.length);
    const grown = 2.4 - 0.9 * part(u, 0.3, 0.5);
    const { width, height, size } = spot;
    const large = { width: 1.3 * width * grown, height: height * grown, size: size * grown };
    return numberMark(
      `stamp ${index}`,
      slope,
      { ...spot, ...large },
      {
        tone: "backward",
        emphasis: 0.6,
        opacity: part(u, 0.3, 0.46) * (1 - part(u, 0.7, 0.86)),
      },
    );
  });
}
