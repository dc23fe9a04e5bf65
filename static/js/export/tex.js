/**
 * Formulas, numbers and text as LaTeX, with no more than amsmath: the page's one-line formulas, read by `formula.js`,
 * in symbols or with the numbers that stand for them.
 */

import { MINUS, nameParts, short } from "../format.js";
import { parse } from "../formula.js";

/** @typedef {import("../formula.js").Tree} Tree */
/** @typedef {import("../trace.js").Matrix} Matrix */
/**
 * What a name or a ratio ∂of/∂wrt stands for; null to leave it a symbol.
 * @typedef {(name: { id: string } | { of: string, wrt: string }) => Matrix | number | null} Lookup
 */

const MOST_ENTRIES = 6;

/** @type {Record<string, string>} */
const GREEK = {
  α: String.raw`\alpha`,
  β: String.raw`\beta`,
  ε: String.raw`\varepsilon`,
  η: String.raw`\eta`,
  μ: String.raw`\mu`,
  ρ: String.raw`\rho`,
  σ: String.raw`\sigma`,
  φ: String.raw`\varphi`,
  Δ: String.raw`\Delta`,
  Φ: String.raw`\Phi`,
};
/** @type {Record<string, string>} */
const SIGNS = {
  "=": "=",
  "+": "+",
  "←": String.raw`\leftarrow`,
  "−": "-",
  "·": String.raw`\cdot`,
  "⊙": String.raw`\odot`,
  ">": ">",
  "≤": String.raw`\le`,
};
/** @type {Record<string, string>} */
const IN_TEXT = {
  ...GREEK,
  ...SIGNS,
  "<": "<",
  "|": "|",
  "∂": String.raw`\partial`,
  Σ: String.raw`\sum`,
  "²": "{}^{2}",
  ᵀ: String.raw`{}^{\top}`,
  "×": String.raw`\times`,
  "√": String.raw`\surd`,
  π: String.raw`\pi`,
};
const FUNCTIONS = new Set(["exp", "ln", "tanh", "max", "min"]);

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
      const mark = tree.mark === "2" ? "2" : "\\top";
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

/**
 * A node's or an entry's name: W0[1,2] is W_{0}[1,2].
 * @param {string} id
 */
export function symbol(id) {
  const [, name, entry] = /^([^[]*)(\[.*\])?$/.exec(id) ?? ["", id, ""];
  const [letters, number] = nameParts(name);
  const known = GREEK[letters] ?? (letters.length > 1 ? `\\mathrm{${letters}}` : letters);
  return `${known}${number && `_{${number}}`}${entry ?? ""}`;
}

/**
 * @param {string} of
 * @param {string} wrt
 */
export function ratio(of, wrt) {
  return `\\frac{\\partial ${symbol(of)}}{\\partial ${symbol(wrt)}}`;
}

/**
 * A number, rounded as the page rounds it.
 * @param {number} value
 */
export function numberOf(value) {
  if (Number.isNaN(value)) return "\\mathrm{NaN}";
  const [mantissa, exponent] = short(value)
    .replaceAll(MINUS, "-")
    .replace("∞", "\\infty")
    .split("e");
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${exponent}}`;
}

/**
 * A number as a part of a product.
 * @param {number} value
 */
export function inBrackets(value) {
  const text = numberOf(value);
  return /^[\d.]+$/.test(text) ? text : `\\left(${text}\\right)`;
}

/**
 * A matrix; of a large one the first and the last rows and columns.
 * @param {Matrix} matrix
 */
export function matrixOf(matrix) {
  const rows = abridged(
    matrix.map((row) => abridged(row.map(numberOf), "\\cdots")),
    null,
  );
  const columns = rows[0]?.length ?? 0;
  const lines = rows.map((row) => (row ?? Array(columns).fill("\\vdots")).join(" & "));
  return `\\begin{pmatrix} ${lines.join(" \\\\ ")} \\end{pmatrix}`;
}

/**
 * @template T
 * @param {T[]} entries
 * @param {T | null} mark
 * @returns {(T | null)[]}
 */
function abridged(entries, mark) {
  if (entries.length <= MOST_ENTRIES) return entries;
  return [...entries.slice(0, MOST_ENTRIES - 2), mark, entries[entries.length - 1]];
}

/**
 * Text as it is read, not as commands. Letters that LaTeX's standard fonts do not have become "?".
 * @param {string} text
 */
export function escaped(text) {
  return Array.from(text, character).join("");
}

/** @param {string} char */
function character(char) {
  if (char === "\\") return "\\textbackslash{}";
  if (char === "~") return "\\textasciitilde{}";
  if (char === "^") return "\\textasciicircum{}";
  if (/[#$%&_{}]/.test(char)) return `\\${char}`;
  if (char === "=" || char === "+") return char;
  if (Object.hasOwn(IN_TEXT, char)) return `$${IN_TEXT[char]}$`;
  return /[ -~À-ÏÑ-ÖÙ-Ýß-ïñ-öù-ýÿ]/.test(char) ? char : "?";
}
