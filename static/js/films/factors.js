/**
 * Entries of an iteration as what a film moves: numbers, and the cells they stand in.
 */

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("./lines.js").Factor} Factor */
/** @typedef {import("./places.js").Cell} Cell */

/** @type {Record<import("../trace/trace.js").Role, import("./marks.js").Tone>} */
const TONES = {
  input: "forward",
  computed: "forward",
  parameter: "update",
  constant: "forward",
  target: "target",
};

/** @param {Pick<Node, "id" | "value">} node @returns {Entry[]} */
export function entriesOf({ id, value }) {
  return value.flatMap((line, row) => line.map((_, column) => ({ id, row, column })));
}

/** @param {Entry} entry @param {boolean} gradient @returns {Cell} */
export function cellOf({ id, row, column }, gradient) {
  return { id, gradient, row, column };
}

/**
 * A node's entry.
 * @param {Iteration} iteration
 * @param {Entry} entry
 * @returns {Factor}
 */
export function factorAt({ node }, entry) {
  const of = node.get(entry.id);
  const value = of?.value[entry.row]?.[entry.column] ?? Number.NaN;
  return { value, from: cellOf(entry, false), tone: TONES[of?.role ?? "computed"] };
}

/**
 * The gradient of a node's entry: what arrives there on the way back.
 * @param {Iteration} iteration
 * @param {Entry} entry
 * @returns {Factor}
 */
export function upstreamAt({ node }, entry) {
  const value = node.get(entry.id)?.gradient[entry.row]?.[entry.column] ?? Number.NaN;
  return { value, from: cellOf(entry, true), tone: "backward" };
}
