/**
 * Everything that can be done on the page, in words that can be searched: what has no button on the first screen is here, and
 * what has one, too.
 */

import { walkName } from "../state/address.js";
import { isApt, PANELS } from "../state/panels.js";
import { SPEEDS, viewsOf } from "../state/state.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../app/page-view.js").Actions} Actions */
/**
 * @typedef {object} Command
 * @property {string} group
 * @property {string} words
 * @property {string} [more]  other words it is searched by, shown in small
 * @property {string} [key]
 * @property {boolean} [isOn] a choice that is made now
 * @property {() => unknown} run
 */

const GOALS = [10, 100, 1000, 10_000, 100_000];

/**
 * @param {State} state
 * @param {Actions} act
 * @returns {Command[]}
 */
export function commandsOf(state, act) {
  return [
    ...panelCommands(state, act),
    ...timeCommands(act),
    ...trainCommands(state, act),
    ...speedCommands(state, act),
    ...stageCommands(state, act),
    ...pageCommands(state, act),
    ...exampleCommands(state, act),
  ];
}

/**
 * Those in which each typed word is found.
 * @param {readonly Command[]} commands
 * @param {string} typed
 */
export function found(commands, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ group, words, more = "" }) => {
    const text = `${group} ${words} ${more}`.toLowerCase();
    return wanted.every((it) => text.includes(it));
  });
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function panelCommands(state, act) {
  const { panel } = state;
  const rows = PANELS.filter((it) => isApt(state, it)).map(({ id, name, title, key, group }) => ({
    group: group === "explain" ? "Questions" : "Your own experiment",
    words: name,
    more: title,
    key: key.toUpperCase(),
    isOn: panel === id,
    run: () => act.change({ panel: id }),
  }));
  const copy = {
    group: "Your own experiment",
    words: "Copy as …",
    more: "curl, NumPy, PyTorch or LaTeX; as files",
    key: "X",
    run: () => act.take.open(true),
  };
  return [...rows, copy];
}

/** @param {Actions} act @returns {Command[]} */
function timeCommands(act) {
  return [
    { words: "Phase on", key: "Shift →", run: () => act.phase(1) },
    { words: "Phase back", key: "Shift ←", run: () => act.phase(-1) },
    { words: "Next iteration", more: "teach it one step", key: "N", run: () => act.iterate(1) },
    { words: "Iteration back", key: "B", run: () => act.iterate(-1) },
    { words: "Back to iteration 0", more: "restart", key: "R", run: () => act.restart() },
  ].map((it) => ({ group: "Time", ...it }));
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function trainCommands({ training, goal }, act) {
  /** @param {number | null} many */
  const train = (many) => () => {
    act.setGoal(many);
    if (!training) act.toggleTraining();
  };
  const group = "Train";
  const many = GOALS.map((it) => ({
    group,
    words: `Train ${it.toLocaleString("en")} iterations`,
    isOn: training && goal === it,
    run: train(it),
  }));
  return [{ group, words: "Train until stopped", key: "T", run: train(null) }, ...many];
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function speedCommands({ speed, waits }, act) {
  const group = "Play";
  const speeds = SPEEDS.map((it) => ({
    group,
    words: `Speed ${it}×`,
    more: "",
    isOn: it === speed,
    run: () => act.setSpeed(it),
  }));
  const patient = {
    group,
    words: "Wait for me",
    more: "Play stops after each beat",
    isOn: waits,
    run: () => act.change({ waits: !waits }),
  };
  return [...speeds, patient];
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function stageCommands(state, act) {
  const { view, layers } = state;
  const isText = state.iteration?.experiment.formulas;
  const group = "Stage";
  const views = viewsOf(state)
    .toSorted((a, b) => Number(a.key) - Number(b.key))
    .map(({ view: id, words, key }) => ({
      group,
      words,
      key,
      isOn: id === view,
      run: () => act.show(id),
    }));
  return [
    ...views,
    { group, words: "Zoom in", key: "+", run: () => act.zoom("in") },
    { group, words: "Zoom out", key: "−", run: () => act.zoom("out") },
    { group, words: "Fit to the screen", key: "F", run: () => act.zoom("fit") },
    layers === "all"
      ? {
          group,
          words: isText ? "Fold by line" : "Fold layers",
          run: () => act.change({ layers: "folded" }),
        }
      : {
          group,
          words: isText ? "Show all operations" : "Show all layers",
          run: () => act.change({ layers: "all" }),
        },
  ];
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function pageCommands(state, act) {
  const { keys, presenting } = state;
  return [
    {
      words: "Present",
      more: "for a hall: full screen, large numbers, a clicker steps",
      key: "P",
      isOn: presenting,
      run: () => act.present(),
    },
    { words: `Walk through ${walkName(state)}`, key: "W", run: () => act.walkTo(0) },
    { words: "Share", more: "link, picture, file", key: "L", run: () => act.share(true) },
    { words: "Undo", key: "Ctrl Z", run: () => act.restore("undo") },
    { words: "Redo", key: "Ctrl Shift Z", run: () => act.restore("redo") },
    { words: "Switch between light and dark", more: "theme", run: () => act.toggleTheme() },
    { words: "Single keys work everywhere", isOn: keys, run: () => act.toggleKeys() },
    {
      words: "Help and keys",
      more: "what the marks mean",
      key: "?",
      run: () => act.help(true),
    },
    { words: "The REST API", more: "docs", run: () => act.docs() },
  ].map((it) => ({ group: "Page", ...it }));
}

/** @param {State} state @param {Actions} act @returns {Command[]} */
function exampleCommands({ examples, example, departed }, act) {
  return examples.map(({ id, title, description }) => ({
    group: "Examples",
    words: title,
    more: description,
    isOn: id === example && !departed,
    run: () => act.open(id),
  }));
}
