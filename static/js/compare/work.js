/**
 * What the Compare panel does: trains two runs side by side and looks for the beat at which they part. Of comparisons that
 * overtake one another, the newest wins; one that is stopped keeps what it has.
 */

import * as api from "../server/api.js";
import { train } from "../server/training-stream.js";
import { decode } from "../trace/trace.js";
import { formOf, initialDesk } from "./compare-setting.js";
import { parting } from "./first-difference.js";
import { drawingOf, labelsOf, varied } from "./other-run.js";
import { searchedParting } from "./search-work.js";
import { begun, finished, trainedOn } from "./train-work.js";

/** @typedef {import("./compare-setting.js").Desk} Desk */
/** @typedef {import("./compare-setting.js").Result} Result */
/** @typedef {import("./compare-setting.js").Form} Form */
/** @typedef {import("./compare-setting.js").Trained} Trained */
/** @typedef {import("./other-run.js").Difference} Difference */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/**
 * What a comparison asks the server, each answer given up with `Overtaken` once a newer comparison has begun.
 * @typedef {object} Questions
 * @property {(experiment: Experiment, wanted: { steps: number, every: number }) => Promise<import("../server/training-stream.js").Trained>} train
 * @property {(experiment: Experiment) => Promise<Iteration>} iterationOf
 * @property {(experiment: Experiment) => Promise<import("../trace/trace.js").TraceAnswer>} trace
 * @property {AbortSignal} signal that it was stopped
 */
/**
 * @typedef {object} CompareActions
 * @property {(change: Partial<Desk> | ((desk: Desk) => Partial<Desk>)) => void} set
 * @property {() => void} start
 * @property {(difference: Difference) => void} suggest sets the form to it, and starts
 * @property {() => void} stop
 * @property {() => void} goToParting
 * @property {() => void} openOther from its start
 */

/** A piece of training is about as long as this: the curves grow, and the progress is seen. */
const PIECE_MS = { least: 150, most: 500 };
const FIRST_PIECE = 50;
/** Costs of a run that are drawn. */
const MOST_POINTS = 200;

/** What a comparison that is no longer the newest is given up with. */
class Overtaken extends Error {}

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new CompareWork(ports);

/**
 * What a link says of a comparison.
 * @param {Form} form
 * @param {Desk} desk
 * @returns {import("../state/state.js").Comparison}
 */
function comparisonOf({ variant, text, steps }, { from, sameRate }) {
  const value = text.trim().replace("−", "-").replace(",", ".");
  return { what: variant.id, value, steps, from, sameRate };
}

/**
 * @param {import("../state/state.js").Comparison} one
 * @param {import("../state/state.js").Comparison | null} other
 */
function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

