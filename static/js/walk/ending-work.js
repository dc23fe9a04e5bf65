/**
 * How the walk ends: the last stop takes one step by itself, at a press a hundred more. Whatever else the reader does
 * meanwhile, wins.
 */

import { lastStopOf } from "../state/address.js";
import { BY_HAND_SECONDS } from "../time/pace.js";
import { forwardDone } from "../time/timeline.js";
import { MORE_STEPS } from "./ending.js";

const SECONDS = 3;

export class Ending {
  #asking;
  #moving;
  #clock;

  /**
   * @param {import("../app/asking.js").Asking} asking
   * @param {import("../app/moving.js").Moving} moving
   * @param {import("../time/clock.js").Clock} clock
   */
  constructor(asking, moving, clock) {
    this.#asking = asking;
    this.#moving = moving;
    this.#clock = clock;
  }

  /** The weights move, then the next iteration is there. */
  async arrive() {
    if (this.#clock.isCalm?.() || (await this.#watched())) await this.#step();
  }

  /** What comes next at this stop; what is under way is done at once. */
  async next() {
    const number = this.#asking.read().iteration?.number ?? 0;
    if (number === 0) return this.#step();
    if (number > MORE_STEPS) return;
    const isHurried = this.#asking.read().training || this.#clock.isCalm?.();
    this.#moving.pause();
    const train = await this.#moving.train();
    await train.within(1 + MORE_STEPS - number, isHurried ? 0 : SECONDS);
    const { beats, example, iteration, stop } = this.#asking.read();
    if (stop === lastStopOf(example) && iteration?.number === 1 + MORE_STEPS)
      this.#asking.dispatch({ type: "went", t: forwardDone(beats) });
  }

  async #step() {
    this.#moving.pause();
    await this.#moving.iterate(1);
  }

  /**
   * Runs through the beats of the update.
   * @returns {Promise<boolean>} whether to the end: the reader has done nothing else
   */
  #watched() {
    const { t: from, iteration, beats } = this.#asking.read();
    let t = from;
    /** @type {number | null} */
    let began = null;
    return new Promise((done) => {
      const frame = (/** @type {number} */ now) => {
        const state = this.#asking.read();
        if (
          state.t !== t ||
          state.iteration !== iteration ||
          state.stop !== lastStopOf(state.example)
        )
          return done(false);
        began ??= now;
        t = Math.min(from + (now - began) / 1000 / BY_HAND_SECONDS, beats.length);
        this.#asking.dispatch({ type: "went", t });
        if (t >= beats.length) return done(true);
        this.#clock.request(frame);
      };
      this.#clock.request(frame);
    });
  }
}
