/**
 * What the reader can do, as functions: each reads the state, asks the server where it must, and dispatches actions.
 * Of answers that overtake one another, the newest question's wins.
 */

import * as api from "./api.js";
import { createPlayer } from "./player.js";
import { byBeat, byPhase } from "./timeline.js";
import { decode, predictions } from "./trace.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Action} Action */
/** @typedef {import("./url.js").Address} Address */
/** @typedef {import("./trace.js").Experiment} Experiment */

const LATE_MS = 300;

/**
 * @param {() => State} read
 * @param {(action: Action) => void} dispatch
 * @param {import("./player.js").Clock} clock
 */
export function createSession(read, dispatch, clock) {
  let question = 0;
  const player = createPlayer(clock, (seconds) => {
    const { t, beats, speed, playing } = read();
    if (!playing) return false;
    const next = Math.min(t + seconds * speed, beats.length);
    dispatch({ type: "went", t: next });
    if (next === beats.length) set({ playing: false });
    return next < beats.length;
  });

  /** @param {import("./state.js").Set["change"]} change */
  function set(change) {
    dispatch({ type: "set", change });
  }

  /**
   * Ask, and go on only if nothing newer was asked meanwhile. A failure is shown and stops what was running.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {(answer: T) => void} then
   * @returns {Promise<boolean>} whether the answer was taken
   */
  async function newest(ask, then) {
    question += 1;
    const mine = question;
    const late = setTimeout(() => set({ waiting: true }), LATE_MS);
    try {
      const answer = await ask();
      if (mine !== question) return false;
      then(answer);
      return true;
    } catch (error) {
      if (mine === question) set({ playing: false, training: false, error: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof api.ApiError)) throw error;
      return false;
    } finally {
      clearTimeout(late);
      if (mine === question) set({ waiting: false });
    }
  }

  /**
   * Show an experiment's iteration, and what the network says of the rows held back from it.
   * @param {Experiment} experiment
   * @param {number} t Infinity for the end of the iteration
   */
  async function show(experiment, t) {
    const heldBack = experiment.data.held_back;
    return newest(
      async () => {
        const rest = { batch_size: null, iteration: 0 };
        const asked = heldBack ? api.trace({ ...experiment, ...rest, data: { ...heldBack } }) : null;
        const answer = await api.step(experiment);
        return { iteration: decode(experiment, answer), said: asked ? predictions(await asked) : null };
      },
      ({ iteration, said }) => {
        dispatch({ type: "iterated", iteration, t });
        set({ heldBack: said });
      },
    );
  }

  /** @param {number} t */
  async function forward(t) {
    const { iteration } = read();
    if (!iteration) return false;
    if (iteration.next.iteration === iteration.experiment.iteration) {
      set({
        playing: false,
        training: false,
        error: "This run has diverged: the next update would leave the range of numbers. Go back some iterations, or open the example anew.",
      });
      return false;
    }
    return show(iteration.next, t);
  }

  function pause() {
    player.stop();
    set({ playing: false, training: false });
  }

  async function train() {
    while (read().training) {
      if (!(await forward(Number.POSITIVE_INFINITY))) break;
      await new Promise((painted) => clock.request(painted));
    }
    set({ training: false });
  }

  const session = {
    /** @param {string} id */
    async open(id) {
      pause();
      return newest(
        async () => {
          const experiment = await api.example(id);
          return { experiment, answer: await api.step(experiment) };
        },
        ({ experiment, answer }) => {
          dispatch({ type: "opened", example: id });
          dispatch({ type: "iterated", iteration: decode(experiment, answer), t: 0 });
          if (experiment.data.held_back) show(experiment, 0);
        },
      );
    },
    /**
     * Open what an address says: the example, replayed to the iteration, at the beat.
     * @param {Address} address
     */
    async visit(address) {
      const before = read();
      const at = before.iteration?.number ?? 0;
      const stays = before.iteration !== null && before.example === address.example && at === address.iteration;
      if (!stays && !(await session.open(address.example))) return;
      while ((read().iteration?.number ?? 0) < address.iteration) if (!(await forward(0))) return;
      dispatch({ type: "went", t: address.t });
      set({ view: address.view, selection: address.selection, row: address.row });
    },
    async loadExamples() {
      try {
        dispatch({ type: "examples", examples: await api.examples() });
      } catch (error) {
        set({ error: error instanceof Error ? error.message : String(error) });
      }
    },
    async togglePlay() {
      const { playing, t, beats } = read();
      if (playing) return pause();
      set({ training: false });
      if (t >= beats.length && !(await forward(0))) return;
      set({ playing: true });
      player.start();
    },
    toggleTraining() {
      if (read().training) return pause();
      pause();
      set({ training: true });
      return train();
    },
    /** @param {1 | -1} direction */
    async beat(direction) {
      pause();
      const { t, beats, iteration } = read();
      if (direction > 0 && t >= beats.length) return forward(0);
      if (direction < 0 && t <= 0) return (iteration?.number ?? 0) > 0 && session.iterateTo((iteration?.number ?? 1) - 1, Number.POSITIVE_INFINITY);
      dispatch({ type: "went", t: byBeat(beats, t, direction) });
    },
    /** @param {1 | -1} direction */
    async phase(direction) {
      pause();
      const { t, beats, iteration } = read();
      if (direction > 0 && t >= beats.length) return forward(0);
      if (direction < 0 && t <= 0) return (iteration?.number ?? 0) > 0 && session.iterateTo((iteration?.number ?? 1) - 1, Number.POSITIVE_INFINITY);
      dispatch({ type: "went", t: byPhase(beats, t, direction) });
    },
    /** @param {1 | -1} direction */
    async iterate(direction) {
      pause();
      const { iteration } = read();
      if (direction > 0) return forward(0);
      return (iteration?.number ?? 0) > 0 && session.iterateTo((iteration?.number ?? 1) - 1, 0);
    },
    /**
     * Go back (or on) to an iteration seen before.
     * @param {number} number
     * @param {number} [t]
     */
    async iterateTo(number, t = 0) {
      pause();
      const past = read().history.find((it) => it.iteration === number);
      if (past) await show(past.experiment, t);
    },
    /** @param {number} t */
    go(t) {
      pause();
      dispatch({ type: "went", t });
    },
    set,
  };
  return session;
}
