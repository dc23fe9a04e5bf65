/**
 * Numbers and names as they are shown: as text, and how strong. Every number on the page is written here, so that rounding
 * is the same everywhere.
 */

export const MINUS = "−";
const LARGE = 1e5;
const SMALL = 5e-4;
const SAME_RELATIVE = 1e-12;

/**
 * A number as a card shows it: at most four decimals. Trailing zeros say that it was rounded; a number that is short by
 * itself stays short (0.5, not 0.5000).
 * @param {number} value
 */
export function short(value) {
  if (!Number.isFinite(value)) return signed(String(value).replace("Infinity", "∞"));
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= LARGE || size < SMALL) return exponential(value);
  const decimals = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 10 ? 3 : 4;
  const text = value.toFixed(decimals);
  const exact = Math.abs(Number(text) - value) <= SAME_RELATIVE * size;
  return signed(exact ? String(Number(text)) : text);
}

/**
 * As `short`, in a cell of a card: seven characters, where there is an exponent.
 * @param {number} value
 */
export function narrow(value) {
  const text = short(value);
  const long = text.length > 7 && text.includes("e");
  return long ? exponential(value, 0) : text;
}

/**
 * As `narrow`, in a cell for five characters and a sign: a digit less, where it has more.
 * @param {number} value
 */
export function tight(value) {
  const text = narrow(value);
  const letters = text.replace(MINUS, "").length;
  if (letters <= TIGHT || !Number.isFinite(value)) return text;
  const decimals = text.length - text.indexOf(".") - 1 - (letters - TIGHT);
  return text.includes("e") || !text.includes(".") || decimals < 0
    ? exponential(value, 0)
    : signed(value.toFixed(decimals));
}

const TIGHT = 5;

/**
 * A number where there is room for four or five characters: two digits that count.
 * @param {number} value
 */
export function brief(value) {
  const text = short(value);
  if (text.length <= 4 || !Number.isFinite(value)) return text;
  const size = Math.abs(value);
  return size < 0.01 || size >= 1000
    ? exponential(Number(value.toPrecision(1)))
    : signed(value.toPrecision(2));
}

/**
 * @param {number} value
 * @param {number} [decimals]
 */
function exponential(value, decimals = 1) {
  const [mantissa, exponent] = value.toExponential(decimals).split("e");
  return signed(`${mantissa.replace(/\.0$/, "")}e${exponent.replace("+", "")}`);
}

/**
 * All the digits that read back to the same number.
 * @param {number} value
 */
export function full(value) {
  return signed(
    Object.is(value, -0) ? "0" : String(value).replace("Infinity", "∞").replace("e+", "e"),
  );
}

/** @param {string} text */
function signed(text) {
  return text.replaceAll("-", MINUS);
}

/**
 * "1 × 3", or "a number" for a scalar.
 * @param {readonly number[]} shape
 */
export function shapeText(shape) {
  return shape.length === 0 ? "a number" : shape.join(" × ");
}

/**
 * A text as far as there is room.
 * @param {string} text
 * @param {number} most characters
 * @param {number} [end] so many of its last stay
 */
export function shortened(text, most, end = 0) {
  const { length } = text;
  return length > most ? `${text.slice(0, most - end - 1)}…${text.slice(length - end)}` : text;
}

/**
 * A node id in its parts: "W0" → ["W", "0"], "x" → ["x", ""], "C.1" → ["C", ".1"]; a long one cut in its middle.
 * @param {string} id
 * @param {number} [most] letters
 * @returns {[string, string]}
 */
export function nameParts(id, most = 12) {
  const letters = id.replace(/\.?\d+$/, "");
  return [shortened(letters, most, (most + 1) >> 2), id.slice(letters.length)];
}

/**
 * By which an entry is found, in the state and in the document: m0[0,1]; that of a number is [0,0], of a vector in row 0.
 * @param {string} id
 * @param {number} row
 * @param {number} column
 */
export function entryKey(id, row, column) {
  return `${id}[${row},${column}]`;
}

/**
 * What an entry is called, as in NumPy and by the server: m0[0,1] of a matrix, b0[1] of a vector, C of a number.
 * @param {{ id: string, shape: readonly number[] }} of
 * @param {number} row
 * @param {number} column
 */
export function entryName({ id, shape }, row, column) {
  return indexed(id, [row, column].slice(2 - shape.length));
}

/**
 * A name with the indices of one of its entries; null where there is no such axis.
 * @param {string} id
 * @param {readonly (number | null | undefined)[]} indices
 */
export function indexed(id, indices) {
  const there = indices.filter((it) => it != null);
  return there.length > 0 ? `${id}[${there}]` : id;
}

/** A node: a name in Python's sense, and the number of an operation inside a line, as in "S.2". */
export const NODE = String.raw`[\p{L}_][\p{L}\p{N}_]{0,39}(?:\.\d{1,3})?`;
const ENTRY = new RegExp(String.raw`^(${NODE})(?:\[(?:(\d{1,6}),)?(\d{1,6})\])?$`, "u");

/** @typedef {{ id: string, row: number, column: number }} Entry an entry of a node: a number is [0,0], a vector one row */

/**
 * The entry that a name names: m0[0,1], b0[1] (a vector's), C (a number's own); null for what is no name.
 * @param {string} name
 * @returns {Entry | null}
 */
export function entryOf(name) {
  const found = ENTRY.exec(name);
  return found && { id: found[1], row: Number(found[2] ?? 0), column: Number(found[3] ?? 0) };
}

/**
 * A function of a thing that is worked out once for each: a matrix, an iteration never changes, and is painted many times.
 * @template {WeakKey} Thing
 * @template T
 * @param {(thing: Thing) => T} make
 * @returns {(thing: Thing) => T}
 */
export function remembering(make) {
  /** @type {WeakMap<Thing, T>} */
  const known = new WeakMap();
  return (thing) => {
    let made = known.get(thing);
    if (made === undefined) {
      made = make(thing);
      known.set(thing, made);
    }
    return made;
  };
}

/**
 * The largest finite size in a matrix; 0 where there is none.
 * @type {(matrix: number[][]) => number}
 */
export const largest = remembering((matrix) => {
  let most = 0;
  for (const row of matrix) {
    for (const value of row) {
      const size = Math.abs(value);
      if (size > most && size < Infinity) most = size;
    }
  }
  return most;
});

/**
 * A size between 0 and 1 relative to the largest: what is infinite counts as 1, NaN as 0.
 * @param {number} value
 * @param {number} most
 */
export function share(value, most) {
  if (Number.isNaN(value) || value === 0) return 0;
  return most === 0 ? 1 : Math.min(1, Math.abs(value) / most);
}

/**
 * The strength of a cell's tint in steps 0 to 5 (a CSS class each, since the page's policy forbids inline styles).
 * @param {number} value
 * @param {number} most
 */
export function tint(value, most) {
  return value === 0 ? 0 : Math.max(1, Math.ceil(share(value, most) * 5));
}

/** A matrix as a sentence for a screen reader; long ones by their shape only. */
export const spokenMatrix = remembering((/** @type {number[][]} */ matrix) => {
  const cells = matrix.length * (matrix[0]?.length ?? 0);
  if (cells > 12) return `${matrix.length} by ${matrix[0].length} numbers`;
  return matrix.map((row) => row.map(short).join(", ")).join("; ");
});
