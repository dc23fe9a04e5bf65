/**
 * What the reader can do, as functions: each reads the state, asks the server where it must, and dispatches actions.
 * Of answers that overtake one another, the newest question's wins.
 */

import * as api from "./api.js";
import { entryName, entryOf } from "./format.js";
import { createPlayer } from "./player.js";
import { questionOf } from "./state.js";
import { byBeat, byPhase } from "./timeline.js";
import { decode, predictions, withRate, withWeight } from "./trace.js";
import { START } from "./url.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Action} Action */
/** @typedef {import("./url.js").Address} Address */
/** @typedef {import("./trace.js").Experiment} Experiment */

const LATE_MS = 300;
/** Too much work to be done again with every iteration: asked when the panel stands still. */
const READ_ON_REQUEST = /^\/check/;
const UNREADABLE =
  "The server's answer could not be read. Is it the same version as this page? Reload to see.";

/**
 * Where in its iteration to be when it is shown.
 * @typedef {(beats: import("./timeline.js").Beat[]) => number} Place
 */
/** @type {Place} */
const atStart = () => 0;
/** @type {Place} */
const atEnd = (beats) => beats.length;
/** All gradients are there, no parameter has moved yet. @type {Place} */
const beforeUpdate = (beats) => beats.filter((beat) => beat.phase !== "update").length;

/**
 * @param {() => State} read
 * @param {(action: Action) => void} dispatch
 * @param {import("./player.js").Clock} clock
 */
