/**
 * Everything the page shows is made from one plain state; every change of it is an action put through `reduce`.
 */

import { entryOf } from "../base/format.js";
import { beatsOf, forwardDone } from "../time/timeline.js";
import { isLayered } from "../trace/trace.js";
import { remembered } from "./history.js";
import { explainsSelection, isApt, panelOf, weightNear, weightOf } from "./panels.js";

/** @typedef {import("./types.js").Iteration} Iteration */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Comparison} Comparison */
/** @typedef {import("./types.js").Sum} Sum */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").SlopeSetting} SlopeSetting */
/** @typedef {import("./types.js").Example} Example */
/** @typedef {import("./types.js").Past} Past */
/** @typedef {import("./types.js").Origin} Origin */
/** @typedef {import("./types.js").Place} Place */
/** @typedef {import("./types.js").Done} Done */
/** @typedef {import("./types.js").Deed} Deed */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Passed} Passed */
/** @typedef {import("./types.js").Restored} Restored */
/** @typedef {import("./types.js").Recalled} Recalled */
/** @typedef {import("./types.js").Set} Set */
/** @typedef {import("./types.js").Action} Action */

export const SPEEDS = [0.5, 1, 2, 4, 8];
/** What the stage can show: in the chooser, in the menu, in the address, by a key. @type {readonly { view: View, name: string, words: string, key: string }[]} */
export const VIEWS = [
  { view: "graph", name: "Graph", words: "Graph", key: "1" },
  { view: "neurons", name: "Neurons", words: "Neurons", key: "2" },
  { view: "both", name: "Both", words: "Both: graph and neurons", key: "4" },
  { view: "table", name: "Table", words: "Table of all numbers", key: "3" },
];

/**
 * Those that the experiment which is open has: where there are no layers there are no neurons.
 * @param {Pick<State, "iteration">} state
 */
export function viewsOf({ iteration }) {
  if (!iteration || isLayered(iteration.experiment)) return VIEWS;
  return VIEWS.filter(({ view }) => view === "graph" || view === "table");
}

/** @type {SlopeSetting} */
export const SLOPE_START = { center: null, span: 4, nudge: 0.1, sum: null, weight: 2, rate: 0.05 };
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
    progress: null,
    undo: [],
    redo: [],
    speed: 1,
    view: "graph",
    layers: "auto",
    selection: null,
    panel: "beat",
    desks: {},
    dialog: null,
    presenting: false,
    enlarged: false,
    waits: false,
    goal: null,
    curve: {},
    form: "routes",
    fold: null,
    spread: [],
    uncached: false,
    slope: SLOPE_START,
    step: null,
    answer: null,
    editing: null,
    pointed: [],
    origin: null,
    departed: false,
    stop: null,
    asksWalk: false,
    comparison: null,
    row: 0,
    heldBack: null,
    waiting: false,
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
        layers: "auto",
        heldBack: null,
        selection: null,
        fold: null,
        slope: { ...state.slope, center: null },
        answer: null,
        origin: null,
        departed: false,
        asksWalk: false,
        comparison: null,
      };
    case "iterated":
      return iterated(state, action.iteration, action.edited ?? false);
    case "selected":
      return selected(state, action.selection);
    case "answered":
      return { ...state, answer: action.answer };
    case "passed":
      return { ...state, history: remembered(untilNow(state, action), action.passed) };
    case "did":
      return did(state, action);
    case "restored":
      return restored(state, action);
    case "recalled": {
      const { place, undo, redo, iteration } = action;
      return placed({ ...state, undo, redo }, place, iteration);
    }
    case "went":
      return { ...state, t: Math.min(Math.max(action.t, 0), state.beats.length) };
    case "set":
      return fitted({ ...state, ...action.change });
    case "desk": {
      const desks = /** @type {Record<string, object>} */ (state.desks);
      const desk = { ...desks[action.panel], ...action.change };
      return { ...state, desks: { ...desks, [action.panel]: desk } };
    }
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
  const beats = beatsOf(iteration);
  return fitted({
    ...state,
    iteration,
    beats,
    history: remembered(history, [pastOf(iteration, edited)]),
    origin: edited ? (state.origin ?? before) : null,
    departed: state.departed || edited,
    // The slope card follows its weight to the next iteration.
    slope: edited ? state.slope : { ...state.slope, center: null },
    t: forwardDone(beats),
    error: null,
    waiting: false,
  });
}

/**
 * The history that goes on: where training leaves out what was once changed further on, it comes another way.
 * @param {State} state
 * @param {Passed} action
 */
