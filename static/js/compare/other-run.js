/**
 * The other run of a comparison: the experiment that it starts from, what it is called, and differences to begin with.
 */

import { short } from "../base/format.js";
import {
  choicesOf,
  planAsItIs,
  redrawn,
  withActivation,
  withBatch,
  withField,
  withNetwork,
  withOptimizer,
} from "../experiment/architecture.js";
import { isLayered } from "../trace/trace.js";
import { fieldsOf, SEED, variantsOf } from "./differences.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./differences.js").Catalog} Catalog */
/** @typedef {import("./differences.js").Variant} Variant */
/** @typedef {import("./differences.js").Value} Value */
/**
 * @typedef {object} Difference
 * @property {string} id       the variant's
 * @property {Value} value
 * @property {boolean} [sameRate] another optimizer keeps the learning rate
 */

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
  const plan = planAsItIs(experiment);
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
  if (hidden && isLayered(experiment) && experiment.network.layers.length > 1) {
    const label = `${hidden.offer} instead of ${hidden.now ?? "the hidden activations"}`;
    some.push({ label, difference: { id: hidden.id, value: hidden.offer } });
  }
  return isLayered(experiment) ? [...some, seed] : some;
}
