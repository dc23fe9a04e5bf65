/**
 * What every way of asking the server has in common: it asks again where the server is away, the newest question wins, a
 * failure is told, an answer is put into the state.
 */

import * as api from "../server/api.js";
import { Latest } from "../server/api.js";
import { questionOf } from "../state/panels.js";
import { decode, isLayered, saidOf } from "../trace/trace.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").Action} Action */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {{ read: () => State, dispatch: (action: Action) => void }} Store */
/** @typedef {{ iteration: import("../trace/trace.js").Iteration, said: import("../trace/trace.js").Said | null, explained: import("../state/state.js").Answer | null }} Shown */

/** All rows, nothing left out. */
const AT_REST = { batch_size: null, iteration: 0, dropout_seed: null };
const LATE_MS = 300;
/** Seconds between two tries at most, where the server names none; and where it does. */
const MOST_WAIT = { own: 8, told: 60 };
const AGAIN = "The page asks again by itself.";
const PART_FAILED = "A part of the page could not be loaded. Is the server still running?";
const UNREADABLE =
  "The server's answer could not be read. Is it the same version as this page? Reload to see.";

export class Asking {
  #store;
  #newest = new Latest();
  #ofPanel = new Latest();
  /** What the open panel has asked and is not answered yet. @type {{ path: string, experiment: Experiment } | null} */
  #pending = null;
  /** @type {Promise<import("../server/api.js").Catalog> | null} */
  #catalog = null;
  /** Whether the change that is not answered yet was taken: what is done next waits for it, and is done to it. @type {Promise<boolean> | null} */
  change = null;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  /**
   * What is to be done to what all changes that were asked for before have made: nothing, where one of them was not taken.
   * @param {() => Promise<boolean>} go begins in the very moment in which the last of them is answered
   */
  async afterChanges(go) {
    while (this.change) if (!(await this.change)) return false;
    return go();
  }

  read = () => this.#store.read();

  /** @param {Action} action */
  dispatch = (action) => this.#store.dispatch(action);

  /** @param {import("../state/state.js").Set["change"]} change */
  set = (change) => {
    this.dispatch({ type: "set", change });
    this.#inquire();
  };

  /** @param {string | null} selection */
  select = (selection) => {
    this.dispatch({ type: "selected", selection });
    this.#inquire();
  };

  /**
   * What is done next can be undone.
   * @param {string} label
   * @param {string | null} [gesture]
   */
  did(label, gesture = null) {
    this.dispatch({ type: "did", label, gesture, at: Date.now() });
  }

  /** No answer under way is waited for. */
  forget() {
    this.#newest.forget();
  }

  /**
   * Ask, and go on only if nothing newer was asked meanwhile. A failure is shown and stops what was running.
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} ask the signal: something newer was asked
   * @param {(answer: T) => void} then
   * @returns {Promise<boolean>} whether the answer was taken
   */
  async newest(ask, then) {
    const signal = this.#newest.begin();
    const late = setTimeout(() => this.set({ waiting: true }), LATE_MS);
    try {
      const answer = await this.patiently(() => ask(signal), signal);
      if (signal.aborted) return false;
      then(answer);
      return true;
    } catch (error) {
      const message = error instanceof api.ApiError ? error.message : UNREADABLE;
      if (!signal.aborted) this.set({ playing: false, training: false, error: message });
      if (!(error instanceof api.ApiError)) throw error;
      return false;
    } finally {
      clearTimeout(late);
      if (!signal.aborted) this.set({ waiting: false });
    }
  }

  /**
   * One iteration of an experiment, what its network says of the rows held back from it, and what the open panel needs.
   * @param {Experiment} experiment
   * @param {AbortSignal} signal
   * @returns {Promise<Shown>}
   */
  async shown(experiment, signal) {
    const heldBack = isLayered(experiment) ? experiment.data.held_back : null;
    const trial = { ...experiment, ...AT_REST, data: { ...heldBack } };
    const { path, heavy } = questionOf(this.read()) ?? {};
    const [answer, said, explained] = await Promise.all([
      api.step(experiment, signal),
      heldBack ? api.trace(/** @type {Experiment} */ (trial), signal).then(saidOf) : null,
      path && !heavy ? this.#answerTo(path, experiment, signal) : null,
    ]);
    return { iteration: decode(experiment, answer), said, explained };
  }

