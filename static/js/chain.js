/**
 * The chain rule of one weight as a table: a column for each factor, a line for each route from the cost to the weight.
 *
 * A factor is known when the backward pass has walked its edge; a folded one when the gradient it stands for is whole.
 */

import { nameOf, used } from "./entries.js";
import { entryOf } from "./format.js";
import { computedIn } from "./timeline.js";
import { edgeKey, number } from "./trace.js";

/** @typedef {import("./wire.js").components["schemas"]["ChainAnswer"]} ChainAnswer */
/** @typedef {ChainAnswer["terms"][number]} Term */
/** @typedef {Term["factors"][number]} Factor */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./timeline.js").Moment} Moment */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {import("./format.js").Entry} Entry */
/**
 * @typedef {object} Column a factor of every route
 * @property {string} of          a node's id
 * @property {string} wrt
 * @property {string | null} edge its key; null for a gradient that stands for all before it
 * @property {string} formula
 * @property {{ id: string, beat: number }[]} cached the nodes it is made of, with the beat that computed each; 0: given
 * @property {boolean} known
 */
/** @typedef {{ value: number, formula: string, point: string[] }} Cell */
/** @typedef {{ example: number, label: string, cells: Cell[], product: number }} Line */
/** @typedef {{ example: number, lines: Line[], sum: number }} Group the routes through one example */
/** @typedef {{ columns: Column[], groups: Group[], lines: number, known: boolean }} Table */

/**
 * @param {ChainAnswer} answer
 * @param {Iteration} iteration
 * @param {State["beats"]} beats
 * @param {Moment} moment
 * @returns {Table}
 */
export function tableOf(answer, iteration, beats, moment) {
  const columns = (answer.terms[0]?.factors ?? []).map((it) =>
    columnOf(it, iteration, beats, moment),
  );
  const differing = differingPlaces(answer.terms);
  const lines = answer.terms.map((term) => lineOf(term, differing, iteration));
  return {
    columns,
    groups: groupsOf(lines),
    lines: lines.length,
    known: columns.every((it) => it.known),
  };
}

/**
 * @param {Factor} factor
 * @param {Iteration} iteration
 * @param {State["beats"]} beats
 * @param {Moment} moment
 * @returns {Column}
 */
function columnOf(factor, iteration, beats, moment) {
  const [of, wrt] = [idOf(factor.of), idOf(factor.wrt)];
  const known = factor.edge ? moment.edges[factor.edge] : moment.gradients[wrt];
  return {
    of,
    wrt,
    edge: factor.edge,
    formula: iteration.edge.get(factor.edge ?? "")?.formula ?? "",
    cached: factor.uses.map((id) => ({ id, beat: computedIn(beats, id) + 1 })),
    known: known !== "blank",
  };
}

/** @param {string} name */
function idOf(name) {
  return entryOf(name)?.id ?? name;
}

/**
 * At which places of their paths the routes of one example differ.
 * @param {Term[]} terms
 */
function differingPlaces(terms) {
  const columns = terms.map(({ path }) => path.map((name) => entryOf(name)?.column));
  const length = columns[0]?.length ?? 0;
  return Array.from({ length }, (_, at) => at).filter((at) =>
    columns.some((column) => column[at] !== columns[0][at]),
  );
}

/**
 * @param {Term} term
 * @param {number[]} differing
 * @param {Iteration} iteration
 * @returns {Line}
 */
function lineOf({ path, factors, product }, differing, iteration) {
  const places = path.map((name) => /** @type {Entry} */ (entryOf(name)));
  return {
    example: exampleOf(places, iteration),
    label: labelOf(places, differing, iteration),
    cells: factors.map((it) => cellOf(it, iteration)),
    product: number(product),
  };
}

/**
 * The example that a route passes through: the row of what is computed on it.
 * @param {Entry[]} places
 * @param {Iteration} iteration
 */
function exampleOf(places, iteration) {
  const inside = places.find(({ id }) => {
    const node = iteration.node.get(id);
    return node?.role === "computed" && node.shape.length > 1;
  });
  return inside?.row ?? 0;
}

/**
 * What tells a route from the others of its example: the entries that it passes where they part, a class by its name.
 * What an activation makes of one entry alone is not told beside it.
 * @param {Entry[]} places
 * @param {number[]} differing
 * @param {Iteration} iteration
 */
