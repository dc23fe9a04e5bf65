/**
 * Formulas as MathML: once in symbols, once with the numbers that stand for them.
 */

import { html, mathml, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { MINUS, short } from "../base/format.js";
import { COUNTED } from "../trace/optimizer-rule.js";
import { parse } from "./formula.js";
import { nameOf } from "./symbols-view.js";

/** @typedef {import("./formula.js").Tree} Tree */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/**
 * What a name or a ratio ∂of/∂wrt stands for; null to leave it a symbol. `left` says that it stands left of = or ←.
 * @typedef {(name: { id: string } | { of: string, wrt: string }, left: boolean) => Matrix | number | "unknown" | null} Lookup
 */

const MOST_ROWS = 4;
const MOST_COLUMNS = 3;
const FUNCTIONS = new Set(["exp", "ln", "tanh", "max", "min", "diag"]);

/** @typedef {{ lookup: Lookup, rows: number, over: string }} Setting what a tree is set with */
/**
 * @typedef {object} EquationOptions
 * @property {Lookup} [lookup] gives the numbers; without it there are symbols only
 * @property {number} [rows]   how many rows of a matrix are shown at most
 * @property {string} [over]   what a Σ runs over, written under it
 */
/**
 * A formula in columns: each operand in symbols and, aligned beneath it, in numbers. The columns wrap where room is short,
 * so both rows have a height that is known beforehand.
 * @param {string} formula
 * @param {EquationOptions} [options]
 */
export function equation(formula, { lookup, rows = MOST_ROWS, over = "" } = {}) {
  const tree = parse(formula);
  if (!tree) return html`<p class="formula-text">${formula}</p>`;
  /** @type {Setting} */
  const symbols = { lookup: symbolsOnly, rows, over };
  const numbers = lookup && { lookup, rows, over };
  const parts = columns(tree, false);
  const symbolLines = Math.max(...parts.map((it) => linesOf(it.operand, symbols, it.left)));
  const numberLines = numbers
    ? Math.max(...parts.map((it) => linesOf(it.operand, numbers, it.left)))
    : 0;
  return html`<div class="equation symbols${symbolLines} numbers${Math.min(numberLines, MOST_LINES)}">${terms(parts).map((term) => html`<span class="term">${term.map((column) => columnView(column, symbols, numbers))}</span>`)}</div>`;
}

/**
 * The right side of a formula in the line of a text: in symbols, or in the numbers that stand for them.
 * @param {string} formula
 * @param {Lookup} [lookup]
 */
export function rightSide(formula, lookup = symbolsOnly) {
  const tree = parse(formula);
  if (!tree) return formula;
  const isEquation = tree.kind === "binary" && tree.sign === "=";
  const setting = { lookup, rows: MOST_ROWS, over: "" };
  return html`<math class="inline">${render(isEquation ? tree.right : tree, setting, false)}</math>`;
}

const MOST_LINES = 9;

/**
 * How many lines high a part is: fractions add up, matrices count their rows.
 * @param {Tree} tree
 * @param {Setting} setting
 * @param {boolean} left
 * @returns {number}
 */
function linesOf(tree, setting, left) {
  switch (tree.kind) {
    case "name":
      return rowsShown(setting.lookup({ id: tree.id }, left), setting) ?? 1;
    case "ratio":
      return rowsShown(setting.lookup({ of: tree.of, wrt: tree.wrt }, left), setting) ?? 2;
    case "fraction":
      return linesOf(tree.top, setting, false) + linesOf(tree.bottom, setting, false);
    case "binary":
      return Math.max(linesOf(tree.left, setting, left), linesOf(tree.right, setting, false));
    case "call": {
      const lines = Math.max(...tree.arguments.map((it) => linesOf(it, setting, false)));
      return tree.name === "sqrt" ? lines + 1 : lines; // its bar
    }
    case "group":
      return linesOf(tree.inside, setting, false);
    case "power":
    case "raised":
      return linesOf(tree.base, setting, left);
    case "sum":
    case "minus":
      return linesOf(tree.of, setting, left);
    default:
      return 1;
  }
}

/**
 * @param {ReturnType<Lookup>} numbers
 * @param {Setting} setting
 * @returns {number | null} null for a symbol
 */
function rowsShown(numbers, setting) {
  if (numbers === null) return null;
  return Array.isArray(numbers) ? Math.min(numbers.length, setting.rows) : 1;
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

/** What stands between terms: a line breaks there first. */
const BETWEEN_TERMS = new Set(["=", "←", "+", MINUS, "-"]);

/**
 * Factors stay together.
 * @param {readonly Column[]} parts
 */
function terms(parts) {
  /** @type {Column[][]} */
  const found = [];
  for (const column of parts) {
    const last = found.at(-1);
    if (last && !BETWEEN_TERMS.has(column.sign)) last.push(column);
    else found.push([column]);
  }
  return found;
}

/**
 * @param {Column} column
 * @param {Setting} symbols
 * @param {Setting} [numbers]
 */
function columnView({ sign, operand, left }, symbols, numbers) {
  const mark = sign ? html`<math class="sign"><mo>${sign}</mo></math>` : nothing;
  /** @param {Setting} setting */
  const part = (setting) => {
    const behind = !["", "=", "←"].includes(sign);
    const shown = behind ? guarded(operand, setting, left) : render(operand, setting, left);
    return html`${mark}<math displaystyle="true">${shown}</math>`;
  };
  return html`<span class="column"><span class="row symbols">${part(symbols)}</span>${numbers ? html`<span class="row numbers">${part(numbers)}</span>` : nothing}</span>`;
}

/** @param {string} over what is summed over; empty for everything */
function sumSign(over) {
  return over
    ? mathml`<munder><mo movablelimits="false">∑</mo><mtext>${over}</mtext></munder>`
    : mathml`<mo>∑</mo>`;
}

/** @type {Lookup} */
function symbolsOnly() {
  return null;
}

/**
 * @param {Tree} tree
 * @param {Setting} setting
 * @param {boolean} left
 * @returns {unknown}
 */
function render(tree, setting, left) {
  switch (tree.kind) {
    case "number":
      return mathml`<mn>${tree.text}</mn>`;
    case "name":
      return standsFor(setting.lookup({ id: tree.id }, left), nameOf(tree.id), setting);
    case "ratio":
      return standsFor(
        setting.lookup({ of: tree.of, wrt: tree.wrt }, left),
        ratioOf(tree.of, tree.wrt),
        setting,
      );
    case "call":
      return call(tree.name, tree.arguments, setting);
    case "group":
      return mathml`<mrow><mo>${tree.brackets[0]}</mo>${render(tree.inside, setting, left)}<mo>${tree.brackets[1]}</mo></mrow>`;
    case "sum":
      return mathml`<mrow>${sumSign(setting.over)}${render(tree.of, setting, left)}</mrow>`;
    case "minus":
      return mathml`<mrow><mo form="prefix">${MINUS}</mo>${guarded(tree.of, setting, left)}</mrow>`;
    case "power":
      if (tree.mark === "⊤" && isScalar(tree.base, setting))
        return render(tree.base, setting, left);
      return mathml`<msup>${guarded(tree.base, setting, left)}${markOf(tree.mark, setting)}</msup>`;
    case "raised":
      return mathml`<msup>${guarded(tree.base, setting, left)}${bare(tree.exponent, setting)}</msup>`;
    case "fraction":
      return mathml`<mfrac>${bare(tree.top, setting)}${bare(tree.bottom, setting)}</mfrac>`;
    case "binary": {
      const assigns = tree.sign === "=" || tree.sign === "←";
      return mathml`<mrow>${render(tree.left, setting, assigns || left)}<mo>${tree.sign}</mo>${assigns ? render(tree.right, setting, false) : guarded(tree.right, setting, left)}</mrow>`;
    }
  }
}

/**
 * @param {string} mark
 * @param {Setting} setting
 */
function markOf(mark, setting) {
  if (mark === "⊤") return mathml`<mi mathvariant="normal">T</mi>`;
  if (mark === "t") return standsFor(setting.lookup({ id: COUNTED }, false), nameOf("t"), setting);
  return mathml`<mn>${mark}</mn>`;
}

/**
 * A part behind a sign or under a power: a negative number stands in brackets there.
 * @param {Tree} tree
 * @param {Setting} setting
 * @param {boolean} left
 */
function guarded(tree, setting, left) {
  const shown = render(tree, setting, left);
  return (numberOf(tree, setting) ?? 0) < 0
    ? mathml`<mrow><mo>(</mo>${shown}<mo>)</mo></mrow>`
    : shown;
}

/**
 * Whether a name stands for a single number here: it needs no ᵀ then.
 * @param {Tree} tree
 * @param {Setting} setting
 */
function isScalar(tree, setting) {
  return numberOf(tree, setting) !== null;
}

/**
 * The single number that a name stands for; null for anything else.
 * @param {Tree} tree
 * @param {Setting} setting
 * @returns {number | null}
 */
function numberOf(tree, setting) {
  if (tree.kind === "power" && tree.mark === "⊤") return numberOf(tree.base, setting);
  if (tree.kind !== "name" && tree.kind !== "ratio") return null;
  const found = setting.lookup(
    tree.kind === "name" ? { id: tree.id } : { of: tree.of, wrt: tree.wrt },
    false,
  );
  if (typeof found === "number") return found;
  return Array.isArray(found) && found.length === 1 && found[0].length === 1 ? found[0][0] : null;
}

/**
 * A part of a fraction needs no brackets of its own.
 * @param {Tree} tree
 * @param {Setting} setting
 */
function bare(tree, setting) {
  const inside = tree.kind === "group" && tree.brackets === "()" ? tree.inside : tree;
  return mathml`<mrow>${render(inside, setting, false)}</mrow>`;
}

/**
 * @param {string} name
 * @param {Tree[]} given
 * @param {Setting} setting
 */
function call(name, given, setting) {
  if (name === "exp")
    return mathml`<msup><mi>e</mi><mrow>${render(given[0], setting, false)}</mrow></msup>`;
  if (name === "sqrt") return mathml`<msqrt>${render(given[0], setting, false)}</msqrt>`;
  const inside = given.map(
    (it, i) => mathml`${i > 0 ? mathml`<mo>,</mo>` : nothing}${render(it, setting, false)}`,
  );
  const head = FUNCTIONS.has(name) ? mathml`<mi>${name}</mi>` : nameOf(name);
  return mathml`<mrow>${head}<mo>⁡</mo><mrow><mo>(</mo>${inside}<mo>)</mo></mrow></mrow>`;
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
 * @param {Setting} setting
 */
function standsFor(numbers, otherwise, setting) {
  if (numbers === null) return otherwise;
  if (numbers === "unknown") return mathml`<mi class="unknown">?</mi>`;
  if (typeof numbers === "number") return scalar(numbers);
  if (numbers.length === 1 && numbers[0].length === 1) return scalar(numbers[0][0]);
  const lines = numbers.map((row) => abridged(row.map(scalar), MOST_COLUMNS, mathml`<mo>⋯</mo>`));
  const shown = abridged(
    lines,
    setting.rows,
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
