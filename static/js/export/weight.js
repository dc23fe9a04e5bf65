/**
 * The chain rule of one weight, as parts of a LaTeX document: the routes, their products, every factor.
 */

import { number } from "../trace/trace.js";
import { VERDICTS } from "../trace/verdicts.js";
import { aligned, equation, lookupIn } from "./equations.js";
import { escaped, inBrackets, numberOf, ratio, symbol } from "./tex.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../weight/chain.js").ChainAnswer} ChainAnswer */
/** @typedef {import("../weight/chain.js").Factor} Factor */
/** @typedef {import("./equations.js").Lookup} Lookup */

const MOST_TERMS = 64;

/**
 * @param {ChainAnswer} chain
 * @param {Iteration} iteration
 * @returns {string[]}
 */
export function weight(chain, iteration) {
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
    `\\subsection*{The chain rule of $${symbol(name)}$}`,
    `$${symbol(name)} = ${numberOf(chain.weight)}$. ${terms.length === 1 ? "There is one route" : `There are ${terms.length} routes`} from $${symbol(iteration.output)}$ to it: multiply along a route, add over the routes. Numbers are rounded to four decimals.`,
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
    ...straight(shown, iteration),
    `Measured, by moving the weight by $h = ${numberOf(chain.numeric_step)}$, it is $${numberOf(number(chain.numeric))}$: ${escaped(VERDICTS[chain.verdict])}.`,
    ...change(iteration, chain, name),
  ];
}

/** @param {Factor[]} factors */
function distinct(factors) {
  return [...new Map(factors.map((it) => [`${it.of}>${it.wrt}`, it])).values()];
}

/**
 * Why some routes pass over an activation.
 * @param {ChainAnswer["terms"]} terms
 * @param {Iteration} iteration
 */
function straight(terms, { node }) {
  const found = terms.flatMap((it) => it.factors).find((it) => it.edge === null && !it.folded);
  const into = found?.wrt.split("[")[0];
  const a = [...node.values()].find((it) => into !== undefined && it.inputs.includes(into));
  if (!found || !a) return [];
  return [
    `Where $${symbol(a.id)}$ has rounded, the partials through it have no product; so $${ratio(found.of, found.wrt)}$ is taken from $${symbol(into ?? "")}$ straight.`,
  ];
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
