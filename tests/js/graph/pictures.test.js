/**
 * What is drawn, kept as text, so that a change of a drawing is seen when it is reviewed. After a change that is meant:
 * `UPDATE_PICTURES=1 make js-test`.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { curveOf } from "../../../static/js/experiment/lecture-sums.js";
import { highlightsOf } from "../../../static/js/state/highlights.js";
import { questionOf } from "../../../static/js/state/panels.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { momentAt } from "../../../static/js/time/timeline.js";
import * as zeros from "../../../static/js/trace/why-zero.js";
import { chains, iterationOf } from "../support.js";
import { textOf } from "../template-text.js";

const { graphView } = await import("../../../static/js/graph/graph-view.js");
const { neuronsView } = await import("../../../static/js/neurons/neurons-view.js");
const { chainView } = await import("../../../static/js/weight/chain-view.js");
const { plotView } = await import("../../../static/js/weight/slope-plot-view.js");
const { draw } = await import("../../../static/js/graph/viewport-dom.js");

const heat = await import("../../../static/js/graph/heat-view.js");

const WINDOW = { x: 0, y: 0, width: 1200, height: 480, near: null, rulers: null, heat };
const ROOM = { width: 800, height: 442, compact: false };
/** Whatever may be done; nothing is. @type {any} */
const act = new Proxy({}, { get: () => () => {} });

/**
 * @param {string} name of a stored experiment
 * @param {number} t how many beats have been
 * @param {Partial<import("../../../static/js/state/state.js").State>} [change]
 */
function at(name, t, change = {}) {
  const iteration = iterationOf(name);
  const state = {
    ...reduce(initialState(), { type: "iterated", iteration }),
    t,
    ...change,
  };
  return { iteration, state, moment: momentAt(iteration, state.beats, t) };
}

/** @param {ReturnType<typeof at>} shown */
function graph({ iteration, state, moment }) {
  const telling = {
    zeros,
    highlights: highlightsOf(state),
    changed: null,
    edit: null,
    group: undefined,
    threads: undefined,
  };
  return graphView(state, moment, draw(iteration, "across"), WINDOW, telling, act);
}

/** @param {ReturnType<typeof at>} shown */
function neurons({ state, moment }) {
  return neuronsView(state, moment, ROOM, highlightsOf(state), act);
}

function chain() {
  const { state, moment } = at("lecture", 13, { selection: "W0[1,2]", panel: "chain" });
  const { path } = /** @type {{ path: string }} */ (questionOf(state));
  const document = chains().lecture["parameter=W0&row=1&column=2"];
  const answer = { path, document, error: null, experiment: state.iteration?.experiment };
  return chainView(/** @type {any} */ ({ ...state, answer }), moment, act);
}

/** @type {Record<string, () => unknown>} */
const PICTURES = {
  "graph-lecture.svg": () => graph(at("lecture", 9, { selection: "W0[1,2]" })),
  "neurons-lecture.html": () => neurons(at("lecture", 7, { selection: "W1[0,1]" })),
  "chain-lecture.html": chain,
  "slope-lecture-sum.svg": () => plotView(curveOf(2, 0.05), "w", () => {}),
};

for (const [name, view] of Object.entries(PICTURES))
  test(`${name} is drawn as it is kept`, () => {
    const file = new URL(`../pictures/${name}`, import.meta.url);
    const drawn = textOf(view());
    assert.doesNotMatch(drawn, /undefined|NaN|\[object/);
    if (process.env.UPDATE_PICTURES) writeFileSync(file, drawn);
    assert.equal(drawn, readFileSync(file, "utf8"), "meant? then UPDATE_PICTURES=1 make js-test");
  });
