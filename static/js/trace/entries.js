/**
 * Single entries of nodes: what each is made of, and its equation written out.
 *
 * All of it follows from the rules of the edges. Where they are pointed at, m0[0,1] is a value and ∂m0[0,1] its
 * gradient.
 */

import { entryKey, entryName } from "../base/format.js";
import { cachedAsItStands, cachedBetween, entriesAcross } from "./rule.js";
import { NAMES } from "./signs.js";

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {import("./trace.js").Node} Node */

/** @param {Entry} it */
export function keyOf({ id, row, column }) {
  return entryKey(id, row, column);
}

/**
 * @param {Pick<Iteration, "node">} iteration
 * @param {Entry} it
 */
export function nameOf({ node }, { id, row, column }) {
  return entryName({ id, shape: node.get(id)?.shape ?? [] }, row, column);
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 */
function gridOf(iteration, id) {
  const value = iteration.node.get(id)?.value ?? [];
  return { rows: value.length, columns: value[0]?.length ?? 0 };
}

/**
 * The keys of the entries that an entry, or a gradient's entry, is made of.
 * @param {Iteration} iteration
 * @param {string} id
 * @param {Entry} it
 * @param {boolean} isGradient
 * @returns {string[]}
 */
export function madeOf(iteration, id, it, isGradient) {
  const keys = isGradient
    ? iteration.edges
        .filter((edge) => edge.wrt === id)
        .flatMap((edge) =>
          entriesAcross(iteration, edge, "wrt", it).flatMap((of) => [
            `∂${keyOf(of)}`,
            ...cachedBetween(edge, of, it).map(keyOf),
          ]),
        )
    : iteration.edges
        .filter((edge) => edge.of === id)
        .flatMap((edge) => entriesAcross(iteration, edge, "of", it).map(keyOf));
  return [...new Set(keys)];
}

const MOST_TERMS = 6;

/**
 * How an entry's value is computed, in entries: "m0[0,1] = x[0,0] · W0[0,1] + x[0,1] · W0[1,1]". A long sum is cut, and
 * says so; null for what is given, or has no such line of its own.
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} it
 * @returns {{ formula: string, left: number } | null}
 */
export function valueFormula(iteration, node, it) {
  if (!node.formula) return null;
  if (node.op === "linear") return linearFormula(iteration, node, it);
  const edges = iteration.edges.filter((edge) => edge.of === node.id);
  const isEach = edges.every(({ rule }) => rule === "elementwise");
  if (node.shape.length === 0 || !isEach) return { formula: node.formula, left: 0 };
  const names = new Map(
    [node.id, ...node.inputs].map((id) => [id, nameOf(iteration, stretchedTo(iteration, id, it))]),
  );
  return { formula: inEntries(node.formula, names), left: 0 };
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} it
 */
function linearFormula(iteration, node, { row, column }) {
  const [input, weights, bias] = node.inputs;
  const count = gridOf(iteration, weights).rows;
  const name = (/** @type {string} */ id, /** @type {number} */ r, /** @type {number} */ c) =>
    nameOf(iteration, { id, row: r, column: c });
  const products = Array.from(
    { length: count },
    (_, i) => `${name(input, row, i)} · ${name(weights, i, column)}`,
  );
  const { shown, left } = cut(products);
  const terms = bias ? [...shown, name(bias, 0, column)] : shown;
  return { formula: `${name(node.id, row, column)} = ${terms.join(" + ")}`, left };
}

/**
 * How an entry's gradient is made, in entries: "∂C/∂a0[0,2] = ∂C/∂m1[0,0] · W1[2,0] + …".
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} it
 * @returns {{ formula: string, left: number } | null}
 */
export function gradientFormula(iteration, node, it) {
  const output = iteration.output;
  const into = iteration.edges.filter((edge) => edge.wrt === node.id);
  const products = into.flatMap((edge) =>
    entriesAcross(iteration, edge, "wrt", it).map((of) => {
      if (edge.of === output) return localFormula(iteration, edge, of, it);
      const upstream = `∂${output}/∂${nameOf(iteration, of)}`;
      const local = localName(iteration, edge, of, it);
      return local === "1" ? upstream : `${upstream} · ${local}`;
    }),
  );
  if (products.length === 0) return null;
  // What looks at all of a row is not said in entries: a softmax in the cost.
  const whole = into.find((edge) => edge.of === output && OF_MANY.test(rightSideOf(edge)));
  if (whole) return { formula: whole.chain, left: 0 };
  const { shown, left } = cut(products.map((term, at) => (at > 0 ? inASum(term) : term)));
  return { formula: `∂${output}/∂${nameOf(iteration, it)} = ${shown.join(" + ")}`, left };
}

/** In a formula, what is taken of several entries at once. */
const OF_MANY = /Σ|softmax\(/u;

/** @param {string} term */
function inASum(term) {
  return term.startsWith("−") ? `(${term})` : term;
}

/**
 * How an entry of a parameter is moved, in entries: "W0[1,2] ← W0[1,2] − α · ∂C/∂W0[1,2]". What the optimizer keeps has no
 * entries on the page, and keeps its name.
 * @param {Iteration} iteration
 * @param {import("./trace.js").Update} update
 * @param {Entry} it
 */
export function updateFormula(iteration, { formula, parameter }, it) {
  return inEntries(formula, new Map([[parameter, nameOf(iteration, it)]]));
}

/**
 * What stands for a local partial in a product: the cached entry itself where it is one, the number that it is everywhere.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @returns {string}
 */
function localName(iteration, edge, of, wrt) {
  if (cachedAsItStands(edge)) return nameOf(iteration, cachedBetween(edge, of, wrt)[0]);
  const made = rightSideOf(edge);
  if (edge.uses.length === 0) return made === "1" ? made : `(${made})`;
  // Of two places of one operation both slopes have one name: each is written out.
  const isAlone = !iteration.edges.some(
    (it) => it !== edge && it.of === edge.of && it.wrt === edge.wrt,
  );
  if (isAlone) return `∂${nameOf(iteration, of)}/∂${nameOf(iteration, wrt)}`;
  return `(${localFormula(iteration, edge, of, wrt)})`;
}

/**
 * The local partial of one entry by another, in entries; as the API's factors have it.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
export function edgeFormula(iteration, edge, of, wrt) {
  const left = `∂${nameOf(iteration, of)}/∂${nameOf(iteration, wrt)}`;
  return `${left} = ${localFormula(iteration, edge, of, wrt)}`;
}

/**
 * What the local partial of one entry by another is made of, in entries.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @returns {string}
 */
export function localFormula(iteration, edge, of, wrt) {
  if (edge.rule !== "elementwise" && edge.rule !== "spread")
    return localName(iteration, edge, of, wrt);
  const right = rightSideOf(edge);
  // What it is computed from is not always what it is written with: the cost from m, as a.
  const written = right.match(NAMES)?.filter((id) => iteration.node.has(id)) ?? [];
  const used = [
    ...written.map((id) => stretchedTo(iteration, id, wrt)),
    ...[of, wrt, ...cachedBetween(edge, of, wrt)],
  ];
  return inEntries(right, new Map(used.map((it) => [it.id, nameOf(iteration, it)])));
}

/** @param {Edge} edge */
function rightSideOf({ formula }) {
  return formula.split(" = ").slice(1).join(" = ");
}

/**
 * The entry of an operand that meets another's: a row, a column or a number is stretched over the whole.
 * @param {Iteration} iteration
 * @param {string} id
 * @param {Pick<Entry, "row" | "column">} at
 * @returns {Entry}
 */
export function stretchedTo(iteration, id, { row, column }) {
  const { rows, columns } = gridOf(iteration, id);
  return { id, row: Math.min(row, rows - 1), column: Math.min(column, columns - 1) };
}

/**
 * A formula of whole nodes, as that of their entries.
 * @param {string} formula
 * @param {ReadonlyMap<string, string>} names of the entries, by node
 */
function inEntries(formula, names) {
  return formula.replace(NAMES, (name) => names.get(name) ?? name).replaceAll("⊙", "·");
}

/** @param {string[]} terms */
function cut(terms) {
  return { shown: terms.slice(0, MOST_TERMS), left: Math.max(0, terms.length - MOST_TERMS) };
}
