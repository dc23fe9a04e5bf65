import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../static/js/formula/formula.js";
import { allIterations, catalog } from "../support.js";

/** @typedef {import("../../../static/js/formula/formula.js").Tree} Tree */

/**
 * The tree as a formula again, without blanks.
 * @param {Tree} tree
 * @returns {string}
 */
function written(tree) {
  switch (tree.kind) {
    case "number":
      return tree.text;
    case "name":
      return tree.id;
    case "ratio":
      return `∂${tree.of}/∂${tree.wrt}`;
    case "call":
      return `${tree.name}(${tree.arguments.map(written).join(",")})`;
    case "group":
      return tree.brackets[0] + written(tree.inside) + tree.brackets[1];
    case "sum":
      return `Σ${written(tree.of)}`;
    case "minus":
      return `−${written(tree.of)}`;
    case "power":
      return written(tree.base) + ({ 2: "²", t: "ᵗ" }[tree.mark] ?? "ᵀ");
    case "raised":
      return `${written(tree.base)}^${written(tree.exponent)}`;
    case "fraction":
      return `${written(tree.top)}/${written(tree.bottom)}`;
    case "binary":
      return written(tree.left) + tree.sign + written(tree.right);
  }
}

/**
 * The tree with a bracket around every operation, to see what binds tighter.
 * @param {string} formula
 */
function bound(formula) {
  const tree = parse(formula);
  assert.ok(tree, formula);
  return brackets(tree);
}

/**
 * @param {Tree} tree
 * @returns {string}
 */
function brackets(tree) {
  switch (tree.kind) {
    case "binary":
      return `{${brackets(tree.left)}${tree.sign}${brackets(tree.right)}}`;
    case "fraction":
      return `{${brackets(tree.top)}/${brackets(tree.bottom)}}`;
    case "power":
      return `{${brackets(tree.base)}^${tree.mark}}`;
    case "minus":
      return `{−${brackets(tree.of)}}`;
    case "sum":
      return `{Σ${brackets(tree.of)}}`;
    case "group":
      return brackets(tree.inside);
    default:
      return written(tree);
  }
}

/** @param {string} formula */
function readsAndWrites(formula) {
  const tree = parse(formula);
  assert.ok(tree, `cannot read ${formula}`);
  assert.equal(written(tree), formula.replaceAll(/\s/g, ""));
}

test("the formula of every row of the catalog parses, and nothing of it is lost", () => {
  const { activations, costs, optimizers } = catalog();
  const formulas = [...activations, ...costs, ...optimizers].flatMap((row) => [
    row.formula,
    row.derivative,
    ...("lines" in row ? /** @type {string[]} */ (row.lines) : []),
  ]);
  const given = formulas.filter((it) => it !== "");
  assert.ok(given.length > 20);
  for (const formula of given) readsAndWrites(formula);
});

test("every formula of every trace parses, and nothing of it is lost", () => {
  for (const { nodes, edges, updates } of allIterations()) {
    const formulas = [
      ...nodes.map((it) => it.formula ?? "x"),
      ...edges.flatMap((it) => [it.formula, it.chain]),
      ...updates.map((it) => it.formula),
    ];
    for (const formula of formulas) readsAndWrites(formula);
  }
});

test("products bind tighter than sums, and what stands left goes first", () => {
  assert.equal(bound("a + b · c"), "{a+{b·c}}");
  assert.equal(bound("a · b + c"), "{{a·b}+c}");
  assert.equal(bound("a − b − c"), "{{a−b}−c}");
  assert.equal(bound("a ⊙ b / c"), "{{a⊙b}/c}");
  assert.equal(bound("(a + b) · c"), "{{a+b}·c}");
});

test("a power binds tightest, then the minus sign; a sum takes the whole term", () => {
  assert.equal(bound("−a²"), "{−{a^2}}");
  assert.equal(bound("Wᵀ · g"), "{{W^⊤}·g}");
  assert.equal(bound("Σ y · ln(a) + b"), "{{Σ{y·ln(a)}}+b}");
  assert.equal(bound("−a · b"), "{{−a}·b}");
  assert.equal(bound("a · −b"), "{a·{−b}}");
});

test("an assignment is weakest", () => {
  assert.equal(bound("m0 = x · W0 + b0"), "{m0={{x·W0}+b0}}");
  assert.equal(bound("W0 ← W0 − α · ∂C/∂W0"), "{W0←{W0−{α·∂C/∂W0}}}");
});

test("a ratio of differentials is one name, also before ᵀ", () => {
  assert.deepEqual(parse("∂C/∂W1"), { kind: "ratio", of: "C", wrt: "W1" });
  assert.deepEqual(parse("∂m1/∂a0ᵀ"), {
    kind: "power",
    base: { kind: "ratio", of: "m1", wrt: "a0" },
    mark: "⊤",
  });
});

test("blanks mean nothing", () => {
  assert.deepEqual(parse(" a+b "), parse("a  +   b"));
});

test("what is not in the grammar is null and never throws", () => {
  const wrong = [
    "",
    " ",
    "a +",
    "+ a",
    "(a",
    "a)",
    "a b",
    "1 $ 2",
    "[m > 0",
    "f(a,",
    "f()",
    "a = ",
    "²",
    "∂C/∂",
    "a ^",
    "a ? 2",
  ];
  for (const text of wrong) assert.equal(parse(text), null, text);
});

test("powers, comparisons and the names of parts of a line are read", () => {
  for (const formula of [
    "C.1 = x^3",
    "∂C/∂C.1 = 3 · C.1²",
    "p = a^(b − 1) · b",
    "h = where(a ≥ 0.5, u_1, v)",
    "∂h/∂u = [a ≠ b]",
    "S.1 = Kᵀ",
    "q = 2^h[0,1]",
  ])
    readsAndWrites(formula);
});
