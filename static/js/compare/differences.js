/**
 * In what another run from the same start may differ: a small table, made from the experiment and the catalog.
 */

import { short } from "../base/format.js";
import { isLayered } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {number | string | boolean} Value */
/** @typedef {"field" | "optimizer" | "activation" | "cost" | "batch" | "seed"} Kind */
/**
 * One thing in which two runs may differ.
 * @typedef {object} Variant
 * @property {string} id
 * @property {Kind} kind
 * @property {string} label
 * @property {string} sign      what it is called where room is short: α
 * @property {"number" | "choice"} input
 * @property {string[]} options of a choice; "true" and "false" of a switch
 * @property {Value | null} now null: not known (a seed), or not one (layers that differ)
 * @property {Value} offer      a value worth a try
 * @property {number} least     of a number
 * @property {number} below     a number stays under it
 * @property {boolean} whole
 * @property {number[]} layers  of an activation
 */

/** @type {Omit<Variant, "id" | "kind" | "label" | "sign" | "offer">} */
const PLAIN = {
  input: "number",
  options: [],
  now: null,
  least: 0,
  below: Infinity,
  whole: false,
  layers: [],
};

/**
 * All that another run from the same start may differ in, the most usual first.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {Variant[]}
 */
export function variantsOf(experiment, catalog) {
  const fields = fieldsOf(experiment, catalog);
  const [rate, optimizer] = [fields.slice(0, 1), optimizers(experiment, catalog)];
  // What formulas compute stands in their text.
  if (!isLayered(experiment))
    return [...rate, optimizer, ...fields.slice(1), ...batches(experiment)];
  return [
    ...rate,
    optimizer,
    ...activations(experiment, catalog),
    ...fields.slice(1),
    cost(experiment, catalog),
    ...batches(experiment),
    { ...PLAIN, ...SEED, below: (catalog.limits.seed ?? 2 ** 32 - 1) + 1 },
  ];
}

export const SEED = /** @type {const} */ ({
  id: "seed",
  kind: "seed",
  label: "seed of the weights",
  sign: "seed",
  offer: 1,
  whole: true,
});

/**
 * The optimizer's fields, those that are not given at their defaults.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {Variant[]}
 */
export function fieldsOf({ optimizer }, catalog) {
  const row = catalog.optimizers.find((it) => it.name === (optimizer?.name ?? "sgd"));
  const given = /** @type {Record<string, unknown>} */ (optimizer ?? {});
  return (row?.fields ?? []).map((field) => {
    const now = /** @type {number | boolean} */ (given[field] ?? row?.defaults[field]);
    const symbol = row?.symbols[field];
    const words = field === "alpha" ? "fading" : field.replaceAll("_", " ");
    const one = {
      ...PLAIN,
      id: `field:${field}`,
      kind: /** @type {const} */ ("field"),
      label: symbol && symbol !== field ? `${words} ${symbol}` : words,
      sign: symbol ?? words,
      now,
    };
    if (typeof now === "boolean")
      return { ...one, input: "choice", options: [String(!now)], offer: String(!now) };
    const below = row?.below[field] ?? Infinity;
    return {
      ...one,
      below,
      offer: field === "learning_rate" ? doubled(now) : lessened(now, below),
    };
  });
}

/**
 * A rounder number below one that is given; of a fading near 1, one that fades ten times as fast.
 * @param {number} now
 * @param {number} below
 */
function lessened(now, below) {
  const faster = Number((10 * now - 9).toPrecision(6));
  if (below === 1 && faster > 0) return faster;
  return Number((now / 2).toPrecision(1)) || 0.5;
}

/** @param {number} rate */
const doubled = (rate) => Number((2 * rate).toPrecision(12)) || 0.1;

/**
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {Variant}
 */
function optimizers({ optimizer }, catalog) {
  const now = optimizer?.name ?? "sgd";
  const options = catalog.optimizers.map((it) => it.name).filter((name) => name !== now);
  const named = { id: "optimizer", label: "optimizer", sign: "optimizer" };
  return choice("optimizer", named, options, now, now === "sgd" ? "adam" : "sgd");
}

/**
 * The activation of each layer, and where there are several hidden ones, of all these.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {Variant[]}
 */
function activations({ network: { layers } }, catalog) {
  const last = layers.length - 1;
  const names = catalog.activations.map((it) => it.name);
  const inner = catalog.activations.filter((it) => !it.last_only).map((it) => it.name);
  const each = layers.map((layer, at) => {
    const of = at === last ? "the last layer" : layers.length === 2 ? "the hidden layer" : "layer";
    const label = `activation of ${of}${of === "layer" ? ` ${at}` : ""}`;
    const named = { id: `activation:${at}`, label, sign: `activation ${at}` };
    return { ...activation(named, at === last ? names : inner, layer.activation), layers: [at] };
  });
  if (last < 2) return each;
  const now = layers.slice(0, -1).map((it) => it.activation);
  const one = now.every((it) => it === now[0]) ? now[0] : null;
  const named = { id: "activation:hidden", label: "activation of all hidden layers" };
  const all = activation({ ...named, sign: "activation" }, inner, one);
  return [{ ...all, layers: now.map((_, at) => at) }, ...each];
}

/**
 * @param {{ id: string, label: string, sign: string }} named
 * @param {string[]} names
 * @param {string | null} now
 */
function activation(named, names, now) {
  const options = names.filter((name) => name !== now);
  return choice("activation", named, options, now, now === "relu" ? "tanh" : "relu");
}

/**
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {Variant}
 */
function cost({ network }, catalog) {
  const now = network.cost ?? "squared_error";
  const options = catalog.costs.map((it) => it.name).filter((name) => name !== now);
  return choice("cost", { id: "cost", label: "cost", sign: "cost" }, options, now, options[0]);
}

/**
 * @param {Kind} kind
 * @param {{ id: string, label: string, sign: string }} named
 * @param {string[]} options
 * @param {string | null} now
 * @param {string} offer
 * @returns {Variant}
 */
function choice(kind, named, options, now, offer) {
  return { ...PLAIN, ...named, kind, input: "choice", options, now, offer };
}

/**
 * @param {Experiment} experiment
 * @returns {Variant[]} none where there is but one row
 */
function batches({ data, batch_size: size }) {
  const rows = data?.x.length ?? 1;
  if (rows < 2) return [];
  const few = Math.ceil(rows / 4);
  const offer = (size ?? rows) === few ? rows : few;
  const named = { id: "batch", label: "batch size", sign: "batch" };
  const now = size ?? rows;
  return [
    { ...PLAIN, ...named, kind: "batch", now, offer, least: 1, below: rows + 1, whole: true },
  ];
}

/**
 * What is wrong with a value, in words; empty where it is fine.
 * @param {Variant} variant
 * @param {Value} value a number, or NaN for what is none
 * @param {string} text what was typed
 */
export function problemWith(variant, value, text) {
  const { label, input, least, below, whole, now, options } = variant;
  if (input === "choice")
    return options.includes(String(value))
      ? ""
      : `The ${label} is ${value} already: choose another.`;
  const number = Number(value);
  const most = whole && Number.isFinite(below) ? ` to ${below - 1}` : "";
  const allowed = `${whole ? "a whole number" : "a number"} from ${least}${most || " on"}${!whole && Number.isFinite(below) ? ` and below ${below}` : ""}`;
  const fits = Number.isFinite(number) && number >= least && number < below;
  if (!fits || (whole && !Number.isInteger(number)))
    return `The ${label} is “${text}”; it must be ${allowed}.`;
  return number === now ? `The ${label} is ${short(number)} already: choose another.` : "";
}
