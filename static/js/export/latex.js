/**
 * The worked solution as a LaTeX document that needs amsmath only: of an iteration, or of the chain rule of one weight.
 */

import { numbersOfRule } from "../trace/trace.js";
import { aligned, equation, lookupIn, sides } from "./equations.js";
import { oneLine } from "./plan.js";
import { escaped, matrixOf, numberOf, ratio, symbol } from "./tex.js";
import { weight } from "./weight.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../trace/trace.js").Update} Update */
/** @typedef {import("../weight/chain.js").ChainAnswer} ChainAnswer */
/** @typedef {import("./equations.js").Lookup} Lookup */

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
${heading(iteration)}

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
    `${ROUNDED} ${READING}`,
    "\\subsection*{Given}",
    ...leaves.map((it) => aligned([`${symbol(it.id)} &= ${matrixOf(it.value)}`])),
    "\\subsection*{Forward pass}",
    ...computed.flatMap((it) => [
      equation(
        it.formula ?? "",
        lookup,
        it.id === output ? numberOf(it.value[0][0]) : matrixOf(it.value),
      ),
      ...sentence(it.note),
    ]),
    "\\subsection*{Backward pass}",
    ...edges.flatMap((it) => backward(it, iteration, lookup)),
    "\\subsection*{Update}",
    ...updates.flatMap((it) => update(iteration, it)),
    `The cost was $${symbol(output)} = ${numberOf(node.get(output)?.value[0][0] ?? Number.NaN)}$.`,
  ];
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
  const said = edge.remarks.length > 0 ? sentence([edge.note, ...edge.remarks].join(" ")) : [];
  if (edge.of === output) return [equation(edge.formula, lookup, contribution), ...said];
  const local =
    edge.jacobians.length > 1
      ? jacobians(edge, lookup)
      : equation(edge.formula, lookup, edge.rule === "sum_rows" ? "1" : matrixOf(edge.value));
  return [local, equation(edge.chain, lookup, contribution), ...said];
}

/**
 * A remark, where there is one.
 * @param {string} text
 */
function sentence(text) {
  return text.trim() ? [escaped(text.trim())] : [];
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
 * The optimizer's rule, line by line.
 * @param {Iteration} iteration
 * @param {Update} it
 */
function update(iteration, it) {
  const { lines, formula, before, delta, after } = it;
  const last = sides(formula, numbersOfRule(iteration, it, lines.length));
  return [
    ...lines.map((line, at) =>
      equation(line.formula, numbersOfRule(iteration, it, at), matrixOf(line.value)),
    ),
    aligned([
      `${last.left} &${last.sign} ${last.symbols}`,
      `&= ${last.numbers ?? `${matrixOf(before)} + ${matrixOf(delta)}`}`,
      `&= ${matrixOf(after)}`,
    ]),
  ];
}
