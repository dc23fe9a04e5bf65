/**
 * What the reader has changed in this iteration, entry by entry and setting by setting.
 */

import { entryKey, entryName, short } from "../base/format.js";
import { dataRow } from "../trace/scores.js";
import { isLayered } from "../trace/trace.js";
import { isMask } from "./edit-entry.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {{ name: string, key?: string, before: number | string, after: number | string }} Change key: of an entry, not of a setting */

const MOST_TOLD = 4;

/**
 * @param {import("../state/state.js").Origin} origin
 * @param {Iteration} iteration
 * @returns {Change[]}
 */
export function changesOf({ experiment }, iteration) {
  return [
    ...settings(experiment, iteration.experiment),
    ...iteration.nodes
      .filter((it) => it.role !== "computed" && !isMask(it, experiment))
      .flatMap((it) => entries(it, experiment, iteration)),
  ];
}

/**
 * What the changed entries were, by key; worked out once for each iteration.
 * @param {import("../state/state.js").Origin} origin
 * @param {Iteration} iteration
 * @returns {ReadonlyMap<string, string>}
 */
export function marks(origin, iteration) {
  let found = known.get(iteration);
  if (!found) {
    const changes = changesOf(origin, iteration);
    found = new Map(changes.flatMap(({ key, before }) => (key ? [[key, shown(before)]] : [])));
    known.set(iteration, found);
  }
  return found;
}
/** @type {WeakMap<Iteration, ReadonlyMap<string, string>>} */
const known = new WeakMap();

/**
 * The first changes in words.
 * @param {Change[]} changes
 */
export function told(changes) {
  const words = changes
    .slice(0, MOST_TOLD)
    .map(({ name, before, after }) => `${name} ${shown(before)} → ${shown(after)}`);
  const left = changes.length - words.length;
  return words.join(", ") + (left > 0 ? `, and ${left} more` : "");
}

/** @param {number | string} value */
function shown(value) {
  return typeof value === "number" ? short(value) : value;
}

/**
 * @param {import("../trace/trace.js").Node} node a leaf
 * @param {Experiment} experiment before
 * @param {Iteration} iteration
 */
function entries(node, experiment, iteration) {
  const isData = node.role === "input" || node.role === "target";
  return node.value.flatMap((line, row) => {
    const was = rowBefore(experiment, node.id, isData ? dataRow(iteration, row) : row);
    if (!was) return [];
    return line.flatMap((after, column) => {
      const before = was[column];
      const same = before === undefined || before === after;
      const key = entryKey(node.id, row, column);
      return same ? [] : [{ name: entryName(node, row, column), key, before, after }];
    });
  });
}

/**
 * @param {Experiment} experiment
 * @param {string} id
 * @param {number} row of the data, or of the parameter
 * @returns {number[] | null | undefined}
 */
function rowBefore(experiment, id, row) {
  const { parameters = {}, constants = {} } = experiment.formulas ?? {};
  const written = parameters[id] ?? constants[id];
  if (written !== undefined) return lineOf(written, row);
  if (!isLayered(experiment) && id !== "x" && id !== "y") return null;
  if (id === "x" || id === "y") return experiment.data[id][row];
  const layer = experiment.network.layers[Number(id.slice(1))];
  return id[0] === "b" ? layer?.bias : layer?.weights[row];
}

/**
 * @param {number | number[] | number[][]} values
 * @param {number} row
 */
function lineOf(values, row) {
  if (!Array.isArray(values)) return [values];
  const line = values[row];
  return Array.isArray(line) ? line : /** @type {number[]} */ (values);
}

/**
 * @param {Experiment} before
 * @param {Experiment} after
 * @returns {[string, unknown, unknown][]}
 */
function modelSettings(before, after) {
  if (!isLayered(before) || !isLayered(after)) {
    const isSame = before.formulas?.text === after.formulas?.text;
    return isSame ? [] : [["the text", "as it was", "edited"]];
  }
  return [
    ["cost", before.network.cost, after.network.cost],
    ["reduction", before.network.reduction, after.network.reduction],
    ["penalty", chosen(before.network.penalty, "none"), chosen(after.network.penalty, "none")],
    ...before.network.layers.map((layer, at) => {
      const now = after.network.layers[at]?.activation;
      return /** @type {[string, unknown, unknown]} */ ([`σ${at}`, layer.activation, now]);
    }),
    ...before.network.layers.map((layer, at) => {
      const now = after.network.layers[at]?.dropout ?? 0;
      return /** @type {[string, unknown, unknown]} */ ([`dropout${at}`, layer.dropout ?? 0, now]);
    }),
  ];
}

/**
 * @param {Experiment} before
 * @param {Experiment} after
 * @returns {Change[]}
 */
function settings(before, after) {
  /** @type {[string, unknown, unknown][]} */
  const pairs = [
    ...modelSettings(before, after),
    ["optimizer", before.optimizer?.name, after.optimizer?.name],
    ["batch", before.batch_size ?? "all rows", after.batch_size ?? "all rows"],
    ["dropout seed", before.dropout_seed, after.dropout_seed],
    ["order", orderOf(before), orderOf(after)],
    ["rate", chosen(before.schedule, "stays"), chosen(after.schedule, "stays")],
    ...fields(before, after),
  ];
  return pairs.flatMap(([name, was, is]) =>
    was === is || was == null || is == null ? [] : [{ name, before: plain(was), after: plain(is) }],
  );
}

/** @param {Experiment} experiment */
function orderOf({ shuffle_seed: seed }) {
  return seed == null ? "in order" : `shuffled by ${seed}`;
}

/**
 * A choice with its settings, in words.
 * @param {object | null | undefined} choice
 * @param {string} none
 */
function chosen(choice, none) {
  if (!choice) return none;
  const { name, ...rest } = /** @type {Record<string, unknown>} */ (choice);
  const set = Object.entries(rest).filter(([, value]) => value != null);
  return [name, ...set.map(([field, value]) => `${field} ${value}`)].join(", ");
}

/**
 * @param {Experiment} before
 * @param {Experiment} after
 * @returns {[string, unknown, unknown][]}
 */
function fields(before, after) {
  const [was, is] = /** @type {Record<string, unknown>[]} */ ([before.optimizer, after.optimizer]);
  if (!was || !is || was.name !== is.name) return [];
  return Object.keys(was).map((name) => [
    name === "learning_rate" ? "α" : name,
    was[name],
    is[name],
  ]);
}

/** @param {unknown} value */
function plain(value) {
  return typeof value === "number" ? value : String(value).replaceAll("_", " ");
}
