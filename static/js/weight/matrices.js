/**
 * The gradient of a parameter in whole matrices: the edges that it comes by, and what they make of one another as formulas.
 */

import { meetingOf } from "../trace/rule.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */

/** A gradient whose formula is longer than so many characters is not written into another's: it has its name there. */
const LONG = 300;

/**
 * All edges between a parameter and the cost, from the cost on.
 * @param {Iteration} iteration
 * @param {string} parameter
 * @returns {Edge[]}
 */
export function edgesTo(iteration, parameter) {
  const wanted = new Set([parameter]);
  const found = [];
  for (const edge of iteration.edges.toReversed()) {
    if (!wanted.has(edge.wrt)) continue;
    wanted.add(edge.of);
    found.unshift(edge);
  }
  return found;
}

/**
 * The chain rule as formulas. Along a chain it is one: "∂C/∂W1 = a0ᵀ · ((2 · (a1 − y)) ⊙ (a1 ⊙ (1 − a1)))". What is used at
 * several places has the sum of what comes back from each: on the way such a gradient has its name, as it is cached once, and a
 * formula of its own, before those of the gradients that it is made of.
 * @param {Iteration} iteration
 * @param {string} parameter
 * @returns {string[]}
 */
export function formulasOf(iteration, parameter) {
  const { output } = iteration;
  const all = edgesTo(iteration, parameter);
  const into = (/** @type {string} */ id) => all.filter(({ wrt }) => wrt === id);
  const named = new Set([parameter]);
  /** @type {Map<string, string>} */
  const formulas = new Map();
  /** @type {(id: string) => string} */
  const upstream = (id) => {
    const edges = into(id);
    const made = edges.length === 1 ? term(edges[0]) : "";
    if (made && made.length <= LONG) return made;
    named.add(id);
    return `∂${output}/∂${id}`;
  };
  /** @type {(edge: Edge) => string} */
  const term = (edge) =>
    edge.of === output ? localOf(edge) : meeting(iteration, edge, upstream(edge.of));
  for (const id of named) {
    const terms = into(id).map(term);
    const sum = terms.map((it, at) => (at > 0 && it.startsWith("−") ? `(${it})` : it)).join(" + ");
    formulas.set(id, `∂${output}/∂${id} = ${sum || "0"}`);
  }
  const inOrder = [
    parameter,
    ...iteration.nodes.map((it) => it.id).filter((it) => it !== parameter),
  ];
  return inOrder.flatMap((id) => formulas.get(id) ?? []);
}

/** @param {Edge} edge */
function localOf({ formula }) {
  return formula.slice(formula.indexOf(" = ") + 3);
}

/**
 * An upstream gradient times the local partial; a factor of 1 is left out where that changes no shape.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {string} upstream
 */
function meeting(iteration, edge, upstream) {
  const made = localOf(edge);
  const met = meetingOf(edge);
  if (met.join(" ") === "upstream ⊙ local") {
    if (upstream === "1") return made;
    if (made === "1" && shapeOf(iteration, edge.of) === shapeOf(iteration, edge.wrt))
      return upstream;
  }
  const local = edge.jacobians.length > 0 ? `∂${edge.of}/∂${edge.wrt}` : inBrackets(made);
  /** @type {Record<string, string>} */
  const parts = { upstream: inBrackets(upstream), local, turned: `${local}ᵀ` };
  const cached = `(∂${iteration.output}/∂${edge.of})`;
  return met.map((part) => parts[part] ?? part.replace(cached, `(${upstream})`)).join(" ");
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 */
function shapeOf({ node }, id) {
  return String(node.get(id)?.shape);
}

/** @param {string} formula */
function inBrackets(formula) {
  return formula.includes(" ") ? `(${formula})` : formula;
}
