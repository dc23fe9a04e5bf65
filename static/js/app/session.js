/**
 * What the reader can do, as functions: each reads the state, asks the server where it must, and dispatches actions.
 * Of answers that overtake one another, the newest question's wins. To open and to move in time is here; to change,
 * to train and to undo is `steering`'s, which is loaded when it is first asked for.
 */

import * as api from "../server/api.js";
import { START } from "../state/address.js";
import { questionOf } from "../state/state.js";
import { byBeat, byPhase } from "../time/timeline.js";
import { decode, saidOf } from "../trace/trace.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").Action} Action */
/** @typedef {import("../state/address.js").Address} Address */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./steering.js").Steering} Steering */
/**
 * What is loaded when it is first needed.
 * @typedef {object} Parts
 * @property {() => Promise<typeof import("../time/clock.js")>} player
 * @property {() => Promise<typeof import("./steering.js")>} steering
 */

const LATE_MS = 300;
/** Seconds between two tries at most, where the server names none; and where it does. */
const MOST_WAIT = { own: 8, told: 60 };
const AGAIN = "The page asks again by itself.";
const PART_FAILED = "A part of the page could not be loaded. Is the server still running?";
const UNREADABLE =
  "The server's answer could not be read. Is it the same version as this page? Reload to see.";

/**
 * Where in its iteration to be when it is shown.
 * @typedef {(beats: import("../time/timeline.js").Beat[]) => number} Place
 */
/** @type {Place} */
const atStart = () => 0;
/** @type {Place} */
const atEnd = (beats) => beats.length;

/** @typedef {ReturnType<typeof createCore>} Core */

/**
 * What every way of asking the server has in common.
 * @param {() => State} read
 * @param {(action: Action) => void} dispatch
 */
