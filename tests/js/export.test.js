import assert from "node:assert/strict";
import { test } from "node:test";
import { curlOf, quoted } from "../../static/js/export/curl.js";
import { sides } from "../../static/js/export/equations.js";
import { latexOf } from "../../static/js/export/latex.js";
import { numpyOf } from "../../static/js/export/numpy.js";
import { ACTIVATIONS, COSTS } from "../../static/js/export/numpy-rows.js";
import { LEAKY_SLOPE, OPTIMIZER_FIELDS, oneLine, planOf } from "../../static/js/export/plan.js";
import { aligned, listOf, literal } from "../../static/js/export/python.js";
import { pytorchOf } from "../../static/js/export/pytorch.js";
import * as torch from "../../static/js/export/pytorch-rows.js";
import { escaped, matrixOf, numberOf, symbol } from "../../static/js/export/tex.js";
import { allIterations, catalog, chains, fixture, iterationOf } from "./support.js";

const lecture = fixture("lecture").steps[0].experiment;

test("a question without a body is asked with GET, its address in quotes", () => {
  assert.equal(
    curlOf({ path: "/examples/it's", body: null }, "http://127.0.0.1:8000"),
    "curl -sS 'http://127.0.0.1:8000/api/v1/examples/it'\\''s'\n",
  );
});

test("a body stands between the end marks, reads back the same, and has nothing that history expands", () => {
  const body = { ...lecture, title: "a'b\"c\\ !! $(id) `id` \u2028 \u202e \u0007 \ud800 é猫" };
  const lines = curlOf({ path: "/step", body }, "http://localhost").split("\n");
  assert.match(lines[0], /--data-binary @- <<'END_OF_BODY'$/);
  assert.deepEqual(lines.slice(-2), ["END_OF_BODY", ""]);
  const posted = lines.slice(1, -2).join("\n");
  assert.deepEqual(JSON.parse(posted), body);
  assert.doesNotMatch(posted, /!|\p{Cf}|[\u007f-\u009f\u2028\u2029]/u);
});

test("/train is shown as it comes", () => {
  assert.match(curlOf({ path: "/train?steps=9", body: lecture }, "http://x"), /--no-buffer/);
});

test("quoted text is one word", () => {
  assert.equal(quoted("a b"), "'a b'");
  assert.equal(quoted("'"), "''\\'''");
});

test("a literal reads back to the same bits, and is one that every library takes", () => {
  for (const value of [
    0, 1, -3, 0.1, 5e-324, 1.7976931348623157e308, 1e21, 1e15, 123456789012345680, -1e-7,
  ])
    assert.equal(Number(literal(value)), value);
  assert.equal(literal(-0), "-0.0");
  assert.equal(literal(1e20), "1e+20");
});

test("a matrix has a line for each row", () => {
  assert.equal(listOf([1, 2]), "[1, 2]");
  assert.equal(listOf([[1, 2]]), "[[1, 2]]");
  assert.equal(listOf([[1], [2]]), "[\n    [1],\n    [2],\n]");
});

test("comments stand in one column", () => {
  assert.equal(
    aligned([["a = 1", "one"], ["bbb = 2", "two"], ["c"]]),
    "a = 1    # one\nbbb = 2  # two\nc",
  );
});

test("a title is one line without characters that are not seen", () => {
  assert.equal(oneLine(" a\r\nb\u2028c\u202ed\u0000 "), "a b c d");
});

test("what a document leaves out is filled in as the server fills it in", () => {
  const { activations, optimizers } = catalog();
  const leaky = activations.find((it) => it.name === "leaky_relu");
  assert.equal(leaky?.defaults.slope, LEAKY_SLOPE);
  for (const { name, defaults } of optimizers) {
    const { nesterov, ...numbers } = defaults;
    assert.deepEqual(OPTIMIZER_FIELDS[name], numbers);
  }
  const { network, data } = lecture;
  const least = planOf(/** @type {typeof lecture} */ ({ network, data }));
  assert.equal(least.optimizer, "sgd");
  assert.deepEqual(least.fields, { learning_rate: 0.001 });
  assert.equal(least.iteration, 0);
});

test("every activation and cost of the catalog can be exported", () => {
  const { activations, costs } = catalog();
  for (const { name } of activations)
    assert.ok(name in ACTIVATIONS && name in torch.ACTIVATIONS, name);
  for (const { name } of costs) assert.ok(name in COSTS && name in torch.COSTS, name);
});

test("what cannot be exported is named", () => {
  const strange = { ...lecture, network: { ...lecture.network, cost: "hinge" } };
  assert.throws(
    () => numpyOf(strange),
    /cost "hinge" cannot be exported; allowed are squared_error/,
  );
  assert.throws(() => pytorchOf(strange), /cost "hinge"/);
});

