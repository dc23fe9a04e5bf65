/**
 * Each beat in plain English: what happens, in a sentence that is read at a glance; from what, and why, for who asks.
 */

import { short } from "../base/format.js";
import { isLayered, optimizerOf } from "../trace/trace.js";
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

/** @type {Record<string, string>} */
export const KINDS = {
  x: "input",
  y: "target",
  W: "weights",
  b: "bias",
  m: "pre-activation",
  a: "activation",
  C: "cost",
  L: "loss",
  k: "mask",
  d: "activation",
  R: "penalty",
};

/**
 * What a node is called in words: "pre-activation m0"; in formulas by its name, or as it is written inside a line.
 * @param {Iteration} iteration
 * @param {string} id
 */
export function called({ experiment, node }, id) {
  if (!isLayered(experiment)) {
    const { label } = node.get(id) ?? {};
    return label && label !== id ? `${id}, ${label}` : id;
  }
  const kind = KINDS[id.replace(/\d+$/, "")];
  return kind ? `${kind} ${id}` : id;
}

/**
 * "the weights W0" of a network, "WQ" of formulas.
 * @param {Iteration} iteration
 * @param {string} id
 */
function theOne(iteration, id) {
  return `${isLayered(iteration.experiment) ? "the " : ""}${called(iteration, id)}`;
}

/**
 * What is told of a beat: in one breath, and why it is so.
 * @typedef {[said: string, why: string]} Told
 */

/**
 * What happens in a beat, in at most fourteen words.
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat | null} beat
 * @returns {string}
 */
export function sentence(iteration, beats, beat) {
  return told(iteration, beats, beat)[0];
}

/**
 * Why it happens, from what, and what becomes of it; "" where there is no more to say.
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat | null} beat
 * @returns {string}
 */
export function reason(iteration, beats, beat) {
  return told(iteration, beats, beat)[1].trim();
}

/**
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat | null} beat
 * @returns {Told}
 */
function told(iteration, beats, beat) {
  if (!beat) return startTold(iteration);
  if (beat.kind === "line") return lineTold(iteration, beat);
  if (beat.kind === "update") return updateTold(iteration, beats, beat);
  if (beat.kind === "edge") return edgeTold(iteration, beats, beat);
  return nodeTold(iteration, beat);
}

/**
 * The first sentence of a text, and the others.
 * @param {string} text
 * @returns {Told}
 */
function firstOf(text) {
  const end = text.indexOf(". ");
  return end < 0 ? [text, ""] : [text.slice(0, end + 1), text.slice(end + 2)];
}

/** @param {Iteration} iteration @returns {Told} */
function startTold(iteration) {
  const leaves = iteration.nodes.filter((it) => it.role === "parameter").map((it) => it.id);
  if (!isLayered(iteration.experiment)) {
    const given = iteration.nodes.filter((it) => it.inputs.length === 0).map((it) => it.id);
    return [
      `Iteration ${iteration.number} begins: the values that were given are known.`,
      `These are ${list(given)}. Nothing else is computed yet. Press Play, or → for one beat.`,
    ];
  }
  return [
    `Iteration ${iteration.number} begins: input, target and parameters are known.`,
    `These are x, y and ${list(leaves)}. Nothing else is computed yet. Press Play, or → for one beat.`,
  ];
}

/** @param {Iteration} iteration @param {Beat} beat @returns {Told} */
function nodeTold(iteration, beat) {
  const node = /** @type {Node} */ (iteration.node.get(beat.subject));
  const [done, more] = firstOf(node.words);
  if (!isLayered(iteration.experiment)) return writtenTold(iteration, node, done, more);
  const what = `${done.replace(/\.$/, "")}: the ${called(iteration, node.id)}.`;
  if (beat.phase === "cost") return [what, `${more} The smaller it is, the better the answer.`];
  return [what, `${more} ${fate(iteration, node)}`];
}

/**
 * An operation of formulas.
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {string} done
 * @param {string} more
 * @returns {Told}
 */
