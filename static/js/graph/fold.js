/**
 * Folding of layers: many layers stand as a few cards, with what is in them told in a word. And folding of formulas: a line
 * that is worked out in several operations stands as the card of its last one, which has the line's name.
 *
 * Layers are found in the graph itself. Where every way forward passes one node, the graph can be cut behind it; what
 * lies between two cuts, with the leaves that only it uses, is a stage. A stage without leaves of its own (an activation)
 * belongs to the one before. For a network of layers the stages are its layers, and the last is the cost with its target.
 */

import { edgeKey } from "../trace/trace.js";

/** @typedef {Pick<import("../trace/trace.js").Node, "id" | "inputs" | "shape" | "scope">} Place */
/** @typedef {{ id: string, first: number, last: number, lines: { name: string, shape: string }[], members: string[], computed: string[] }} Group stages folded into one card; members: what it hides. Of a line its id is that of the line's own node, and it lists none */
/** @typedef {{ stages: string[][], loose: string[], byLine?: boolean }} Stages every node by its stage; loose: leaves of several, or of none. Of formulas: the lines that can be folded, each with its own node last */
/** @typedef {{ id: string, inputs: string[] }} Item a node or a group */
/** @typedef {{ items: Item[], groups: Group[], holder: Map<string, string>, joined: Map<string, string[]> }} Folded joined: by the key of an edge between items, those it stands for */

const GROUP_WIDTH = 196;
const LINE = 17;
const MOST_LINES = 6;
/** The first lines of a group's card, and what stands under the last. */
const GROUP_HEAD = 40;
const GROUP_FOOT = 46;
/** Fewer than so many stages side by side are no gain. */
const LEAST_RUN = 2;

/**
 * @param {readonly Place[]} nodes in topological order
 * @returns {Stages}
 */
export function stagesOf(nodes) {
  const segments = segmentsOf(nodes);
  const segmentOf = new Map(segments.flatMap((ids, at) => ids.map((id) => [id, at])));
  const users = usersOf(nodes);
  const leaves = nodes.filter((it) => it.inputs.length === 0).map((it) => it.id);
  /** @param {string} leaf @param {Map<string, number>} places */
  const placesOf = (leaf, places) => [
    ...new Set((users.get(leaf) ?? []).map((it) => places.get(it) ?? -1)),
  ];
  const own = new Set(
    leaves.map((it) => placesOf(it, segmentOf)).flatMap((it) => (it.length === 1 ? it : [])),
  );
  /** @type {string[][]} */
  const stages = [];
  segments.forEach((ids, at) => {
    if (own.has(at) || stages.length === 0) stages.push([...ids]);
    else stages[stages.length - 1].push(...ids);
  });
  const stageOf = new Map(stages.flatMap((ids, at) => ids.map((id) => [id, at])));
  const loose = [];
  for (const leaf of leaves) {
    const places = placesOf(leaf, stageOf);
    if (places.length === 1) stages[places[0]].push(leaf);
    else loose.push(leaf);
  }
  return { stages, loose };
}

/**
 * What can be folded of a graph: of formulas its lines, else its layers.
 * @param {readonly Place[]} nodes in topological order
 * @returns {Stages}
 */
export function foldsOf(nodes) {
  return nodes.some(({ scope }) => scope) ? linesOf(nodes) : stagesOf(nodes);
}

/**
 * The lines that have more than one operation.
 * @param {readonly Place[]} nodes
 * @returns {Stages}
 */
function linesOf(nodes) {
  /** @type {Map<string, string[]>} */
  const lines = new Map();
  for (const { id, scope } of nodes) if (scope) lines.set(scope, [...(lines.get(scope) ?? []), id]);
  const stages = [...lines]
    .filter(([scope, ids]) => ids.length > 1 && ids.includes(scope))
    .map(([scope, ids]) => [...ids.filter((id) => id !== scope), scope]);
  return { stages, loose: [], byLine: true };
}

/**
 * What is computed, cut behind each node that no edge leads past.
 * @param {readonly Place[]} nodes
 */
function segmentsOf(nodes) {
  const computed = nodes.filter((it) => it.inputs.length > 0).map((it) => it.id);
  const order = new Map(computed.map((id, at) => [id, at]));
  const users = usersOf(nodes);
  /** @type {string[][]} */
  const segments = [];
  let reach = 0;
  /** @type {string[]} */
  let segment = [];
  computed.forEach((id, at) => {
    segment.push(id);
    const isCut = reach <= at;
    for (const user of users.get(id) ?? []) reach = Math.max(reach, order.get(user) ?? 0);
    if (!isCut && at < computed.length - 1) return;
    segments.push(segment);
    segment = [];
  });
  return segments;
}

/**
 * @param {readonly Place[]} nodes
 * @returns {Map<string, string[]>}
 */
function usersOf(nodes) {
  /** @type {Map<string, string[]>} */
  const users = new Map();
  for (const { id, inputs } of nodes) {
    for (const input of inputs) users.set(input, [...(users.get(input) ?? []), id]);
  }
  return users;
}

/**
 * What the reader has asked for: "auto", "all" or "folded", and the stages that are open in any case: "auto:3,4".
 * @param {string} text
 */
export function readLayers(text) {
  const [way, list = ""] = text.split(":");
  return { way, open: list === "" ? [] : list.split(",").map(Number) };
}

/**
 * The same with the stages of a group open too.
 * @param {string} text
 * @param {Group} group
 */
