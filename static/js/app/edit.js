/**
 * To change an experiment, in its open iteration or as a whole.
 */

import { entryKey, entryName } from "../base/format.js";
import { isMask, withEntry, withRate } from "../experiment/edit-entry.js";
import { dataRow } from "../trace/scores.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */

export class Edit {
  #asking;
  #moving;
  /** The edit that waits until the one before it is answered. @type {Experiment | null} */
  #edited = null;

  /**
   * @param {import("./asking.js").Asking} asking
   * @param {import("./moving.js").Moving} moving
   */
  constructor(asking, moving) {
    this.#asking = asking;
    this.#moving = moving;
  }

  /**
   * Shows the open iteration with something changed in it, at the same moment. Of edits that follow one another faster
   * than they are answered, those between are left out.
   * @param {(experiment: Experiment) => Experiment} change
   * @param {string} label
   * @param {string | null} [gesture]
   * @returns {Promise<boolean>} whether it was taken, or another in its place
   */
  async change(change, label, gesture = null) {
    // Another network is on its way: the edit is one of that.
    if (this.#edited === null && this.#asking.change)
      return this.#asking.afterChanges(() => this.change(change, label, gesture));
    const { iteration, playing, training } = this.#asking.read();
    if (!iteration) return false;
    if (playing || training) this.#moving.pause();
    this.#edited = change(this.#edited ?? iteration.experiment);
    if (this.#asking.change) return true;
    this.#asking.change = this.#changed(label, gesture);
    return this.#asking.change;
  }

  /**
   * Another experiment in the place of this one, whose run begins anew. What is asked for before it is answered waits.
   * @param {(from: Experiment) => Promise<Experiment | null>} make from what is open then; null: nothing is to be done
   * @param {string} label
   * @returns {Promise<boolean>} whether it was taken
   */
  replace(make, label) {
    const asking = this.#asking;
    return asking.afterChanges(() => {
      this.#moving.pause();
      const change = this.#replaced(make, label).finally(() => {
        if (asking.change === change) asking.change = null;
      });
      asking.change = change;
      return change;
    });
  }

  /**
   * @param {Parameters<Edit["replace"]>[0]} make
   * @param {string} label
   */
  #replaced(make, label) {
    const asking = this.#asking;
    return asking.newest(
      async (signal) => {
        const { iteration } = asking.read();
        const experiment = iteration && (await make(iteration.experiment));
        return experiment && asking.shown(experiment, signal);
      },
      (answer) => {
        if (!answer) return;
        const { example, selection, panel } = asking.read();
        asking.did(label);
        asking.dispatch({ type: "opened", example });
        asking.take(answer);
        asking.set({ departed: true, selection, panel });
      },
    );
  }

  /**
   * Open an experiment that is not an example's own, or no longer.
   * @param {Experiment} experiment
   * @param {string} example the one that it comes from
   * @param {import("../state/history.js").Past[]} [history] how it came there
   */
  open(experiment, example, history = []) {
    const asking = this.#asking;
    this.#moving.pause();
    return asking.newest(
      (signal) => asking.shown(experiment, signal),
      (answer) => {
        asking.did(`open ${experiment.title || "an experiment"}`);
        asking.dispatch({ type: "opened", example });
        if (history.length > 0) asking.dispatch({ type: "passed", passed: history });
        asking.take(answer);
        asking.set({ departed: true });
      },
    );
  }

  /**
   * Another number at an entry of a leaf.
   * @param {import("../base/format.js").Entry} entry
   * @param {number} value
   */
  entry(entry, value) {
    const { iteration } = this.#asking.read();
    const node = iteration?.node.get(entry.id);
    if (iteration && isMask(node, iteration.experiment)) {
      const error = `The mask ${entry.id} is drawn from the dropout's seed: another seed, in Build, draws another.`;
      this.#asking.set({ error });
      return Promise.resolve(false);
    }
    const key = entryKey(entry.id, entry.row, entry.column);
    const name = node ? entryName(node, entry.row, entry.column) : key;
    const isData = entry.id === "x" || entry.id === "y";
    const row = isData && iteration ? dataRow(iteration, entry.row) : entry.row;
    return this.change((experiment) => withEntry(experiment, { ...entry, row }, value), name, key);
  }

  /** @param {number} rate the learning rate */
  rate(rate) {
    return this.change((it) => withRate(it, rate), "learning rate α", "α");
  }

  /**
   * From the first iteration of the run, half as fast.
   * @param {number} rate
   */
  async restartWithRate(rate) {
    const asking = this.#asking;
    if (!(await this.#moving.isSettled())) return;
    this.#moving.pause();
    const first = asking.read().history[0]?.experiment;
    if (!first) return;
    return asking.newest(
      (signal) => asking.shown(withRate(first, rate), signal),
      (answer) => {
        asking.did("half the learning rate");
        asking.take(answer, (it) => ({ type: "iterated", iteration: it, edited: true }));
      },
    );
  }

  /** All that was changed in this iteration is as it was. */
  async putBack() {
    const { origin } = this.#asking.read();
    if (!origin) return;
    await this.change(() => origin.experiment, "put back");
    if (this.#asking.read().iteration?.experiment === origin.experiment)
      this.#asking.set({ origin: null, departed: origin.departed });
  }

  /**
   * @param {string} label
   * @param {string | null} gesture
   */
  async #changed(label, gesture) {
    try {
      while (this.#edited) {
        const experiment = this.#edited;
        if (!(await this.#shown(experiment, label, gesture))) return false;
        if (this.#edited === experiment) this.#edited = null;
      }
      return true;
    } finally {
      this.#edited = null;
      this.#asking.change = null;
    }
  }

  /**
   * @param {Experiment} experiment
   * @param {string} label
   * @param {string | null} gesture
   */
  #shown(experiment, label, gesture) {
    const asking = this.#asking;
    return asking.newest(
      (signal) => asking.shown(experiment, signal),
      (answer) => {
        const { t } = asking.read();
        asking.did(label, gesture);
        asking.take(answer, (it) => ({ type: "iterated", iteration: it, edited: true }));
        asking.dispatch({ type: "went", t });
      },
    );
  }
}