function labelOf(places, differing, iteration) {
  const names = iteration.experiment.data.classes;
  return differing
    .filter((at) => {
      const edge = iteration.edge.get(edgeKey(places[at - 1]?.id ?? "", places[at].id));
      return !(edge?.rule === "elementwise" && differing.includes(at - 1));
    })
    .map((at) => {
      const { id, column } = places[at];
      return (id === iteration.prediction && names?.[column]) || nameOf(places[at]);
    })
    .join(", ");
}

/**
 * @param {Factor} factor
 * @param {Iteration} iteration
 * @returns {Cell}
 */
function cellOf({ of, wrt, value, formula, edge }, iteration) {
  const places = /** @type {Entry[]} */ ([entryOf(of), entryOf(wrt)]);
  const found = iteration.edge.get(edge ?? "");
  const cached = found ? used(found, places[0], places[1]).map(nameOf) : [];
  return {
    value: number(value),
    formula,
    point: [...(edge ? [edge] : []), ...places.map((it) => `∂${nameOf(it)}`), ...cached],
  };
}

/**
 * @param {Line[]} lines
 * @returns {Group[]}
 */
function groupsOf(lines) {
  /** @type {Map<number, Line[]>} */
  const groups = new Map();
  for (const line of lines) {
    const group = groups.get(line.example);
    if (group) group.push(line);
    else groups.set(line.example, [line]);
  }
  return [...groups].map(([example, those]) => ({
    example,
    lines: those,
    sum: those.reduce((sum, it) => sum + it.product, 0),
  }));
}

/**
 * Whether a factor is what is pointed at: itself, or its edge.
 * @param {Cell} cell
 * @param {readonly string[]} pointed
 */
export function isPointed(cell, pointed) {
  if (pointed.length === 1) return pointed[0] === cell.point[0];
  return pointed.length > 0 && pointed.join(" ") === cell.point.join(" ");
}

/**
 * The edges between a parameter and the cost, from the cost on: the chain rule in whole matrices.
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
 * The whole chain in one formula: "∂C/∂W1 = a0ᵀ · ((2 · (a1 − y)) ⊙ (a1 ⊙ (1 − a1)))".
 * @param {Iteration} iteration
 * @param {Edge[]} edges from the cost on
 */
export function wholeFormula(iteration, edges) {
  const last = edges[edges.length - 1];
  const made = edges.reduce((upstream, edge) => meeting(iteration, edge, upstream), "");
  return `∂${iteration.output}/∂${last.wrt} = ${made}`;
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {string} upstream
 */
function meeting({ output }, edge, upstream) {
  const local = edge.formula.split(" = ").slice(1).join(" = ");
  if (edge.of === output) return local;
  switch (edge.rule) {
    case "matmul_left":
      return `${local}ᵀ · (${upstream})`;
    case "matmul_right":
      return `(${upstream}) · ${local}ᵀ`;
    case "sum_rows":
      return `Σ (${upstream})`;
    case "jacobian":
      return `(${upstream}) · ∂${edge.of}/∂${edge.wrt}`;
    default:
      return `(${upstream}) ⊙ (${local})`;
  }
}

const MOST_NAMED = 4;

/**
 * The table as a sentence, for the ear.
 * @param {ChainAnswer} answer
 * @param {Table} table
 * @param {string} name
 * @param {(value: number) => string} spell
 */
export function spoken(answer, table, name, spell) {
  const { paths } = answer;
  const routes = paths === 1 ? "one route" : `${paths} routes`;
  if (!table.known) return `${name} reaches C by ${routes}. Not all factors are computed yet.`;
  const products = table.groups
    .flatMap((group) => group.lines)
    .slice(0, MOST_NAMED)
    .map(
      (line) =>
        `${line.label ? `through ${line.label}: ` : ""}${line.cells.map((it) => spell(it.value)).join(" times ")} is ${spell(line.product)}`,
    );
  const more = table.lines > MOST_NAMED ? `; and ${table.lines - MOST_NAMED} more` : "";
  const sum = table.lines > 1 ? ` Their sum is ${spell(number(answer.gradient))}.` : "";
  return `${name} reaches C by ${routes}. ${capital(products.join("; "))}${more}.${sum}`;
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