function writtenTold(iteration, node, done, more) {
  const what = `${done.replace(/\.$/, "")}: that is ${node.id}.`;
  const inside =
    node.label && node.label !== node.id ? `In the line ${node.scope} it is ${node.label}.` : "";
  const goal =
    node.id === iteration.output ? "It is the last line: its slopes are what we want." : "";
  return [what, [more, inside, goal || fate(iteration, node)].filter(Boolean).join(" ")];
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

/** @param {Iteration} iteration @param {Beat[]} beats @param {Beat} beat @returns {Told} */
function edgeTold(iteration, beats, beat) {
  const edge = /** @type {Edge} */ (iteration.edge.get(beat.subject));
  const wrt = /** @type {Node} */ (iteration.node.get(edge.wrt));
  const goal = `∂${iteration.output}/∂${edge.wrt}`;
  if (edge.of === iteration.output) {
    const what = `How does ${edge.of} change when ${edge.wrt} does? ${goal} says it.`;
    return [what, `It says so entry by entry. ${purpose(wrt)}`];
  }
  const local = `∂${edge.of}/∂${edge.wrt}`;
  const [how, because] = MEETINGS[edge.rule](edge, local);
  const [share, together] = shareOf(iteration, beats, beat);
  const parts = `Chain rule: what arrived, ∂${iteration.output}/∂${edge.of}, meets the local partial ${local}${cacheWords(beats, edge)}.`;
  return [
    `What arrived at ${edge.of} ${how} ${share}${goal}.`,
    `${parts} ${because} ${together}${purpose(wrt)}`.replaceAll("  ", " "),
  ];
}

/**
 * What is read at several places gets a contribution from each.
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {Beat} beat
 * @returns {Told} that it is not all; which one it is
 */
function shareOf(iteration, beats, beat) {
  const wrt = iteration.edge.get(beat.subject)?.wrt;
  const ids = beats
    .filter((it) => it.kind === "edge" && iteration.edge.get(it.subject)?.wrt === wrt)
    .map((it) => it.subject);
  if (ids.length < 2) return ["", ""];
  const place = ids.indexOf(beat.subject) + 1;
  const rest = place < ids.length ? "the others are still to come" : "now all have come";
  const why = `${wrt} is read at ${ids.length} places, and its gradient is the sum of their contributions: this is number ${place}, ${rest}. `;
  return ["part of ", why];
}

/**
 * How an upstream gradient and a local partial become a contribution, in words.
 * @type {Record<Edge["rule"], (edge: Edge, local: string) => Told>}
 */
const MEETINGS = {
  elementwise: (_edge, local) => [`meets ${local}: entry by entry they give`, ""],
  matmul_left: (edge) => [
    `meets ${factorOf(edge)}: the product is`,
    isTurned(edge) ? "Transposed, so that every weight meets its own input." : "",
  ],
  matmul_right: (edge) => [
    `comes back through ${factorOf(edge)}: that is`,
    `Each entry of ${edge.wrt} adds up what comes back along all its weights.`,
  ],
  sum_rows: ({ wrt }) => ["is added up over the rows:", `All rows share ${wrt}.`],
  spread: ({ of }, local) => [
    `meets ${local}, entry by entry:`,
    `All that went into ${of} get their share.`,
  ],
  gather: ({ wrt }) => ["goes where its entries came from:", `Entries of ${wrt} were only moved.`],
  jacobian: ({ jacobians, of }) =>
    jacobians.length > 0
      ? [
          "meets each row's own matrix: the product is",
          "Each entry of a row depends on all of that row.",
        ]
      : ["meets the whole matrix: the product is", `Each entry of ${of} depends on all.`],
};

/** A vector is not turned. @param {Edge} edge */
function isTurned({ chain }) {
  return chain.includes("ᵀ");
}

/** @param {Edge} edge */
function factorOf(edge) {
  return `${edge.uses[edge.uses.length - 1]}${isTurned(edge) ? ", transposed" : ""}`;
}

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
  return `Nothing is learned from it: ${wrt.id} is ${wrt.role === "constant" ? "a constant" : "data"}.`;
}

/** @param {Iteration} iteration @param {Beat} beat @returns {Told} */
function lineTold(iteration, { subject, line = "" }) {
  const lines = iteration.updates.find((it) => it.parameter === subject)?.lines;
  const note = lines?.find((it) => it.name === line)?.note;
  return note
    ? firstOf(note)
    : [`Work out ${line} for ${theOne(iteration, subject)}.`, "The optimizer's rule needs it."];
}

/** @param {Iteration} iteration @param {Beat[]} beats @param {Beat} beat @returns {Told} */
function updateTold(iteration, beats, beat) {
  const rate = optimizerOf(iteration).learning_rate;
  const by = rate == null ? "" : ` by the learning rate ${short(rate)}`;
  const first = beats.find((it) => it.kind === "update") === beat;
  const old = first ? "All slopes were taken with the old parameters." : "";
  const note = iteration.updates.find((it) => it.parameter === beat.subject)?.note;
  if (note) {
    const [what, why] = firstOf(note);
    return [what, `${why} ${old}`];
  }
  return [
    `Move ${theOne(iteration, beat.subject)}${by} against the slope.`,
    `The learning rate times the slope: down where the slope is positive, up where it is negative. ${old}`,
  ];
}

/** @param {string[]} words */
export function list(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}
