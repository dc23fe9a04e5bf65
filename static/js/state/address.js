/**
 * The address: what of the state a link carries. One table both reads and writes it (`address-text.js`), so neither can
 * forget a field.
 */

/** @typedef {import("./state.js").State} State */
/** @typedef {{ iteration: number, t: number | null, trained: number | null } & Pick<State, "example" | "view" | "layers" | "selection" | "panel" | "form" | "fold" | "slope" | "stop" | "row" | "step" | "curve" | "comparison">} Address trained: how far the run went, where further than the iteration that is shown */
/**
 * @typedef {object} Field
 * @property {keyof Address} name
 * @property {string} key
 * @property {(text: string) => unknown} read gives undefined for what is not allowed
 */

import { entryKey, entryOf, NODE } from "../base/format.js";
import { PANELS } from "./panels.js";
import { SLOPE_START, VIEWS } from "./state.js";

const FORMS = ["routes", "matrices"];
export const MOST_ITERATIONS = 999_999;
const MOST_BEATS = 10_000;
const SELECTION = new RegExp(
  String.raw`^${NODE}(>${NODE}(:\d{1,2})?|\[(\d{1,5},)?\d{1,5}\])?$`,
  "u",
);
const FOLD = new RegExp(`^${NODE}$`, "u");
/** The examples that are walked through, and in how many stops (`walk/walk.js`). @type {Readonly<Record<string, number>>} */
export const STOP_COUNTS = { lecture: 13, attention: 10, recurrent: 8 };
const MOST_STOPS = 100;

/** @type {Field[]} */
export const FIELDS = [
  {
    name: "example",
    key: "example",
    read: (text) => (/^[a-z0-9-]{1,40}$/.test(text) ? text : undefined),
  },
  { name: "iteration", key: "iteration", read: (text) => whole(text, MOST_ITERATIONS) },
  // A link that names no beat shows the forward pass, done.
  {
    name: "t",
    key: "beat",
    read: (text) => whole(text, MOST_BEATS),
  },
  {
    name: "view",
    key: "view",
    read: (text) =>
      oneOf(
        VIEWS.map(({ view }) => view),
        text,
      ),
  },
  {
    name: "layers",
    key: "layers",
    read: (text) => (/^(auto|all|folded)(:\d{1,3}(,\d{1,3})*)?$/.test(text) ? text : undefined),
  },
  {
    name: "selection",
    key: "select",
    read: (text) => (SELECTION.test(text) ? text : undefined),
  },
  {
    name: "panel",
    key: "panel",
    read: (text) =>
      oneOf(
        PANELS.map(({ id }) => id),
        text,
      ),
  },
  { name: "form", key: "form", read: (text) => oneOf(FORMS, text) },
  { name: "fold", key: "fold", read: (text) => (FOLD.test(text) ? text : undefined) },
  { name: "slope", key: "slope", read: readSlope },
  { name: "stop", key: "stop", read: (text) => whole(text, MOST_STOPS) },
  { name: "row", key: "row", read: (text) => whole(text, MOST_BEATS) },
  { name: "trained", key: "trained", read: (text) => whole(text, MOST_ITERATIONS) },
  // As the gradient check offers it: a power of ten.
  {
    name: "step",
    key: "h",
    read: (text) => (/^1e-([2-8]|10)$/.test(text) ? Number(text) : undefined),
  },
  { name: "curve", key: "curve", read: readCurve },
  { name: "comparison", key: "compare", read: readComparison },
];

/** @type {Address} */
export const START = {
  example: "lecture",
  iteration: 0,
  t: null,
  view: "graph",
  layers: "auto",
  selection: null,
  panel: "beat",
  form: "routes",
  fold: null,
  slope: SLOPE_START,
  stop: null,
  row: 0,
  trained: null,
  step: null,
  curve: {},
  comparison: null,
};

/**
 * Through which example a walk goes that begins at this one.
 * @param {string} example
 */
export function walkedExample(example) {
  return Object.hasOwn(STOP_COUNTS, example) ? example : START.example;
}

/**
 * The example of the walk that is under way, or that would begin: an experiment of one's own has none.
 * @param {Pick<State, "example" | "departed" | "stop">} state
 */
export function walkBegun({ example, departed, stop }) {
  return departed && stop === null ? START.example : walkedExample(example);
}

/** @param {Pick<State, "example" | "departed" | "stop">} state */
export function walkName(state) {
  return walkBegun(state) === START.example ? "the lecture" : "this example";
}

/** @param {string} example */
export function lastStopOf(example) {
  return STOP_COUNTS[walkedExample(example)] - 1;
}

