/**
 * How the pieces of a hall's equation are arranged so that all fits at the size that a hall needs: beside one another or one
 * below the other; and which rows and columns of a large matrix are shown. Lengths are in text sizes.
 */

import { nameParts } from "../base/format.js";

/** @typedef {import("./hall.js").Piece} Piece */
/** @typedef {{ from: number, to: number, count: number }} Part of rows or of columns */
/** @typedef {{ piece: Piece, rows: Part, columns: Part, cell: number }} Shown cell: how wide */
/** @typedef {{ x: number, y: number }} Point */
/**
 * Where a piece stands: `at` is the top left corner of its numbers, `label` the middle of its name, `sign` of the sign
 * before it.
 * @typedef {Shown & { at: Point, label: Point, sign: Point }} Placed
 */
/** @typedef {{ width: number, height: number, placed: Placed[] }} Arrangement */
/** @typedef {{ width: number, height: number }} Room */
/** @typedef {"beside" | "below"} Way */

export const ROW = 1.7;
const LABEL = 1.9;
const LABEL_LETTER = 0.5;
const NAMES = 1.1;
const LETTER = 0.58;
const PAD = 0.9;
/** Names over the columns are smaller; long ones are cut. */
const NAME_LETTER = 0.36;
const NAME_PAD = 0.2;
const LONGEST_NAME = 14;
const SIGN = 1.9;
/** What a name takes beside its numbers: ∂C/∂m0, m0. */
const RATIO = 5.2;
const ID = 2.4;
const OVER = 0.36;
/** What stands for entries that are left out. */
const GAP = 1;
const BETWEEN = 0.7;
const MOST = 12;

/**
 * @param {readonly Piece[]} pieces
 * @param {readonly number[]} letters that the longest number of each piece has
 * @param {Room} room
 * @returns {Arrangement}
 */
export function arrange(pieces, letters, room) {
  const cells = pieces.map(({ names }, at) => {
    const name = Math.min(LONGEST_NAME, Math.max(0, ...names.map((it) => it.length)));
    return Math.max(LETTER * Math.max(1, letters[at]) + PAD, NAME_LETTER * name + NAME_PAD);
  });
  let tried = placed([], "beside");
  for (let most = MOST; most >= 1; most -= 1) {
    const shown = pieces.map((piece, at) => partOf(piece, cells[at], most));
    for (const way of /** @type {const} */ (["beside", "below"])) {
      tried = placed(shown, way);
      if (tried.width <= room.width && tried.height <= room.height) return tried;
    }
  }
  return tried;
}

/**
 * @param {Piece} piece
 * @param {number} cell
 * @param {number} most rows and columns
 * @returns {Shown}
 */
function partOf(piece, cell, most) {
  const { matrix, ringed } = piece;
  const at = ringed[0] ?? { row: 0, column: 0 };
  const rows = around(at.row, matrix.length, Math.min(most, 6));
  return { piece, cell, rows, columns: around(at.column, matrix[0].length, most) };
}

/**
 * So many around one.
 * @param {number} at
 * @param {number} count
 * @param {number} most
 * @returns {Part}
 */
function around(at, count, most) {
  if (count <= most) return { from: 0, to: count, count };
  const from = Math.min(Math.max(0, at - Math.floor(most / 2)), count - most);
  return { from, to: from + most, count };
}

/** @param {Shown} shown */
function gridOf({ cell, rows, columns }) {
  const width = (columns.to - columns.from) * cell + (isCut(columns) ? GAP : 0);
  const height = (rows.to - rows.from) * ROW + (isCut(rows) ? GAP : 0);
  return { width, height };
}

/** @param {Part} part */
export function isCut({ from, to, count }) {
  return to - from < count;
}

/** @param {Piece} piece */
function signWidth({ before, over }) {
  return before ? Math.max(SIGN, OVER * over.length + 1, 0.6 * before.length + 1) : 0;
}

/**
 * @param {readonly Shown[]} shown
 * @param {Way} way
 * @returns {Arrangement}
 */
function placed(shown, way) {
  return way === "beside" ? besideOneAnother(shown) : belowOneAnother(shown);
}

/** @param {readonly Shown[]} shown @returns {Arrangement} */
function besideOneAnother(shown) {
  const names = Math.max(0, ...shown.map(namesHeight));
  const height = Math.max(0, ...shown.map((it) => gridOf(it).height));
  const top = LABEL + names;
  let x = 0;
  const all = shown.map((it) => {
    const [sign, grid] = [signWidth(it.piece) || (x > 0 ? BETWEEN : 0), gridOf(it)];
    // A name may be wider than its numbers: of a single one. It stands over their middle, and not over that of what is cut.
    const half = labelWidth(it.piece) / 2;
    const numbers = (it.columns.to - it.columns.from) * it.cell;
    const left = Math.max(0, half - numbers / 2);
    const right = Math.max(0, numbers / 2 + half - grid.width);
    const at = { x: x + sign + left, y: top + (height - grid.height) / 2 };
    const middle = at.x + numbers / 2;
    const label = { x: middle, y: at.y - namesHeight(it) - LABEL / 2 };
    const found = { ...it, at, label, sign: { x: x + sign / 2, y: top + height / 2 } };
    x += sign + left + grid.width + right;
    return found;
  });
  return { width: x, height: top + height, placed: all };
}

/** @param {readonly Shown[]} shown @returns {Arrangement} */
function belowOneAnother(shown) {
  const name = Math.max(
    0,
    ...shown.map(({ piece }) => Math.max(piece.name.includes("/") ? RATIO : ID, labelWidth(piece))),
  );
  const label = name + Math.max(0, ...shown.map(({ piece }) => signWidth(piece)));
  const width = Math.max(0, ...shown.map((it) => gridOf(it).width));
  let y = 0;
  const all = shown.map((it) => {
    const at = { x: label, y: y + namesHeight(it) };
    const middle = at.y + ((it.rows.to - it.rows.from) * ROW) / 2;
    y = at.y + gridOf(it).height + BETWEEN;
    const sign = { x: signWidth(it.piece) / 2, y: middle };
    return { ...it, at, label: { x: label - name / 2, y: middle }, sign };
  });
  return { width: label + width, height: y - BETWEEN, placed: all };
}

/** @param {Piece} piece */
function labelWidth({ name, turned }) {
  const shown = name.replace(/[^∂/ ]+/gu, (it) => nameParts(it).join(""));
  return LABEL_LETTER * (shown.length + (turned ? 1 : 0));
}

/** @param {Shown} shown */
function namesHeight({ piece }) {
  return piece.names.length > 0 ? NAMES : 0;
}
