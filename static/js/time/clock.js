/**
 * Moves time. The clock is passed in, so a test can turn it by hand.
 */

export { BY_HAND_SECONDS, secondsToRead } from "./pace.js";

/**
 * @typedef {object} Clock
 * @property {(callback: (milliseconds: number) => void) => number} request asks to be called at the next frame
 * @property {(id: number) => void} cancel
 * @property {() => boolean} [isCalm] whether the reader wants less motion
 */

/** The longest time that one frame may move, so that a sleeping tab does not leap when it wakes. */
const LONGEST_FRAME_MS = 100;

/** @typedef {ReturnType<typeof createPlayer>} Player */

/**
 * @param {Clock} clock
 * @param {(seconds: number) => boolean} advance moves on by so much time; false stops the player
 */
export function createPlayer(clock, advance) {
  /** @type {number | null} */
  let pending = null;
  /** @type {number | null} */
  let last = null;

  /** @param {number} now */
  function frame(now) {
    const elapsed = last === null ? 0 : Math.min(now - last, LONGEST_FRAME_MS);
    last = now;
    pending = advance(elapsed / 1000) ? clock.request(frame) : null;
  }

  return {
    start() {
      if (pending !== null) return;
      last = null;
      pending = clock.request(frame);
    },
    stop() {
      if (pending !== null) clock.cancel(pending);
      pending = null;
    },
  };
}
