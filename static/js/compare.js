/**
 * The other run of a comparison: in what it may differ from the one that is open, and the experiment that it starts from.
 */

import {
  choicesOf,
  redrawn,
  sizesOf,
  withActivation,
  withBatch,
  withField,
  withNetwork,
  withOptimizer,
} from "./build.js";
import { short } from "./format.js";

/** @typedef {import("./trace.js").Experiment} Experiment */
/** @typedef {import("./wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
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
/**
 * @typedef {object} Difference
 * @property {string} id       the variant's
 * @property {Value} value
 * @property {boolean} [sameRate] another optimizer keeps the learning rate
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
  return [
    ...fields.slice(0, 1),
    optimizers(experiment, catalog),
    ...activations(experiment, catalog),
    ...fields.slice(1),
    cost(experiment, catalog),
    ...batches(experiment),
    { ...PLAIN, ...SEED, below: (catalog.limits.seed ?? 2 ** 32 - 1) + 1 },
  ];
}

const SEED = /** @type {const} */ ({
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
function fieldsOf({ optimizer }, catalog) {
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
  const inner = names.filter((name) => name !== "softmax");
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
  const rows = data.x.length;
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

/**
 * The other experiment: from the same iteration and, but for a seed, the same weights.
 * @param {Experiment} experiment
 * @param {Difference} difference
 * @param {Catalog} catalog
 * @param {Experiment | null} [drawn] what /initialize gave: a seed needs it
 * @returns {Experiment}
 */
export function varied(experiment, { id, value, sameRate }, catalog, drawn = null) {
  const variant = variantsOf(experiment, catalog).find((it) => it.id === id);
  switch (variant?.kind) {
    case "field":
      return withField(experiment, id.slice("field:".length), asField(variant, value));
    case "optimizer": {
      const row = catalog.optimizers.find((it) => it.name === value);
      const rate = fieldsOf(experiment, catalog)[0]?.now;
      const other = withOptimizer(experiment, String(value), row?.defaults ?? {});
      return sameRate && typeof rate === "number" ? withField(other, "learning_rate", rate) : other;
    }
    case "activation": {
      const fields = catalog.activations.find((it) => it.name === value)?.defaults ?? {};
      return variant.layers.reduce(
        (it, layer) => withActivation(it, layer, String(value), fields),
        experiment,
      );
    }
    case "cost":
      return withNetwork(experiment, { cost: String(value) });
    case "batch":
      return withBatch(experiment, value === experiment.data.x.length ? null : Number(value));
    case "seed":
      return drawn
        ? { ...redrawn(experiment, drawn), iteration: experiment.iteration }
        : experiment;
    default:
      return experiment;
  }
}

/**
 * @param {Variant} variant
 * @param {Value} value
 */
function asField({ now }, value) {
  return typeof now === "boolean" ? String(value) === "true" : Number(value);
}

/**
 * What to ask of /initialize for another seed: He's weights suit relu, Glorot's the rest.
 * @param {Experiment} experiment
 * @param {number} seed
 */
export function drawingOf(experiment, seed) {
  const { layers } = experiment.network;
  const initializer = /relu/.test(layers[0].activation) ? "he" : "xavier";
  const plan = { sizes: sizesOf(experiment), origins: layers.map((_, at) => at) };
  return choicesOf(experiment, plan, { initializer, seed });
}

/**
 * What the two runs are called, each by what it has and the other has not.
 * @param {Variant} variant
 * @param {Difference} difference
 * @param {Experiment} ours
 * @param {Experiment} theirs
 * @returns {{ one: string, other: string }}
 */
export function labelsOf({ kind, sign, now }, { value }, ours, theirs) {
  if (kind === "seed") return { one: "the weights as they are", other: `weights of seed ${value}` };
  if (kind === "optimizer") {
    const rates = [ours, theirs].map((it) => it.optimizer?.learning_rate);
    const [one, other] = rates.map((it) =>
      rates[0] === rates[1] || typeof it !== "number" ? "" : `, α = ${short(it)}`,
    );
    return { one: worded(now) + one, other: worded(value) + other };
  }
  const named = kind === "field" || kind === "batch" ? `${sign} = ` : "";
  return { one: named + worded(now), other: named + worded(value) };
}

/** @param {Value | null} value */
function worded(value) {
  if (value === null) return "as it is";
  return typeof value === "number" ? short(value) : String(value).replaceAll("_", " ");
}

/**
 * Differences to begin with, in words.
 * @param {Experiment} experiment
 * @param {Catalog} catalog
 * @returns {{ label: string, difference: Difference }[]}
 */
export function suggestionsOf(experiment, catalog) {
  const variants = variantsOf(experiment, catalog);
  const rate = variants.find((it) => it.id === "field:learning_rate")?.now;
  const hidden = variants.find((it) => it.kind === "activation");
  const seed = { label: "another seed", difference: { id: "seed", value: SEED.offer } };
  /** @type {{ label: string, difference: Difference }[]} */
  const some = [];
  if (typeof rate === "number" && rate > 0) {
    const times = (/** @type {number} */ by) => Number((rate * by).toPrecision(12));
    some.push(
      { label: "double α", difference: { id: "field:learning_rate", value: times(2) } },
      { label: "half α", difference: { id: "field:learning_rate", value: times(0.5) } },
    );
  }
  const name = experiment.optimizer?.name === "momentum" ? "adam" : "momentum";
  const optimizer = { id: "optimizer", value: name, sameRate: name === "momentum" };
  some.push({ label: `with ${name}`, difference: optimizer });
  if (hidden && experiment.network.layers.length > 1) {
    const label = `${hidden.offer} instead of ${hidden.now ?? "the hidden activations"}`;
    some.push({ label, difference: { id: hidden.id, value: hidden.offer } });
  }
  return [...some, seed];
}
