/**
 * Trains two runs side by side and looks for the beat at which they part. Of comparisons that overtake one another, the
 * newest wins; one that is stopped keeps what it has.
 */

import { accuracy, scoresOf } from "../trace/scores.js";
import { decode, number, saidOf } from "../trace/trace.js";
import { formOf, initialDesk } from "./compare-setting.js";
import { parting } from "./first-difference.js";
import { drawingOf, labelsOf, varied } from "./other-run.js";

/** @typedef {import("./compare-setting.js").Desk} Desk */
/** @typedef {import("./compare-setting.js").Result} Result */
/** @typedef {import("./compare-setting.js").Trained} Trained */
/** @typedef {import("./other-run.js").Difference} Difference */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/**
 * All that the Compare panel needs of the page around it.
 * @typedef {object} Ports
 * @property {() => import("../state/state.js").State} read
 * @property {() => boolean} isOpen whether the panel is in sight
 * @property {() => void} changed the desk is another: paint
 * @property {(experiment: Experiment, asked: { steps: number, every: number }, signal?: AbortSignal) => Promise<import("../server/training-stream.js").Trained>} train
 * @property {(experiment: Experiment) => Promise<import("../trace/trace.js").StepAnswer>} step POST /step, lean
 * @property {(experiment: Experiment) => Promise<import("../trace/trace.js").TraceAnswer>} trace POST /trace, lean
 * @property {(choices: import("../server/wire.js").components["schemas"]["Initialization"]) => Promise<Experiment>} initialize
 * @property {() => Promise<import("./other-run.js").Catalog>} catalog
 * @property {(iteration: number, t: number) => void} goTo of the open run, the time t at which a beat has brought its result
 * @property {(experiment: Experiment, label: string) => void} open in the place of the one that is open; can be undone
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
/** Iterations that are looked at one by one for the beat at which two runs part; beyond, it is searched for by halves. */
const ONE_BY_ONE = 4;

/** What a comparison that is no longer the newest is given up with. */
class Overtaken extends Error {}

