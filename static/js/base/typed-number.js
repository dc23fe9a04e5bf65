/**
 * Numbers as people write them; and of what is meant as a number and is none, what is wrong and what to write.
 */

/** @typedef {string | number | null} Cell of a record before it is checked; null where there is none */

const PLAIN = /^[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * A number as people write it: "0.5", "−2", "1e-3", and "0,5" where the comma is no delimiter. NaN for all else.
 * @param {Cell} cell
 * @param {boolean} [decimalComma]
 */
export function numberOf(cell, decimalComma = false) {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : Number.NaN;
  const text = cell?.trim() ?? "";
  const plain = decimalComma && text.includes(",") ? text.replace(",", ".") : text;
  if (!PLAIN.test(plain)) return Number.NaN;
  const value = Number(plain.replace("−", "-"));
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Forms that are meant as numbers, the mark in them that is not allowed, and the number without it. */
/** @type {{ form: RegExp, has: string, mended: (text: string) => string }[]} */
const SLIPS = [
  {
    form: /^[-+−]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/,
    has: "a comma",
    mended: (text) => text.replaceAll(",", ""),
  },
  {
    form: /^[-+−]?[1-9]\d{0,2}(?:\.\d{3})+,\d+$/,
    has: "points between its thousands",
    mended: (text) => text.replaceAll(".", "").replace(",", "."),
  },
  {
    form: /^[-+−]?\d*,\d+(?:[eE][-+]?\d+)?$/,
    has: "a comma",
    mended: (text) => text.replace(",", "."),
  },
  {
    form: /^[-+−]?\d+(?:_\d+)+(?:\.\d+)?$/,
    has: "an underscore",
    mended: (text) => text.replaceAll("_", ""),
  },
  {
    form: /^[-+−]?\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d+)?$/,
    has: "a gap between its digits",
    mended: (text) => text.replace(/[\s'’]/g, "").replace(",", "."),
  },
];

/**
 * What keeps a text that is meant as a number from being one, and what to write: "has a comma: write 1000". Null where it
 * is a number, or means none.
 * @param {Cell} cell
 * @returns {string | null}
 */
export function slip(cell) {
  const text = String(cell ?? "").trim();
  if (/^[-+−]?(?:inf|infinity|∞)$/i.test(text)) return "is no finite number: write one such as 0.5";
  if (/^[-+−]?nan$/i.test(text)) return "is no number: write one such as 0.5";
  if (PLAIN.test(text))
    return Number.isFinite(Number(text.replace("−", "-")))
      ? null
      : "is too large: a number is at most about 1.8e308";
  const found = SLIPS.find(({ form }) => form.test(text));
  return found ? `has ${found.has}: write ${found.mended(text)}` : null;
}

/** Thousands to some readers, a decimal comma to others. */
const EITHER = /^[-+−]?[1-9]\d{0,2},\d{3}$/;

/**
 * A number that is typed into a field, where a comma is a decimal comma; or a fraction of two, as Python divides them. NaN
 * for all else, and for what may be a thousand.
 * @param {string} text
 */
export function typedNumber(text) {
  const parts = text.split("/");
  const [value, by = 1] = parts.map((it) =>
    EITHER.test(it.trim()) ? Number.NaN : numberOf(it, true),
  );
  return parts.length <= 2 && Number.isFinite(value / by) ? value / by : Number.NaN;
}

/**
 * What is wrong with a text that was typed for a number; null where it is one, or means none.
 * @param {string} text
 * @returns {string | null} "1,000 may be 1000 or 1.000: write the one that is meant"
 */
export function misread(text) {
  const plain = text.trim();
  const [top, bottom, ...more] = plain.split("/");
  if (bottom !== undefined && more.length === 0) return misreadFraction(plain, top, bottom);
  if (EITHER.test(plain))
    return `${plain} may be ${plain.replace(",", "")} or ${plain.replace(",", ".")}: write the one that is meant`;
  const wrong = Number.isNaN(numberOf(plain, true)) ? slip(plain) : null;
  return wrong && `${plain} ${wrong}`;
}

/**
 * @param {string} whole
 * @param {string} top
 * @param {string} bottom
 */
function misreadFraction(whole, top, bottom) {
  if (numberOf(bottom, true) === 0) return `${whole} divides by 0`;
  const isLarge = Math.abs(numberOf(top, true) / numberOf(bottom, true)) === Infinity;
  return misread(top) ?? misread(bottom) ?? (isLarge ? `${whole} is too large` : null);
}

/**
 * Why what was typed is not taken: what is wrong with it, or what would be taken.
 * @param {string} text
 * @param {string} [allowed] " from 0 to 1"
 */
export function refusalOf(text, allowed = ", such as −0.5, 1e-3 or 1/3") {
  const plain = text.trim();
  if (plain === "") return `Nothing is typed: write a number${allowed}`;
  return misread(plain) ?? `${plain} is not a number${allowed}`;
}