class CompareWork {
  #ports;
  /** The newest comparison. */
  #newest = new api.Latest();
  #stopping = new AbortController();
  #asked = false;
  /** What was compared last. @type {import("../state/state.js").Comparison | null} */
  #compared = null;

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    ports.setDesk(initialDesk());
  }

  async refresh() {
    if (this.#ports.isOpen() && this.#desk.catalog) this.#again();
    if (!this.#ports.isOpen() || this.#desk.catalog || this.#asked) return;
    this.#asked = true;
    try {
      this.#set({ catalog: await this.#ports.catalog() });
    } catch (error) {
      this.#set({ error: api.messageOf(error) });
    }
  }

  get #desk() {
    return /** @type {Desk} */ (this.#ports.read().desks.compare);
  }

  /** @type {CompareActions["set"]} */
  #set = (wanted) => {
    const desk = this.#desk;
    const change = typeof wanted === "function" ? wanted(desk) : wanted;
    // A failure that was dismissed may be tried again.
    if (change.error === null && desk.error !== null && !desk.catalog) this.#asked = false;
    this.#ports.setDesk(change);
  };

  /** @type {CompareActions} */
  act = {
    set: this.#set,
    start: () => this.#start(),
    suggest: ({ id, value, sameRate = this.#desk.sameRate }) => {
      this.#set({ what: id, typed: { ...this.#desk.typed, [id]: String(value) }, sameRate });
      this.#start();
    },
    stop: () => this.#stopping.abort(),
    goToParting: () => {
      const parted = this.#desk.result?.parted;
      if (!parted) return;
      const { beat } = parted.parting;
      this.#ports.go(parted.iteration, beat ? beat.index + 1 : 0);
    },
    openOther: () => {
      const { result } = this.#desk;
      if (!result) return;
      this.#ports.replace(async () => result.other.start, `the run with ${result.labels.other}`);
    },
  };

  /** A comparison that a link asks for, or that a reload has lost, is made anew. */
  #again() {
    const { comparison, iteration } = this.#ports.read();
    if (!comparison) this.#compared = null;
    if (!comparison || !iteration || isSame(comparison, this.#compared)) return;
    this.#compared = comparison;
    const { what, value, steps, from, sameRate } = comparison;
    const typed = { ...this.#desk.typed, [what]: value };
    this.#set({ what, typed, steps: String(steps), from, sameRate });
    this.#start();
  }

  async #start() {
    const form = formOf(this.#ports.read(), this.#desk);
    if (!form || form.problems.value || form.problems.steps) return;
    this.#compared = comparisonOf(form, this.#desk);
    this.#ports.set({ comparison: this.#compared });
    this.#stopping.abort();
    this.#stopping = new AbortController();
    const newest = this.#newest.begin();
    this.#set({ running: { done: 0, of: form.steps }, error: null, at: null });
    try {
      await this.#compare(form, this.#questions(newest, this.#stopping.signal));
    } catch (error) {
      if (!(error instanceof Overtaken)) this.#set({ error: api.messageOf(error) });
    } finally {
      if (!newest.aborted) this.#set({ running: null });
    }
  }

  /**
   * @param {AbortSignal} overtaken
   * @param {AbortSignal} signal
   * @returns {Questions}
   */
  #questions(overtaken, signal) {
    /**
     * @template T
     * @param {() => Promise<T>} ask
     * @param {AbortSignal} [stopped]
     */
    const answerTo = async (ask, stopped) => {
      const answer = await this.#ports.patiently(ask, stopped).catch((error) => {
        throw overtaken.aborted ? new Overtaken() : error;
      });
      if (overtaken.aborted) throw new Overtaken();
      return answer;
    };
    return {
      signal,
      train: (from, wanted) => answerTo(() => train(from, wanted, signal), signal),
      iterationOf: async (from) => decode(from, await answerTo(() => api.step(from))),
      trace: (from) => answerTo(() => api.trace(from)),
    };
  }

  /**
   * @param {Form} form
   * @param {Questions} questions
   */
  async #compare(form, questions) {
    const { start: ours, steps } = form;
    const theirs = await this.#otherRun(form);
    const firsts = await Promise.all([ours, theirs].map(questions.iterationOf));
    const found = parting(firsts[0], firsts[1]);
    const parted = found && { iteration: firsts[0].number, parting: found };
    const runs = [ours, theirs].map((experiment, at) => begun(experiment, firsts[at]));
    const named = this.#named(form, theirs);
    /** @param {Trained[]} both @param {Partial<Result>} [change] */
    const show = ([one, other], change = {}) => {
      const looked = parted ? "found" : "looking";
      this.#set({ result: { ...named, one, other, parted, looked, stopped: false, ...change } });
    };
    const trained = await this.#trained(runs, steps, questions, show);
    const ended = await Promise.all(trained.runs.map((run) => finished(run, questions)));
    const stopped = trained.done < steps && ended.some((it) => it.status === "ok");
    show(ended, { stopped });
    if (parted) return;
    const late = await searchedParting(firsts, ended, questions);
    const looked = late ? "found" : questions.signal.aborted ? "stopped" : "never";
    show(ended, { stopped, parted: late, looked });
  }

  /** @param {Form} form */
  async #otherRun({ start, variant, difference }) {
    const catalog = /** @type {import("./other-run.js").Catalog} */ (this.#desk.catalog);
    const drawing = () => api.initialize(drawingOf(start, Number(difference.value)));
    const drawn = variant.kind === "seed" ? await this.#ports.patiently(drawing) : null;
    return varied(start, difference, catalog, drawn);
  }

  /**
   * @param {Form} form
   * @param {Experiment} theirs
   */
  #named({ start, variant, difference, steps }, theirs) {
    return { variant, difference, labels: labelsOf(variant, difference, start, theirs), steps };
  }

  /**
   * Both runs trained piece by piece, and how far they came.
   * @param {Trained[]} runs
   * @param {number} steps
   * @param {Questions} questions
   * @param {(runs: Trained[]) => void} show
   */
  async #trained(runs, steps, questions, show) {
    const every = Math.max(1, Math.ceil(steps / MOST_POINTS));
    let size = FIRST_PIECE;
    let done = 0;
    let both = runs;
    while (done < steps && !questions.signal.aborted) {
      const piece = Math.min(size, steps - done);
      const began = performance.now();
      const more = await trainedOn(both, { steps: piece, every }, questions);
      if (!more) break;
      both = more;
      done += piece;
      this.#set({ running: { done, of: steps } });
      show(both);
      const took = performance.now() - began;
      if (took < PIECE_MS.least) size *= 2;
      if (took > PIECE_MS.most) size = Math.max(1, Math.floor(size / 2));
      if (both.every((it) => it.status === "diverged")) break;
    }
    return { runs: both, done };
  }
}