  /**
   * @param {Shown} answer
   * @param {(iteration: import("../trace/trace.js").Iteration) => Action} [action] how it is taken
   */
  take({ iteration, said, explained }, action = (it) => ({ type: "iterated", iteration: it })) {
    this.dispatch(action(iteration));
    if (explained) {
      this.#ofPanel.forget(); // its answer would be the older one
      this.#pending = null;
      this.dispatch({ type: "answered", answer: explained });
    }
    this.set({ heldBack: said });
  }

  /**
   * Asks again, ever more seldom, while the server is away or has too much to do, and says so. The server keeps nothing, so
   * what was half answered can be asked anew. Of many readers not all come back in the same moment.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {AbortSignal} [signal] that it is no longer wanted
   * @returns {Promise<T>}
   */
  patiently = async (ask, signal) => {
    let said = "";
    try {
      for (let tries = 0; ; tries++) {
        try {
          return await ask();
        } catch (error) {
          if (!(error instanceof api.ApiError) || !error.again || signal?.aborted) throw error;
          said ||= this.#tell(`${error.message} ${AGAIN}`);
          await pause(Math.max(error.again, Math.min(2 ** tries / 2, MOST_WAIT.own)), signal);
          if (signal?.aborted) throw error;
        }
      }
    } finally {
      if (said && this.read().error === said) this.#tell(null);
    }
  };

  /**
   * A part of the page, as soon as it can be had.
   * @template T
   * @param {() => Promise<T>} load
   */
  obtain = (load) =>
    this.patiently(() =>
      load().catch(() => {
        throw new api.ApiError(PART_FAILED, 0.5);
      }),
    );

  /**
   * A part of the page that is loaded when it is first needed, and made once.
   * @template Module, Part
   * @param {() => Promise<Module>} load
   * @param {(module: Module) => Part} make
   * @returns {() => Promise<Part>}
   */
  once(load, make) {
    /** @type {Promise<Part> | undefined} */
    let part;
    return () => {
      part ??= this.obtain(load).then(make);
      return part;
    };
  }

  /** What there is to choose from. Once refused it may be asked for again. */
  catalog = () => {
    this.#catalog ??= this.patiently(api.catalog).catch((error) => {
      this.#catalog = null;
      throw error;
    });
    return this.#catalog;
  };

  /**
   * @template {string | null} Text
   * @param {Text} error
   */
  #tell(error) {
    this.dispatch({ type: "set", change: { error } });
    return error;
  }

  /** Asks what the open panel needs to know, unless it is known or asked already. */
  async #inquire() {
    const state = this.read();
    const { path, heavy } = questionOf(state) ?? {};
    const experiment = state.iteration?.experiment;
    if (!path || !experiment || (state.training && heavy)) return;
    const known = [state.answer, this.#pending];
    if (known.some((it) => it?.path === path && it.experiment === experiment)) return;
    const signal = this.#ofPanel.begin();
    this.#pending = { path, experiment };
    const ask = () => this.#answerTo(path, experiment, signal);
    const answer = await this.patiently(ask, signal).catch(() => null);
    if (signal.aborted || !answer) return;
    this.#pending = null;
    this.dispatch({ type: "answered", answer });
    this.#inquire(); // what is shown may have changed meanwhile
  }

  /**
   * @param {string} path
   * @param {Experiment} experiment
   * @param {AbortSignal} signal
   * @returns {Promise<import("../state/state.js").Answer>} with the reason where there is none: the panel says it
   */
  async #answerTo(path, experiment, signal) {
    try {
      return { path, experiment, document: await api.ask(path, experiment, signal), error: null };
    } catch (error) {
      if (!(error instanceof api.ApiError) || error.again) throw error;
      return { path, experiment, document: null, error: error.message };
    }
  }
}

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal] ends it
 * @returns {Promise<unknown>}
 */
function pause(seconds, signal) {
  const ms = Math.min(seconds, MOST_WAIT.told) * (1000 + 500 * Math.random());
  return new Promise((go) => {
    setTimeout(go, ms);
    signal?.addEventListener("abort", go);
  });
}
