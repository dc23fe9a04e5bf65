/**
 * What a network would have to change to take some data, in words, before it happens; and a network that takes them.
 */

import { count, spaced } from "../base/words.js";
import { aimOf } from "../trace/scores.js";

/** @typedef {import("../server/wire.js").components["schemas"]["Data"]} Data */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * The network that takes the data: as many layers as the open one has, with new weights where `anew`.
 * @typedef {object} Proposal
 * @property {boolean} anew        the weights cannot stay
 * @property {number[]} sizes      inputs, neurons by layer
 * @property {string[]} activations by layer
 * @property {string} cost
 * @property {string[]} changes    in words
 */

/** @typedef {Pick<import("../server/api.js").Catalog, "activations" | "costs"> | null} Tables null while they are not known */
/** @typedef {{ data: Data, cost: string, activation: string }} Made data, and what suits their targets */
/** @typedef {{ activation: string, cost: string, reasons: string[] }} Last the last activation and the cost; why they are not what they were */

const WIDEST_HIDDEN = 8;

/**
 * @param {Made} made
 * @param {Experiment} experiment
 * @param {Tables} tables
 * @param {boolean | null} [suited] whether it gets the cost that suits the targets; null: where it begins anew
 * @returns {Proposal}
 */
export function proposal(made, experiment, tables, suited = null) {
  const { data } = made;
  const { layers } = experiment.network;
  const [inputs, outputs] = [data.x[0].length, data.y[0].length];
  const [had, gave] = [layers[0].weights.length, layers[layers.length - 1].weights[0].length];
  const anew = had !== inputs || gave !== outputs;
  const changes = [];
  if (had !== inputs) changes.push(`inputs ${had} → ${inputs}`);
  if (gave !== outputs) changes.push(`outputs ${gave} → ${outputs}`);
  const { present, fitting } = lastsOf(made, experiment, tables);
  const { activation, cost, reasons } = (suited ?? anew) ? fitting : present;
  const hidden = layers.slice(0, -1).map((it) => it.weights[0].length);
  const sizes = [
    inputs,
    ...(hidden.length > 0 ? hidden : [Math.min(WIDEST_HIDDEN, inputs + 1)]),
    outputs,
  ];
  const kept = layers.slice(0, -1).map((it) => it.activation);
  return {
    anew,
    sizes: anew ? sizes : [inputs, ...hidden, outputs],
    activations: [...(kept.length > 0 || !anew ? kept : ["tanh"]), activation],
    cost,
    changes: [...changes, ...reasons],
  };
}

/**
 * The last activation and the cost in two ways: as near as can be to those of the open network, and those that suit the
 * targets best.
 * @param {Made} made
 * @param {Experiment} experiment
 * @param {Tables} tables
 * @returns {{ present: Last, fitting: Last }}
 */
export function lastsOf(made, experiment, tables) {
  const { layers, cost = "squared_error" } = experiment.network;
  const { activation } = layers[layers.length - 1];
  const changes = [];
  if (made.activation !== activation)
    changes.push(`last activation ${activation} → ${made.activation}`);
  if (made.cost !== cost) changes.push(`cost ${cost} → ${made.cost}`);
  const reasons = changes.length > 0 ? [`${changes.join(" and ")}, which suit these targets`] : [];
  return {
    present: nearestOf(made, activation, cost, tables),
    fitting: { activation: made.activation, cost: made.cost, reasons },
  };
}

/** Looked for once, not with each paint: there may be many targets. @type {WeakMap<Made, { of: unknown[], last: Last }>} */
const nearests = new WeakMap();

/** @type {typeof nearest} */
function nearestOf(made, ...of) {
  const known = nearests.get(made);
  if (known?.of.every((it, at) => it === of[at])) return known.last;
  const last = nearest(made, ...of);
  nearests.set(made, { of, last });
  return last;
}

/**
 * The last activation and the cost, changed where the targets are out of their reach.
 * @param {Made} made
 * @param {string} activation
 * @param {string} cost
 * @param {Tables} tables
 * @returns {Last}
 */
function nearest(made, activation, cost, tables) {
  const { y } = made.data;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of y)
    for (const value of row) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  /** @param {(number | null)[] | undefined} bounds */
  const inside = ([low, high] = [null, null]) =>
    least >= (low ?? Number.NEGATIVE_INFINITY) && most <= (high ?? Number.POSITIVE_INFINITY);
  const row = tables?.costs.find((it) => it.name === cost);
  const reasons = [];
  const logits = row?.logits ?? false;
  const within = inside(tables?.activations.find((it) => it.name === activation)?.range);
  const alone = activation === "softmax" && y[0].length === 1;
  const last = logits ? "identity" : alone ? "sigmoid" : within ? activation : "identity";
  if (logits && activation !== "identity")
    reasons.push(`last activation ${activation} → identity, as the cost takes logits`);
  else if (alone && !logits)
    reasons.push("last activation softmax → sigmoid, as softmax of one output is always 1");
  else if (!within && !logits)
    reasons.push(
      `last activation ${activation} → identity, as the targets go from ${tidy(least)} to ${tidy(most)}`,
    );
  const classes = row?.one_in_all && aimOf(y) !== "classes";
  const outside = !inside(row?.targets);
  const values = row?.target_values ?? [];
  const others = values.length > 0 && y.some((line) => line.some((it) => !values.includes(it)));
  const unfit = logits ? classes || outside : row?.domain && (last === "identity" || classes);
  const fit = unfit || others;
  if (others)
    reasons.push(`cost ${cost} → squared_error, as its targets are ${values.join(" or ")} only`);
  else if (fit)
    reasons.push(
      logits
        ? `cost ${cost} → squared_error, as its targets are probabilities${classes && !outside ? " of classes" : ""}`
        : `cost ${cost} → squared_error, as the logarithm takes outputs between 0 and 1 only`,
    );
  return { activation: last, cost: fit ? "squared_error" : cost, reasons };
}

/** @param {number} value */
function tidy(value) {
  return String(Number(value.toPrecision(3)));
}

/**
 * What the network would have to change, in words; empty where it takes the data as it is.
 * @param {Proposal} proposed
 */
export function misfit({ anew, changes }) {
  if (changes.length === 0) return "";
  const words = `The network changes: ${changes.join("; ")}.`;
  return anew ? `${words} Its weights start anew.` : `${words} Its weights stay.`;
}

/**
 * What the button says that uses the data.
 * @param {Data} data
 * @param {Proposal} proposed
 */
export function offer(data, { anew, changes }) {
  const rows = data.x.length;
  const held = data.held_back?.x.length ?? 0;
  const [inputs, outputs] = [data.x[0].length, data.y[0].length];
  const these = rows === 1 ? "Use this 1 row" : `Use these ${spaced(rows)} rows`;
  const use = held > 0 ? `${these}, ${spaced(held)} held back` : these;
  if (anew)
    return `${use}: the network gets ${count(inputs, "input")} and ${count(outputs, "output")}; its weights start anew`;
  const network = changes.length > 0 ? "the weights stay" : "the network stays as it is";
  return `${use}: ${network}, training begins at iteration 0`;
}

/**
 * What begins from the start with other data, whatever becomes of the weights.
 * @param {Experiment} experiment
 */
export function resets({ optimizer_state: memory }) {
  return `Training begins at iteration 0${memory ? ", and the optimizer's memory is emptied" : ""}.`;
}
