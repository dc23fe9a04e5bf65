import assert from "node:assert/strict";
import { test } from "node:test";
import {
  draftToRestore,
  isAnotherText,
  isLearning,
  keptIn,
  ownOf,
  rebased,
  strangersIn,
  withNewValues,
  withOldValues,
} from "../../../static/js/formulas/draft.js";
import { newValue, shapeOf } from "../../../static/js/formulas/leaves.js";

const PRODUCT = "f = (x + y) * z";
const NEURON = "z = w @ x + b\na = 1 / (1 + exp(-z))\nC = (a - t)**2";

test("an edit leaves the same text, a text pasted over all of it another", () => {
  for (const [before, after] of [
    [PRODUCT, "s = x + y\nf = s * z + x"],
    [PRODUCT, "f = sum((x + y) * z)"],
    [PRODUCT, "f = x * z + y"],
    [PRODUCT, `${PRODUCT} - target`],
    [PRODUCT, `# a product\n${PRODUCT}`],
    [PRODUCT, ""],
    [NEURON, NEURON.replaceAll("z", "h")],
    [NEURON, "C = (w @ x + b - t)**2"],
    [NEURON, `${NEURON.replace("C =", "c =")}\nL = c + k * sum(w * w)`],
  ])
    assert.equal(isAnotherText(before, after), false, after);
  for (const [before, after] of [
    [PRODUCT, NEURON],
    [NEURON, PRODUCT],
    [PRODUCT, "f = x.T @ A @ y"],
    [NEURON, "m = mean(x)\ns = (x - m) / w\nL = sum(s * s) + b"],
    [NEURON, "z = X @ w + b\np = sigmoid(z)\nL = -mean(y * log(p) + (1 - y) * log(1 - p))"],
  ])
    assert.equal(isAnotherText(before, after), true, after);
});

test("of another text the values that were there are made anew, but not what was typed for it", () => {
  /** @type {import("../../../static/js/formulas/leaves.js").Draft} */
  const shown = {
    text: NEURON,
    parameters: { w: [0.6, -0.9], b: 0.2, k: 3 },
    constants: { x: [1, 0.5], t: 1 },
  };
  const text = "m = mean(x)\ns = (x - m) / w * k\nL = sum(s * s) + b";
  const draft = { ...shown, text, parameters: { ...shown.parameters, b: 7 } };
  assert.deepEqual(strangersIn(draft, shown), ["w", "k", "x"]);
  const own = withNewValues(draft, ["w", "k", "x"], 0);
  assert.equal(own.parameters.b, 7);
  assert.deepEqual(own.constants.t, 1);
  for (const [kind, name] of /** @type {const} */ ([
    ["parameters", "w"],
    ["parameters", "k"],
    ["constants", "x"],
  ])) {
    assert.notDeepEqual(own[kind][name], shown[kind][name]);
    assert.deepEqual(shapeOf(own[kind][name]), shapeOf(shown[kind][name]));
  }
  const once = withNewValues(draft, ["w"], 0);
  assert.notDeepEqual(withNewValues(once, ["w"], 0).parameters.w, once.parameters.w);
  assert.notDeepEqual(withNewValues(draft, ["w"], 1).parameters.w, own.parameters.w);
  assert.deepEqual(withOldValues(own, ["w", "k", "x"], shown), draft);
  assert.deepEqual(strangersIn({ ...shown, text: `${NEURON}\nL = C * 2` }, shown), []);
});

test("in another text it is guessed anew what is learned", () => {
  /** @type {import("../../../static/js/formulas/leaves.js").Draft} */
  const shown = { text: PRODUCT, parameters: { x: -1, y: 4, z: -2 }, constants: {} };
  const draft = { ...shown, text: "f = x.T @ z @ y" };
  const own = ownOf(draft, ["x", "y", "z"]);
  assert.deepEqual(Object.keys(own.parameters), ["z"]);
  assert.deepEqual(Object.keys(own.constants), ["x", "y"]);
  assert.deepEqual(ownOf(draft, []), draft);
  assert.ok(isLearning(own));
  assert.ok(!isLearning(ownOf({ ...shown, text: "f = x ** y" }, ["x", "y"])));
});

test("what an edited text has kept is what both texts read", () => {
  const shown = { text: PRODUCT, parameters: { x: -1, y: 4, z: -2, w: 1 }, constants: {} };
  assert.deepEqual(keptIn({ ...shown, text: "f = (x + w) * z" }, shown), ["x", "z"]);
});

test("numbers that cannot be just any are usual ones", () => {
  assert.equal(newValue("eps", [], 4), 1e-5);
  assert.notEqual(newValue("w", [], 4), newValue("w", [], 5));
  assert.deepEqual(shapeOf(newValue("eps", [2], 0)), [2]);
});

test("a draft follows values that move beside it, but keeps those that were typed", () => {
  const shown = { text: PRODUCT, parameters: { x: -1, y: 4, z: -2 }, constants: {} };
  const draft = { ...shown, text: "f = (x + y * z", parameters: { x: -1, y: 5, z: -2 } };
  const now = { ...shown, parameters: { x: -0.9, y: 4.1, z: -2.1 } };
  assert.deepEqual(rebased(draft, shown, now).parameters, { x: -0.9, y: 5, z: -2.1 });
});

test("undo and redo are about what is typed only while its panel is open", () => {
  /** @type {any} */
  const experiment = {};
  const draft = { text: "f = (", parameters: {}, constants: {} };
  /** @type {any} */
  const desk = { draft, faults: [{ pointer: "", detail: "" }], isAsking: false, undone: null };
  /** @type {(panel: string, formulas: any) => { undo: boolean, redo: boolean }} */
  const told = (panel, formulas) =>
    draftToRestore({ panel, desks: { formulas }, iteration: /** @type {any} */ ({ experiment }) });
  assert.deepEqual(told("formulas", desk), { undo: true, redo: false });
  assert.deepEqual(told("beat", desk), { undo: false, redo: false });
  const back = { ...desk, faults: [], undone: { draft, of: experiment } };
  assert.deepEqual(told("formulas", back), { undo: false, redo: true });
  assert.deepEqual(told("formulas", { ...back, undone: { draft, of: {} } }).redo, false);
  assert.deepEqual(told("formulas", undefined), { undo: false, redo: false });
});