/**
 * What stands where a link says nothing. One that selects something, and is older than the panels, means the inspector.
 * @param {string | null} selection
 * @returns {Address}
 */
export function startWith(selection) {
  return selection === null ? START : { ...START, panel: "inspect" };
}

/**
 * @param {readonly string[]} allowed
 * @param {string} text
 */
function oneOf(allowed, text) {
  return allowed.includes(text) ? text : undefined;
}

/**
 * @param {string} text
 * @param {number} most
 */
function whole(text, most) {
  const value = Number(text);
  return /^\d{1,6}$/.test(text) && value <= most ? value : undefined;
}

/** @typedef {import("./state.js").SlopeSetting} SlopeSetting */
/** Numbers of the slope card, by the names that a link gives them. @type {[string, "center" | "span" | "nudge" | "weight" | "rate"][]} */
export const SLOPE_NUMBERS = [
  ["center", "center"],
  ["span", "span"],
  ["h", "nudge"],
  ["w", "weight"],
  ["rate", "rate"],
];

/**
 * @param {string} text
 * @returns {SlopeSetting | undefined}
 */
function readSlope(text) {
  if (text === "") return undefined;
  let slope = SLOPE_START;
  for (const part of text.split(",")) {
    const [key, value, ...more] = part.split(":");
    const name = SLOPE_NUMBERS.find((it) => it[0] === key)?.[1];
    if (more.length > 0 || value === undefined) return undefined;
    if (key === "sum" && (value === "rising" || value === "falling"))
      slope = { ...slope, sum: value };
    else if (name && isNumber(value) && (name !== "span" || Number(value) > 0))
      slope = { ...slope, [name]: Number(value) };
    else return undefined;
  }
  return slope;
}

/**
 * @param {string} text
 * @returns {State["curve"] | undefined}
 */
function readCurve(text) {
  if (text === "log") return { log: true };
  const found = /^(log,)?(\d{1,6})-(\d{1,6})$/.exec(text);
  const [from, to] = [Number(found?.[2]), Number(found?.[3])];
  if (!found || from >= to) return undefined;
  return { ...(found[1] ? { log: true } : {}), range: [from, to] };
}

/** @typedef {import("./state.js").Comparison} Comparison */

/**
 * @param {string} text
 * @returns {Comparison | undefined}
 */
function readComparison(text) {
  const found = /^([a-z_]+(?::[\w-]{1,40})?),([-+.\w]{1,40}),(\d{1,7}),(start|here)(,same)?$/.exec(
    text,
  );
  if (!found) return undefined;
  const [, what, value, steps, from, same] = found;
  return {
    what,
    value,
    steps: Number(steps),
    from: from === "here" ? from : "start",
    sameRate: Boolean(same),
  };
}

/** @param {string} text */
function isNumber(text) {
  return /^-?\d+(\.\d+)?(e[-+]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/**
 * What a link selects, as the state has it: an entry by its key, of a number too.
 * @param {State["iteration"]} iteration
 * @param {string | null} name
 */
export function selectionIn(iteration, name) {
  const entry = entryOf(name ?? "");
  const node = iteration?.node.get(entry?.id ?? "");
  if (!entry || !node || (entry.id === name && node.shape.length > 0)) return name;
  return entryKey(entry.id, entry.row, entry.column);
}

/** The experiment, packed. */
export const PACKED = "x";
/** How the run came there: a link that is older has none. */
export const RUN = "run";

/**
 * The packed experiment in a fragment; empty where there is none.
 * @param {string} fragment
 */
export function packedIn(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(PACKED) ?? "";
}

/** @param {string} fragment */
export function runIn(fragment) {
  return new URLSearchParams(fragment.replace(/^#/, "")).get(RUN) ?? "";
}

/**
 * What a fragment says that is not allowed, as it was written.
 * @param {string} fragment
 * @returns {string[]}
 */
export function refused(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  return FIELDS.flatMap(({ key, read: parse }) => {
    const text = given.get(key);
    return text === null || parse(text) !== undefined ? [] : [`${key}=${text.slice(0, 40)}`];
  });
}

/**
 * What a fragment says; anything it does not say, or says wrongly, is as at the start.
 * @param {string} fragment
 * @returns {Address}
 */
export function read(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const said = FIELDS.map(({ name, key, read: parse }) => [name, parse(given.get(key) ?? "")]);
  /** @type {Partial<Address>} */
  const known = Object.fromEntries(said.filter(([, value]) => value !== undefined));
  return { ...startWith(known.selection ?? null), ...known };
}
