/**
 * Everything the page shows is made from one plain state; every change of it is an action put through `reduce`.
 */

import { beatsOf } from "./timeline.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Experiment} Experiment */
/** @typedef {import("./trace.js").Matrix} Matrix */
/** @typedef {import("./timeline.js").Beat} Beat */
/** @typedef {"graph" | "neurons" | "table"} View */
/** @typedef {{ id: string, title: string, description: string }} Example */
/** @typedef {{ iteration: number, cost: number, experiment: Experiment }} Past */
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
 * @property {string | null} selection a node's id or an edge's key
 * @property {number} row             the example that the neuron picture shows
 * @property {Matrix | null} heldBack what the network says of the held-back rows
 * @property {boolean} waiting        an answer is under way and late
 * @property {{ at: number, goal: number } | null} replaying a link's iterations are being gone through
 * @property {string | null} error
 * @property {boolean} keys           single-key shortcuts are on
 */

/** @typedef {{ type: "examples", examples: Example[] }} ExamplesKnown */
/** @typedef {{ type: "opened", example: string }} Opened */
/** @typedef {{ type: "iterated", iteration: Iteration }} Iterated at its start */
/** @typedef {{ type: "passed", passed: Past[] }} Passed iterations gone through without showing them */
/** @typedef {{ type: "went", t: number }} Went */
/** @typedef {{ type: "set", change: Partial<Pick<State, "playing" | "training" | "speed" | "view" | "selection" | "row" | "heldBack" | "waiting" | "replaying" | "error" | "keys">> }} Set */
/** @typedef {ExamplesKnown | Opened | Iterated | Passed | Went | Set} Action */

export const SPEEDS = [0.5, 1, 2, 4, 8];

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
      };
    case "iterated":
      return iterated(state, action.iteration);
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
 * @returns {State}
 */
function iterated(state, iteration) {
  const beats = beatsOf(iteration);
  return fitted({
    ...state,
    iteration,
    beats,
    history: remembered(state.history, iteration),
    t: 0,
    error: null,
    waiting: false,
  });
}

/**
 * What is selected, and the row that is looked at, are there: a link may name others.
 * @param {State} state
 * @returns {State}
 */
function fitted(state) {
  const { iteration, selection, row } = state;
  if (!iteration) return state;
  const known =
    selection !== null && (iteration.node.has(selection) || iteration.edge.has(selection));
  const rows = iteration.node.get(iteration.prediction)?.value.length ?? 1;
  return { ...state, selection: known ? selection : null, row: Math.min(row, rows - 1) };
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
