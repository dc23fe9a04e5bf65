/**
 * What an optimizer does to a parameter: −α times the gradient flies into its weight; and each line that is worked out
 * before, as far as it has lines.
 */

import { MINUS } from "../base/format.js";
import { raised, usesGradient } from "../trace/signs.js";
import { optimizerOf } from "../trace/trace.js";
import { cellOf } from "./factors.js";
import { written } from "./marks.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Update} Update */
/** @typedef {import("./grid.js").Grid} Grid */

/**
 * @param {Iteration} iteration
 * @param {Update} update
 * @returns {Grid}
 */
export function updateGrid(
  iteration,
  { parameter, lines, formula, before, gradient, delta, after },
) {
  const rate = optimizerOf(iteration).learning_rate;
  // Where the rule has no lines, it is −α times the gradient, as its formula says.
  const isPlain = lines.length === 0 && typeof rate === "number";
  const changes = after.flatMap((line, row) =>
    line.map((value, column) => {
      const entry = { id: parameter, row, column };
      const moved = written(delta[row][column]);
      const push = isPlain
        ? `${MINUS}${written(rate)} · ${written(gradient[row][column])}`
        : moved.startsWith(MINUS)
          ? moved
          : `+${moved}`;
      const at = cellOf(entry, false);
      const from = cellOf(entry, true);
      return { at, before: before[row][column], push, from, after: value, to: at };
    }),
  );
  return { changes, columns: after[0].length, title: formula, tone: "update" };
}

/**
 * A line of the rule; what it works out has no card.
 * @param {Update} update
 * @param {string} name
 * @returns {Grid | null}
 */
export function lineGrid({ parameter, lines, gradient }, name) {
  const line = lines.find((it) => it.name === name);
  if (!line) return null;
  const isMade = usesGradient(line.formula, parameter);
  const changes = line.value.flatMap((values, row) =>
    values.map((after, column) => {
      const from = cellOf({ id: parameter, row, column }, true);
      const push = isMade ? written(gradient[row]?.[column] ?? after) : "";
      return { at: from, before: null, push, from, after, to: null };
    }),
  );
  return { changes, columns: line.value[0].length, title: raised(line.formula), tone: "update" };
}
