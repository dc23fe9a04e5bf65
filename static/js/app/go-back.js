/**
 * To go to any iteration of the run, to its start, and to what was before a deed or a reload.
 */

import { train } from "../server/training-stream.js";
import { keptBefore } from "../state/history.js";
import { forwardDone } from "../time/timeline.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./moving.js").Place} Place */
/** @typedef {import("../server/training-stream.js").Trained["costs"]} Costs */

/** Iterations that one call asks for at most: a longer way takes several. */
const LONGEST_PIECE = 200_000;
/** Iterations beyond the one that a link shows, whose costs are worked out again for its curve. */
const MOST_FILLED = 20_000;
/** Costs that one call brings at most. */
const LINES = 100;

/**
 * How often a cost is wanted of so many steps.
 * @param {number} steps
 */
export const everyOf = (steps) => Math.max(1, Math.ceil(steps / LINES));

/**
 * Costs as the history has them: their experiments were not kept.
 * @param {Costs} costs
 */
export const pointsOf = (costs) => costs.map((it) => ({ ...it, experiment: null }));

/** All gradients are there, no parameter has moved yet. @type {Place} */
export const beforeUpdate = (beats) => beats.filter((beat) => beat.phase !== "update").length;

export class GoBack {
  #asking;
  #moving;
  /** What is still to be undone or redone, the one under way first. @type {("undo" | "redo")[]} */
  #ways = [];

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./moving.js").Moving} moving
   */
  constructor(asking, moving) {
    this.#asking = asking;
    this.#moving = moving;
  }

  /** Back to the first iteration of the run; the later ones stay on the curve. */
  async restart() {
    if (!(await this.#moving.isSettled())) return;
    this.#moving.pause();
    const first = this.#asking.read().history[0];
    if (first?.experiment)
      return this.#moving.show(
        first.experiment,
        forwardDone,
        `back to iteration ${first.iteration}`,
      );
  }

  /** @param {Place} place */
  async backward(place) {
    const { iteration, history } = this.#asking.read();
    const number = (iteration?.number ?? 0) - 1;
    const past = history.find((it) => it.iteration === number);
    if (past?.experiment) return this.#moving.show(past.experiment, place, `iteration ${number}`);
    return number >= (history[0]?.iteration ?? 0) && this.jump(number, place);
  }

  /**
   * To an iteration of the run that was gone through before.
   * @param {number} number
   * @param {Place} [place]
   */
  async jump(number, place = beforeUpdate) {
    if (!(await this.#moving.isSettled())) return false;
    this.#moving.pause();
    return this.#goTo(number, place);
  }

  /**
   * On to an iteration that a link names.
   * @param {number} number
   */
  follow(number) {
    return this.#goTo(number, forwardDone);
  }

  /**
   * The costs of the iterations that come after the one that is open, which a link's run has been through.
   * @param {number} last
   */
  async fill(last) {
    const asking = this.#asking;
    const { iteration, history } = asking.read();
    if (!iteration || (history.at(-1)?.iteration ?? 0) >= last) return;
    // The cost of an iteration is told when its step is taken.
    const steps = Math.min(last - iteration.number + 1, MOST_FILLED);
    const found = await train(iteration.experiment, { steps, every: everyOf(steps) }).catch(
      () => null,
    );
    // Whatever was done meanwhile, the curve is that of another run.
    if (!found || asking.read().iteration !== iteration) return;
    const costs = found.costs.filter((it) => it.iteration > iteration.number);
    asking.dispatch({ type: "passed", passed: pointsOf(costs) });
  }

  /**
   * Presses that come faster than they are answered are all counted.
   * @param {"undo" | "redo"} way
   */
  async restore(way) {
    this.#ways.push(way);
    if (this.#ways.length > 1) return;
    while (this.#ways.length > 0) {
      const isThere = await this.#restore(this.#ways[0]).catch(() => false);
      if (isThere) this.#ways.shift();
      else this.#ways = [];
    }
  }

  /** @param {"undo" | "redo"} way */
  async #restore(way) {
    const asking = this.#asking;
    if (!(await this.#moving.isSettled())) return false;
    this.#moving.pause();
    const goal = asking.read()[way].at(-1);
    if (!goal) return false;
    return asking.newest(
      (signal) => asking.shown(goal.experiment, signal),
      (answer) => asking.take(answer, (iteration) => ({ type: "restored", way, iteration })),
    );
  }

  /**
   * As it was before a reload.
   * @param {Pick<import("../state/state.js").Recalled, "place" | "undo" | "redo">} kept
   */
  recall({ place, undo, redo }) {
    const asking = this.#asking;
    return asking.newest(
      (signal) => asking.shown(place.experiment, signal),
      (answer) =>
        asking.take(answer, (iteration) => ({ type: "recalled", place, undo, redo, iteration })),
    );
  }

  /**
   * @param {number} number
   * @param {Place} place
   */
  #goTo(number, place) {
    const asking = this.#asking;
    return asking.newest(
      async (signal) => {
        const { experiment, costs } = await this.#experimentAt(number, signal);
        return experiment && { costs, answer: await asking.shown(experiment, signal) };
      },
      (found) => {
        if (!found) return;
        asking.did(`iteration ${number}`);
        asking.dispatch({ type: "passed", passed: pointsOf(found.costs) });
        asking.take(found.answer);
        asking.dispatch({ type: "went", t: place(asking.read().beats) });
      },
    );
  }

  /**
   * The experiment at an iteration of the run: kept, or trained to anew from the nearest kept before it.
   * @param {number} number
   * @param {AbortSignal} signal
   */
  async #experimentAt(number, signal) {
    const kept = keptBefore(this.#asking.read().history, number);
    if (!kept) return { experiment: null, costs: [] };
    const every = everyOf(number - kept.iteration);
    let experiment = kept.experiment;
    /** @type {Costs} */
    const costs = [];
    // A call that takes the server too long ends early, at an iteration from which the next goes on.
    for (;;) {
      const at = experiment.iteration ?? 0;
      const steps = Math.min(number - at, LONGEST_PIECE);
      if (steps <= 0) return { experiment, costs };
      const from = experiment;
      const ask = () => train(from, { steps, every }, signal);
      const trained = await this.#asking.patiently(ask, signal);
      experiment = trained.experiment;
      costs.push(...trained.costs);
      if ((experiment.iteration ?? 0) === at) return { experiment, costs };
    }
  }
}
