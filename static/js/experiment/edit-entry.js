/**
 * Experiments with one number of theirs changed; what is not changed is shared, not copied.
 */

import { isLayered } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */

/**
 * Another number at an entry of a leaf: a weight matrix, a bias, an input or a target by its row of the data.
 * @param {Experiment} experiment
 * @param {import("../base/format.js").Entry} entry of W0, b0, …, x, y
 * @param {number} value
 * @returns {Experiment}
 */
export function withEntry(experiment, { id, row, column }, value) {
  const written = experiment.formulas;
  for (const kind of /** @type {const} */ (["parameters", "constants"])) {
    const values = written?.[kind] ?? {};
    if (!written || !(id in values)) continue;
    const changed = { ...values, [id]: entryChanged(values[id], row, column, value) };
    return { ...experiment, formulas: { ...written, [kind]: changed } };
  }
  if (id === "x" || id === "y") {
    const { data } = experiment;
    const rows = data[id].with(row, data[id][row].with(column, value));
    return { ...experiment, data: { ...data, [id]: rows } };
  }
  const at = Number(id.slice(1));
  const { network } = experiment;
  const layer = network.layers[at];
  const changed =
    id[0] === "b"
      ? { ...layer, bias: layer.bias?.with(column, value) }
      : { ...layer, weights: layer.weights.with(row, layer.weights[row].with(column, value)) };
  return { ...experiment, network: { ...network, layers: network.layers.with(at, changed) } };
}

/**
 * A number, a vector or a matrix with one of its numbers changed.
 * @param {number | number[] | number[][]} values
 * @param {number} row
 * @param {number} column
 * @param {number} value
 */
function entryChanged(values, row, column, value) {
  if (!Array.isArray(values)) return value;
  const line = values[row];
  if (!Array.isArray(line)) return /** @type {number[]} */ (values).with(column, value);
  return /** @type {number[][]} */ (values).with(row, line.with(column, value));
}

/**
 * Whether a node is a mask of a layer that drops: it is drawn anew in each iteration, and not the reader's to change.
 * @param {Pick<import("../trace/trace.js").Node, "role"> | undefined} node
 * @param {Experiment} experiment
 */
export function isMask(node, experiment) {
  return node?.role === "constant" && isLayered(experiment);
}

/**
 * Another learning rate.
 * @param {Experiment} experiment
 * @param {number} rate
 * @returns {Experiment}
 */
export function withRate(experiment, rate) {
  const optimizer = { name: "sgd", ...experiment.optimizer, learning_rate: rate };
  return { ...experiment, optimizer };
}
