/**
 * What a formula comes to, given what its names stand for: an oracle for equations with numbers. Everything is a matrix here;
 * a vector in a product is turned as it fits, and over what a Σ goes, which a formula does not say, all is tried.
 */

import { parse } from "../../static/js/formula/formula.js";

/** @typedef {import("../../static/js/formula/formula.js").Tree} Tree */
/** @typedef {import("../../static/js/formula/math-view.js").Lookup} Lookup */
/** @typedef {number[][]} Matrix */
/** @typedef {"all" | "rows" | "columns"} Over */

export class Unknown extends Error {}

/** @type {Record<string, (...given: number[]) => number>} */
const FUNCTIONS = {
  exp: Math.exp,
  ln: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  max: Math.max,
  min: Math.min,
  clip: (x, low, high) => Math.min(Math.max(x, low), high),
  where: (holds, u, v) => (holds === 0 ? v : u),
};
/** @type {Record<string, (a: number, b: number) => boolean>} */
const RELATIONS = {
  ">": (a, b) => a > b,
  "≥": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "≤": (a, b) => a <= b,
  "=": (a, b) => a === b,
  "≠": (a, b) => a !== b,
};

/**
 * Both sides of an equation in numbers: what stands on the left, and what the right side may come to.
 * @param {string} formula
 * @param {Lookup} lookup
 * @returns {{ left: Matrix, right: Matrix[] }} right is empty where a name, or a function, stands for nothing known
 */
export function sides(formula, lookup) {
  const tree = parse(formula);
  if (tree?.kind !== "binary" || !["=", "←"].includes(tree.sign)) throw new Error(formula);
  try {
    const left = value(tree.left, lookup, "all", true)[0];
    const overs = /** @type {const} */ (["all", "rows", "columns"]);
    return { left, right: overs.flatMap((over) => value(tree.right, lookup, over, false)) };
  } catch (error) {
    if (error instanceof Unknown) return { left: [], right: [] };
    throw error;
  }
}

/**
 * Whether a matrix is another, be it stretched, a vector that was turned, or one number in place of many.
 * @param {Matrix} one
 * @param {Matrix} other
 */
export function same(one, other) {
  return [other, transposed(other)].some(
    (it) =>
      fits(one, it) &&
      one.every((line, row) =>
        line.every((a, column) => {
          const b = entry(it, row, column);
          return Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
        }),
      ),
  );
}

/** @param {Matrix} one @param {Matrix} other */
function fits(one, other) {
  return (
    [1, one.length].includes(other.length) && [1, one[0].length].includes(other[0]?.length ?? 0)
  );
}

/**
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @param {Over} over
 * @param {boolean} left
 * @returns {Matrix[]}
 */
function value(tree, lookup, over, left) {
  const all = (/** @type {Tree} */ it) => value(it, lookup, over, left);
  switch (tree.kind) {
    case "number":
      return [[[Number(tree.text)]]];
    case "name":
      return [known(lookup({ id: tree.id }, left))];
    case "ratio":
      return [known(lookup({ of: tree.of, wrt: tree.wrt }, left))];
    case "group":
      return all(tree.inside);
    case "minus":
      return all(tree.of).map((it) => it.map((line) => line.map((a) => -a)));
    case "sum":
      return all(tree.of).map((it) => reduced(it, over, (a, b) => a + b));
    case "power":
      if (tree.mark === "⊤") return all(tree.base).map(transposed);
      if (tree.mark === "t")
        return pairs(all(tree.base), [known(lookup({ id: "ᵗ" }, false))], (a, b) => a ** b);
      return all(tree.base).map((it) => it.map((line) => line.map((a) => a ** Number(tree.mark))));
    case "raised":
      return pairs(all(tree.base), all(tree.exponent), (a, b) => a ** b);
    case "fraction":
      return pairs(all(tree.top), all(tree.bottom), (a, b) => a / b);
    case "call":
      return called(tree.name, tree.arguments.map(all), over);
    case "binary": {
      // 0 ≤ u ≤ 1 holds where both do.
      const { left: first } = tree;
      if (tree.sign in RELATIONS && first.kind === "binary" && first.sign in RELATIONS) {
        const both = joined(tree.sign, all(first.right), all(tree.right));
        return pairs(all(first), both, (a, b) => a * b);
      }
      return joined(tree.sign, all(first), all(tree.right));
    }
  }
}

