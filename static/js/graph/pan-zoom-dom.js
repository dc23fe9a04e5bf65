/**
 * The reader's hands on the picture: one pointer drags it, two fingers zoom it too. What moves less than a little is a click.
 */

import { handled } from "./level-of-detail.js";

/** @typedef {import("./camera.js").Camera} Camera */

const THRESHOLD_PX = 4;

/**
 * @param {() => Camera} present
 * @param {(camera: Camera) => void} move
 * @param {() => number} most the largest zoom
 * @returns {(start: PointerEvent, board: HTMLElement) => void} to be called for each pointer that comes down
 */
export function createHands(present, move, most) {
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map();
  let dragged = false;

  return (start, board) => {
    const place = board.getBoundingClientRect();
    const pointOf = (/** @type {PointerEvent} */ event) => ({
      x: event.clientX - place.left - place.width / 2,
      y: event.clientY - place.top - place.height / 2,
    });
    fingers.set(start.pointerId, pointOf(start));
    if (fingers.size > 1) return;
    dragged = false;
    const over = new AbortController();
    const { signal } = over;
    const moved = (/** @type {PointerEvent} */ event) => {
      const was = fingers.get(event.pointerId);
      if (!was) return;
      if (event.buttons === 0) return ended(event); // it went up before this was loaded
      const is = pointOf(event);
      if (!dragged && Math.hypot(is.x - was.x, is.y - was.y) < THRESHOLD_PX) return;
      dragged = true;
      const before = [...fingers.values()];
      fingers.set(event.pointerId, is);
      move(handled(present(), before, [...fingers.values()], most()));
    };
    const ended = (/** @type {PointerEvent} */ event) => {
      fingers.delete(event.pointerId);
      if (fingers.size > 0) return;
      over.abort();
      if (dragged) swallowClick();
    };
    addEventListener("pointermove", moved, { signal });
    addEventListener("pointerup", ended, { signal });
    addEventListener("pointercancel", ended, { signal });
  };
}

/** The click that ends a drag selects nothing. */
function swallowClick() {
  const over = new AbortController();
  addEventListener("click", (event) => event.stopPropagation(), {
    capture: true,
    signal: over.signal,
  });
  setTimeout(() => over.abort());
}