export function opened(text, { first, last }) {
  const { way, open } = readLayers(text);
  const more = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const all = [...new Set([...open, ...more])].toSorted((a, b) => a - b);
  return `${way}:${all.join(",")}`;
}

/**
 * The stages that are not folded: the first, the last with the cost, those of some nodes, and those opened by hand. A line
 * is open where a node that it would hide is wanted.
 * @param {Stages} stages
 * @param {readonly (string | null | undefined)[]} ids
 * @param {readonly number[]} open
 * @returns {Set<number>}
 */
export function openStages({ stages, byLine }, ids, open) {
  if (byLine) {
    const wanted = (/** @type {string[]} */ line) =>
      line.some((id, at) => at < line.length - 1 && ids.includes(id));
    return new Set([...stages.flatMap((line, at) => (wanted(line) ? [at] : [])), ...open]);
  }
  const within = stages.flatMap((stage, at) => (stage.some((id) => ids.includes(id)) ? [at] : []));
  return new Set([0, stages.length - 2, stages.length - 1, ...within, ...open]);
}

/**
 * @param {readonly Place[]} nodes
 * @param {Stages} found
 * @param {ReadonlySet<number>} open
 * @returns {Folded}
 */
export function fold(nodes, { stages, byLine }, open) {
  const groups = byLine
    ? stages.flatMap((line, at) => (open.has(at) ? [] : [lineOf(line, at)]))
    : runsOf(stages.length, open).map(([first, last]) => groupOf(nodes, stages, first, last));
  const folded = new Set(groups.map(({ id }) => id));
  /** @type {Map<string, string>} */
  const holder = new Map(groups.flatMap((it) => it.members.map((id) => [id, it.id])));
  const ends = new Map(groups.map((it) => [it.computed[it.computed.length - 1], it]));
  /** @type {Map<string, string[]>} */
  const joined = new Map();
  /** @type {Map<string, string[]>} */
  const inputs = new Map();
  for (const node of nodes) {
    const to = holder.get(node.id) ?? node.id;
    const into = inputs.get(to) ?? [];
    inputs.set(to, into);
    for (const [slot, input] of node.inputs.entries()) {
      const from = holder.get(input) ?? input;
      if (from === to) continue;
      // Between two nodes every edge is drawn; from a group or to one, a single edge stands for all.
      const isOwn = from === input && to === node.id && !folded.has(to);
      if (isOwn || !into.includes(from)) into.push(from);
      const at = isOwn ? into.length - 1 : into.indexOf(from);
      const key = edgeKey({ id: to, inputs: into }, at);
      joined.set(key, [...(joined.get(key) ?? []), edgeKey(node, slot)]);
    }
  }
  const items = nodes.flatMap(({ id }) => {
    // A group stands where its last node does: after all that it is computed from, before all that use it.
    const item = holder.has(id) ? ends.get(id)?.id : id;
    return item === undefined ? [] : [{ id: item, inputs: inputs.get(item) ?? [] }];
  });
  return { items, groups, holder, joined };
}

/**
 * The runs of stages that are folded, each from its first to its last.
 * @param {number} count
 * @param {ReadonlySet<number>} open
 */
function runsOf(count, open) {
  /** @type {[number, number][]} */
  const runs = [];
  for (let at = 0; at < count; at++) {
    const last = runs[runs.length - 1];
    if (open.has(at)) continue;
    if (last?.[1] === at - 1) last[1] = at;
    else runs.push([at, at]);
  }
  return runs.filter(([first, last]) => last - first + 1 >= LEAST_RUN);
}

/**
 * @param {readonly Place[]} nodes
 * @param {string[][]} stages
 * @param {number} first
 * @param {number} last
 * @returns {Group}
 */
function groupOf(nodes, stages, first, last) {
  const members = new Set(stages.slice(first, last + 1).flat());
  const inside = nodes.filter((it) => members.has(it.id));
  const lines = stages.slice(first, last + 1).map((stage) => {
    const computed = inside.filter((it) => it.inputs.length > 0 && stage.includes(it.id));
    const shape = computed[computed.length - 1]?.shape ?? [];
    const ids = computed.map((it) => it.id);
    const name = ids.length > 3 ? `${ids[0]} → … → ${ids[ids.length - 1]}` : ids.join(" → ");
    return { name, shape: shape.length > 0 ? shape.join(" × ") : "a number" };
  });
  return {
    id: `layers ${first}–${last}`,
    first,
    last,
    lines: shortened(lines),
    members: inside.map((it) => it.id),
    computed: inside.filter((it) => it.inputs.length > 0).map((it) => it.id),
  };
}

/**
 * @param {string[]} line
 * @param {number} at
 * @returns {Group}
 */
function lineOf(line, at) {
  const id = line[line.length - 1];
  return { id, first: at, last: at, lines: [], members: line.slice(0, -1), computed: line };
}

/** @param {Group["lines"]} lines */
function shortened(lines) {
  if (lines.length <= MOST_LINES) return lines;
  const left = lines.length - (MOST_LINES - 1);
  const more = { name: `… ${left} more`, shape: "" };
  return [...lines.slice(0, MOST_LINES - 2), more, lines[lines.length - 1]];
}

/** What a folded line has under its own card, to be opened by. */
export const TAB = 18;

/**
 * How large a group's card is, and where the things on it stand.
 * @param {Group} group
 */
export function planGroup({ lines }) {
  const height = GROUP_HEAD + lines.length * LINE + GROUP_FOOT;
  return { width: GROUP_WIDTH, height, line: LINE, head: GROUP_HEAD };
}
