/**
 * Everything the page shows is made from one plain state; every change of it is an action put through `reduce`.
 */

import { entryName, entryOf } from "./format.js";
import { beatsOf } from "./timeline.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Experiment} Experiment */
/** @typedef {import("./trace.js").Matrix} Matrix */
/** @typedef {import("./timeline.js").Beat} Beat */
/** @typedef {import("./format.js").Entry} Entry */
/** @typedef {import("./wire.js").components["schemas"]} Schemas */
/** @typedef {"graph" | "neurons" | "table"} View */
/** @typedef {"beat" | "inspect" | "chain" | "slope" | "cache" | "check"} Panel what explains under the graph */
/** @typedef {"routes" | "matrices"} Form of the chain rule */
/** @typedef {"rising" | "falling"} Sum one of the lecture's two sums */
/**
 * What the server said to the open panel's question about an experiment.
 * @typedef {object} Answer
 * @property {string} path   the question
 * @property {Experiment} experiment
 * @property {unknown} document
 * @property {string | null} error  why there is no document
 */
/**
 * How the slope card is set.
 * @typedef {object} SlopeSetting
 * @property {number | null} center the middle of the curve that is shown; null: where the weight is
 * @property {number} span          how far the curve goes to either side
 * @property {number} nudge         h of the difference quotient
 * @property {Sum | null} sum       a lecture's sum in place of the chosen weight
 * @property {number} weight        the sum's own w
 * @property {number} rate          the sum's own α
 */
/** @typedef {{ id: string, title: string, description: string }} Example */
/** @typedef {{ iteration: number, cost: number, experiment: Experiment }} Past */
/** @typedef {{ experiment: Experiment, departed: boolean }} Origin */
/**
 * @typedef {object} State
 * @property {Example[]} examples
 * @property {string} example         the id of the open example
 * @property {Iteration | null} iteration
 * @property {Beat[]} beats
 * @property {Past[]} history         every iteration since the experiment was opened, by number
 * @property {number} t               the moment within the iteration
 * @property {boolean} playing
 * @property {boolean} training       iterations follow one another until stopped
 * @property {number} speed           beats a second
 * @property {View} view
 * @property {string | null} selection a node's id, an edge's key, or an entry's name
 * @property {Panel} panel
 * @property {Form} form
 * @property {string | null} fold     the node at whose gradient the chain rule is folded; null: where the server thinks best
 * @property {readonly number[]} spread examples whose routes are written out, where there are many
 * @property {boolean} uncached       the cache panel counts as if nothing were kept
 * @property {SlopeSetting} slope
 * @property {number} step            h of the gradient check
 * @property {Answer | null} answer
 * @property {readonly string[]} pointed what the pointer or the focus is on: keys of edges, names of entries
 * @property {Origin | null} origin   this iteration before anything in it was changed
 * @property {boolean} departed       the run is no longer the example's own
 * @property {number | null} stop     where on the walk through the lecture
 * @property {number} row             the example that the neuron picture shows
 * @property {Matrix | null} heldBack what the network says of the held-back rows
 * @property {boolean} waiting        an answer is under way and late
 * @property {{ at: number, goal: number } | null} replaying a link's iterations are being gone through
 * @property {string | null} error
 * @property {boolean} keys           single-key shortcuts are on
 */

/** @typedef {{ type: "examples", examples: Example[] }} ExamplesKnown */
/** @typedef {{ type: "opened", example: string }} Opened */
/** @typedef {{ type: "iterated", iteration: Iteration, edited?: boolean }} Iterated at its start; edited: the same iteration with other numbers in it */
/** @typedef {{ type: "answered", answer: Answer }} Answered */
/** @typedef {{ type: "selected", selection: string | null }} Selected by the reader; what is selected already is let go */
/** @typedef {{ type: "passed", passed: Past[] }} Passed iterations gone through without showing them */
/** @typedef {{ type: "went", t: number }} Went */
/** @typedef {{ type: "set", change: Partial<Pick<State, "playing" | "training" | "speed" | "view" | "selection" | "row" | "heldBack" | "waiting" | "replaying" | "error" | "keys" | "panel" | "form" | "fold" | "spread" | "uncached" | "slope" | "step" | "pointed" | "departed" | "origin" | "stop">> }} Set */
/** @typedef {ExamplesKnown | Opened | Iterated | Answered | Selected | Passed | Went | Set} Action */

