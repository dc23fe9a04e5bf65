/**
 * Each beat as a sentence in plain English: what happens, from what, and why.
 */

import { short } from "../base/format.js";
import { optimizerOf } from "../trace/trace.js";
import { computedIn } from "./timeline.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("./timeline.js").Beat} Beat */

/** @type {Record<import("./timeline.js").Phase, string>} */
export const PHASE_NAMES = {
  forward: "Forward",
  cost: "Cost",
  backward: "Backward",
  update: "Update",
};

export const KINDS = {
  x: "input",
  y: "target",
  W: "weights",
  b: "bias",
  m: "pre-activation",
  a: "activation",
  C: "cost",
};

/**
 * What a node is called in words: "pre-activation m0".
 * @param {string} id
 */
export function called(id) {
  const kind = /** @type {Record<string, string>} */ (KINDS)[id.replace(/\d+$/, "")];
  return kind ? `${kind} ${id}` : id;
}

/**
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat | null} beat
 * @returns {string}
 */
export function sentence(iteration, beats, beat) {
  if (!beat) return startSentence(iteration);
  if (beat.kind === "line") return lineSentence(iteration, beat);
  if (beat.kind === "update") return updateSentence(iteration, beats, beat);
  if (beat.kind === "edge") return edgeSentence(iteration, beats, beat);
  return nodeSentence(iteration, beat);
}

/** @param {Iteration} iteration */
function startSentence(iteration) {
  const leaves = iteration.nodes.filter((it) => it.role === "parameter").map((it) => it.id);
  return `Iteration ${iteration.number} begins. Known so far: the input x, the target y and the parameters ${list(leaves)}. Nothing else is computed yet. Press Play, or → for one beat.`;
}

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 */
function nodeSentence(iteration, beat) {
  const node = /** @type {Node} */ (iteration.node.get(beat.subject));
  if (beat.phase === "cost") {
    return `${node.words}: that is the cost ${node.id}. The smaller it is, the better the answer.`;
  }
  return `${node.words}: that is the ${called(node.id)}. ${fate(iteration, node)}`.trim();
}

/**
 * What becomes of a node: it is the answer, it is kept for the way back.
 * @param {Iteration} iteration
 * @param {Node} node
 */
function fate(iteration, node) {
  const kept = iteration.edges.some((edge) => edge.uses.includes(node.id));
  if (node.id === iteration.prediction) return "It is the network's answer.";
  return kept ? "It is kept: the way back will need it." : "";
}

/**
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat} beat
 */
function edgeSentence(iteration, beats, beat) {
  const edge = /** @type {Edge} */ (iteration.edge.get(beat.subject));
  const wrt = /** @type {Node} */ (iteration.node.get(edge.wrt));
  const goal = `∂${iteration.output}/∂${edge.wrt}`;
  if (edge.of === iteration.output) {
    return `How does ${edge.of} change when ${edge.wrt} does? ${goal} says it, entry by entry. ${purpose(wrt)}`.trim();
  }
  const arrives = `∂${iteration.output}/∂${edge.of}`;
  const local = `∂${edge.of}/∂${edge.wrt}${cacheWords(beats, edge)}`;
  return `Chain rule: what arrived at ${edge.of}, ${arrives}, meets the local partial ${local}. ${MEETINGS[edge.rule](edge, goal)} ${purpose(wrt)}`.trim();
}

/**
 * How an upstream gradient and a local partial become a contribution, in words.
 * @type {Record<Edge["rule"], (edge: Edge, goal: string) => string>}
 */
const MEETINGS = {
  elementwise: (_edge, goal) => `Multiplied entry by entry they give ${goal}.`,
  matmul_left: (edge, goal) =>
    `${edge.uses[edge.uses.length - 1]} is transposed, so that every weight meets its own input: the product is ${goal}.`,
  matmul_right: (edge, goal) =>
    `${edge.uses[edge.uses.length - 1]} is transposed: each entry of ${edge.wrt} adds up what comes back along all its weights. That is ${goal}.`,
  sum_rows: (edge, goal) =>
    `All rows share ${edge.wrt}, so what arrives is added up over the rows: that is ${goal}.`,
  jacobian: (_edge, goal) => `Each row is multiplied by a matrix of its own: that is ${goal}.`,
};

/**
 * @param {Beat[]} beats
 * @param {Edge} edge
 */
function cacheWords(beats, edge) {
  const made = edge.uses.filter((id) => computedIn(beats, id) >= 0);
  if (made.length === 0) return edge.uses.length > 0 ? `, made of ${list(edge.uses)}` : "";
  const where = made.map((id) => `${id} from beat ${computedIn(beats, id) + 1}`);
  return `, made of the cached ${list(where)}`;
}

/** @param {Node} wrt */
function purpose(wrt) {
  if (wrt.role === "parameter") return `It is the slope for every entry of ${wrt.id}.`;
  if (wrt.role === "computed") return "";
  return `Nothing is learned from it: ${wrt.id} is data.`;
}

/**
 * @param {Iteration} iteration
 * @param {Beat} beat
 */
function lineSentence({ updates }, { subject, line = "" }) {
  const lines = updates.find((it) => it.parameter === subject)?.lines;
  const note = lines?.find((it) => it.name === line)?.note;
  return note || `Work out ${line} for the ${called(subject)}: the optimizer's rule needs it.`;
}

/**
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat} beat
 */
function updateSentence(iteration, beats, beat) {
  const rate = optimizerOf(iteration).learning_rate;
  const by = rate == null ? "" : ` by the learning rate ${short(rate)} times the slope`;
  const first = beats.find((it) => it.kind === "update") === beat;
  const old = first ? " All slopes were taken with the old parameters." : "";
  const note = iteration.updates.find((it) => it.parameter === beat.subject)?.note;
  if (note) return `${note}${old}`;
  return `Move the ${called(beat.subject)} against the slope${by}: down where the slope is positive, up where it is negative.${old}`;
}

/** @param {string[]} words */
export function list(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
