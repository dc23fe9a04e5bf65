/**
 * The routes of a weight as they are drawn: the largest of those that the chain rule's answer writes out, each with a look of
 * its own, that its line in the table has too.
 */

import { remembering } from "../base/format.js";
import { number } from "../trace/trace.js";
import { questionOf } from "./panels.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../server/wire.js").components["schemas"]["ChainAnswer"]} ChainAnswer */
/**
 * @typedef {object} Route
 * @property {string} name    it is pointed at by: "route:0", by its number in the answer
 * @property {string[]} path  entries, from the cost, or from where its gradient is folded, to the weight
 * @property {number} product
 * @property {number} size    of the product, from 0 to the largest's 1
 * @property {string} look    the class of its colour, and of its dashes
 */
/** @typedef {{ routes: Route[], of: number }} Drawn the largest, of so many that are written out */

const MOST_ROUTES = 12;
/** Colours; what is beyond has them again, with dashes. */
const COLOURS = 8;

/** @type {(document: ChainAnswer) => Drawn} */
const drawnOf = remembering(({ terms }) => {
  // A gradient that stands for all behind it is where the way begins; of the weight's own there is no way.
  const paths = terms.map(({ path, factors }) => (factors[0]?.folded ? path.slice(1) : path));
  const ways = paths.flatMap((path, at) => (path.length > 1 ? [at] : []));
  const sizes = terms.map(({ product }) => sizeOf(number(product)));
  const largest = Math.max(...sizes.filter(Number.isFinite), 0);
  const shown = ways
    .toSorted((a, b) => sizes[b] - sizes[a])
    .slice(0, MOST_ROUTES)
    .toSorted((a, b) => a - b);
  const routes = shown.map((at, place) => ({
    name: routeName(at),
    path: paths[at],
    product: number(terms[at].product),
    size: largest > 0 ? Math.min(1, sizes[at] / largest) : 0,
    look: `route${(place % COLOURS) + 1} ${place >= COLOURS ? "dashed" : ""}`.trimEnd(),
  }));
  return { routes, of: ways.length };
});

/** @param {number} product what is none counts as nothing */
function sizeOf(product) {
  return Number.isNaN(product) ? 0 : Math.abs(product);
}

/** @param {number} at in the answer */
export function routeName(at) {
  return `route:${at}`;
}

/**
 * The routes that the open chain rule speaks of; null while there is no answer about what is shown.
 * @param {State} state
 * @returns {Drawn | null}
 */
export function routesDrawn(state) {
  const { answer, iteration, panel } = state;
  if (panel !== "chain" || !answer?.document || answer.experiment !== iteration?.experiment)
    return null;
  if (answer.path !== questionOf(state)?.path) return null;
  return drawnOf(/** @type {ChainAnswer} */ (answer.document));
}

/**
 * How a route stands out from the others while one is pointed at: "lit", "dim", or "".
 * @param {string} name
 * @param {readonly string[]} pointed
 */
export function standingOf(name, pointed) {
  if (pointed.includes(name)) return "lit";
  return pointed.some((it) => it.startsWith("route:")) ? "dim" : "";
}