function createCore(read, dispatch) {
  /** The newest question, as long as its answer is waited for. */
  let question = new AbortController();
  /** What the open panel has asked last. @type {{ path: string, experiment: Experiment, over: AbortController } | null} */
  let asking = null;

  /** @param {import("../state/state.js").Set["change"]} change */
  function set(change) {
    dispatch({ type: "set", change });
    inquire();
  }

  /** Asks what the open panel needs to know, unless it is known or asked already. */
  async function inquire() {
    const state = read();
    const { path, heavy } = questionOf(state) ?? {};
    const experiment = state.iteration?.experiment;
    if (!path || !experiment || (state.training && heavy)) return;
    if ([state.answer, asking].some((it) => it?.path === path && it.experiment === experiment))
      return;
    asking?.over.abort();
    const mine = { path, experiment, over: new AbortController() };
    asking = mine;
    const { signal } = mine.over;
    const answer = await patiently(() => answerTo(path, experiment, signal), signal).catch(
      () => null,
    );
    if (asking !== mine || !answer) return;
    asking = null;
    dispatch({ type: "answered", answer });
    inquire(); // what is shown may have changed meanwhile
  }

  /**
   * @param {string} path
   * @param {Experiment} experiment
   * @param {AbortSignal} signal
   * @returns {Promise<import("../state/state.js").Answer>} with the reason where there is none: the panel says it
   */
  async function answerTo(path, experiment, signal) {
    try {
      return { path, experiment, document: await api.ask(path, experiment, signal), error: null };
    } catch (error) {
      if (!(error instanceof api.ApiError) || error.again) throw error;
      return { path, experiment, document: null, error: error.message };
    }
  }

  /**
   * Asks again, ever more seldom, while the server is away or has too much to do, and says so. The server keeps nothing, so
   * what was half answered can be asked anew. Of many readers not all come back in the same moment.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {AbortSignal} [signal] that it is no longer wanted
   * @returns {Promise<T>}
   */
  async function patiently(ask, signal) {
    let said = "";
    try {
      for (let tries = 0; ; tries++) {
        try {
          return await ask();
        } catch (error) {
          if (!(error instanceof api.ApiError) || !error.again || signal?.aborted) throw error;
          const seconds = Math.max(error.again, Math.min(2 ** tries / 2, MOST_WAIT.own));
          if (!said) {
            said = `${error.message} ${AGAIN}`;
            dispatch({ type: "set", change: { error: said } });
          }
          const ms = Math.min(seconds, MOST_WAIT.told) * (1000 + 500 * Math.random());
          await new Promise((go) => {
            setTimeout(go, ms);
            signal?.addEventListener("abort", go);
          });
          if (signal?.aborted) throw error;
        }
      }
    } finally {
      if (said && read().error === said) dispatch({ type: "set", change: { error: null } });
    }
  }

  /**
   * A part of the page, as soon as it can be had.
   * @template T
   * @param {() => Promise<T>} load
   */
  const obtain = (load) =>
    patiently(() =>
      load().catch(() => {
        throw new api.ApiError(PART_FAILED, 0.5);
      }),
    );

  /**
   * Ask, and go on only if nothing newer was asked meanwhile. A failure is shown and stops what was running.
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} ask the signal: something newer was asked
   * @param {(answer: T) => void} then
   * @returns {Promise<boolean>} whether the answer was taken
   */
  async function newest(ask, then) {
    question.abort();
    question = new AbortController();
    const { signal } = question;
    const late = setTimeout(() => set({ waiting: true }), LATE_MS);
    try {
      const answer = await patiently(() => ask(signal), signal);
      if (signal.aborted) return false;
      then(answer);
      return true;
    } catch (error) {
      if (!signal.aborted)
        set({
          playing: false,
          training: false,
          error: error instanceof api.ApiError ? error.message : UNREADABLE,
        });
      if (!(error instanceof api.ApiError)) throw error;
      return false;
    } finally {
      clearTimeout(late);
      if (!signal.aborted) set({ waiting: false });
    }
  }

  /**
   * One iteration of an experiment, what its network says of the rows held back from it, and what the open panel needs.
   * @param {Experiment} experiment
   * @param {AbortSignal} signal
   */
  async function ask(experiment, signal) {
    const heldBack = experiment.data.held_back;
    const trial = { ...experiment, batch_size: null, iteration: 0, data: { ...heldBack } };
    const { path, heavy } = questionOf(read()) ?? {};
    const [answer, said, explained] = await Promise.all([
      api.step(experiment, signal),
      heldBack ? api.trace(/** @type {Experiment} */ (trial), signal).then(saidOf) : null,
      path && !heavy ? answerTo(path, experiment, signal) : null,
    ]);
    return { iteration: decode(experiment, answer), said, explained };
  }

  return {
    /** Whether the change that is not answered yet was taken: what is done next waits for it, and is done to it. */
    change: /** @type {Promise<boolean> | null} */ (null),
    read,
    dispatch,
    set,
    inquire,
    newest,
    patiently,
    obtain,
    ask,

    /**
     * @param {Awaited<ReturnType<typeof ask>>} answer
     * @param {(iteration: import("../trace/trace.js").Iteration) => Action} [action] how it is taken
     */
    take({ iteration, said, explained }, action = (it) => ({ type: "iterated", iteration: it })) {
      dispatch(action(iteration));
      if (explained) {
        asking?.over.abort(); // its answer would be the older one
        asking = null;
        dispatch({ type: "answered", answer: explained });
      }
      set({ heldBack: said });
    },

    /**
     * What is done next can be undone.
     * @param {string} label
     * @param {string | null} [gesture]
     */
    did(label, gesture = null) {
      dispatch({ type: "did", label, gesture, at: Date.now() });
    },

    /** @param {string | null} selection */
    select(selection) {
      dispatch({ type: "selected", selection });
      inquire();
    },

    /** No answer under way is waited for. */
    forget: () => question.abort(),
  };
}

/**
 * @param {() => State} read
 * @param {(action: Action) => void} dispatch
 * @param {import("../time/clock.js").Clock} clock
 * @param {Parts} parts
 */