function untilNow({ history, iteration }, { anew }) {
  const now = iteration?.number ?? 0;
  const other = anew && history.some((it) => it.edited && it.iteration > now);
  return other ? history.filter((it) => it.iteration <= now) : history;
}

/**
 * @param {Iteration} iteration
 * @param {boolean} edited
 * @returns {Past}
 */
function pastOf({ number, cost, experiment }, edited) {
  return { iteration: number, cost, experiment, ...(edited ? { edited } : {}) };
}

const ONE_GESTURE_MS = 1000;
const MOST_DONE = 500;
const LEAST_DONE = 20;
/** Numbers in the parameters of all places that are kept, as if they shared none: about 64 MB. */
const MOST_DONE_NUMBERS = 8e6;

/**
 * Where the reader is now is kept, to be gone back to; what was undone before is no longer ahead.
 * @param {State} state
 * @param {Deed} deed
 * @returns {State}
 */
function did(state, { label, gesture, at }) {
  const here = placeOf(state);
  if (!here || !state.iteration) return state;
  const last = state.undo[state.undo.length - 1];
  if (gesture !== null && last?.gesture === gesture && at - last.at < ONE_GESTURE_MS)
    return { ...state, undo: [...state.undo.slice(0, -1), { ...last, at }], redo: [] };
  const numbers = state.iteration.updates.reduce(
    (sum, { before }) => sum + before.length * before[0].length,
    1,
  );
  const most = Math.min(MOST_DONE, Math.max(LEAST_DONE, MOST_DONE_NUMBERS / numbers));
  const kept = state.undo.slice(-Math.floor(most) + 1);
  return { ...state, undo: [...kept, { ...here, label, gesture, at }], redo: [] };
}

/**
 * @param {State} state
 * @returns {Place | null}
 */
export function placeOf({ iteration, example, departed, origin, history, t }) {
  return iteration && { experiment: iteration.experiment, example, departed, origin, history, t };
}

/**
 * @param {State} state
 * @param {Restored} action
 * @returns {State}
 */
function restored(state, { way, iteration }) {
  const back = way === "undo" ? "redo" : "undo";
  const goal = state[way][state[way].length - 1];
  const here = placeOf(state);
  if (!goal || !here) return state;
  const left = { ...here, label: goal.label, gesture: null, at: 0 };
  const lists = { [way]: state[way].slice(0, -1), [back]: [...state[back], left] };
  // A walk ends where undo leaves its example for what was there before.
  const isLeft = goal.example !== state.example || (goal.departed && !state.departed);
  return placed({ ...state, ...lists, stop: isLeft ? null : state.stop }, goal, iteration);
}

/**
 * @param {State} state
 * @param {Place} place
 * @param {Iteration} iteration its experiment's
 * @returns {State}
 */
function placed(state, { example, departed, origin, history, t }, iteration) {
  const beats = beatsOf(iteration);
  const shown = { iteration, beats, t: Math.min(t, beats.length) };
  return fitted({
    ...state,
    ...shown,
    example,
    departed,
    origin,
    history,
    error: null,
    waiting: false,
  });
}

/**
 * What is selected is explained by the panel that is open, if it is one of those that do: what is no weight, by the
 * inspector. Else the panel stays as it is, and a callout beside it explains.
 * @param {State} state
 * @param {string | null} wanted
 * @returns {State}
 */
function selected(state, wanted) {
  const selection = wanted === state.selection ? null : wanted;
  const fresh = {
    ...state,
    selection,
    // What was refused is not lost.
    editing: state.editing?.refused && !state.editing.inPanel ? state.editing : null,
    fold: null,
    spread: [],
    slope: { ...state.slope, center: null, sum: null },
  };
  if (!explainsSelection(state.panel)) return fitted(fresh);
  if (selection === null) return { ...fresh, panel: "beat" };
  const isOfAnother = panelOf(state.panel).ofWeight && weightOf(fresh) === null;
  return fitted({ ...fresh, panel: isOfAnother ? "inspect" : state.panel });
}

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
  const selection = panelOf(panel).ofWeight ? weightNear(iteration, wanted) : wanted;
  const rows = iteration.node.get(iteration.prediction)?.value.length ?? 1;
  const lost = state.selection !== null && !there && panel === "inspect";
  const isAway = lost || !isApt(state, panelOf(panel));
  const view = viewsOf(state).some((it) => it.view === state.view) ? state.view : "graph";
  return {
    ...state,
    view,
    selection,
    panel: isAway ? "beat" : panel,
    row: Math.min(row, rows - 1),
  };
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
