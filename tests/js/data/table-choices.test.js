import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AS_FOUND,
  choicesIn,
  DECIMALS,
  DELIMITERS,
  nameOf,
  questionOf,
  rolesIn,
  runsOf,
  withRole,
} from "../../../static/js/data/table-choices.js";
import { holds } from "../support.js";

/** @typedef {import("../../../static/js/data/table-choices.js").Choices} Choices */
/** @typedef {import("../../../static/js/data/table-choices.js").Column} Column */
/** @typedef {import("../../../static/js/data/table-choices.js").Role} Role */
/** @typedef {import("../support.js").Generator} Generator */

/** @type {Role[]} */
const ROLES = ["input", "one_hot", "target", "class", "skip"];

/** @param {Generator} random @returns {Choices} */
function anyChoices(random) {
  const names = ["a", "a&b=c", "Größe (m²)", "role.x", "ü?", "__proto__"];
  return {
    delimiter: random.pick([null, ...Object.keys(DELIMITERS)]),
    decimal: random.pick([null, ...Object.keys(DECIMALS)]),
    header: random.pick([null, true, false]),
    encoding: random.pick([null, "utf-16"]),
    roles: Object.fromEntries(names.map((name) => [name, random.pick(ROLES)])),
    holdBack: random.pick([0, 2, 5]),
    scale: random.chance(0.5),
    suited: random.pick([null, true, false]),
  };
}

test("the question says all that is chosen, whatever a column is called, and nothing else", () => {
  assert.equal(questionOf(AS_FOUND), "/table?");
  holds(100, (random) => {
    const choices = anyChoices(random);
    const query = new URLSearchParams(questionOf(choices).split("?")[1]);
    const oneHot = query.get("one_hot")?.split(",") ?? [];
    const roles = Object.fromEntries([
      ...[...query].flatMap(([name, role]) =>
        name.startsWith("role.") ? [[name.slice(5), role]] : [],
      ),
      ...oneHot.map((name) => [name, "one_hot"]),
    ]);
    assert.deepEqual(Object.entries(roles).toSorted(), Object.entries(choices.roles).toSorted());
    assert.equal(query.get("delimiter"), choices.delimiter);
    assert.equal(query.get("decimal"), choices.decimal);
    assert.equal(query.get("header"), choices.header === null ? null : String(choices.header));
    assert.equal(query.get("encoding"), choices.encoding);
    assert.equal(Number(query.get("hold_back")), choices.holdBack);
    assert.equal(query.get("scale") === "true", choices.scale);
  });
});

test("choices come back from what was kept, but for the encoding; of rubbish there are none", () => {
  holds(100, (random) => {
    const choices = anyChoices(random);
    assert.deepEqual(choicesIn(JSON.parse(JSON.stringify(choices))), {
      ...choices,
      encoding: null,
    });
  });
  const rubbish = [null, 7, "x", [], { roles: ["king"], delimiter: "toString", holdBack: 1.5 }];
  for (const value of [...rubbish, { roles: { a: "king" }, header: "yes", scale: 1, suited: 0 }])
    assert.deepEqual(choicesIn(value), { ...AS_FOUND });
});

test("there is one class at most, or there are targets; what else was chosen stays", () => {
  /** @type {Record<string, Role>} */
  const roles = { a: "skip", b: "class", c: "input" };
  assert.deepEqual(withRole(roles, "c", "class"), { a: "skip", c: "class" });
  assert.deepEqual(withRole(roles, "c", "target"), { a: "skip", c: "target" });
  assert.deepEqual(withRole(roles, "c", "one_hot"), { ...roles, c: "one_hot" });
  assert.deepEqual(withRole(roles, "a", null), { b: "class", c: "input" });
  const two = withRole({ a: "target" }, "b", "target");
  assert.deepEqual(two, { a: "target", b: "target" });
  assert.deepEqual(withRole(two, "c", "class"), { c: "class" });
});

/** @param {string} name @param {Partial<Column>} [more] @returns {Column} */
function column(name, more = {}) {
  const holding = { kind: /** @type {const} */ ("number"), different: 9, missing: 0, first: ["1"] };
  const role = { role: /** @type {const} */ ("input"), why: "it holds numbers", may_be: ROLES };
  return { name, values: [], inputs: [], ...holding, ...role, ...more };
}

test("long runs of columns that are alike are one; a column of its own role stands by itself", () => {
  const pixels = Array.from({ length: 784 }, (_, at) => column(`pixel${at}`));
  const columns = [column("label", { role: "class", why: "its name" }), ...pixels];
  /** @param {Record<string, Role>} roles @param {number[]} [opened] */
  const lengths = (roles, opened = []) =>
    runsOf(columns, roles, opened).map((it) => it.columns.length);
  assert.deepEqual(lengths({}), [1, 784]);
  assert.deepEqual(lengths({ pixel100: "skip" }), [1, 100, 1, 683]);
  assert.deepEqual(lengths({ pixel4: "skip" }), [1, 1, 1, 1, 1, 1, 779]);
  assert.deepEqual(
    lengths({}, [1]),
    Array.from({ length: 785 }, () => 1),
  );
  assert.deepEqual(
    runsOf(columns, {}, [1]).map((it) => it.first),
    columns.map((_, at) => at),
  );
});

test("roles of columns that are not there wait; a sign has a name", () => {
  const table = /** @type {any} */ ({ columns: [column("a"), column("c")] });
  assert.deepEqual(rolesIn({ a: "skip", b: "class" }, table), { a: "skip" });
  assert.equal(nameOf(DELIMITERS, "\t"), "tab");
  assert.equal(nameOf(DELIMITERS, null), null);
  assert.equal(nameOf(DECIMALS, ","), "comma");
});
