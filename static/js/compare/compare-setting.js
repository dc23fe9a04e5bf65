/**
 * What the Compare panel is set to and has found: plain values. What is typed is kept for each kind of difference.
 */

import { isLayered } from "../trace/trace.js";
import { problemWith, variantsOf } from "./differences.js";
import { suggestionsOf } from "./other-run.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./other-run.js").Catalog} Catalog */
/** @typedef {import("./differences.js").Variant} Variant */
/** @typedef {import("./other-run.js").Difference} Difference */
/** @typedef {"start" | "here"} From the start of the run, or the iteration that is shown */
/**
 * A run as far as it was trained.
 * @typedef {import("./curves.js").Run & {
 *   start: Experiment,
 *   end: Experiment,
 *   held: { cost: number, right: { right: number, of: number, share: number } | null } | null,
 * }} Trained held: what it makes of the rows held back from it, at its end
 */
/**
 * @typedef {object} Result
 * @property {Variant} variant
 * @property {Difference} difference
 * @property {{ one: string, other: string }} labels
 * @property {Trained} one
 * @property {Trained} other
 * @property {{ iteration: number, parting: import("./first-difference.js").Parting } | null} parted
 * @property {"looking" | "found" | "never" | "stopped"} looked whether they part, and where
 * @property {number} steps     that were asked for
 * @property {boolean} stopped  before they were done
 */
/**
 * @typedef {object} Desk
 * @property {Catalog | null} catalog
 * @property {string} what      the id of a variant
 * @property {Record<string, string>} typed the value, by variant
 * @property {boolean} sameRate another optimizer keeps the learning rate
 * @property {string} steps     as typed
 * @property {From} from
 * @property {boolean | null} log null: as suits the costs
 * @property {number | null} at the iteration whose costs are read; null: the last
 * @property {{ done: number, of: number } | null} running
 * @property {Result | null} result
 * @property {string | null} error
 */

/** @returns {Desk} */
export function initialDesk() {
  return {
    catalog: null,
    what: "field:learning_rate",
    typed: {},
    sameRate: true,
    steps: "200",
    from: "start",
    log: null,
    at: null,
    running: null,
    result: null,
    error: null,
  };
}

/**
 * @typedef {object} Form
 * @property {Experiment} start
 * @property {Variant[]} variants
 * @property {Variant} variant
 * @property {string} text       of the value
 * @property {Difference} difference
 * @property {number} steps
 * @property {{ value: string, steps: string }} problems empty where there are none
 * @property {ReturnType<typeof suggestionsOf>} suggestions
 */
/**
 * What the form says of the run that is open; null while too little is known.
 * @param {State} state
 * @param {Desk} desk
 * @returns {Form | null}
 */
export function formOf(state, desk) {
  const start = startOf(state, desk.from);
  const { catalog } = desk;
  if (!start || !catalog) return null;
  const variants = variantsOf(start, catalog);
  const variant = variants.find((it) => it.id === desk.what) ?? variants[0];
  const typed = desk.typed[variant.id];
  const isOption = variant.input === "number" || variant.options.includes(typed);
  const text = typed !== undefined && isOption ? typed : String(variant.offer);
  const value = variant.input === "number" ? numberIn(text) : text;
  const most = catalog.limits.train_steps ?? MOST_STEPS;
  const steps = numberIn(desk.steps);
  const fits = Number.isInteger(steps) && steps >= 1 && steps <= most;
  return {
    start,
    variants,
    variant,
    text,
    difference: { id: variant.id, value, sameRate: desk.sameRate },
    steps,
    problems: {
      value: problemWith(variant, value, text),
      steps: fits
        ? ""
        : `The number of iterations is “${desk.steps}”; it must be a whole number from 1 to ${most}.`,
    },
    suggestions: suggestionsOf(start, catalog),
  };
}

const MOST_STEPS = 1_000_000;

/**
 * @param {State} state
 * @param {From} from
 */
export function startOf({ history, iteration }, from) {
  return (from === "start" ? history[0]?.experiment : null) ?? iteration?.experiment ?? null;
}

/** @param {string} text */
function numberIn(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  return plain === "" ? Number.NaN : Number(plain);
}

/**
 * Whether a result is about the run that is open, so that one can go to its beats.
 * @param {State} state
 * @param {Result} result
 */
export function isOfThisRun({ history, iteration }, { one: { start } }) {
  if (!iteration || (start.iteration ?? 0) < (history[0]?.iteration ?? 0)) return false;
  const known = history.find((it) => it.iteration === start.iteration)?.experiment;
  if (known === start || iteration.experiment === start) return true;
  // Where the very iteration is not kept any more, its network and its optimizer still tell.
  const now = known ?? iteration.experiment;
  return told(now, Boolean(known)) === told(start, Boolean(known));
}

/**
 * @param {Experiment} experiment
 * @param {boolean} numbers whether the weights count
 */
function told(experiment, numbers) {
  const { network, formulas, optimizer, batch_size: size, data } = experiment;
  const training = [optimizer, size, data?.x.length];
  if (!isLayered(experiment))
    return JSON.stringify([numbers ? formulas : formulas?.text, ...training]);
  const layers = network.layers.map((it) =>
    numbers ? it : [it.weights.length, it.weights[0].length, it.activation],
  );
  return JSON.stringify([layers, network.cost, ...training]);
}
