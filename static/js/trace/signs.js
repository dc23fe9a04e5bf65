/**
 * How an entry of a node is made of those it takes, read from the node's formula: "a0 ⊙ k0" is a product, "L + R" a sum,
 * "0.02 / 2 · (Σ W0² + Σ W1²)" a sum of squares, taken times something.
 */

import { MINUS } from "../base/format.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Node} Node */
/**
 * @typedef {object} Combination
 * @property {string} between what stands between two entries
 * @property {boolean} factors whether these are multiplied
 * @property {string} open what stands before them, "" for nothing; it ends with a bracket
 * @property {((text: string, slot: number) => string) | null} each how an entry is written, where that is not as its number
 */

const SIGNS = ["+", "−", "/", "⊙", "·"];
const TIMES = ["⊙", "·"];
/** What a sum is taken times. */
const SCALE = /^[−\d.e/ ]*(· )?$/u;

/**
 * @param {Pick<Node, "inputs" | "formula">} node
 * @returns {Combination | null} null where it is made in some other way
 */
export function combinationOf({ inputs, formula }) {
  const right = (formula ?? "").slice((formula ?? "").indexOf(" = ") + 3);
  const [a, b] = inputs;
  const between = inputs.length === 2 && SIGNS.find((it) => right === `${a} ${it} ${b}`);
  if (between) return { between, factors: TIMES.includes(between), open: "", each: null };
  const begins = right.indexOf("Σ");
  const [head, sums] = begins < 0 ? ["", right] : [right.slice(0, begins), right.slice(begins)];
  const isBracketed = head.endsWith("(");
  const scale = isBracketed ? head.slice(0, -1) : head;
  const terms = (isBracketed ? sums.slice(0, -1) : sums).split(" + ");
  const isSum = terms.length === inputs.length && inputs.every((id, at) => isOf(terms[at], id));
  if (!isSum || !SCALE.test(scale)) return null;
  const each = (/** @type {string} */ text, /** @type {number} */ slot) => {
    const how = terms[slot].slice(2);
    return how.replace(
      inputs[slot],
      text.startsWith(MINUS) && how.endsWith("²") ? `(${text})` : text,
    );
  };
  const isPlain = terms.every((it, at) => it === `Σ ${inputs[at]}`);
  return { between: "+", factors: false, open: scale && `${scale}(`, each: isPlain ? null : each };
}

/**
 * Whether a term adds up an input's entries, each as it is, squared, without its sign, or divided.
 * @param {string} term
 * @param {string} id
 */
function isOf(term, id) {
  return [id, `${id}²`, `abs(${id})`].includes(term.slice(2)) && term.startsWith("Σ ");
}

/**
 * The names in a node's formula, in order, and what stands before each and behind the last: "2 · x" is x between "2 · " and "".
 * @param {Pick<Node, "inputs" | "formula">} node
 * @returns {{ ids: string[], texts: string[] } | null} null where it names none
 */
export function aroundNames({ inputs, formula }) {
  const right = (formula ?? "").slice((formula ?? "").indexOf(" = ") + 3);
  /** @type {string[]} */
  const ids = [];
  const texts = right
    .replace(NAMES, (name) => {
      if (!inputs.includes(name)) return name;
      ids.push(name);
      return SPLIT;
    })
    .split(SPLIT)
    .map(raised);
  return ids.length > 0 ? { ids, texts } : null;
}

/** A node in a formula, longest first: "S.2" is not S, and in "d²" the mark is none of the name. */
export const NAMES =
  /(?<![\p{L}\p{N}_.])(?![ᵀᵗ])[\p{L}_](?:(?![²ᵀᵗ])[\p{L}\p{N}_])*(?:\.\d{1,3})?/gu;
const SPLIT = "\n";

/**
 * Whether a line of an optimizer's rule takes the gradient of its parameter; a learning rate that falls does not.
 * @param {string} formula
 * @param {string} parameter
 */
export function usesGradient(formula, parameter) {
  return formula.includes(`/∂${parameter}`);
}

/**
 * Whole powers as they are written by hand: "0.5^12" is "0.5¹²".
 * @param {string} text
 */
export function raised(text) {
  return text.replace(/\^(\d+)/gu, (_, power) =>
    [.../** @type {string} */ (power)].map((it) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(it)]).join(""),
  );
}