test("the NumPy script of the lecture is the lecture's equations, and has the functions it calls only", () => {
  const text = numpyOf(lecture);
  for (const line of [
    /^m0 = x @ W0 +# x·W0 = m0$/m,
    /^a0 = sigmoid\(m0\) +# σ\(m0\) = a0/m,
    /^dC_da1 = 2 \* \(a1 - y\) +# ∂C\/∂a1$/m,
    /^dC_dW1 = a0\.T @ dC_dm1 +# ∂C\/∂W1 = a0ᵀ · ∂C\/∂m1$/m,
    /^W0_after = W0 - learning_rate \* dC_dW0/m,
  ])
    assert.match(text, line);
  assert.deepEqual(text.match(/^def \w+/gm), ["def sigmoid", "def text", "def show"]);
});

test("a title cannot end its comment or stand where Python looks for an encoding", () => {
  const title = 'coding: latin-1 """\nimport os\r\'';
  for (const text of [numpyOf({ ...lecture, title }), pytorchOf({ ...lecture, title })]) {
    const lines = text.split("\n");
    assert.ok(lines.findIndex((it) => it.includes("coding")) > 1);
    assert.deepEqual(
      lines.filter((it) => it.includes("import os")),
      ['# coding: latin-1 """ import os \''],
    );
  }
});

