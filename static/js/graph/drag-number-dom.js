/**
 * To drag a number of a leaf: to the right it grows, to the left it shrinks, and all that depends on it follows.
 */

import { entryOf } from "../base/format.js";
import { dragPointer } from "../base/pointer-drag.js";

const PER_PIXEL = 0.01;
const FINE = 0.1;
const COARSE = 10;
const DECIMALS = 4;
const THRESHOLD_PX = 4;

/**
 * @param {PointerEvent} start
 * @param {HTMLElement} board
 * @param {string} name of the entry
 * @param {number} value where it begins
 * @param {(entry: import("../base/format.js").Entry, value: number) => void} edit
 */
export function dragNumber(start, board, name, value, edit) {
  const entry = entryOf(name);
  if (!entry) return;
  dragPointer(start, {
    threshold: THRESHOLD_PX,
    move: (event) => {
      board.classList.add("scrubbing");
      const scale = event.shiftKey ? COARSE : event.altKey ? FINE : 1;
      const by = (event.clientX - start.clientX) * PER_PIXEL * scale;
      edit(entry, Number((value + by).toFixed(DECIMALS)));
    },
    end: () => board.classList.remove("scrubbing"),
  });
}
