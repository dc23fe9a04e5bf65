/**
 * To train: piece by piece, each as long as the page can follow.
 */

import { Latest } from "../server/api.js";
import { train } from "../server/training-stream.js";
import { beforeUpdate, everyOf, pointsOf } from "./go-back.js";

/** The server trains for about so long before the page shows where it is: a stop loses no more than that. */
const PIECE_MS = { least: 120, most: 350 };
const LONGEST_PIECE = 200_000;

export class Train {
  #asking;
  #moving;
  #clock;
  #trainings = new Latest();

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./moving.js").Moving} moving
   * @param {import("../time/clock.js").Clock} clock
   */
  constructor(asking, moving, clock) {
    this.#asking = asking;
    this.#moving = moving;
    this.#clock = clock;
  }

  /**
   * Begin to train, or stop.
   * @param {number | null} goal how many iterations; null: until stopped
   */
  async toggle(goal) {
    if (!(await this.#moving.isSettled())) return;
    const { training } = this.#asking.read();
    this.#moving.pause();
    if (!training) return this.#train(goal);
  }

  /**
   * So many iterations in about so many seconds, slowly at first, so that one sees what comes of the first ones.
   * @param {number} goal
   * @param {number} seconds 0: at once
   */
  within(goal, seconds) {
    const began = performance.now();
    return this.#train(goal, () => {
      const share = Math.min((performance.now() - began) / 1000 / seconds, 1);
      return seconds > 0 ? Math.ceil(goal * share ** 2) : goal;
    });
  }

  /**
   * Of trainings that were stopped and begun again, only the last goes on.
   * @param {number | null} goal
   * @param {(() => number) | null} [due] how many are to be done by now; null: as many as the page can follow
   */
  async #train(goal, due = null) {
    const { read, set } = this.#asking;
    const from = read().iteration?.number ?? 0;
    const signal = this.#trainings.begin();
    const began = this.#deed(goal);
    set({ training: true, progress: { from, goal, rate: null } });
    let steps = 1;
    try {
      while (!signal.aborted && read().training) {
        const done = (read().iteration?.number ?? from) - from;
        if (goal !== null && done >= goal) break;
        const most = goal === null ? LONGEST_PIECE : goal - done;
        if (due) steps = due() - done;
        if (steps < 1) {
          await new Promise((painted) => this.#clock.request(painted));
          continue;
        }
        const { outcome, trainedMs, tookMs } = await this.#piece(Math.min(steps, most), began);
        // What happened, and the ways back, stand in the panel of the beat.
        if (outcome === "lost") set({ panel: "beat" });
        if (outcome !== "on" || signal.aborted) break;
        const rate = tookMs > 0 ? (Math.min(steps, most) / tookMs) * 1000 : null;
        if (read().training) set({ progress: { from, goal, rate } });
        steps = nextPiece(steps, trainedMs);
        await new Promise((painted) => this.#clock.request(painted));
      }
    } finally {
      if (!signal.aborted) set({ training: false, progress: null });
    }
  }

  /**
   * Training that is stopped before it has gone anywhere is nothing to undo; what goes on is one deed.
   * @param {number | null} goal
   */
  #deed(goal) {
    let begun = false;
    return () => {
      if (!begun) this.#asking.did(goal === null ? "training" : `${goal} iterations of training`);
      begun = true;
    };
  }

  /**
   * One piece of training, shown at its end.
   * @param {number} steps
   * @param {() => void} then just before it is taken
   * @returns {Promise<{ outcome: "on" | "lost" | "no", trainedMs: number, tookMs: number }>}
   */
  async #piece(steps, then) {
    const asking = this.#asking;
    const { iteration } = asking.read();
    if (!iteration) return { outcome: "no", trainedMs: 0, tookMs: 0 };
    /** @type {"on" | "lost"} */
    let outcome = "on";
    let trainedMs = 0;
    const began = performance.now();
    const taken = await asking.newest(
      async (signal) => {
        const start = performance.now();
        const wanted = { steps, every: everyOf(steps) };
        const trained = await train(iteration.experiment, wanted, signal);
        trainedMs = performance.now() - start;
        return { trained, answer: await asking.shown(trained.experiment, signal) };
      },
      ({ trained, answer }) => {
        then();
        asking.dispatch({ type: "passed", anew: true, passed: pointsOf(trained.costs) });
        asking.take(answer);
        asking.dispatch({ type: "went", t: beforeUpdate(asking.read().beats) });
        if (trained.status === "diverged") outcome = "lost";
      },
    );
    return { outcome: taken ? outcome : "no", trainedMs, tookMs: performance.now() - began };
  }
}

/**
 * @param {number} steps of the piece before
 * @param {number} ms that it took the server
 */
function nextPiece(steps, ms) {
  if (ms < PIECE_MS.least) return Math.min(steps * 2, LONGEST_PIECE);
  return ms > PIECE_MS.most ? Math.max(1, Math.floor(steps / 2)) : steps;
}
