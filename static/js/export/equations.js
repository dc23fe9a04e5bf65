/**
 * The page's one-line formulas, read by `formula.js`, as equations of LaTeX: in symbols, with the numbers that stand for
 * them, and what comes out. They need no more than amsmath.
 */

import { entryOf } from "../base/format.js";
import { parse } from "../formula/formula.js";
import { edgeBetween } from "../trace/trace.js";
import { escaped, GREEK, inBrackets, matrixOf, numberOf, ratio, SIGNS, symbol } from "./tex.js";

/** @typedef {import("../formula/formula.js").Tree} Tree */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/**
 * What a name or a ratio ∂of/∂wrt stands for; null to leave it a symbol.
 * @typedef {(name: { id: string } | { of: string, wrt: string }) => Matrix | number | null} Lookup
 */

/** What stands above a base, where it is no digit. @type {Record<string, string>} */
const MARKS = { "⊤": String.raw`\top` };
const FUNCTIONS = new Set(["exp", "ln", "tanh", "max", "min"]);

/**
 * A formula in symbols, with numbers, and what comes out.
 * @param {string} formula
 * @param {Lookup} lookup
 * @param {string} result
 */
export function equation(formula, lookup, result) {
  const { left, sign, symbols, numbers } = sides(formula, lookup);
  const rights = [symbols, numbers, result].filter((it) => it !== null);
  const parted = rights.filter((it, index) => it !== rights[index - 1]);
  return aligned(parted.map((it, index) => (index === 0 ? `${left} &${sign} ${it}` : `&= ${it}`)));
}

/** @param {string[]} lines */
export function aligned(lines) {
  return `\\begin{align*}\n${lines.join(" \\\\\n")}\n\\end{align*}`;
}

/**
 * The numbers of an iteration by the names that formulas have for them.
 * @param {import("../trace/trace.js").Iteration} iteration
 * @returns {Lookup}
 */
export function lookupIn(iteration) {
  const { node, output, experiment } = iteration;
  const rate = experiment.optimizer?.learning_rate;
  return (name) => {
    if ("id" in name) return name.id === "α" ? (rate ?? null) : numbersOf(name.id);
    if (name.of === output) return node.get(name.wrt)?.gradient ?? null;
    const partial = edgeBetween(iteration, name.of, name.wrt);
    return partial && partial.jacobians.length <= 1 ? partial.value : null;
  };

  /** @param {string} id a node, or an entry of one */
  function numbersOf(id) {
    const entry = entryOf(id);
    const found = entry && node.get(entry.id);
    if (!entry || !found) return null;
    const isEntry = id.includes("[") || found.shape.length === 0;
    return isEntry ? (found.value[entry.row]?.[entry.column] ?? null) : found.value;
  }
}

/**
 * The sides of a formula: "m0 = x · W0" gives the left one, the sign, and the right one in symbols and in numbers.
 * @param {string} formula
 * @param {Lookup} lookup
 * @returns {{ left: string, sign: string, symbols: string, numbers: string | null }} `numbers` null where a name on the
 *   right stands for nothing known
 */
export function sides(formula, lookup) {
  const tree = parse(formula);
  if (!tree) return { left: "", sign: "", symbols: `\\text{${escaped(formula)}}`, numbers: null };
  const isStatement = tree.kind === "binary" && (tree.sign === "=" || tree.sign === "←");
  const right = isStatement ? tree.right : tree;
  return {
    left: isStatement ? tex(tree.left, () => null) : "",
    sign: isStatement ? SIGNS[tree.sign] : "",
    symbols: tex(right, () => null),
    numbers: isKnown(right, lookup) ? numbersOf(right, lookup) : null,
  };
}

/**
 * A right side in numbers; one number alone needs no brackets.
 * @param {Tree} tree
 * @param {Lookup} lookup
 */
function numbersOf(tree, lookup) {
  const whole = tree.kind === "name" || tree.kind === "ratio" ? lookup(tree) : null;
  return typeof whole === "number" ? numberOf(whole) : tex(tree, lookup);
}

/**
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @returns {boolean}
 */
function isKnown(tree, lookup) {
  switch (tree.kind) {
    case "number":
      return true;
    case "name":
    case "ratio":
      return lookup(tree) !== null;
    case "call":
      return tree.arguments.every((it) => isKnown(it, lookup));
    case "group":
      return isKnown(tree.inside, lookup);
    case "power":
      return isKnown(tree.base, lookup);
    case "fraction":
      return isKnown(tree.top, lookup) && isKnown(tree.bottom, lookup);
    case "binary":
      return isKnown(tree.left, lookup) && isKnown(tree.right, lookup);
    default:
      return isKnown(tree.of, lookup);
  }
}

/**
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @returns {string}
 */
function tex(tree, lookup) {
  const part = (/** @type {Tree} */ it) => tex(it, lookup);
  switch (tree.kind) {
    case "number":
      return tree.text;
    case "name":
      return standing(lookup(tree)) ?? symbol(tree.id);
    case "ratio":
      return standing(lookup(tree)) ?? ratio(tree.of, tree.wrt);
    case "call":
      return called(tree.name, tree.arguments.map(part).join(", "));
    case "group":
      return `\\left${tree.brackets[0]}${part(tree.inside)}\\right${tree.brackets[1]}`;
    case "sum":
      return `\\sum ${part(tree.of)}`;
    case "minus":
      return `-${part(tree.of)}`;
    case "power": {
      const base = part(tree.base);
      const mark =
        tree.mark === "t" ? part({ kind: "name", id: "t" }) : (MARKS[tree.mark] ?? tree.mark);
      return tree.base.kind === "ratio" && base.startsWith("\\frac")
        ? `\\left(${base}\\right)^{${mark}}`
        : `{${base}}^{${mark}}`;
    }
    case "fraction":
      return `\\frac{${part(bare(tree.top))}}{${part(bare(tree.bottom))}}`;
    case "binary":
      return `${part(tree.left)} ${SIGNS[tree.sign]} ${part(tree.right)}`;
  }
}

/**
 * What stands above or below a line needs no brackets.
 * @param {Tree} tree
 */
function bare(tree) {
  return tree.kind === "group" && tree.brackets === "()" ? tree.inside : tree;
}

/**
 * @param {string} name
 * @param {string} inside
 */
function called(name, inside) {
  if (name === "abs") return `\\left|${inside}\\right|`;
  if (name === "sqrt") return `\\sqrt{${inside}}`;
  const known = FUNCTIONS.has(name) ? `\\${name}` : (GREEK[name] ?? `\\operatorname{${name}}`);
  return `${known}\\left(${inside}\\right)`;
}

/** @param {Matrix | number | null} numbers */
function standing(numbers) {
  if (numbers === null) return null;
  return typeof numbers === "number" ? inBrackets(numbers) : matrixOf(numbers);
}
