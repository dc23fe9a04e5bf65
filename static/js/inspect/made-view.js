/**
 * How a number came to be, in lines: its equation in symbols and numbers, when it is computed, why it is exactly zero.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf } from "../base/format.js";
import { equation } from "../formula/math-view.js";
import { lookupIn } from "../formula/numbers.js";
import { updateFormula } from "../trace/entries.js";
import { numbersOfRule } from "../trace/optimizer-rule.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("../time/timeline.js").Known} Known */

/**
 * @param {number} beat
 * @param {{ go: (t: number) => void }} act
 */
export function notYet(beat, act) {
  return beat < 0
    ? nothing
    : html`is not computed yet. <button class="link" @click=${() => act.go(beat + 1)}>Go to beat ${beat + 1}, which computes it</button>`;
}

/**
 * @param {{ formula: string, left: number } | null} line
 * @param {Iteration} iteration
 * @param {Known} known
 */
export function written(line, iteration, known) {
  if (!line) return nothing;
  const lookup = known === "blank" ? undefined : lookupIn(iteration, true);
  return html`${equation(line.formula, { lookup })}${line.left > 0 ? html`<p class="facts">and ${line.left} more terms.</p>` : nothing}`;
}

/**
 * @param {string | null} why
 * @param {string} name
 */
export function reason(why, name) {
  return why ? html`<p class="reasons">${name} is exactly 0: ${why}.</p>` : nothing;
}

/**
 * How the update moves one entry of a parameter.
 * @param {Iteration} iteration
 * @param {import("../trace/trace.js").Update} update
 * @param {Entry} entry
 */
export function movedLine(iteration, update, entry) {
  const numbers = numbersOfRule(iteration, update, update.lines.length);
  const one = (/** @type {Matrix | number | null} */ it) =>
    Array.isArray(it) ? (it[entry.row]?.[entry.column] ?? it[0][0]) : it;
  return equation(updateFormula(iteration, update, entry), {
    lookup: (name, left) => {
      if (left) return one(update.after);
      return one(numbers("of" in name ? name : { id: entryOf(name.id)?.id ?? name.id }));
    },
  });
}
