/**
 * Numbers, names and text as LaTeX.
 */

import { MINUS, nameParts, short } from "../base/format.js";

/** @typedef {import("../trace/trace.js").Matrix} Matrix */

const MOST_ENTRIES = 6;

/** @type {Record<string, string>} */
export const GREEK = {
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
export const SIGNS = {
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
  ᵗ: "{}^{t}",
  ...Object.fromEntries(Array.from("₀₁₂₃₄₅₆₇₈₉", (char, digit) => [char, `{}_{${digit}}`])),
};

/**
 * A node's or an entry's name: W0[1,2] is W_{0}[1,2].
 * @param {string} id
 */
export function symbol(id) {
  const [, name, entry] = /^([^[]*)(\[.*\])?$/.exec(id) ?? ["", id, ""];
  const [letters, number] = nameParts(name);
  const plain = letters.normalize("NFD").replace("\u0302", "");
  const known = GREEK[plain] ?? (plain.length > 1 ? `\\mathrm{${plain}}` : plain);
  const letter = letters.normalize("NFD") === plain ? known : `\\hat{${known}}`;
  return `${letter}${number && `_{${number}}`}${entry ?? ""}`;
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
  if (matrix.length === 1 && matrix[0].length === 1) return numberOf(matrix[0][0]);
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
