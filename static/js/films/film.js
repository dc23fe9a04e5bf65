/**
 * The film of a beat: what it shows at a time between 0 and 1, in the places where the cards stand. At 0 nothing has left; at
 * 1 each result stands in its cell, and nothing else is there.
 */

import { remembering } from "../base/format.js";
import { ARRIVAL } from "../time/timeline.js";
import { isLoss } from "../trace/scores.js";
import { edgeKey } from "../trace/trace.js";
import { activationFilm, slopeFilm } from "./activation.js";
import { edgeSums } from "./backward.js";
import { costFilm } from "./cost.js";
import { flowMarks } from "./flow.js";
import { gridFilm } from "./grid.js";
import { visible } from "./marks.js";
import { otherOf } from "./other.js";
import { areNumbers } from "./places.js";
import { productOf } from "./product.js";
import { sumsFilm } from "./sums.js";
import { sweepFilm } from "./sweep.js";
import { lineGrid, updateGrid } from "./update.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Tone} Tone */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./sweep.js").Swept} Swept */
/** @typedef {(t: number, places: Places) => Mark[]} Showing */
/** @typedef {Showing & { still: number, tone: Tone, backward: boolean }} Film still: the time that tells most, for a reader who wants less motion */
/** @typedef {import("./curves.js").CurveOf} CurveOf */

/** All has been worked out and has landed, and nothing is gone yet. */
const STILL = ARRIVAL;

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {CurveOf} [curveOf] the curve of a node's activation, where it is known
 * @returns {Film}
 */
export function filmOf(iteration, beat, curveOf = () => null) {
  const { near, far, blocks, tone, backward } = filmsOf(iteration, beat, curveOf);
  /** @type {Showing} */
  const film = (t, places) => {
    const showing = areNumbers(places, blocks) ? near : far;
    return visible([...flowMarks(t, places, tone, backward), ...showing(t, places)]);
  };
  return Object.assign(film, { still: STILL, tone, backward });
}

/**
 * What is shown where all numbers can be read, and where some matrix is a heat map.
 * @typedef {{ near: Showing, far: Showing, blocks: Swept[], tone: Tone, backward: boolean }} Films
 */

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {CurveOf} curveOf
 * @returns {Films}
 */
function filmsOf(iteration, beat, curveOf) {
  if (beat.kind === "node") return nodeFilms(iteration, beat, curveOf);
  if (beat.kind === "edge") return edgeFilms(iteration, beat, curveOf);
  return updateFilms(iteration, beat);
}

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {CurveOf} curveOf
 * @returns {Films}
 */
function nodeFilms(iteration, { subject, phase }, curveOf) {
  const node = /** @type {Node} */ (iteration.node.get(subject));
  const edges = edgesInto(iteration, node);
  const tone = phase === "cost" ? "cost" : "forward";
  const curve = edges.length === 1 ? curveOf(iteration, node) : null;
  const own = isLoss(iteration, node)
    ? costFilm(iteration, node, tone)
    : curve && activationFilm(iteration, node, curve);
  const near =
    own ?? sumsFilm(productOf(iteration, node, edges) ?? otherOf(iteration, node, edges));
  const sources = node.inputs.map((id) => swept(iteration, id, false));
  const goal = { id: subject, gradient: false, tone: /** @type {Tone} */ (tone) };
  const far = sweepFilm(sources, goal);
  return { near, far, blocks: [...sources, goal], tone, backward: false };
}

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {CurveOf} curveOf
 * @returns {Films}
 */
function edgeFilms(iteration, { subject }, curveOf) {
  const edge = /** @type {Edge} */ (iteration.edge.get(subject));
  const of = /** @type {Node} */ (iteration.node.get(edge.of));
  const curve =
    edge.rule === "elementwise" && of.inputs.length === 1 ? curveOf(iteration, of) : null;
  const near =
    (curve && slopeFilm(iteration, edge, curve)) ?? sumsFilm(edgeSums(iteration, edge, null));
  const sources = [
    swept(iteration, edge.of, true),
    ...edge.uses.map((id) => swept(iteration, id, false)),
  ];
  const goal = swept(iteration, edge.wrt, true);
  return {
    near,
    far: sweepFilm(sources, goal),
    blocks: [...sources, goal],
    tone: "backward",
    backward: true,
  };
}

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @returns {Films}
 */
function updateFilms(iteration, { subject, kind, line }) {
  const update = iteration.updates.find((it) => it.parameter === subject);
  const source = swept(iteration, subject, true);
  /** @type {Swept} */
  const goal = { id: subject, gradient: false, tone: "update" };
  const far = sweepFilm([source], kind === "update" ? goal : null);
  const grid =
    update && (kind === "line" ? lineGrid(update, line ?? "") : updateGrid(iteration, update));
  return {
    near: grid ? gridFilm(grid) : far,
    far,
    blocks: [source, goal],
    tone: "update",
    backward: false,
  };
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @param {boolean} gradient
 * @returns {Swept}
 */
function swept(iteration, id, gradient) {
  const isParameter = iteration.node.get(id)?.role === "parameter";
  return { id, gradient, tone: gradient ? "backward" : isParameter ? "update" : "forward" };
}

/** @typedef {import("./lines.js").Sums} Sums */

/**
 * What each result of a beat is made of, entry by entry; null where a beat is no sum of products: an optimizer's.
 * @param {Iteration} iteration
 * @param {Beat} beat
 */
export function sumsOf(iteration, beat) {
  return sumsIn(iteration)(beat);
}

const sumsIn = remembering((/** @type {Iteration} */ iteration) =>
  remembering((/** @type {Beat} */ beat) => sumsMade(iteration, beat)),
);

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @returns {Sums | null}
 */
function sumsMade(iteration, { kind, subject }) {
  const edge = iteration.edge.get(subject);
  if (kind === "edge" && edge) return edgeSums(iteration, edge, null);
  const node = kind === "node" ? iteration.node.get(subject) : null;
  if (!node) return null;
  const edges = edgesInto(iteration, node);
  return productOf(iteration, node, edges) ?? otherOf(iteration, node, edges);
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @returns {Edge[]} by slot
 */
function edgesInto(iteration, node) {
  return node.inputs.flatMap((_, slot) => iteration.edge.get(edgeKey(node, slot)) ?? []);
}