export function createSession(read, dispatch, clock, parts) {
  const core = createCore(read, dispatch);
  const { set, newest, ask, take, did } = core;
  /** @type {import("../time/clock.js").Player | null} */
  let player = null;
  /** @type {Promise<Steering> | null} */
  let steering = null;
  /** Iterations still to go, back where negative. */
  let ahead = 0;
  let iterating = false;
  /** How many addresses were followed: the newest counts. */
  let visits = 0;

  /** @param {number} seconds */
  function advance(seconds) {
    const { t, beats, speed, playing } = read();
    if (!playing) return false;
    const next = Math.min(t + seconds * speed, beats.length);
    dispatch({ type: "went", t: next });
    if (next === beats.length) set({ playing: false });
    return next < beats.length;
  }

  /** @returns {Promise<Steering>} */
  function steer() {
    steering ??= core
      .obtain(parts.steering)
      .then(({ createSteering }) => createSteering(core, clock, pause, show));
    return steering;
  }

  /**
   * @param {Experiment} experiment
   * @param {Place} place
   * @param {string} label
   * @param {string | null} [gesture]
   */
  function show(experiment, place, label, gesture = null) {
    return newest(
      (signal) => ask(experiment, signal),
      (answer) => {
        did(label, gesture);
        take(answer);
        dispatch({ type: "went", t: place(read().beats) });
      },
    );
  }

  /**
   * @param {Place} place
   * @param {string | null} [gesture]
   */
  async function forward(place, gesture = null) {
    const { iteration } = read();
    if (!iteration) return false;
    if (iteration.next.iteration === iteration.number) {
      const error = iteration.status === "diverged" ? LOST : LAST;
      set({ playing: false, training: false, error });
      return false;
    }
    // What was changed in an iteration that was seen before is still in it.
    const number = iteration.number + 1;
    const seen = read().history.find((it) => it.iteration === number)?.experiment;
    return show(seen ?? iteration.next, place, `iteration ${number}`, gesture);
  }

  /**
   * On or back by a beat or a phase; past the end begins the next iteration, before the start ends the one before.
   * @param {1 | -1} direction
   * @param {typeof byBeat} by
   */
  async function move(direction, by) {
    if (core.change && !(await core.change)) return;
    pause();
    const { t, beats } = read();
    if (direction > 0 && t >= beats.length) await forward(atStart);
    else if (direction < 0 && t <= 0) await (await steer()).backward(atEnd);
    else dispatch({ type: "went", t: by(beats, t, direction) });
  }

  /** As `pause`, but a change is still waited for. */
  function halt() {
    if (!core.change) return pause();
    player?.stop();
    set({ playing: false });
  }

  /** Stops what runs by itself; an answer still under way is not waited for. */
  function pause() {
    player?.stop();
    core.forget();
    set({ playing: false, training: false, progress: null, waiting: false });
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
        async (signal) => ask(await api.example(id, signal), signal),
        (answer) => {
          did(`open ${read().examples.find((it) => it.id === id)?.title ?? id}`);
          dispatch({ type: "opened", example: id });
          take(answer);
        },
      );
    },
    /**
     * Open what an address says: the experiment that came with it, or the example at the iteration; at the beat.
     * @param {Address} address
     * @param {Experiment | null} [experiment]
     * @returns {Promise<boolean>} whether all of it is open now
     */
    async visit(address, experiment = null) {
      const { example, iteration } = address;
      pause();
      visits += 1;
      const mine = visits;
      /** How to go there; null where meanwhile another address is followed. */
      const way = async () => {
        const steered = await steer();
        return mine === visits ? steered : null;
      };
      set({ view: address.view });
      const opened = experiment
        ? await (await way())?.openExperiment(experiment, example)
        : isOpen(address) || (await session.open(example));
      if (!opened) {
        await openAnything();
        return false;
      }
      session.arrange(address);
      const there = experiment !== null || read().iteration?.number === iteration;
      if (!there && !(await (await way())?.follow(iteration))) return false;
      session.arrange(address);
      return true;
    },
    /**
     * Of what is open: the beat, what is selected, the panel.
     * @param {Address} address
     */
    arrange({ example: _example, iteration: _iteration, t, ...shown }) {
      dispatch({ type: "went", t });
      set(shown);
    },
    select: core.select,
    async loadExamples() {
      try {
        dispatch({ type: "examples", examples: await core.patiently(api.examples) });
      } catch (error) {
        set({ error: error instanceof Error ? error.message : String(error) });
      }
    },
    async togglePlay() {
      const { playing, t, beats } = read();
      if (playing) return pause();
      if (core.change && !(await core.change)) return;
      set({ training: false });
      if (t >= beats.length && !(await forward(atStart, "play"))) return;
      player ??= (await core.obtain(parts.player)).createPlayer(clock, advance);
      set({ playing: true });
      player.start();
    },
    /** @param {1 | -1} direction */
    beat: (direction) => move(direction, byBeat),
    /** @param {1 | -1} direction */
    phase: (direction) => move(direction, byPhase),
    /**
     * Presses that come faster than they are answered are all counted.
     * @param {1 | -1} direction
     */
    async iterate(direction) {
      ahead = Math.sign(ahead) === direction ? ahead + direction : direction;
      if (iterating) return;
      iterating = true;
      try {
        while (ahead !== 0) {
          if (core.change && !(await core.change)) break;
          const back = ahead < 0;
          ahead -= Math.sign(ahead);
          pause();
          if (!(await (back ? (await steer()).backward(atStart) : forward(atStart)))) ahead = 0;
        }
      } finally {
        ahead = 0;
        iterating = false;
      }
    },
    pause,
    /** @param {number} t */
    go(t) {
      halt();
      dispatch({ type: "went", t });
    },
    set,
    steer,
    patiently: core.patiently,
    obtain: core.obtain,
  };
  return session;
}

const LOST =
  "This run has diverged: the next update would leave the range of numbers. Go back some iterations, or undo what led here.";
const LAST = "This is the last iteration that can be counted.";
