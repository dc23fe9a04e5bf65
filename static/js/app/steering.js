/**
 * To change an experiment, to train it, to go back to any of its iterations, to undo and to redo.
 */

import { entryName, entryOf } from "../base/format.js";
import { withEntry, withRate } from "../experiment/edit-entry.js";
import { train as trainAt } from "../server/training-stream.js";
import { keptBefore } from "../state/history.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./session.js").Core} Core */
/** @typedef {import("./session.js").Place} Place */
/** @typedef {ReturnType<typeof createSteering>} Steering */

/** The server trains for about so long before the page shows where it is: a stop loses no more than that. */
const PIECE_MS = { least: 120, most: 350 };
const LONGEST_PIECE = 200_000;
/** Costs that a piece of training brings at most. */
const LINES = 100;

/**
 * How often a cost is wanted of so many steps.
 * @param {number} steps
 */
const everyOf = (steps) => Math.max(1, Math.ceil(steps / LINES));

/**
 * Costs as the history has them: their experiments were not kept.
 * @param {import("../server/training-stream.js").Trained["costs"]} costs
 */
const pointsOf = (costs) => costs.map((it) => ({ ...it, experiment: null }));

/** All gradients are there, no parameter has moved yet. @type {Place} */
const beforeUpdate = (beats) => beats.filter((beat) => beat.phase !== "update").length;

/**
 * @param {Core} core
 * @param {import("../time/clock.js").Clock} clock
 * @param {() => void} pause
 * @param {(experiment: Experiment, place: Place, label: string) => Promise<boolean>} show
 */
