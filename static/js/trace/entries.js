/**
 * Single entries of nodes: what each is made of, and its equation written out.
 *
 * All of it follows from the rules of the edges. Entries are named as on the page: m0[0,1] is a value, ∂m0[0,1] its gradient.
 */

import { entryName, NODE } from "../base/format.js";
import { cachedAsItStands, cachedBetween, entriesAcross, isEntrywise } from "./rule.js";

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {import("./trace.js").Node} Node */

/** @param {Entry} it */
export function nameOf({ id, row, column }) {
  return entryName(id, row, column);
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
 * The names of the entries that an entry, or a gradient's entry, is made of.
 * @param {Iteration} iteration
 * @param {string} id
 * @param {Entry} it
 * @param {boolean} isGradient
 * @returns {string[]}
 */
export function madeOf(iteration, id, it, isGradient) {
  const names = isGradient
    ? iteration.edges
        .filter((edge) => edge.wrt === id)
        .flatMap((edge) =>
          entriesAcross(iteration, edge, "wrt", it).flatMap((of) => [
            `∂${nameOf(of)}`,
            ...cachedBetween(edge, of, it).map(nameOf),
          ]),
        )
    : iteration.edges
        .filter((edge) => edge.of === id)
        .flatMap((edge) => entriesAcross(iteration, edge, "of", it).map(nameOf));
  return [...new Set(names)];
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
  if (node.shape.length === 0 || !edges.every(isEntrywise))
    return { formula: node.formula, left: 0 };
  const place = (/** @type {string} */ id) => stretchedTo(iteration, id, it);
  return { formula: inEntries(node.formula, [node.id, ...node.inputs], it, place), left: 0 };
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Entry} it
 */
function linearFormula(iteration, node, { row, column }) {
  const [input, weights, bias] = node.inputs;
  const count = gridOf(iteration, weights).rows;
  const products = Array.from(
    { length: count },
    (_, i) => `${entryName(input, row, i)} · ${entryName(weights, i, column)}`,
  );
  const { shown, left } = cut(products);
  const terms = bias ? [...shown, entryName(bias, 0, column)] : shown;
  return { formula: `${entryName(node.id, row, column)} = ${terms.join(" + ")}`, left };
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
      if (edge.of === output) return edgeFormula(edge, of, it).split(" = ")[1];
      const upstream = `∂${output}/∂${nameOf(of)}`;
      const local = localName(edge, of, it);
      return local === "1" ? upstream : `${upstream} · ${local}`;
    }),
  );
  if (products.length === 0) return null;
  const { shown, left } = cut(products);
  return { formula: `∂${output}/∂${nameOf(it)} = ${shown.join(" + ")}`, left };
}

/**
 * How an entry of a parameter is moved, in entries: "W0[1,2] ← W0[1,2] − α · ∂C/∂W0[1,2]". What the optimizer keeps has no
 * entries on the page, and keeps its name.
 * @param {import("./trace.js").Update} update
 * @param {Entry} it
 */
export function updateFormula({ formula, parameter }, it) {
  return inEntries(formula, [parameter], it);
}

/**
 * What stands for a local partial in a product: the cached entry itself where it is one.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
function localName(edge, of, wrt) {
  if (cachedAsItStands(edge)) return nameOf(cachedBetween(edge, of, wrt)[0]);
  return edge.letters.partial === "" ? "1" : `∂${nameOf(of)}/∂${nameOf(wrt)}`;
}

/**
 * The local partial of one entry by another, in entries; as the API's factors have it.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
export function edgeFormula(edge, of, wrt) {
  const left = `∂${edge.of === "C" ? "C" : nameOf(of)}/∂${nameOf(wrt)}`;
  if (!isEntrywise(edge)) return `${left} = ${localName(edge, of, wrt)}`;
  const right = edge.formula.split(" = ").slice(1).join(" = ");
  return `${left} = ${inEntries(right, edge.uses, wrt)}`;
}

/**
 * The entry of an operand that meets another's: a row, a column or a number is stretched over the whole.
 * @param {Iteration} iteration
 * @param {string} id
 * @param {Entry} at
 */
function stretchedTo(iteration, id, { row, column }) {
  const { rows, columns } = gridOf(iteration, id);
  if (iteration.node.get(id)?.shape.length === 0) return id;
  return entryName(id, Math.min(row, rows - 1), Math.min(column, columns - 1));
}

/** A node inside a formula, longest first: "S.2" is not S. */
const NAMES = new RegExp(String.raw`(?<![\p{L}\p{N}_.])${NODE}`, "gu");

/**
 * A formula of whole nodes of one shape, as that of their entries at one place.
 * @param {string} formula
 * @param {string[]} ids
 * @param {Entry} at
 * @param {(id: string) => string} [place] the entry of a node that is meant
 */
function inEntries(formula, ids, at, place = (id) => entryName(id, at.row, at.column)) {
  return formula
    .replace(NAMES, (name) => (ids.includes(name) ? place(name) : name))
    .replaceAll("⊙", "·");
}

/** @param {string[]} terms */
function cut(terms) {
  return { shown: terms.slice(0, MOST_TERMS), left: Math.max(0, terms.length - MOST_TERMS) };
}
