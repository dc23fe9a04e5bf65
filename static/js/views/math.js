/**
 * Formulas as MathML: once in symbols, once with the numbers that stand for them.
 */

import { html, mathml, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { MINUS, nameParts, shapeText, short } from "../format.js";
import { parse } from "../formula.js";

/** @typedef {import("../formula.js").Tree} Tree */
/** @typedef {import("../trace.js").Matrix} Matrix */
/**
 * What a name or a ratio ∂of/∂wrt stands for; null to leave it a symbol. `left` says that it stands left of = or ←.
 * @typedef {(name: { id: string } | { of: string, wrt: string }, left: boolean) => Matrix | number | "unknown" | null} Lookup
 */

const MOST_ROWS = 4;
const MOST_COLUMNS = 4;
const FUNCTIONS = new Set(["exp", "ln", "tanh", "max", "min", "diag"]);

/**
 * A formula in symbols and, beneath, in numbers.
 * @param {string} formula
 * @param {Lookup} [lookup]
 */
export function equation(formula, lookup) {
  const tree = parse(formula);
  if (!tree) return html`<p class="formula-text">${formula}</p>`;
  return html`<div class="equation" tabindex="0" role="group" aria-label="equation">
    <math display="block" class="symbols">${render(tree, symbolsOnly, false)}</math>
    ${lookup ? html`<math display="block" class="numbers">${render(tree, lookup, false)}</math>` : nothing}
  </div>`;
}

/**
 * A name in the text, in italics with its index below: m₀.
 * @param {string} id
 */
export function symbol(id) {
  return html`<math class="inline">${nameOf(id)}</math>`;
}

/**
 * ∂of/∂wrt in the text.
 * @param {string} of
 * @param {string} wrt
 */
export function ratio(of, wrt) {
  return html`<math class="inline">${ratioOf(of, wrt)}</math>`;
}

/** @type {Lookup} */
function symbolsOnly() {
  return null;
}

/**
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @param {boolean} left
 * @returns {unknown}
 */
function render(tree, lookup, left) {
  switch (tree.kind) {
    case "number":
      return mathml`<mn>${tree.text}</mn>`;
    case "name":
      return standsFor(lookup({ id: tree.id }, left), nameOf(tree.id));
    case "ratio":
      return standsFor(lookup({ of: tree.of, wrt: tree.wrt }, left), ratioOf(tree.of, tree.wrt));
    case "call":
      return call(tree.name, tree.arguments, lookup);
    case "group":
      return mathml`<mrow><mo>${tree.brackets[0]}</mo>${render(tree.inside, lookup, left)}<mo>${tree.brackets[1]}</mo></mrow>`;
    case "sum":
      return mathml`<mrow><mo>∑</mo>${render(tree.of, lookup, left)}</mrow>`;
    case "minus":
      return mathml`<mrow><mo form="prefix">${MINUS}</mo>${render(tree.of, lookup, left)}</mrow>`;
    case "power":
      return mathml`<msup>${render(tree.base, lookup, left)}${tree.mark === "⊤" ? mathml`<mi mathvariant="normal">T</mi>` : mathml`<mn>2</mn>`}</msup>`;
    case "fraction":
      return mathml`<mfrac>${bare(tree.top, lookup)}${bare(tree.bottom, lookup)}</mfrac>`;
    case "binary": {
      const assigns = tree.sign === "=" || tree.sign === "←";
      return mathml`<mrow>${render(tree.left, lookup, assigns || left)}<mo>${tree.sign}</mo>${render(tree.right, lookup, left && !assigns)}</mrow>`;
    }
  }
}

/**
 * A part of a fraction needs no brackets of its own.
 * @param {Tree} tree
 * @param {Lookup} lookup
 */
function bare(tree, lookup) {
  const inside = tree.kind === "group" && tree.brackets === "()" ? tree.inside : tree;
  return mathml`<mrow>${render(inside, lookup, false)}</mrow>`;
}

/**
 * @param {string} name
 * @param {Tree[]} given
 * @param {Lookup} lookup
 */
function call(name, given, lookup) {
  if (name === "exp") return mathml`<msup><mi>e</mi><mrow>${render(given[0], lookup, false)}</mrow></msup>`;
  const inside = given.map((it, i) => mathml`${i > 0 ? mathml`<mo>,</mo>` : nothing}${render(it, lookup, false)}`);
  const head = FUNCTIONS.has(name) ? mathml`<mi>${name}</mi>` : nameOf(name);
  return mathml`<mrow>${head}<mo>⁡</mo><mrow><mo>(</mo>${inside}<mo>)</mo></mrow></mrow>`;
}

/** @param {string} id */
function nameOf(id) {
  const [letters, index] = nameParts(id);
  return index ? mathml`<msub><mi>${letters}</mi><mn>${index}</mn></msub>` : mathml`<mi>${letters}</mi>`;
}

/**
 * @param {string} of
 * @param {string} wrt
 */
function ratioOf(of, wrt) {
  return mathml`<mfrac><mrow><mo form="prefix">∂</mo>${nameOf(of)}</mrow><mrow><mo form="prefix">∂</mo>${nameOf(wrt)}</mrow></mfrac>`;
}

/**
 * @param {Matrix | number | "unknown" | null} numbers
 * @param {unknown} otherwise
 */
function standsFor(numbers, otherwise) {
  if (numbers === null) return otherwise;
  if (numbers === "unknown") return mathml`<mi class="unknown">?</mi>`;
  if (typeof numbers === "number") return scalar(numbers);
  if (numbers.length === 1 && numbers[0].length === 1) return scalar(numbers[0][0]);
  if (numbers.length > MOST_ROWS || numbers[0].length > MOST_COLUMNS) {
    return mathml`<mrow><mo>[</mo><mtext>${shapeText([numbers.length, numbers[0].length])}</mtext><mo>]</mo></mrow>`;
  }
  const rows = numbers.map((row) => mathml`<mtr>${row.map((value) => mathml`<mtd>${scalar(value)}</mtd>`)}</mtr>`);
  return mathml`<mrow><mo>[</mo><mtable>${rows}</mtable><mo>]</mo></mrow>`;
}

/** @param {number} value */
function scalar(value) {
  const text = short(value);
  return text.startsWith(MINUS)
    ? mathml`<mrow><mo form="prefix">${MINUS}</mo><mn>${text.slice(1)}</mn></mrow>`
    : mathml`<mn>${text}</mn>`;
}