/** @param {ReturnType<Lookup>} found @returns {Matrix} */
function known(found) {
  if (found === null || found === "unknown") throw new Unknown();
  return typeof found === "number" ? [[found]] : found;
}

/** @param {string} name @param {Matrix[][]} given @param {Over} over @returns {Matrix[]} */
function called(name, given, over) {
  if (name === "diag")
    return given[0].map(([row]) => row.map((a, r) => row.map((_, c) => (r === c ? a : 0))));
  const of = FUNCTIONS[name];
  if (!of) throw new Unknown();
  if (given.length === 1 && (name === "max" || name === "min"))
    return given[0].map((it) => reduced(it, over, (a, b) => of(a, b)));
  if (given.length === 1) return given[0].map((it) => it.map((line) => line.map((a) => of(a))));
  const [first, ...rest] = given.map((it) => it[0]);
  const size = [first, ...rest].reduce(
    ([rows, columns], it) => [Math.max(rows, it.length), Math.max(columns, it[0].length)],
    [1, 1],
  );
  return [grid(size[0], size[1], (r, c) => of(...[first, ...rest].map((it) => entry(it, r, c))))];
}

/** @param {string} sign @param {Matrix[]} left @param {Matrix[]} right @returns {Matrix[]} */
export function joined(sign, left, right) {
  if (sign === "+") return pairs(left, right, (a, b) => a + b);
  if (sign === "−") return pairs(left, right, (a, b) => a - b);
  if (sign === "⊙") return pairs(left, right, (a, b) => a * b);
  if (sign === "·") return left.flatMap((a) => right.flatMap((b) => products(a, b)));
  if (sign === "/") return pairs(left, right, (a, b) => a / b);
  return pairs(left, right, (a, b) => (RELATIONS[sign](a, b) ? 1 : 0));
}

/** @param {Matrix} a @param {Matrix} b @returns {Matrix[]} */
function products(a, b) {
  if (a.length * a[0].length === 1 || b.length * b[0].length === 1)
    return pairs([a], [b], (one, other) => one * other);
  const turns = [a, a.length === 1 ? transposed(a) : a];
  return turns.flatMap((one) =>
    [b, b.length === 1 || b[0].length === 1 ? transposed(b) : b]
      .filter((other) => one[0].length === other.length)
      .flatMap((other) => {
        const made = grid(one.length, other[0].length, (r, c) =>
          one[r].reduce((sum, it, k) => sum + it * other[k][c], 0),
        );
        return made.length === 1 || made[0].length === 1 ? [made, transposed(made)] : [made];
      }),
  );
}

/** @param {Matrix[]} left @param {Matrix[]} right @param {(a: number, b: number) => number} of @returns {Matrix[]} */
function pairs(left, right, of) {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const [rows, columns] = [Math.max(a.length, b.length), Math.max(a[0].length, b[0].length)];
      const whole = grid(rows, columns, () => 0);
      if (!fits(whole, a) || !fits(whole, b)) return [];
      return [grid(rows, columns, (r, c) => of(entry(a, r, c), entry(b, r, c)))];
    }),
  );
}

/** @param {Matrix} matrix @param {Over} over @param {(a: number, b: number) => number} of @returns {Matrix} */
function reduced(matrix, over, of) {
  if (over === "all") return [[matrix.flat().reduce((a, b) => of(a, b))]];
  if (over === "columns") return matrix.map((line) => [line.reduce((a, b) => of(a, b))]);
  return [matrix.reduce((a, b) => a.map((it, at) => of(it, b[at])))];
}

/** @param {number} rows @param {number} columns @param {(row: number, column: number) => number} of @returns {Matrix} */
function grid(rows, columns, of) {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => of(r, c)),
  );
}

/** @param {Matrix} matrix @param {number} row @param {number} column */
function entry(matrix, row, column) {
  const line = matrix[Math.min(row, matrix.length - 1)];
  return line[Math.min(column, line.length - 1)];
}

/** @param {Matrix} matrix @returns {Matrix} */
function transposed(matrix) {
  return matrix[0].map((_, column) => matrix.map((line) => line[column]));
}
