/**
 * The beats of an iteration, and what is known at a moment of it.
 *
 * A beat is one operation: a node computed, an edge walked back, a line of the optimizer's rule worked out for a
 * parameter, whose last line moves it. Time t runs from 0 (nothing
 * computed yet) to the number of beats; beat k is under way while k < t ≤ k + 1. What is known is a pure function of
 * (beats, t), so a scrubber, stepping back, reduced motion and exact tests come free.
 */

import { edgeKey } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {"forward" | "cost" | "backward" | "update"} Phase */
/** @typedef {"blank" | "computed" | "stale"} Known */
/**
 * @typedef {object} Beat
 * @property {number} index
 * @property {Phase} phase
 * @property {"node" | "edge" | "line" | "update"} kind line: a line of the optimizer's rule; update: its last, which moves the parameter
 * @property {string} subject    a node's id, an edge's key, or a parameter's id
 * @property {string} shows      the node whose value or gradient the beat brings
 * @property {string[]} along    keys of the edges that light up
 * @property {string} [line]     the name of the line
 */
/**
 * @typedef {object} Moment
 * @property {Beat | null} beat              the beat under way or just done; null at the start
 * @property {number} done                   how many beats have brought their result
 * @property {Record<string, Known>} values  by node id
 * @property {Record<string, Known>} gradients by node id
 * @property {Record<string, Known>} edges   by edge key: its local partial and contribution
 * @property {Set<string>} updated           parameters that have moved
 */

/** The part of a beat after which its result stands there: before it, it comes to be; after it, there is time to read. */
export const ARRIVAL = 0.8;

/**
 * @param {Iteration} iteration
 * @returns {Beat[]}
 */
export function beatsOf(iteration) {
  /** @type {Omit<Beat, "index">[]} */
  const beats = [];
  for (const node of iteration.nodes) {
    if (node.role !== "computed") continue;
    const along = node.inputs.map((_, slot) => edgeKey(node, slot));
    const phase = node.id === iteration.output ? "cost" : "forward";
    beats.push({ phase, kind: "node", subject: node.id, shows: node.id, along });
  }
  for (const edge of iteration.edges) {
    beats.push({
      phase: "backward",
      kind: "edge",
      subject: edge.key,
      shows: edge.wrt,
      along: [edge.key],
    });
  }
  for (const { parameter, lines } of iteration.updates) {
    /** @type {Omit<Beat, "index">} */
    const beat = {
      phase: "update",
      kind: "update",
      subject: parameter,
      shows: parameter,
      along: [],
    };
    for (const { name } of lines) beats.push({ ...beat, kind: "line", line: name });
    beats.push(beat);
  }
  return beats.map((beat, index) => ({ ...beat, index }));
}

/**
 * The nodes that a beat is about: what it takes, and what it brings.
 * @param {Iteration} iteration
 * @param {Beat | null} beat
 * @returns {Set<string>}
 */
export function activeIn({ node, edge }, beat) {
  if (!beat) return new Set();
  if (beat.kind === "node")
    return new Set([beat.subject, ...(node.get(beat.subject)?.inputs ?? [])]);
  const walked = edge.get(beat.subject);
  return new Set(walked ? [walked.of, walked.wrt, ...walked.uses] : [beat.subject]);
}

/**
 * The index of the beat under way or just done at t; −1 at the start.
 * @param {number} t
 */
export function currentIndex(t) {
  return Math.ceil(t) - 1;
}

/**
 * How far the beat under way is, from 0 to 1; 1 at the start, where none is.
 * @param {number} t
 */
export function progress(t) {
  return t === Math.ceil(t) ? 1 : t - Math.floor(t);
}

/**
 * How many beats have brought their result at t.
 * @param {number} t
 */
export function doneAt(t) {
  return Math.floor(t + (1 - ARRIVAL));
}

/**
 * The time at which the forward pass is done, up to the cost: as an iteration opens.
 * @param {Beat[]} beats
 */
export function forwardDone(beats) {
  return beats.filter(({ phase }) => phase === "forward" || phase === "cost").length;
}

/**
 * @typedef {object} PhaseSpan
 * @property {Phase} phase
 * @property {number} start
 * @property {number} end
 */
/**
 * The phases in order, each from the time before its first beat to the time after its last.
 * @param {Beat[]} beats
 * @returns {PhaseSpan[]}
 */
