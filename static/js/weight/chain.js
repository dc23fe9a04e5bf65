/**
 * The chain rule of one weight as a table: a column for each factor, a line for each route from the cost to the weight.
 *
 * A factor is known when the backward pass has walked its edge; a folded one when the gradient it stands for is whole.
 */

import { entryOf, short } from "../base/format.js";
import { capital } from "../base/words.js";
import { computedIn } from "../time/timeline.js";
import { keyOf, nameOf } from "../trace/entries.js";
import { cachedBetween, edgeBetween, isEntrywise } from "../trace/rule.js";
import { number } from "../trace/trace.js";

/** @typedef {import("../server/wire.js").components["schemas"]["ChainAnswer"]} ChainAnswer */
/** @typedef {ChainAnswer["terms"][number]} Term */
/** @typedef {Term["factors"][number]} Factor */
/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../base/format.js").Entry} Entry */
/**
 * @typedef {object} Column a factor of every route
 * @property {string} of          a node's id
 * @property {string} wrt
 * @property {string | null} edge its key; null for a gradient that stands for all before it
 * @property {boolean} straight  whether it passes over an activation whose output has rounded
 * @property {string} formula
 * @property {{ id: string, beat: number }[]} cached the nodes it is made of, with the beat that computed each; 0: given
 * @property {boolean} known
 */
/** @typedef {{ value: number, formula: string, point: string[], span: number, over: string }} Cell over so many columns; `over` says why, where it is not one */
/** @typedef {{ at: number, through: string, label: string, cells: Cell[], product: number }} Line at: in the answer */
/** @typedef {{ through: string, lines: Line[], sum: number }} Group the routes through one example, or one row of a matrix: "example 0", "h[0]" */
/** @typedef {{ columns: Column[], groups: Group[], lines: number, known: boolean }} Table */

/**
 * @param {ChainAnswer} answer
 * @param {Iteration} iteration
 * @param {State["beats"]} beats
 * @param {Moment} moment
 * @returns {Table}
 */
export function tableOf(answer, iteration, beats, moment) {
  const longest = answer.terms.reduce(
    (most, { factors }) => (factors.length > most.length ? factors : most),
    /** @type {Factor[]} */ ([]),
  );
  const columns = longest.map((it) => columnOf(it, iteration, beats, moment));
  const labels = labelsOf(answer.terms, iteration);
  const lines = answer.terms.map((term, at) => ({
    at,
    ...lineOf(term, labels[at], columns, iteration),
  }));
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
    straight: isStraight(factor),
    formula: iteration.edge.get(factor.edge ?? "")?.formula ?? "",
    cached: factor.uses.map((id) => ({ id, beat: computedIn(beats, id) + 1 })),
    known: known !== "blank",
  };
}

/**
 * Whether a factor goes from the cost right to what went into an activation, whose output has rounded.
 * @param {Factor} factor
 */
function isStraight({ edge, folded }) {
  return edge === null && !folded;
}

/** @param {string} name */
function idOf(name) {
  return entryOf(name)?.id ?? name;
}

/**
 * The nodes at which the routes pass different entries.
 * @param {Term[]} terms
 * @returns {Set<string>}
 */
function differingPlaces(terms) {
  /** @type {Map<string, number>} */
  const columns = new Map();
  const differing = new Set();
  for (const place of terms.flatMap(({ path }) => path.map(entryOf))) {
    if (!place) continue;
    const { id, column } = place;
    if ((columns.get(id) ?? column) !== column) differing.add(id);
    columns.set(id, column);
  }
  return differing;
}

/** @param {Term} term */
function placesOf({ path }) {
  return path.map((name) => /** @type {Entry} */ (entryOf(name)));
}

/**
 * What each route is told from the others of its group by: the entries where they part; and where these are the same, the
 * nodes that one passes and another does not.
 * @param {Term[]} terms
 * @param {Iteration} iteration
 * @returns {string[]}
 */
function labelsOf(terms, iteration) {
  const differing = differingPlaces(terms);
  /** @type {Map<string, Entry[][]>} */
  const alike = new Map();
  const routes = terms.map(placesOf).map((places) => {
    const label = labelOf(places, differing, iteration);
    const as = `${throughOf(places, iteration)} ${label}`;
    alike.set(as, [...(alike.get(as) ?? []), places]);
    return { places, label, as };
  });
  return routes.map(({ places, label, as }) => {
    const others = alike.get(as) ?? [];
    if (others.length === 1) return label;
    const passes = (/** @type {string} */ id) =>
      others.every((it) => it.some((at) => at.id === id));
    const alone = new Set(places.map(({ id }) => id).filter((id) => !passes(id)));
    return labelOf(places, differing, iteration, alone);
  });
}