export const SPEEDS = [0.5, 1, 2, 4, 8];

/** @type {SlopeSetting} */
export const SLOPE_START = { center: null, span: 4, nudge: 0.1, sum: null, weight: 2, rate: 0.05 };
/** h of the gradient check: small enough for the curve, large enough for the digits of a double. */
export const CHECK_STEP = 1e-6;

/** @returns {State} */
export function initialState() {
  return {
    examples: [],
    example: "lecture",
    iteration: null,
    beats: [],
    history: [],
    t: 0,
    playing: false,
    training: false,
    speed: 1,
    view: "graph",
    selection: null,
    panel: "beat",
    form: "routes",
    fold: null,
    spread: [],
    uncached: false,
    slope: SLOPE_START,
    step: CHECK_STEP,
    answer: null,
    pointed: [],
    origin: null,
    departed: false,
    stop: null,
    row: 0,
    heldBack: null,
    waiting: false,
    replaying: null,
    error: null,
    keys: true,
  };
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "examples":
      return { ...state, examples: action.examples };
    case "opened":
      return {
        ...state,
        example: action.example,
        history: [],
        row: 0,
        heldBack: null,
        selection: null,
        fold: null,
        slope: { ...state.slope, center: null },
        answer: null,
        origin: null,
        departed: false,
      };
    case "iterated":
      return iterated(state, action.iteration, action.edited ?? false);
    case "selected":
      return selected(state, action.selection);
    case "answered":
      return { ...state, answer: action.answer };
    case "passed":
      return { ...state, history: [...state.history, ...action.passed] };
    case "went":
      return { ...state, t: Math.min(Math.max(action.t, 0), state.beats.length) };
    case "set":
      return fitted({ ...state, ...action.change });
  }
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {boolean} edited
 * @returns {State}
 */
function iterated(state, iteration, edited) {
  const before = state.iteration && {
    experiment: state.iteration.experiment,
    departed: state.departed,
  };
  // What came after an iteration that has changed is no longer what comes after it.
  const history = edited
    ? state.history.filter((it) => it.iteration < iteration.number)
    : state.history;
  return fitted({
    ...state,
    iteration,
    beats: beatsOf(iteration),
    history: remembered(history, iteration),
    origin: edited ? (state.origin ?? before) : null,
    departed: state.departed || edited,
    t: 0,
    error: null,
    waiting: false,
  });
}

/**
 * A weight is explained by its chain rule, or by the panel about weights that is open; all else is inspected.
 * @param {State} state
 * @param {string | null} wanted
 * @returns {State}
 */
function selected(state, wanted) {
  const selection = wanted === state.selection ? null : wanted;
  const fresh = {
    ...state,
    selection,
    fold: null,
    spread: [],
    slope: { ...state.slope, center: null, sum: null },
  };
  if (selection === null) return { ...fresh, panel: "beat" };
  const weight = weightOf(fresh) !== null;
  const stays = weight && OF_A_WEIGHT.has(state.panel);
  return fitted({ ...fresh, panel: stays ? state.panel : weight ? "chain" : "inspect" });
}

/**
 * What the open panel has to ask the server, as a path and a query; null where nothing.
 * @param {Pick<State, "iteration" | "panel" | "selection" | "fold" | "slope" | "step">} state
 * @returns {string | null}
 */
export function questionOf(state) {
  if (state.panel === "check") return `/check?step=${state.step}`;
  const weight = weightOf(state);
  if (!weight || !OF_A_WEIGHT.has(state.panel)) return null;
  const { id, row, column } = weight;
  const isVector = state.iteration?.node.get(id)?.shape.length === 1;
  const asked = { parameter: id, ...(isVector ? {} : { row }), column };
  if (state.panel !== "slope") {
    const { fold } = state;
    return `/chain?${query({ ...asked, ...(fold === null ? {} : { fold }) })}`;
  }
  const { center, span } = state.slope;
  return `/slope?${query({ ...asked, span, ...(center === null ? {} : { center }), steps: 8 })}`;
}