/** @param {string} document what one may consist of, and that all that opens closes */
function assertSound(document) {
  const text = document.replace(/^%.*$/m, "");
  const macros = new Set(text.replaceAll("\\\\", "\n").match(/\\([a-zA-Z]+|.)/gs));
  for (const macro of macros) assert.ok(KNOWN.has(macro), macro);
  let depth = 0;
  for (const [, brace] of text.replace(/\\[{}]/g, "").matchAll(/([{}])/g)) {
    depth += brace === "{" ? 1 : -1;
    assert.ok(depth >= 0);
  }
  assert.equal(depth, 0);
  /** @type {string[]} */
  const open = [];
  for (const [, verb, name] of text.matchAll(/\\(begin|end)\{(\w+\*?)\}/g)) {
    if (verb === "begin") open.push(name);
    else assert.equal(open.pop(), name);
  }
  assert.deepEqual(open, []);
  const lefts = text.match(/\\left[([|]/g)?.length ?? 0;
  assert.equal(text.match(/\\right[)\]|]/g)?.length ?? 0, lefts);
  assert.match(text, /^[ -~\nÀ-ÿ]*$/);
  assert.equal((text.replaceAll("\\$", "").match(/\$/g)?.length ?? 0) % 2, 0);
  assert.doesNotMatch(text, /undefined|\[object|∞/);
  assert.doesNotMatch(text, /\\\\\s*\[/); // LaTeX would read a length there
}

const KNOWN = new Set(
  String.raw`\documentclass \usepackage \allowdisplaybreaks \setlength \parindent \addtolength \oddsidemargin
  \textwidth \begin \end \section \subsection \frac \sqrt \hat \varepsilon \partial \cdot \odot \left \right \sum \exp \ln \tanh \max \min
  \operatorname \top \alpha \beta \mu \rho \Phi \varphi \sigma \leftarrow \le \cdots \vdots \dots \quad \text \infty \mathrm \%
  \& \# \_ \{ \} \$ \textbackslash \textasciitilde \textasciicircum \times`.split(/\s+/),
);

test("every iteration and every chain rule is a sound document", () => {
  for (const iteration of allIterations()) assertSound(latexOf(iteration));
  for (const [name, answers] of Object.entries(chains()))
    for (const answer of Object.values(answers)) assertSound(latexOf(iterationOf(name), answer));
});

test("every formula of the catalog can be set", () => {
  const { activations, costs } = catalog();
  for (const { formula, derivative } of [...activations, ...costs])
    for (const it of [formula, derivative]) {
      const { symbols } = sides(it, () => null);
      assert.match(symbols, /^[ -~]+$/);
      assert.doesNotMatch(symbols, /\\text\{/);
    }
});

test("the step of the lecture: symbols, numbers, what comes out", () => {
  const text = latexOf(iterationOf("lecture"));
  assert.ok(text.includes("\\section*{The lecture's network: iteration 0}"));
  assert.ok(
    text.includes(
      String.raw`m_{0} &= x \cdot W_{0} \\
&= \begin{pmatrix} 0.5 & 0.8 \end{pmatrix} \cdot \begin{pmatrix} 0.4 & -0.6 & 0.2 \\ 0.3 & 0.5 & -0.7 \end{pmatrix} \\
&= \begin{pmatrix} 0.44 & 0.1 & -0.46 \end{pmatrix}`,
    ),
  );
  assert.ok(
    text.includes(
      String.raw`\frac{\partial C}{\partial W_{1}} &= \left(\frac{\partial m_{1}}{\partial W_{1}}\right)^{\top} \cdot \frac{\partial C}{\partial m_{1}} \\`,
    ),
  );
  assert.ok(
    text.includes(
      String.raw`W_{0} &\leftarrow W_{0} - \alpha \cdot \frac{\partial C}{\partial W_{0}} \\
&= \begin{pmatrix} 0.4 & -0.6 & 0.2 \\ 0.3 & 0.5 & -0.7 \end{pmatrix} - 0.5 \cdot \begin{pmatrix}`,
    ),
  );
});

test("every node, edge and parameter has its line", () => {
  const iteration = iterationOf("softmax");
  const text = latexOf(iteration);
  for (const { id } of iteration.nodes) assert.ok(text.includes(`${symbol(id)} &= `), id);
  for (const { wrt } of iteration.edges)
    assert.ok(text.includes(`\\frac{\\partial C}{\\partial ${symbol(wrt)}} &= `), wrt);
  for (const { parameter } of iteration.updates)
    assert.ok(text.includes(`${symbol(parameter)} &\\leftarrow `));
});

test("the chain rule of a weight: each factor, the products, their sum", () => {
  const answer = chains().lecture["parameter=W0&row=1&column=2"];
  const text = latexOf(iterationOf("lecture"), answer);
  assert.ok(
    text.includes(String.raw`\frac{\partial a_{1}[0,0]}{\partial m_{1}[0,0]} &= a_{1}[0,0] \cdot \left(1 - a_{1}[0,0]\right) \\
&= 0.4164 \cdot \left(1 - 0.4164\right) \\
&= 0.2430`),
  );
  assert.ok(text.includes("&= 0.0484"));
  assert.ok(
    text.includes(
      String.raw`\left(-1.1671\right) \cdot 0.2430 \cdot \left(-0.9\right) \cdot 0.2372 \cdot 0.8`,
    ),
  );
  assert.ok(text.includes(String.raw`W_{0}[1,2] &\leftarrow -0.7 + \left(`));
});

test("a rule of which not every name is known is written out with the change", () => {
  const iteration = iterationOf("lecture");
  const update = { ...iteration.updates[0], formula: "W0 ← W0 − α · v / (sqrt(s) + ε)" };
  const text = latexOf({ ...iteration, updates: [update] });
  assert.ok(text.includes(String.raw`\frac{\alpha \cdot v}{\sqrt{s} + \varepsilon}`));
  assert.match(text, /&= \\begin\{pmatrix\}[^+]*\\end\{pmatrix\} \+ \\begin\{pmatrix\}/);
  const unread = latexOf({ ...iteration, updates: [{ ...update, formula: "W0 ← β₁^t % {" }] });
  assert.ok(unread.includes("{}_{1}$\\textasciicircum{}t \\% \\{}"));
});

test("large matrices are abridged", () => {
  const row = Array.from({ length: 9 }, (_, index) => index);
  assert.equal(
    matrixOf([row]),
    String.raw`\begin{pmatrix} 0 & 1 & 2 & 3 & \cdots & 8 \end{pmatrix}`,
  );
  assert.equal(
    matrixOf(row.map((it) => [it, it])),
    String.raw`\begin{pmatrix} 0 & 0 \\ 1 & 1 \\ 2 & 2 \\ 3 & 3 \\ \vdots & \vdots \\ 8 & 8 \end{pmatrix}`,
  );
});

test("numbers and text in LaTeX", () => {
  assert.equal(numberOf(-1.5e-7), String.raw`-1.5 \cdot 10^{-7}`);
  assert.equal(numberOf(Number.NEGATIVE_INFINITY), String.raw`-\infty`);
  assert.equal(numberOf(Number.NaN), String.raw`\mathrm{NaN}`);
  assert.equal(
    escaped("50 % of {a_b} \\ é ∂ 猫"),
    String.raw`50 \% of \{a\_b\} \textbackslash{} é $\partial$ ?`,
  );
  assertSound(
    latexOf({
      ...iterationOf("lecture"),
      experiment: { ...lecture, title: "\\end{document} $ % ~^ 猫 α\n\\x" },
    }),
  );
});

test("the update is written out line by line, powers of βᵗ and all", () => {
  const text = latexOf(iterationOf("adam", 1));
  assert.match(text, /\{0\.9\}\^\{2\}/); // β1ᵗ at t = 2
  assert.match(text, /\\hat\{v\} &\\leftarrow \\frac\{v\}\{1 - \{\\beta_\{1\}\}\^\{t\}\}/);
  assert.doesNotMatch(text.split("Update")[1], /\\top/);
  assert.match(text, /t &\\leftarrow t \+ 1 \\\\\n&= 1 \+ 1 \\\\\n&= 2/);
});
