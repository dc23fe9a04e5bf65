/**
 * Formulas as MathML: once in symbols, once with the numbers that stand for them.
 */

import { html, mathml, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { MINUS, nameParts, short } from "../format.js";
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
 * A formula in columns: each operand in symbols and, aligned beneath it, in numbers. The columns wrap where room is short,
 * so both rows have a height that is known beforehand.
 * @param {string} formula
 * @param {Lookup} [lookup]
 */
export function equation(formula, lookup) {
  const tree = parse(formula);
  if (!tree) return html`<p class="formula-text">${formula}</p>`;
  const parts = columns(tree, false);
  const symbolLines = Math.max(...parts.map((it) => linesOf(it.operand, symbolsOnly, it.left)));
  const numberLines = lookup
    ? Math.max(...parts.map((it) => linesOf(it.operand, lookup, it.left)))
    : 0;
  return html`<div class="equation symbols${symbolLines} numbers${Math.min(numberLines, MOST_LINES)}">${parts.map((column) => columnView(column, lookup))}</div>`;
}

const MOST_LINES = 9;

/**
 * How many lines high a part is: fractions add up, matrices count their rows.
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @param {boolean} left
 * @returns {number}
 */
function linesOf(tree, lookup, left) {
  switch (tree.kind) {
    case "name":
      return rowsShown(lookup({ id: tree.id }, left)) ?? 1;
    case "ratio":
      return rowsShown(lookup({ of: tree.of, wrt: tree.wrt }, left)) ?? 2;
    case "fraction":
      return linesOf(tree.top, lookup, false) + linesOf(tree.bottom, lookup, false);
    case "binary":
      return Math.max(linesOf(tree.left, lookup, left), linesOf(tree.right, lookup, false));
    case "call":
      return Math.max(...tree.arguments.map((it) => linesOf(it, lookup, false)));
    case "group":
      return linesOf(tree.inside, lookup, false);
    case "power":
      return linesOf(tree.base, lookup, left);
    case "sum":
    case "minus":
      return linesOf(tree.of, lookup, left);
    default:
      return 1;
  }
}

/**
 * @param {ReturnType<Lookup>} numbers
 * @returns {number | null} null for a symbol
 */
function rowsShown(numbers) {
  if (numbers === null) return null;
  return Array.isArray(numbers) ? Math.min(numbers.length, MOST_ROWS) : 1;
}

/**
 * The first entries, a mark for those left out, and the last.
 * @template T
 * @param {T[]} entries
 * @param {number} most
 * @param {T} mark
 */
function abridged(entries, most, mark) {
  return entries.length <= most
    ? entries
    : [...entries.slice(0, most - 2), mark, entries[entries.length - 1]];
}

/** @typedef {{ sign: string, operand: Tree, left: boolean }} Column an operand and the sign before it */

/**
 * The operands of a statement that stand side by side.
 * @param {Tree} tree
 * @param {boolean} left
 * @returns {Column[]}
 */
function columns(tree, left) {
  if (tree.kind !== "binary") return [{ sign: "", operand: tree, left }];
  const assigns = tree.sign === "=" || tree.sign === "←";
  const [first, ...rest] = columns(tree.right, false);
  return [...columns(tree.left, assigns), { ...first, sign: tree.sign }, ...rest];
}

/**
 * @param {Column} column
 * @param {Lookup} [lookup]
 */
function columnView({ sign, operand, left }, lookup) {
  /** @param {string} row */
  const mark = (row) => (sign ? html`<math class=${row}><mo>${sign}</mo></math>` : nothing);
  const bracketed =
    lookup && sign !== "" && sign !== "=" && sign !== "←" && (numberOf(operand, lookup) ?? 0) < 0;
  const shown = lookup && render(operand, lookup, left);
  const numbers = lookup
    ? html`<span class="row numbers">${mark("sign")}<math displaystyle="true">${bracketed ? mathml`<mrow><mo>(</mo>${shown}<mo>)</mo></mrow>` : shown}</math></span>`
    : nothing;
  return html`<span class="column"><span class="row symbols">${mark("sign")}<math displaystyle="true">${render(operand, symbolsOnly, left)}</math></span>${numbers}</span>`;
}

/**
 * A sentence whose names (m0, ∂C/∂W1) are set as mathematics.
 * @param {string} sentence
 * @param {ReadonlyMap<string, unknown>} known the names to look for
 */
export function typeset(sentence, known) {
  return sentence.split(NAMES).map((part) => {
    const found = RATIO.exec(part);
    if (found) return ratio(found[1], found[2]);
    return known.has(part) ? symbol(part) : part;
  });
}

const NAMES = /(∂\w+\/∂\w+|\b[A-Za-z]\d*\b)/u;
const RATIO = /^∂(\w+)\/∂(\w+)$/u;

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
  return html`<math class="inline"><mrow><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(of)}<mo lspace="0.1em" rspace="0.1em">/</mo><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(wrt)}</mrow></math>`;
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
      if (tree.mark === "⊤" && isScalar(tree.base, lookup)) return render(tree.base, lookup, left);
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
 * Whether a name stands for a single number here: it needs no ᵀ then.
 * @param {Tree} tree
 * @param {Lookup} lookup
 */
function isScalar(tree, lookup) {
  return numberOf(tree, lookup) !== null;
}

/**
 * The single number that a name stands for; null for anything else.
 * @param {Tree} tree
 * @param {Lookup} lookup
 * @returns {number | null}
 */
function numberOf(tree, lookup) {
  if (tree.kind === "power" && tree.mark === "⊤") return numberOf(tree.base, lookup);
  if (tree.kind !== "name" && tree.kind !== "ratio") return null;
  const found = lookup(
    tree.kind === "name" ? { id: tree.id } : { of: tree.of, wrt: tree.wrt },
    false,
  );
  if (typeof found === "number") return found;
  return Array.isArray(found) && found.length === 1 && found[0].length === 1 ? found[0][0] : null;
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
  if (name === "exp")
    return mathml`<msup><mi>e</mi><mrow>${render(given[0], lookup, false)}</mrow></msup>`;
  const inside = given.map(
    (it, i) => mathml`${i > 0 ? mathml`<mo>,</mo>` : nothing}${render(it, lookup, false)}`,
  );
  const head = FUNCTIONS.has(name) ? mathml`<mi>${name}</mi>` : nameOf(name);
  return mathml`<mrow>${head}<mo>⁡</mo><mrow><mo>(</mo>${inside}<mo>)</mo></mrow></mrow>`;
}

/** @param {string} id */
function nameOf(id) {
  const [letters, index] = nameParts(id);
  return index
    ? mathml`<msub><mi>${letters}</mi><mn>${index}</mn></msub>`
    : mathml`<mi>${letters}</mi>`;
}

/**
 * @param {string} of
 * @param {string} wrt
 */
function ratioOf(of, wrt) {
  return mathml`<mfrac><mrow><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(of)}</mrow><mrow><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(wrt)}</mrow></mfrac>`;
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
  const lines = numbers.map((row) => abridged(row.map(scalar), MOST_COLUMNS, mathml`<mo>⋯</mo>`));
  const shown = abridged(
    lines,
    MOST_ROWS,
    lines[0].map(() => mathml`<mo>⋮</mo>`),
  );
  const rows = shown.map(
    (row) => mathml`<mtr>${row.map((entry) => mathml`<mtd>${entry}</mtd>`)}</mtr>`,
  );
  return mathml`<mrow><mo>[</mo><mtable>${rows}</mtable><mo>]</mo></mrow>`;
}

/** @param {number} value */
function scalar(value) {
  const text = short(value);
  return text.startsWith(MINUS)
    ? mathml`<mrow><mo form="prefix">${MINUS}</mo><mn>${text.slice(1)}</mn></mrow>`
    : mathml`<mn>${text}</mn>`;
}
