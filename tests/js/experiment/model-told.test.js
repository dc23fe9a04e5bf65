import assert from "node:assert/strict";
import test from "node:test";
import { toldOf } from "../../../static/js/experiment/model-told.js";

test("what was taken for what a model's file does not say is told in sentences", () => {
  const chosen = [
    {
      name: /** @type {const} */ ("cost"),
      value: "cross_entropy",
      why: "the last op is softmax; cost=… in the query says otherwise",
    },
    { name: /** @type {const} */ ("data"), value: "seed=0", why: "these are drawn" },
  ];
  assert.equal(
    toldOf({ chosen, notes: ["p alone is kept"] }),
    "Cost cross_entropy: the last op is softmax. Data seed=0: these are drawn. P alone is kept.",
  );
});
