/**
 * The worked solution as a LaTeX document that needs amsmath only: of an iteration, or of the chain rule of one weight.
 */

import { entryOf } from "../format.js";
import { edgeKey, number } from "../trace.js";
import { oneLine } from "./plan.js";
import { escaped, inBrackets, matrixOf, numberOf, ratio, sides, symbol } from "./tex.js";

/** @typedef {import("../trace.js").Iteration} Iteration */
/** @typedef {import("../trace.js").Edge} Edge */
/** @typedef {import("../trace.js").Update} Update */
/** @typedef {import("../trace.js").Matrix} Matrix */
/** @typedef {import("../chain.js").ChainAnswer} ChainAnswer */
/** @typedef {import("../chain.js").Factor} Factor */
/** @typedef {import("./tex.js").Lookup} Lookup */

const MOST_TERMS = 64;
const MOST_JACOBIANS = 4;

/**
 * @param {Iteration} iteration
 * @param {ChainAnswer | null} [chain] the chain rule of one weight; without it, the whole iteration
 * @returns {string}
 */
export function latexOf(iteration, chain = null) {
  const title = oneLine(iteration.experiment.title ?? "");
  return `\\documentclass{article}
\\usepackage{amsmath}
\\allowdisplaybreaks
\\setlength{\\parindent}{0pt}
\\addtolength{\\oddsidemargin}{-2cm}
\\addtolength{\\textwidth}{4cm}
% ${title || "Backpropagation"}
\\begin{document}
${(chain ? weight(chain, iteration) : step(iteration)).join("\n\n")}
\\end{document}
`;
}

/** @param {Iteration} iteration */
function heading({ experiment, number }) {
  const title = oneLine(experiment.title ?? "");
  return `\\section*{${title ? escaped(title) : "Backpropagation"}: iteration ${number}}`;
}

const ROUNDED = "Numbers are rounded to four decimals.";
const READING =
  "Each row of $x$ is an example. The product $\\odot$, quotients, squares and functions are taken entry by entry; a bias is added to every row. The sum $\\sum$ is over all entries in the cost, over the rows at a bias, and within a row at softmax.";

/** @param {Iteration} iteration */
function step(iteration) {
  const { nodes, edges, updates, node, output } = iteration;
  const lookup = lookupIn(iteration);
  const leaves = nodes.filter((it) => it.role !== "computed");
  const computed = nodes.filter((it) => it.role === "computed");
  return [
    heading(iteration),
    `${ROUNDED} ${READING}`,
    "\\subsection*{Given}",
    ...leaves.map((it) => aligned([`${symbol(it.id)} &= ${matrixOf(it.value)}`])),
    "\\subsection*{Forward pass}",
    ...computed.map((it) =>
      equation(
        it.formula ?? "",
        lookup,
        it.id === output ? numberOf(it.value[0][0]) : matrixOf(it.value),
      ),
    ),
    "\\subsection*{Backward pass}",
    ...edges.flatMap((it) => backward(it, iteration, lookup)),
    "\\subsection*{Update}",
    ...updates.map((it) => update(it, lookup)),
    `The cost was $${symbol(output)} = ${numberOf(node.get(output)?.value[0][0] ?? Number.NaN)}$.`,
  ];
}

/**
 * The numbers of an iteration by the names that formulas have for them.
 * @param {Iteration} iteration
 * @returns {Lookup}
 */
function lookupIn({ node, edge, output, experiment }) {
  const rate = experiment.optimizer?.learning_rate;
  return (name) => {
    if ("id" in name) return name.id === "α" ? (rate ?? null) : numbersOf(name.id);
    if (name.of === output) return node.get(name.wrt)?.gradient ?? null;
    const partial = edge.get(edgeKey(name.of, name.wrt));
    return partial && partial.jacobians.length <= 1 ? partial.value : null;
  };

  /** @param {string} id a node, or an entry of one */
  function numbersOf(id) {
    const entry = entryOf(id);
    const found = entry && node.get(entry.id);
    if (!entry || !found) return null;
    const isEntry = id.includes("[") || found.shape.length === 0;
    return isEntry ? (found.value[entry.row]?.[entry.column] ?? null) : found.value;
  }
}

/**
 * A formula in symbols, with numbers, and what comes out.
 * @param {string} formula
 * @param {Lookup} lookup
 * @param {string} result
 */
function equation(formula, lookup, result) {
  const { left, sign, symbols, numbers } = sides(formula, lookup);
  const rights = [symbols, numbers, result].filter((it) => it !== null);
  const parted = rights.filter((it, index) => it !== rights[index - 1]);
  return aligned(parted.map((it, index) => (index === 0 ? `${left} &${sign} ${it}` : `&= ${it}`)));
}