export function phasesOf(beats) {
  /** @type {PhaseSpan[]} */
  const spans = [];
  for (const beat of beats) {
    const last = spans[spans.length - 1];
    if (last?.phase === beat.phase) last.end = beat.index + 1;
    else spans.push({ phase: beat.phase, start: beat.index, end: beat.index + 1 });
  }
  return spans;
}

/**
 * The time one beat on or back from t, within the iteration.
 * @param {Beat[]} beats
 * @param {number} t
 * @param {1 | -1} direction
 */
export function byBeat(beats, t, direction) {
  const goal = direction > 0 ? Math.floor(t) + 1 : Math.ceil(t) - 1;
  return Math.min(Math.max(goal, 0), beats.length);
}

/**
 * The time at the end of this phase, or back at its start.
 * @param {Beat[]} beats
 * @param {number} t
 * @param {1 | -1} direction
 */
export function byPhase(beats, t, direction) {
  const spans = phasesOf(beats);
  if (direction > 0) return spans.find((span) => span.end > t)?.end ?? beats.length;
  return spans.findLast((span) => span.start < t)?.start ?? 0;
}

/**
 * What is known when `done` beats have brought their results.
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {number} t
 * @returns {Moment}
 */
export function momentAt(iteration, beats, t) {
  const done = doneAt(t);
  const beat = beats[currentIndex(t)] ?? null;
  const values = Object.fromEntries(iteration.nodes.map((it) => [it.id, leafKnown(it.role)]));
  const gradients = Object.fromEntries(iteration.nodes.map((it) => [it.id, blank()]));
  const edges = Object.fromEntries(iteration.edges.map((it) => [it.key, blank()]));
  const missing = countInto(iteration);
  const updated = new Set();
  // What no edge leads to: the output, and what it does not depend on.
  if (beat?.phase === "backward" || beat?.phase === "update")
    for (const { id } of iteration.nodes) if (!missing[id]) gradients[id] = "computed";
  for (const past of beats.slice(0, done)) {
    if (past.kind === "node") values[past.subject] = "computed";
    if (past.kind === "update") updated.add(past.subject);
    if (past.kind === "edge") {
      edges[past.subject] = "computed";
      missing[past.shows] -= 1;
      if (missing[past.shows] === 0) gradients[past.shows] = "computed";
    }
  }
  if (updated.size > 0) age(iteration, updated, values, gradients, edges);
  return { beat, done, values, gradients, edges, updated };
}

/** @returns {Known} */
function blank() {
  return "blank";
}

/**
 * @param {string} role
 * @returns {Known}
 */
function leafKnown(role) {
  return role === "computed" ? "blank" : "computed";
}

/**
 * How many edges lead back into each node: its gradient is whole when all have been walked.
 * @param {Iteration} iteration
 */
function countInto(iteration) {
  /** @type {Record<string, number>} */
  const count = {};
  for (const edge of iteration.edges) count[edge.wrt] = (count[edge.wrt] ?? 0) + 1;
  return count;
}

/**
 * After an update, all that was computed with the old parameter is stale: values that depend on it, and every gradient.
 * @param {Iteration} iteration
 * @param {Set<string>} updated
 * @param {Record<string, Known>} values
 * @param {Record<string, Known>} gradients
 * @param {Record<string, Known>} edges
 */
function age(iteration, updated, values, gradients, edges) {
  const touched = new Set(updated);
  for (const node of iteration.nodes) {
    if (node.inputs.some((input) => touched.has(input))) {
      touched.add(node.id);
      values[node.id] = "stale";
    }
  }
  for (const id of Object.keys(gradients))
    if (gradients[id] === "computed") gradients[id] = "stale";
  for (const key of Object.keys(edges)) if (edges[key] === "computed") edges[key] = "stale";
}

/**
 * A node's value at a moment: a parameter that has moved has its new one.
 * @param {Iteration} iteration
 * @param {Moment} moment
 * @param {string} id
 */
export function valueNow(iteration, moment, id) {
  const update = moment.updated.has(id) && iteration.updates.find((it) => it.parameter === id);
  return update ? update.after : (iteration.node.get(id)?.value ?? []);
}

/**
 * The beat that computed a node's value, or −1 for a leaf: where a cached number comes from.
 * @param {Beat[]} beats
 * @param {string} id
 */
export function computedIn(beats, id) {
  return beats.findIndex((beat) => beat.kind === "node" && beat.subject === id);
}
