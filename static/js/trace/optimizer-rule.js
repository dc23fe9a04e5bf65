/**
 * What the names in an optimizer's rule stand for.
 */

import { matrix, optimizerOf } from "./trace.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Line} Line */
/** @typedef {import("./trace.js").Matrix} Matrix */
/** @typedef {import("./trace.js").Update} Update */

/** The optimizer's fields by their letters in the formulas. @type {Record<string, string>} */
const FIELDS = {
  α: "learning_rate",
  λ: "weight_decay",
  μ: "momentum",
  ρ: "alpha",
  ε: "eps",
  β1: "beta1",
  β2: "beta2",
};

/** Behind a letter of the rule that is the parameter's own name as well: v ← v − α · vʹ. */
const PRIME = "ʹ";
/** Of updates; and as it stands in β1ᵗ. */
const COUNT = "t";
export const COUNTED = "ᵗ";

/**
 * The letter that a line works out: its name, with a prime where the parameter is called so.
 * @param {Line} line
 */
export function letterOf({ formula }) {
  return formula.slice(0, formula.indexOf(" ←"));
}

/**
 * What the names in a line of an optimizer's rule stand for: lines before it have their new value, itself and those after
 * it what was kept; null for what is none of them.
 * @param {Iteration} iteration
 * @param {Update} update
 * @param {number} at which line; one beyond the lines before the last is the last, which moves the parameter
 * @returns {(name: { id: string } | { of: string, wrt: string }) => Matrix | number | null}
 */
export function numbersOfRule(iteration, update, at) {
  const { lines, parameter, before, gradient } = update;
  const optimizer = /** @type {Record<string, unknown>} */ (optimizerOf(iteration));
  return (name) => {
    if ("of" in name) return gradient;
    if (name.id === parameter) return before;
    const id = name.id === COUNTED ? COUNT : name.id.replace(PRIME, "");
    const field = optimizer[FIELDS[id]];
    if (typeof field === "number") return field;
    const made = lines.findIndex((it) => it.name === id);
    if (made < 0) return null;
    return made < at ? lines[made].value : keptBefore(iteration, update, lines[made]);
  };
}

/**
 * What a line's name stood for before this update: what the optimizer kept of the parameter; before the first update 0.
 * @param {Iteration} iteration
 * @param {Update} update
 * @param {Line} line
 * @returns {Matrix}
 */
export function keptBefore({ experiment }, { parameter }, { name, value }) {
  const kept = /** @type {Record<string, unknown> | undefined} */ (
    experiment.optimizer_state?.[parameter]
  );
  return kept && name in kept ? matrix(kept[name]) : value.map((row) => row.map(() => 0));
}