/** @param {Record<string, string | number>} fields */
function query(fields) {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

/** Panels that are about one weight. */
const OF_A_WEIGHT = new Set(["chain", "slope", "cache"]);

/**
 * What is selected, and the row that is looked at, are there: a link may name others. A panel about a weight has one.
 * @param {State} state
 * @returns {State}
 */
function fitted(state) {
  const { iteration, row, panel } = state;
  if (!iteration) return state;
  const there = state.selection !== null && isThere(iteration, state.selection);
  const wanted = there ? state.selection : null;
  const selection = OF_A_WEIGHT.has(panel) ? weightNear(iteration, wanted) : wanted;
  const rows = iteration.node.get(iteration.prediction)?.value.length ?? 1;
  const lost = state.selection !== null && !there && panel === "inspect";
  return { ...state, selection, panel: lost ? "beat" : panel, row: Math.min(row, rows - 1) };
}

/**
 * @param {Iteration} iteration
 * @param {string} selection
 */
function isThere(iteration, selection) {
  if (iteration.node.has(selection) || iteration.edge.has(selection)) return true;
  const entry = entryOf(selection);
  return (
    entry !== null && iteration.node.get(entry.id)?.value[entry.row]?.[entry.column] !== undefined
  );
}

/**
 * The weight that is selected; else the first of the parameter that is; else the first of all.
 * @param {Iteration} iteration
 * @param {string | null} selection
 */
function weightNear(iteration, selection) {
  const entry = entryOf(selection ?? "");
  if (selection && entry && isParameter(iteration, entry.id))
    return selection.includes("[") ? selection : `${selection}[0,0]`;
  const first = iteration.nodes.find((it) => it.role === "parameter");
  return first ? `${first.id}[0,0]` : null;
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 */
function isParameter(iteration, id) {
  return iteration.node.get(id)?.role === "parameter";
}

/**
 * The weight that is selected, as an entry; null where something else is.
 * @param {Pick<State, "iteration" | "selection">} state
 * @returns {Entry | null}
 */
export function weightOf({ iteration, selection }) {
  const entry = selection?.includes("[") ? entryOf(selection) : null;
  return iteration && entry && isParameter(iteration, entry.id) ? entry : null;
}

/**
 * The history with this iteration in it. Its experiment shares the data with the one before, which may be large.
 * @param {Past[]} history
 * @param {Iteration} iteration
 * @returns {Past[]}
 */
function remembered(history, iteration) {
  const data = history[0]?.experiment.data ?? iteration.experiment.data;
  const past = {
    iteration: iteration.number,
    cost: iteration.cost,
    experiment: { ...iteration.experiment, data },
  };
  const at = history.findIndex((it) => it.iteration === iteration.number);
  return at < 0 ? [...history, past] : history.with(at, past);
}

const MOST_CHANGES = 4;

/**
 * What differs from before anything in this iteration was changed: weights, and the learning rate.
 * @param {Origin} origin
 * @param {Iteration} iteration
 * @returns {{ name: string, before: number, after: number }[]}
 */
export function changesOf({ experiment }, iteration) {
  /** @type {{ name: string, before: number, after: number }[]} */
  const changes = [];
  /** @param {string} name @param {number | null | undefined} before @param {number | null | undefined} after */
  const compare = (name, before, after) => {
    if (before !== after && typeof before === "number" && typeof after === "number")
      changes.push({ name, before, after });
  };
  const { network, optimizer } = iteration.experiment;
  compare("α", experiment.optimizer?.learning_rate, optimizer?.learning_rate);
  experiment.network.layers.forEach(({ weights, bias }, layer) => {
    const now = network.layers[layer];
    weights.forEach((row, r) => {
      if (row === now.weights[r]) return;
      row.forEach((before, c) => {
        compare(entryName(`W${layer}`, r, c), before, now.weights[r][c]);
      });
    });
    bias?.forEach((before, c) => {
      compare(entryName(`b${layer}`, 0, c), before, now.bias?.[c]);
    });
  });
  return changes.slice(0, MOST_CHANGES);
}
