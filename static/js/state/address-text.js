/**
 * What of the state a link carries, and the link as text: the other way round than `address.js`, whose table both use.
 */

import { entryName, entryOf } from "../base/format.js";
import { forwardDone } from "../time/timeline.js";
import { FIELDS, MOST_ITERATIONS, PACKED, RUN, SLOPE_NUMBERS, startWith } from "./address.js";
import { SLOPE_START } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").SlopeSetting} SlopeSetting */
/** @typedef {import("./state.js").Comparison} Comparison */
/** @typedef {import("./address.js").Address} Address */

/** How fields are written that are not written as they are. @type {{ [Name in keyof Address]?: (value: any) => string }} */
const WRITTEN = {
  t: (t) => String(t ?? ""),
  slope: writeSlope,
  step: (step) => step?.toExponential() ?? "",
  curve: writeCurve,
  comparison: writeComparison,
};

/** What is selected, as it is called. @param {State} state */
function nameSelected({ iteration, selection }) {
  const entry = selection?.includes("[") ? entryOf(selection) : null;
  const node = iteration?.node.get(entry?.id ?? "");
  return entry && node ? entryName(node, entry.row, entry.column) : selection;
}

/**
 * @param {State} state
 * @returns {Address}
 */
export function addressOf(state) {
  const { example, view, layers, panel, form, fold, slope, stop, row } = state;
  const selection = nameSelected(state);
  const iteration = state.iteration?.number ?? 0;
  const at = Math.ceil(state.t);
  const t = at === forwardDone(state.beats) ? null : at;
  const last = state.history[state.history.length - 1]?.iteration ?? 0;
  const trained = last > iteration && !state.departed ? last : null;
  const shown = { example, iteration, t, view, layers, selection, panel, form, fold, slope, stop };
  const { step, curve, comparison } = state;
  return { ...shown, row, trained, step, curve, comparison };
}

/**
 * Whether the address alone leads to what is shown.
 * @param {State} state
 */
export function isReached({ departed, iteration }) {
  return !departed && (iteration?.number ?? 0) <= MOST_ITERATIONS;
}

/** What stands in the place of an experiment that is too large for an address. */
export const IN_A_FILE = "file";

/**
 * The address as a fragment; what is as at the start is left out.
 * @param {Address} address
 * @param {string} [packed] the experiment, where it is not the example's own: it has its iteration in it
 * @param {string} [run] how it came there
 */
export function write(address, packed = "", run = "") {
  const start = startWith(address.selection);
  const parts = FIELDS.flatMap(({ name, key, read: parse }) => {
    const written = WRITTEN[name] ?? String;
    const text = written(address[name]);
    return text === written(start[name]) || parse(text) === undefined
      ? []
      : [`${key}=${readable(encodeURIComponent(text))}`];
  });
  if (packed) parts.push(`${PACKED}=${packed}`);
  if (packed && run) parts.push(`${RUN}=${run}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "#";
}

/** @param {string} encoded with the marks of names (a1>m1, W0[1,2]) as they are */
function readable(encoded) {
  return encoded
    .replaceAll("%3E", ">")
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .replaceAll("%5B", "[")
    .replaceAll("%5D", "]");
}

/**
 * How the slope card is set, as far as it is not as at the start: "sum:rising,w:1.85".
 * @param {SlopeSetting} slope
 */
function writeSlope(slope) {
  const numbers = SLOPE_NUMBERS.filter(([, name]) => slope[name] !== SLOPE_START[name]);
  const parts = numbers.map(([key, name]) => `${key}:${slope[name]}`);
  return [...(slope.sum ? [`sum:${slope.sum}`] : []), ...parts].join(",");
}

/**
 * How the curve of the cost is shown: "log", the iterations that are zoomed into, or both: "log,20-60".
 * @param {State["curve"]} curve
 */
function writeCurve({ log, range }) {
  const [from, to] = range?.map(Math.round) ?? [0, 0];
  return [...(log ? ["log"] : []), ...(from < to ? [`${from}-${to}`] : [])].join(",");
}

/**
 * In what the second run of a comparison differs, and how far both go: "field:learning_rate,0.1,200,start".
 * @param {Comparison | null} comparison
 */
function writeComparison(comparison) {
  if (!comparison) return "";
  const { what, value, steps, from, sameRate } = comparison;
  return [what, value, steps, from, ...(sameRate ? ["same"] : [])].join(",");
}
