/**
 * Single entries of nodes: which of them an edge ties together, what each is made of, and its equation written out.
 *
 * All of it follows from the edge's rule. Entries are named as on the page: m0[0,1] is a value, ∂m0[0,1] its gradient.
 */

import { entryName } from "../base/format.js";

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {import("./trace.js").Node} Node */

/**
 * @param {string} id
 * @param {number} row
 * @param {number} column
 * @returns {Entry}
 */
function entry(id, row, column) {
  return { id, row, column };
}

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
 * @param {number} count
 * @param {(index: number) => Entry} make
 */
function each(count, make) {
  return Array.from({ length: count }, (_, index) => make(index));
}

/**
 * The entries of an edge's later node that an entry of its earlier node changes.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} wrt
 * @returns {Entry[]}
 */
export function touched(iteration, { of, rule }, { row, column }) {
  const { rows, columns } = gridOf(iteration, of);
  switch (rule) {
    case "elementwise":
      return [isNumber(iteration, of) ? entry(of, 0, 0) : entry(of, row, column)];
    case "matmul_left":
    case "sum_rows":
      return each(rows, (r) => entry(of, r, column));
    default:
      return each(columns, (c) => entry(of, row, c));
  }
}

/**
 * The entries of an edge's earlier node that an entry of its later node is made of.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Entry} of
 * @returns {Entry[]}
 */
export function reached(iteration, edge, { row, column }) {
  const { wrt, rule } = edge;
  const { rows, columns } = gridOf(iteration, wrt);
  switch (rule) {
    case "elementwise":
      if (!isNumber(iteration, edge.of)) return [entry(wrt, row, column)];
      return each(rows * columns, (at) => entry(wrt, Math.floor(at / columns), at % columns));
    case "matmul_left":
      return each(rows, (r) => entry(wrt, r, column));
    case "sum_rows":
      return [entry(wrt, 0, column)];
    default:
      return each(columns, (c) => entry(wrt, row, c));
  }
}

/**
 * The cached values that the local partial between two entries is made of.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @returns {Entry[]}
 */
export function used(edge, of, wrt) {
  const [id] = edge.uses;
  switch (edge.rule) {
    case "elementwise":
      return edge.uses.map((it) => entry(it, wrt.row, wrt.column));
    case "matmul_left":
      return [entry(id, of.row, wrt.row)];
    case "matmul_right":
      return [entry(id, wrt.column, of.column)];
    case "sum_rows":
      return [];
    default:
      return [entry(id, of.row, of.column), entry(id, wrt.row, wrt.column)];
  }
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 */
function isNumber(iteration, id) {
  return iteration.node.get(id)?.shape.length === 0;
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
          touched(iteration, edge, it).flatMap((of) => [
            `∂${nameOf(of)}`,
            ...used(edge, of, it).map(nameOf),
          ]),
        )
    : iteration.edges
        .filter((edge) => edge.of === id)
        .flatMap((edge) => reached(iteration, edge, it).map(nameOf));
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
  const rules = iteration.edges.filter((edge) => edge.of === node.id).map((edge) => edge.rule);
  if (node.shape.length === 0 || rules.some((rule) => rule !== "elementwise"))
    return { formula: node.formula, left: 0 };
  return { formula: inEntries(node.formula, [node.id, ...node.inputs], it), left: 0 };
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
    touched(iteration, edge, it).map((of) => {
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
 * What stands for a local partial in a product: the cached entry itself where it is one.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
function localName(edge, of, wrt) {
  if (edge.rule === "matmul_left" || edge.rule === "matmul_right") {
    return used(edge, of, wrt).map(nameOf)[0];
  }
  return edge.rule === "sum_rows" ? "1" : `∂${nameOf(of)}/∂${nameOf(wrt)}`;
}

/**
 * The local partial of one entry by another, in entries; as the API's factors have it.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 */
export function edgeFormula(edge, of, wrt) {
  const left = `∂${edge.of === "C" ? "C" : nameOf(of)}/∂${nameOf(wrt)}`;
  if (edge.rule !== "elementwise") return `${left} = ${localName(edge, of, wrt)}`;
  const right = edge.formula.split(" = ").slice(1).join(" = ");
  return `${left} = ${inEntries(right, edge.uses, wrt)}`;
}

/**
 * A formula of whole nodes of one shape, as that of their entries at one place.
 * @param {string} formula
 * @param {string[]} ids
 * @param {Entry} at
 */
function inEntries(formula, ids, { row, column }) {
  return formula
    .replace(/(?<!\p{L})\p{L}+\d*/gu, (name) =>
      ids.includes(name) ? entryName(name, row, column) : name,
    )
    .replaceAll("⊙", "·");
}

/** @param {string[]} terms */
function cut(terms) {
  return { shown: terms.slice(0, MOST_TERMS), left: Math.max(0, terms.length - MOST_TERMS) };
}
