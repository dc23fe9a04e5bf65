/**
 * To drag a number of a leaf: to the right it grows, to the left it shrinks, and all that depends on it follows.
 */

import { entryOf } from "../base/format.js";

const PER_PIXEL = 0.01;
const FINE = 0.1;
const COARSE = 10;
const DECIMALS = 4;
/** What moves less is a click. */
const THRESHOLD_PX = 4;

/**
 * @param {PointerEvent} start
 * @param {HTMLElement} board
 * @param {string} name of the entry
 * @param {number} value where it begins
 * @param {(entry: import("../base/format.js").Entry, value: number) => void} edit
 */
export function scrub(start, board, name, value, edit) {
  const entry = entryOf(name);
  if (!entry) return;
  let dragged = false;
  const over = new AbortController();
  const { signal } = over;
  const move = (/** @type {PointerEvent} */ event) => {
    const by = event.clientX - start.clientX;
    if (!dragged && Math.abs(by) < THRESHOLD_PX) return;
    dragged = true;
    board.classList.add("scrubbing");
    const scale = event.shiftKey ? COARSE : event.altKey ? FINE : 1;
    edit(entry, Number((value + by * PER_PIXEL * scale).toFixed(DECIMALS)));
  };
  const end = () => {
    over.abort();
    board.classList.remove("scrubbing");
    // The click that ends a drag selects nothing.
    if (dragged)
      addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
    setTimeout(() => {
      dragged = false;
    });
  };
  addEventListener("pointermove", move, { signal });
  addEventListener("pointerup", end, { signal });
  addEventListener("pointercancel", end, { signal });
}