/** @param {Ports} ports */
export function createCompareWork(ports) {
  let desk = initialDesk();
  let comparing = 0;
  let aborter = new AbortController();
  let asked = false;

  /** @type {CompareActions["set"]} */
  function set(wanted) {
    const change = typeof wanted === "function" ? wanted(desk) : wanted;
    // A failure that was dismissed may be tried again.
    if (change.error === null && desk.error !== null && !desk.catalog) asked = false;
    desk = { ...desk, ...change };
    ports.changed();
  }

  /** Called after each paint. */
  async function refresh() {
    if (!ports.isOpen() || desk.catalog || asked) return;
    asked = true;
    try {
      set({ catalog: await ports.catalog() });
    } catch (error) {
      set({ error: told(error) });
    }
  }

  async function start() {
    const form = formOf(ports.read(), desk);
    if (!form || form.problems.value || form.problems.steps) return;
    comparing += 1;
    const mine = comparing;
    aborter.abort();
    aborter = new AbortController();
    const { signal } = aborter;
    /**
     * @template T
     * @param {Promise<T>} question
     */
    async function answerTo(question) {
      const answer = await question.catch((error) => {
        throw mine === comparing ? error : new Overtaken();
      });
      if (mine !== comparing) throw new Overtaken();
      return answer;
    }
    set({ running: { done: 0, of: form.steps }, error: null, at: null });
    try {
      await compare(form, answerTo, signal);
    } catch (error) {
      if (!(error instanceof Overtaken)) set({ error: told(error) });
    } finally {
      if (mine === comparing) set({ running: null });
    }
  }

  /**
   * @param {import("./compare-setting.js").Form} form
   * @param {<T>(question: Promise<T>) => Promise<T>} answerTo
   * @param {AbortSignal} signal
   */
  async function compare({ start: ours, variant, difference, steps }, answerTo, signal) {
    const catalog = /** @type {import("./other-run.js").Catalog} */ (desk.catalog);
    const drawn =
      variant.kind === "seed"
        ? await answerTo(ports.initialize(drawingOf(ours, Number(difference.value))))
        : null;
    const theirs = varied(ours, difference, catalog, drawn);
    const both = [ours, theirs];
    const firsts = await answerTo(Promise.all(both.map(iterationOf)));
    let runs = both.map((experiment, at) => begun(experiment, firsts[at]));
    const named = {
      variant,
      difference,
      labels: labelsOf(variant, difference, ours, theirs),
      steps,
    };
    const found = parting(firsts[0], firsts[1]);
    const parted = found && { iteration: firsts[0].number, parting: found };
    /** @param {Partial<Result>} change */
    const show = (change = {}) => {
      const [one, other] = runs;
      const looked = parted ? "found" : "looking";
      set({ result: { ...named, one, other, parted, looked, stopped: false, ...change } });
    };
    const every = Math.max(1, Math.ceil(steps / MOST_POINTS));
    let size = FIRST_PIECE;
    let done = 0;
    while (done < steps && !signal.aborted) {
      const piece = Math.min(size, steps - done);
      const began = performance.now();
      const more = await answerTo(trainedOn(runs, piece, every, signal));
      if (!more) break;
      runs = more;
      done += piece;
      set({ running: { done, of: steps } });
      show();
      const took = performance.now() - began;
      if (took < PIECE_MS.least) size *= 2;
      if (took > PIECE_MS.most) size = Math.max(1, Math.floor(size / 2));
      if (runs.every((it) => it.status === "diverged")) break;
    }
    runs = await answerTo(Promise.all(runs.map(finished)));
    const stopped = done < steps && runs.some((it) => it.status === "ok");
    show({ stopped });
    if (parted) return;
    const late = await answerTo(soughtParting(firsts, runs, signal));
    const looked = late ? "found" : signal.aborted ? "stopped" : "never";
    show({ stopped, parted: late, looked });
  }

  /**
   * Both runs, on by so many iterations; null where that was stopped.
   * @param {Trained[]} runs
   * @param {number} steps
   * @param {number} every
   * @param {AbortSignal} signal
   */
  async function trainedOn(runs, steps, every, signal) {
    try {
      return await Promise.all(runs.map((run) => goneOn(run, steps, every, signal)));
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /**
   * @param {Trained} run
   * @param {number} steps
   * @param {number} every
   * @param {AbortSignal} signal
   * @returns {Promise<Trained>}
   */
  async function goneOn(run, steps, every, signal) {
    if (run.status === "diverged") return run;
    const { costs, status, experiment } = await ports.train(run.end, { steps, every }, signal);
    const last = run.points[run.points.length - 1].iteration;
    const points = [...run.points, ...costs.filter((it) => it.iteration > last)];
    return { ...run, points, status, end: experiment };
  }

  /**
   * With the cost at its end, and what it makes of the rows held back.
   * @param {Trained} run
   * @returns {Promise<Trained>}
   */
  async function finished(run) {
    const { end } = run;
    const heldBack = end.data.held_back;
    const trial = { ...end, batch_size: null, iteration: 0, data: { ...heldBack } };
    const [trace, tried] = await Promise.all([
      ports.trace(end),
      heldBack ? ports.trace(/** @type {Experiment} */ (trial)) : null,
    ]);
    const iteration = end.iteration ?? 0;
    const points = run.points.filter((it) => it.iteration < iteration);
    const name = end.network.cost ?? "squared_error";
    const scores = heldBack && tried ? scoresOf(saidOf(tried), heldBack.y, name) : null;
    return {
      ...run,
      points: [...points, { iteration, cost: number(trace.cost) }],
      held: scores && tried && { cost: number(tried.cost), right: accuracy(scores) },
    };
  }

  /**
   * @param {Iteration[]} firsts
   * @param {Trained[]} runs
   * @param {AbortSignal} signal
   */
  async function soughtParting(firsts, runs, signal) {
    try {
      return signal.aborted ? null : await partingOf(firsts, runs, signal);
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  /**
   * Where runs part whose first iterations are the same.
   * @param {Iteration[]} firsts
   * @param {Trained[]} runs
   * @param {AbortSignal} signal
   */
  async function partingOf(firsts, runs, signal) {
    const last = Math.min(...runs.map((it) => it.end.iteration ?? 0));
    let both = firsts;
    while (both[0].number < Math.min(last, firsts[0].number + ONE_BY_ONE)) {
      both = await Promise.all(both.map((it) => iterationOf(it.next)));
      const found = parting(both[0], both[1]);
      if (found) return { iteration: both[0].number, parting: found };
    }
    if (both[0].number >= last || same(runs.map((it) => it.end))) return null;
    let before = both.map((it) => it.experiment);
    let steps = last - both[0].number;
    while (steps > 1) {
      const half = Math.floor(steps / 2);
      const there = await Promise.all(
        before.map(
          async (it) => (await ports.train(it, { steps: half, every: half }, signal)).experiment,
        ),
      );
      if (same(there)) before = there;
      steps = same(there) ? steps - half : half;
    }
    both = await Promise.all(before.map(iterationOf));
    const found = parting(both[0], both[1]);
    return found && { iteration: both[0].number, parting: found };
  }

  /**
   * @param {Experiment} experiment
   * @returns {Promise<Iteration>}
   */
  async function iterationOf(experiment) {
    return decode(experiment, await ports.step(experiment));
  }

  /** @type {CompareActions} */
  const act = {
    set,
    start,
    suggest: (difference) => {
      const { id, value, sameRate = desk.sameRate } = difference;
      const text = String(value);
      set({ what: id, typed: { ...desk.typed, [id]: text }, sameRate });
      start();
    },
    stop: () => aborter.abort(),
    goToParting: () => {
      const parted = desk.result?.parted;
      if (!parted) return;
      const { beat } = parted.parting;
      ports.goTo(parted.iteration, beat ? beat.index + 1 : 0);
    },
    openOther: () => {
      const { result } = desk;
      if (result) ports.open(result.other.start, `the run with ${result.labels.other}`);
    },
  };
  return { act, refresh, desk: () => desk };
}

/**
 * @param {Experiment} experiment
 * @param {Iteration} first
 * @returns {Trained}
 */
function begun(experiment, { number: iteration, cost, status }) {
  const points = [{ iteration, cost }];
  return { start: experiment, end: experiment, points, status, held: null };
}

/** @param {Experiment[]} both whether they have the same weights */
function same([one, other]) {
  const numbers = (/** @type {Experiment} */ it) =>
    JSON.stringify(it.network.layers.map(({ weights, bias }) => [weights, bias]));
  return numbers(one) === numbers(other);
}

/** @param {unknown} error */
function told(error) {
  return error instanceof Error ? error.message : String(error);
}
