/**
 * A QR code for a room: what it leads to, and its squares.
 */

import { encode } from "../../vendor/uqr@0.1.3/index.mjs";

/** Characters that a phone reads off a wall: a code of more has squares too small for a hall. */
export const MOST_IN_A_HALL = 420;
/** Squares of white around it, without which it is not found. */
const BORDER = 4;

/** @typedef {{ text: string, whole: boolean, size: number, path: string }} Code whole: it leads to what is shown, not just to the page; path: of its dark squares */

/**
 * @param {string} link to what is shown
 * @returns {Code}
 */
export function codeOf(link) {
  const whole = link.length <= MOST_IN_A_HALL;
  const text = whole ? link : link.split("#")[0];
  const { data, size } = encode(text, { ecc: "L", boostEcc: true, border: BORDER });
  return { text, whole, size, path: pathOf(data) };
}

/** @param {boolean[][]} squares */
function pathOf(squares) {
  let path = "";
  squares.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const from = x;
      while (row[x]) x += 1;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  });
  return path;
}
