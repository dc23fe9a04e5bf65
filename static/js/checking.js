/**
 * What of a gradient check can be compared.
 */

import { number } from "./trace.js";

/** @typedef {import("./wire.js").components["schemas"]["CheckAnswer"]} CheckAnswer */
/** @typedef {CheckAnswer["entries"][number]} Checked */

/**
 * Those whose weight h does not change, as it is too large for that: w ± h is w, there is no difference to measure. And of
 * the rest how many there are, and by how much the worst differs.
 * @param {CheckAnswer} answer
 * @param {import("./trace.js").Iteration} iteration
 * @returns {{ still: Set<Checked>, judged: number, worst: number }}
 */
export function comparable({ entries, step }, iteration) {
  const still = new Set(
    entries.filter(({ parameter, row, column, numeric }) => {
      const weight = iteration.node.get(parameter)?.value[row ?? 0]?.[column] ?? 0;
      return Number.isNaN(number(numeric)) && weight + step === weight - step;
    }),
  );
  const judged = entries.filter((it) => !it.kink && !still.has(it));
  return { still, judged: judged.length, worst: number(judged[0]?.relative ?? 0) };
}