export function createSteering(core, clock, pause, show) {
  const { read, dispatch, set, newest, patiently, ask, take, did } = core;
  let training = 0;
  /** The edit that waits until the one before it is answered. @type {Experiment | null} */
  let edited = null;

  /**
   * Shows the open iteration with something changed in it, at the same moment. Of edits that follow one another faster
   * than they are answered, those between are left out.
   * @param {(experiment: Experiment) => Experiment} change
   * @param {string} label
   * @param {string | null} [gesture]
   * @returns {Promise<boolean>} whether it was taken, or another in its place
   */
  async function edit(change, label, gesture = null) {
    const { iteration, playing, training: trains } = read();
    if (!iteration) return false;
    if (playing || trains) pause();
    edited = change(edited ?? iteration.experiment);
    if (core.change) return true;
    core.change = changed(label, gesture);
    return core.change;
  }

  /**
   * @param {string} label
   * @param {string | null} gesture
   */
  async function changed(label, gesture) {
    try {
      while (edited) {
        /** @type {Experiment} */
        const experiment = edited;
        const taken = await newest(
          (signal) => ask(experiment, signal),
          (answer) => {
            const { t } = read();
            did(label, gesture);
            take(answer, (it) => ({ type: "iterated", iteration: it, edited: true }));
            dispatch({ type: "went", t });
          },
        );
        if (!taken) return false;
        if (edited === experiment) edited = null;
      }
      return true;
    } finally {
      edited = null;
      core.change = null;
    }
  }

  /**
   * The experiment at an iteration of the run: kept, or trained to anew from the nearest kept before it.
   * @param {number} number
   * @param {AbortSignal} signal
   */
  async function experimentAt(number, signal) {
    const kept = keptBefore(read().history, number);
    if (!kept) return { experiment: null, costs: [] };
    const every = everyOf(number - kept.iteration);
    let experiment = kept.experiment;
    /** @type {import("../server/training-stream.js").Trained["costs"]} */
    const costs = [];
    // A call that takes the server too long ends early, at an iteration from which the next goes on.
    for (;;) {
      const at = experiment.iteration ?? 0;
      const steps = Math.min(number - at, LONGEST_PIECE);
      if (steps <= 0) return { experiment, costs };
      const from = experiment;
      const trained = await patiently(() => trainAt(from, { steps, every }, signal), signal);
      experiment = trained.experiment;
      costs.push(...trained.costs);
      if ((experiment.iteration ?? 0) === at) return { experiment, costs };
    }
  }

  /**
   * @param {number} number
   * @param {Place} place
   * @param {string} label
   */
  function goTo(number, place, label) {
    return newest(
      async (signal) => {
        const { experiment, costs } = await experimentAt(number, signal);
        return experiment && { costs, answer: await ask(experiment, signal) };
      },
      (found) => {
        if (!found) return;
        did(label);
        dispatch({
          type: "passed",
          passed: pointsOf(found.costs),
        });
        take(found.answer);
        dispatch({ type: "went", t: place(read().beats) });
      },
    );
  }

  /**
   * One piece of training, shown at its end.
   * @param {number} steps
   * @param {() => void} then just before it is taken
   * @returns {Promise<{ outcome: "on" | "lost" | "no", trainedMs: number }>}
   */
  async function piece(steps, then) {
    const { iteration } = read();
    if (!iteration) return { outcome: "no", trainedMs: 0 };
    /** @type {"on" | "lost"} */
    let outcome = "on";
    let trainedMs = 0;
    const taken = await newest(
      async (signal) => {
        const every = everyOf(steps);
        const began = performance.now();
        const trained = await trainAt(iteration.experiment, { steps, every }, signal);
        trainedMs = performance.now() - began;
        return { trained, answer: await ask(trained.experiment, signal) };
      },
      ({ trained, answer }) => {
        then();
        dispatch({
          type: "passed",
          anew: true,
          passed: pointsOf(trained.costs),
        });
        take(answer);
        dispatch({ type: "went", t: beforeUpdate(read().beats) });
        if (trained.status === "diverged") outcome = "lost";
      },
    );
    return { outcome: taken ? outcome : "no", trainedMs };
  }

  /**
   * Piece by piece, each as long as the page can follow. Of trainings that were stopped and begun again, only the last
   * goes on.
   * @param {number | null} goal how many iterations; null: until stopped
   */
  async function train(goal) {
    const from = read().iteration?.number ?? 0;
    training += 1;
    const mine = training;
    let begun = false;
    // Training that is stopped before it has gone anywhere is nothing to undo.
    const begin = () => {
      if (!begun) did(goal === null ? "training" : `${goal} iterations of training`);
      begun = true;
    };
    set({ training: true, progress: { from, goal, rate: null } });
    let steps = 1;
    try {
      while (mine === training && read().training) {
        const done = (read().iteration?.number ?? from) - from;
        if (goal !== null && done >= goal) break;
        const most = goal === null ? LONGEST_PIECE : goal - done;
        const began = performance.now();
        const { outcome, trainedMs } = await piece(Math.min(steps, most), begin);
        // What happened, and the ways back, stand in the panel of the beat.
        if (outcome === "lost") set({ panel: "beat" });
        if (outcome !== "on" || mine !== training) break;
        const took = performance.now() - began;
        const rate = took > 0 ? (Math.min(steps, most) / took) * 1000 : null;
        if (read().training) set({ progress: { from, goal, rate } });
        if (trainedMs < PIECE_MS.least) steps = Math.min(steps * 2, LONGEST_PIECE);
        if (trainedMs > PIECE_MS.most) steps = Math.max(1, Math.floor(steps / 2));
        await new Promise((painted) => clock.request(painted));
      }
    } finally {
      if (mine === training) set({ training: false, progress: null });
    }
  }

  return {
    edit,
    /**
     * Open an experiment that is not an example's own, or no longer.
     * @param {Experiment} experiment
     * @param {string} example the one that it comes from
     */
    openExperiment(experiment, example) {
      pause();
      return newest(
        (signal) => ask(experiment, signal),
        (answer) => {
          did(`open ${experiment.title || "an experiment"}`);
          dispatch({ type: "opened", example });
          take(answer);
          set({ departed: true });
        },
      );
    },
    /**
     * Selects a neighbour of the selected entry, if there is one. Keys may come faster than the page is painted, so the
     * state is read anew.
     * @param {number} rows
     * @param {number} columns
     */
    step(rows, columns) {
      const { iteration, selection } = read();
      const entry = entryOf(selection ?? "");
      if (!iteration || !entry) return;
      const [row, column] = [entry.row + rows, entry.column + columns];
      if (iteration.node.get(entry.id)?.value[row]?.[column] !== undefined)
        core.select(entryName(entry.id, row, column));
    },
    /** Back to the first iteration of the run; the later ones stay on the curve. */
    async restart() {
      if (core.change && !(await core.change)) return;
      pause();
      const first = read().history[0];
      if (first?.experiment)
        return show(first.experiment, () => 0, `back to iteration ${first.iteration}`);
    },
    /** @param {Place} place */
    async backward(place) {
      const { iteration, history } = read();
      const number = (iteration?.number ?? 0) - 1;
      const past = history.find((it) => it.iteration === number);
      if (past?.experiment) return show(past.experiment, place, `iteration ${number}`);
      return number >= (history[0]?.iteration ?? 0) && this.jump(number, place);
    },
    /**
     * Another number at an entry of a leaf.
     * @param {import("../base/format.js").Entry} entry
     * @param {number} value
     * @param {string} name
     */
    editEntry: (entry, value, name) =>
      edit((experiment) => withEntry(experiment, entry, value), name, name),
    /**
     * Another experiment in the place of this one, whose run begins anew.
     * @param {() => Promise<Experiment>} make
     * @param {string} label
     */
    replace(make, label) {
      pause();
      return newest(
        async (signal) => ask(await make(), signal),
        (answer) => {
          const { example, selection, panel } = read();
          did(label);
          dispatch({ type: "opened", example });
          take(answer);
          set({ departed: true, selection, panel });
        },
      );
    },
    /** @param {number} rate the learning rate */
    editRate: (rate) => edit((it) => withRate(it, rate), "learning rate α", "α"),
    /**
     * From the first iteration of the run, half as fast.
     * @param {number} rate
     */
    async restartWithRate(rate) {
      if (core.change && !(await core.change)) return;
      pause();
      const first = read().history[0]?.experiment;
      if (!first) return;
      return newest(
        (signal) => ask(withRate(first, rate), signal),
        (answer) => {
          did("half the learning rate");
          take(answer, (it) => ({ type: "iterated", iteration: it, edited: true }));
        },
      );
    },
    /** All that was changed in this iteration is as it was. */
    async putBack() {
      const { origin } = read();
      if (!origin) return;
      await edit(() => origin.experiment, "put back");
      if (read().iteration?.experiment === origin.experiment)
        set({ origin: null, departed: origin.departed });
    },
    /** @param {"undo" | "redo"} way */
    async restore(way) {
      if (core.change && !(await core.change)) return false;
      pause();
      const goal = read()[way].at(-1);
      if (!goal) return false;
      return newest(
        (signal) => ask(goal.experiment, signal),
        (answer) => take(answer, (iteration) => ({ type: "restored", way, iteration })),
      );
    },
    /**
     * As it was before a reload.
     * @param {{ place: import("../state/state.js").Place, undo: import("../state/state.js").Done[], redo: import("../state/state.js").Done[] }} kept
     */
    recall({ place, undo, redo }) {
      return newest(
        (signal) => ask(place.experiment, signal),
        (answer) =>
          take(answer, (iteration) => ({ type: "recalled", place, undo, redo, iteration })),
      );
    },
    /**
     * Begin to train, or stop.
     * @param {number | null} goal how many iterations; null: until stopped
     */
    async toggleTraining(goal) {
      if (core.change && !(await core.change)) return;
      if (read().training) return pause();
      pause();
      return train(goal);
    },
    /**
     * To an iteration of the run that was gone through before.
     * @param {number} number
     * @param {Place} [place]
     */
    async jump(number, place = beforeUpdate) {
      if (core.change && !(await core.change)) return false;
      pause();
      return goTo(number, place, `iteration ${number}`);
    },
    /**
     * On to an iteration that a link names.
     * @param {number} number
     */
    follow: (number) => goTo(number, () => 0, `iteration ${number}`),
  };
}