export function createSession(read, dispatch, clock) {
  let question = 0;
  let training = 0;
  /** What the open panel has asked last. @type {{ path: string, experiment: Experiment } | null} */
  let asking = null;
  /** The edit that waits until the one before it is answered. @type {Experiment | null} */
  let edited = null;
  let editing = false;
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
    inquire();
  }

  /** Asks what the open panel needs to know, unless it is known or asked already. */
  async function inquire() {
    const state = read();
    const path = questionOf(state);
    const experiment = state.iteration?.experiment;
    if (!path || !experiment || (state.training && READ_ON_REQUEST.test(path))) return;
    if ([state.answer, asking].some((it) => it?.path === path && it.experiment === experiment))
      return;
    const mine = { path, experiment };
    asking = mine;
    const answer = await answerTo(path, experiment);
    if (asking !== mine) return;
    asking = null;
    dispatch({ type: "answered", answer });
  }

  /**
   * @param {string} path
   * @param {Experiment} experiment
   * @returns {Promise<import("./state.js").Answer>} with the reason where there is none: the panel says it
   */
  async function answerTo(path, experiment) {
    try {
      return { path, experiment, document: await api.ask(path, experiment), error: null };
    } catch (error) {
      if (!(error instanceof api.ApiError)) throw error;
      return { path, experiment, document: null, error: error.message };
    }
  }

  /**
   * Ask, and go on only if nothing newer was asked meanwhile. A failure is shown and stops what was running.
   * @template T
   * @param {(isNewest: () => boolean) => Promise<T>} ask
   * @param {(answer: T) => void} then
   * @returns {Promise<boolean>} whether the answer was taken
   */
  async function newest(ask, then) {
    question += 1;
    const mine = question;
    const late = setTimeout(() => set({ waiting: true }), LATE_MS);
    try {
      const answer = await ask(() => mine === question);
      if (mine !== question) return false;
      then(answer);
      return true;
    } catch (error) {
      if (mine === question)
        set({
          playing: false,
          training: false,
          error: error instanceof api.ApiError ? error.message : UNREADABLE,
        });
      if (!(error instanceof api.ApiError)) throw error;
      return false;
    } finally {
      clearTimeout(late);
      if (mine === question) set({ waiting: false, replaying: null });
    }
  }

  /**
   * One iteration of an experiment, what its network says of the rows held back from it, and what the open panel needs.
   * @param {Experiment} experiment
   */
  async function ask(experiment) {
    const heldBack = experiment.data.held_back;
    const trial = { ...experiment, batch_size: null, iteration: 0, data: { ...heldBack } };
    const path = questionOf(read());
    const [answer, said, explained] = await Promise.all([
      api.step(experiment),
      heldBack ? api.trace(/** @type {Experiment} */ (trial)).then(predictions) : null,
      path && !READ_ON_REQUEST.test(path) ? answerTo(path, experiment) : null,
    ]);
    return { iteration: decode(experiment, answer), said, explained };
  }

  /**
   * @param {Awaited<ReturnType<typeof ask>>} answer
   * @param {boolean} [isEdit]
   */
  function take({ iteration, said, explained }, isEdit = false) {
    dispatch({ type: "iterated", iteration, edited: isEdit });
    if (explained) dispatch({ type: "answered", answer: explained });
    set({ heldBack: said });
  }

  /**
   * @param {Experiment} experiment
   * @param {Place} place
   */
  function show(experiment, place) {
    return newest(
      () => ask(experiment),
      (answer) => {
        take(answer);
        dispatch({ type: "went", t: place(read().beats) });
      },
    );
  }

  /**
   * Shows the open iteration with other numbers in it, at the same moment. Of edits that follow one another faster than
   * they are answered, those between are left out.
   * @param {(experiment: Experiment) => Experiment} change
   */
  async function edit(change) {
    const { iteration, playing, training: trains } = read();
    if (!iteration) return;
    if (playing || trains) pause();
    edited = change(edited ?? iteration.experiment);
    if (editing) return;
    editing = true;
    while (edited) {
      /** @type {Experiment} */
      const experiment = edited;
      const { t } = read();
      const taken = await newest(
        () => ask(experiment),
        (answer) => {
          take(answer, true);
          dispatch({ type: "went", t });
        },
      );
      if (!taken || edited === experiment) edited = null;
    }
    editing = false;
  }

  /** @param {Place} place */
  async function forward(place) {
    const { iteration } = read();
    if (!iteration) return false;
    if (iteration.next.iteration === iteration.number) {
      set({
        playing: false,
        training: false,
        error:
          "This run has diverged: the next update would leave the range of numbers. Go back some iterations, or open the example anew.",
      });
      return false;
    }
    return show(iteration.next, place);
  }

  /** @param {Place} place */
  async function backward(place) {
    const number = read().iteration?.number ?? 0;
    const past = read().history.find((it) => it.iteration === number - 1);
    return past !== undefined && show(past.experiment, place);
  }

  /**
   * On or back by a beat or a phase; past the end begins the next iteration, before the start ends the one before.
   * @param {1 | -1} direction
   * @param {typeof byBeat} by
   */
  async function move(direction, by) {
    pause();
    const { t, beats } = read();
    if (direction > 0 && t >= beats.length) await forward(atStart);
    else if (direction < 0 && t <= 0) await backward(atEnd);
    else dispatch({ type: "went", t: by(beats, t, direction) });
  }

  /** Stops what runs by itself; an answer still under way is not waited for. */
  function pause() {
    player.stop();
    question += 1;
    set({ playing: false, training: false, waiting: false, replaying: null });
  }

  /**
   * Goes on to an iteration without showing those between, but keeping them for the curve.
   * @param {number} goal
   */
  function replay(goal) {
    return newest(
      async (isNewest) => {
        /** @type {import("./state.js").Past[]} */
        const passed = [];
        let experiment = /** @type {import("./trace.js").Iteration} */ (read().iteration).next;
        while ((experiment.iteration ?? 0) < goal && isNewest()) {
          const { trace, experiment: next } = await api.step(experiment);
          const iteration = experiment.iteration ?? 0;
          if (next.iteration === experiment.iteration) break;
          passed.push({ iteration, cost: Number(trace.cost), experiment });
          experiment = next;
          if (isNewest()) set({ replaying: { at: iteration, goal } });
        }
        return { passed, ...(await ask(experiment)) };
      },
      ({ passed, ...answer }) => {
        dispatch({ type: "passed", passed });
        take(answer);
      },
    );
  }

  /** Of trainings that were stopped and begun again, only the last goes on. */
  async function train() {
    training += 1;
    const mine = training;
    while (mine === training && read().training) {
      if (!(await forward(beforeUpdate))) break;
      await new Promise((painted) => clock.request(painted));
    }
    if (mine === training) set({ training: false });
  }

  /**
   * Whether an address is about the iteration that is open, which it need not open anew.
   * @param {Address} address
   */
  function isOpen({ example, iteration: number }) {
    const { iteration, example: open, departed } = read();
    return iteration !== null && !departed && open === example && iteration.number === number;
  }

  /** Where an address leads nowhere, the lecture is opened, and what was wrong is still said. */
  async function openAnything() {
    const { iteration, error } = read();
    if (iteration !== null || !error) return;
    if (await session.open(START.example)) set({ error });
  }

  const session = {
    /** @param {string} id */
    async open(id) {
      pause();
      return newest(
        async () => ask(await api.example(id)),
        (answer) => {
          dispatch({ type: "opened", example: id });
          take(answer);
        },
      );
    },
    /**
     * Open what an address says: the experiment that came with it, or the example, replayed to the iteration; at the beat.
     * @param {Address} address
     * @param {Experiment | null} [experiment]
     * @returns {Promise<boolean>} whether all of it is open now
     */
    async visit(address, experiment = null) {
      const { example, iteration, t, ...shown } = address;
      set({ view: address.view });
      const opened = experiment
        ? await session.openExperiment(experiment, example)
        : isOpen(address) || (await session.open(example));
      if (!opened) {
        await openAnything();
        return false;
      }
      set(shown);
      if (!experiment && read().iteration?.number !== iteration && !(await replay(iteration)))
        return false;
      dispatch({ type: "went", t });
      set(shown);
      return true;
    },
    /**
     * Open an experiment that is not an example's own, or no longer.
     * @param {Experiment} experiment
     * @param {string} example the one that it comes from
     */
    openExperiment(experiment, example) {
      pause();
      return newest(
        () => ask(experiment),
        (answer) => {
          dispatch({ type: "opened", example });
          take(answer);
          set({ departed: true });
        },
      );
    },
    /**
     * Another number at an entry of a parameter.
     * @param {import("./format.js").Entry} entry
     * @param {number} value
     */
    editWeight: (entry, value) => edit((experiment) => withWeight(experiment, entry, value)),
    /** @param {number} rate */
    editRate: (rate) => edit((experiment) => withRate(experiment, rate)),
    /** All that was changed in this iteration is as it was. */
    async putBack() {
      const { origin } = read();
      if (!origin) return;
      await edit(() => origin.experiment);
      if (read().iteration?.experiment === origin.experiment)
        set({ origin: null, departed: origin.departed });
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
        session.select(entryName(entry.id, row, column));
    },
    /** @param {string | null} selection */
    select(selection) {
      dispatch({ type: "selected", selection });
      inquire();
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
      if (t >= beats.length && !(await forward(atStart))) return;
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
    beat: (direction) => move(direction, byBeat),
    /** @param {1 | -1} direction */
    phase: (direction) => move(direction, byPhase),
    /** @param {1 | -1} direction */
    async iterate(direction) {
      pause();
      await (direction > 0 ? forward(atStart) : backward(atStart));
    },
    /**
     * Go back (or on) to an iteration seen before.
     * @param {number} number
     */
    async iterateTo(number) {
      pause();
      const past = read().history.find((it) => it.iteration === number);
      if (past) await show(past.experiment, beforeUpdate);
    },
    /** Back to the first iteration of the run; the later ones stay on the curve. */
    async restart() {
      pause();
      const first = read().history[0];
      if (first) await show(first.experiment, atStart);
    },
    pause,
    /** @param {number} t */
    go(t) {
      pause();
      dispatch({ type: "went", t });
    },
    set,
  };
  return session;
}