/**
 * @param {Term} term
 * @param {string} label
 * @param {Column[]} columns
 * @param {Iteration} iteration
 * @returns {Omit<Line, "at">}
 */
function lineOf(term, label, columns, iteration) {
  const { factors, product } = term;
  return {
    through: throughOf(placesOf(term), iteration),
    label,
    cells: factors.map((it) => cellOf(it, columns, iteration)),
    product: number(product),
  };
}

/**
 * Through which example a route passes: the row of what is computed on it. Where rows of a matrix are no examples it is that
 * row, of the first line on the way; "" where there are none.
 * @param {Entry[]} places
 * @param {Iteration} iteration
 */
function throughOf(places, { node, experiment }) {
  const inside = places.filter(({ id }) => {
    const { role, shape = [] } = node.get(id) ?? {};
    return role === "computed" && shape.length > 1;
  });
  const first = inside.find(({ id }) => node.get(id)?.scope === id) ?? inside[0];
  if (!first) return "";
  const rows = node.get(first.id)?.value.length;
  const isExample = experiment.data && rows === node.get("x")?.value.length;
  return isExample ? `example ${first.row}` : `${first.id}[${first.row}]`;
}

/**
 * What tells a route from the others of its group: the entries that it passes where they part, a class by its name.
 * What an activation makes of one entry alone is not told beside it.
 * @param {Entry[]} places
 * @param {Set<string>} differing
 * @param {Iteration} iteration
 * @param {Set<string>} [alone] nodes that are told in any case
 */
function labelOf(places, differing, iteration, alone) {
  const names = iteration.experiment.data?.classes;
  return places
    .filter(({ id }, at) => {
      const before = places[at - 1]?.id ?? "";
      const edge = edgeBetween(iteration, before, id);
      const isMade = edge && isEntrywise(edge) && differing.has(before);
      return alone?.has(id) || (differing.has(id) && !isMade);
    })
    .map((place) => {
      const { id, column } = place;
      return (id === iteration.prediction && names?.[column]) || nameOf(iteration, place);
    })
    .join(", ");
}

/**
 * @param {Factor} factor
 * @param {Column[]} columns
 * @param {Iteration} iteration
 * @returns {Cell}
 */
function cellOf(factor, columns, iteration) {
  const { of, wrt, value, formula, edge } = factor;
  const places = /** @type {Entry[]} */ ([entryOf(of), entryOf(wrt)]);
  const found = iteration.edge.get(edge ?? "");
  const cached = found ? cachedBetween(found, places[0], places[1]).map(keyOf) : [];
  return {
    value: number(value),
    formula,
    span: spanOf(factor, columns),
    over: isStraight(factor) ? straightOver(places[1], iteration) : "",
    point: [...(edge ? [edge] : []), ...places.map((it) => `∂${keyOf(it)}`), ...cached],
  };
}

/**
 * How many columns a factor stands for: one, or those of all nodes that it passes over.
 * @param {Factor} factor
 * @param {Column[]} columns
 */
function spanOf({ of, wrt }, columns) {
  const from = columns.findIndex((it) => it.of === idOf(of));
  const to = columns.findIndex((it) => it.wrt === idOf(wrt));
  return from < 0 || to < from ? 1 : to - from + 1;
}

/**
 * Why a factor goes straight from the cost to an entry of m: "a0[0,0] has rounded to 1; so from m0 straight".
 * @param {Entry} into
 * @param {Iteration} iteration
 */
function straightOver(into, iteration) {
  const a = iteration.nodes.find((it) => it.inputs.includes(into.id));
  const value = a?.value[into.row]?.[into.column];
  if (!a || value === undefined) return `from ${into.id} straight`;
  const entry = nameOf(iteration, { ...into, id: a.id });
  const went = value === 0 || value === 1 ? `has rounded to ${value}` : `is ${short(value)}`;
  return `${entry} ${went}; so from ${into.id} straight`;
}

/**
 * @param {Line[]} lines
 * @returns {Group[]}
 */
function groupsOf(lines) {
  /** @type {Map<string, Line[]>} */
  const groups = new Map();
  for (const line of lines) {
    const group = groups.get(line.through);
    if (group) group.push(line);
    else groups.set(line.through, [line]);
  }
  return [...groups].map(([through, those]) => ({
    through,
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
  const names = pointed.filter((it) => !it.startsWith("route:"));
  if (names.length === 1) return names[0] === cell.point[0];
  return names.length > 0 && names.join(" ") === cell.point.join(" ");
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