/** @param {string[]} lines */
function aligned(lines) {
  return `\\begin{align*}\n${lines.join(" \\\\\n")}\n\\end{align*}`;
}

/**
 * An edge: the local partial, and what the chain rule makes of it.
 * @param {Edge} edge
 * @param {Iteration} iteration
 * @param {Lookup} lookup
 * @returns {string[]}
 */
function backward(edge, { output }, lookup) {
  const contribution = matrixOf(edge.contribution);
  if (edge.of === output) return [equation(edge.formula, lookup, contribution)];
  const local =
    edge.jacobians.length > 1
      ? jacobians(edge, lookup)
      : equation(edge.formula, lookup, edge.rule === "sum_rows" ? "1" : matrixOf(edge.value));
  return [local, equation(edge.chain, lookup, contribution)];
}

/**
 * @param {Edge} edge
 * @param {Lookup} lookup
 */
function jacobians({ formula, of, wrt, jacobians }, lookup) {
  const { left, symbols } = sides(formula, lookup);
  const shown = jacobians.slice(0, MOST_JACOBIANS);
  const lines = shown.map(
    (it, row) => `${ratio(of, wrt)} &= ${matrixOf(it)} \\quad \\text{in row ${row}}`,
  );
  const more = shown.length < jacobians.length ? ["&\\dots"] : [];
  return aligned([`${left} &= ${symbols} \\quad \\text{for each row}`, ...lines, ...more]);
}

/**
 * @param {Update} update
 * @param {Lookup} lookup
 */
function update({ formula, before, delta, after }, lookup) {
  const { left, sign, symbols, numbers } = sides(formula, lookup);
  return aligned([
    `${left} &${sign} ${symbols}`,
    `&= ${numbers ?? `${matrixOf(before)} + ${matrixOf(delta)}`}`,
    `&= ${matrixOf(after)}`,
  ]);
}

/**
 * @param {ChainAnswer} chain
 * @param {Iteration} iteration
 */
function weight(chain, iteration) {
  const { parameter, row, column, terms } = chain;
  const name = `${parameter}[${row === null ? column : `${row},${column}`}]`;
  const shown = terms.slice(0, MOST_TERMS);
  const dots = shown.length < terms.length ? ["&\\quad + \\cdots"] : [];
  const sum = (/** @type {string[]} */ parts) => [
    ...parts.map((it, index) => (index === 0 ? `&= ${it}` : `&\\quad + ${it}`)),
    ...dots,
  ];
  const [first, ...others] = sum(
    shown.map((it) => it.factors.map((f) => ratio(f.of, f.wrt)).join(" \\cdot ")),
  );
  return [
    heading(iteration),
    `\\subsection*{The chain rule of $${symbol(name)}$}`,
    `$${symbol(name)} = ${numberOf(chain.weight)}$. ${terms.length === 1 ? "There is one route" : `There are ${terms.length} routes`} from $${symbol(iteration.output)}$ to it: multiply along a route, add over the routes. ${ROUNDED}`,
    aligned([
      `${ratio(iteration.output, name)} ${first}`,
      ...others,
      ...sum(
        shown.map((it) => it.factors.map((f) => inBrackets(number(f.value))).join(" \\cdot ")),
      ),
      ...sum(shown.map((it) => inBrackets(number(it.product)))),
      `&= ${numberOf(number(chain.gradient))}`,
    ]),
    "The factors:",
    ...distinct(shown.flatMap((it) => it.factors)).map((it) => factor(it, lookupIn(iteration))),
    `A central difference gives $${numberOf(number(chain.numeric))}$.`,
    ...change(iteration, chain, name),
  ];
}

/** @param {Factor[]} factors */
function distinct(factors) {
  return [...new Map(factors.map((it) => [edgeKey(it.of, it.wrt), it])).values()];
}

/**
 * @param {Factor} factor
 * @param {Lookup} lookup
 */
function factor({ of, wrt, formula, value, folded }, lookup) {
  const known = numberOf(number(value));
  if (!folded) return equation(formula, lookup, known);
  return aligned([`${ratio(of, wrt)} &= ${known} \\quad \\text{from the backward pass}`]);
}

/**
 * What the update makes of the weight.
 * @param {Iteration} iteration
 * @param {ChainAnswer} chain
 * @param {string} name
 */
function change({ updates }, { parameter, row, column }, name) {
  const found = updates.find((it) => it.parameter === parameter);
  if (!found) return [];
  const [before, delta, after] = [found.before, found.delta, found.after].map(
    (it) => it[row ?? 0][column],
  );
  return [
    "The update:",
    aligned([
      `${symbol(name)} &\\leftarrow ${numberOf(before)} + ${inBrackets(delta)}`,
      `&= ${numberOf(after)}`,
    ]),
  ];
}
