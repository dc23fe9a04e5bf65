/**
 * The computational graph: cards, edges between them, and on each edge its local partial. Made from a trace, a layout of
 * it and a moment; it knows nothing of layers.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { brief, entryName, entryOf, nameParts, shapeText, spokenMatrix } from "../base/format.js";
import { heatPaths } from "../base/marks.js";
import { called } from "../time/sentences.js";
import { valueNow } from "../time/timeline.js";
import { cardBody, memo } from "./card-view.js";
import { pathData } from "./layout.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Link} Link */
/** @typedef {import("./card.js").CardPlan} CardPlan */
/** @typedef {typeof import("../trace/why-zero.js")} Zeros */
/** @typedef {import("../state/highlights.js").Lights} Lights */
/**
 * What is told of single entries, when it is loaded: why they are exactly zero, and which of them are lit; and how folded
 * layers are drawn.
 * @typedef {{ zeros: Zeros | undefined, lights: Lights | null, changed: ReadonlyMap<string, string> | null, edit: Edit | null, group: typeof import("./fold-view.js") | undefined }} Telling
 */
/** @typedef {{ name: string, view: () => unknown }} Edit the entry whose cell is a field now */
/** @typedef {{ near: ReadonlyMap<string, import("./card-view.js").Nearness> | null, rulers: unknown }} Near what of the drawing is near enough to be read, and the indices there */
/** @typedef {import("./camera.js").Window & Near} Window what part of the drawing is in sight */
/**
 * @typedef {object} GraphActions
 * @property {(id: string | null) => void} select
 * @property {(rows: number, columns: number) => void} step to a neighbour of the selected entry
 * @property {(layers: string, first: string) => void} unfold the first node that appears takes the focus
 * @property {(id: string, key: string) => void} walk
 * @property {(entry: string) => void} zoomTo until an entry of a heat map can be read
 * @property {(editing: State["editing"]) => void} beginEdit
 * @property {(entry: import("../base/format.js").Entry, value: number) => void} editEntry
 */
/** @typedef {{ layout: Layout, cards: Map<string, CardPlan>, groups: import("./fold.js").Group[], holder: Map<string, string> }} Drawing holder: by the id of a node that is folded away, its group's */

const CHIP = { width: 34, height: 44 };
const STRIP = { x: 4, y: 32, width: 26, height: 9 };

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {Drawing} drawing
 * @param {Window} window
 * @param {Telling} telling
 * @param {GraphActions} act
 */
export function graphView(state, moment, drawing, window, telling, act) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const first = state.selection ?? moment.beat?.subject ?? iteration.nodes[0].id;
  const chosen = entryOf(first)?.id ?? first;
  const there =
    iteration.node.has(chosen) || iteration.edge.has(chosen) ? chosen : iteration.nodes[0].id;
  const cursor = drawing.holder.get(there) ?? there;
  return html`<svg class="graph" viewBox="${window.x} ${window.y} ${window.width} ${window.height}" role="group"
      aria-label="Computational graph of ${iteration.nodes.length} nodes. Arrow keys walk it, Enter selects.">
    <defs>
      ${["forward", "backward"].map(
        (
          name,
        ) => svg`<marker id="arrow-${name}" class="arrow ${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto">
          <path d="M0 0.5 8 4 0 7.5z"></path></marker>`,
      )}
      <pattern id="stale-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch" width="1.4" height="5"></rect></pattern>
    </defs>
    <g>${drawing.layout.links.map((link) => linkView(link, moment, telling.lights))}</g>
    <g>${iteration.nodes.map((node) => nodeView(state, iteration, node, moment, drawing, window, cursor, telling, act))}</g>
    <g>${groupsIn(state, moment, drawing, cursor, telling, act)}</g>
    <g>${drawing.layout.links.map((link) => chipView(state, iteration, link, moment, cursor, telling.lights, act))}</g>
    ${window.rulers}
  </svg>`;
}

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {Drawing} drawing
 * @param {string} cursor
 * @param {Telling} telling
 * @param {GraphActions} act
 */
function groupsIn({ layers }, moment, { groups, layout: { boxes } }, cursor, { group: how }, act) {
  return groups.map((group) => {
    const box = boxes.get(group.id);
    return how && box && how.groupView(group, box, moment, layers, cursor === group.id, act);
  });
}

/**
 * @param {Link} link
 * @param {Moment} moment
 * @param {Lights | null} lights
 */
function linkView(link, moment, lights) {
  const beat = moment.beat;
  const isAlong = beat?.along.some((key) => key === link.key || link.joined?.includes(key));
  const lit = isAlong ? beat?.kind : "";
  const forward = moment.values[link.of];
  const walked = moment.edges[link.key];
  const light = lights?.edges.get(link.key);
  return memo([link, lit, forward, walked, light], () => {
    const d = pathData(link.curve);
    const backwards = pathData(/** @type {import("./layout.js").Curve} */ (reversed(link.curve)));
    return svg`${light ? svg`<path class="halo ${light}" d=${d}></path>` : nothing}
    <path class="link forward ${forward} ${lit === "node" ? "lit" : ""}" d=${d} marker-end=${forward === "blank" ? nothing : "url(#arrow-forward)"}></path>
    ${
      walked === "blank" && lit !== "edge"
        ? nothing
        : svg`<path class="link backward ${walked} ${lit ? "lit" : ""}" d=${backwards} transform="translate(0 6)" marker-end="url(#arrow-backward)"></path>`
    }`;
  });
}

/** @param {readonly number[]} curve */
function reversed(curve) {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = curve;
  return [x3, y3, x2, y2, x1, y1, x0, y0];
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {Moment} moment
 * @param {Drawing} drawing
 * @param {Window} window
 * @param {string} cursor
 * @param {Telling} telling
 * @param {GraphActions} act
 */
function nodeView(state, iteration, node, moment, drawing, window, cursor, telling, act) {
  const box = drawing.layout.boxes.get(node.id);
  const plan = drawing.cards.get(node.id);
  if (!box || !plan) return nothing;
  const known = moment.values[node.id];
  const gradientKnown = moment.gradients[node.id];
  const value = valueNow(iteration, moment, node.id);
  const lit = moment.beat?.shows === node.id ? `lit ${moment.beat.phase}` : "";
  const chosen = state.selection !== null && entryOf(state.selection)?.id === node.id;
  const selection = chosen ? state.selection : null;
  const here = cursor === node.id;
  const moved = moment.updated.has(node.id);
  const { zeros, lights, changed, edit } = telling;
  const told = [zeros, signature(lights?.cells, node.id), signature(changed, node.id)];
  // A field that is open in the card is asked for anew each time: what is typed is not in the card.
  const editing = edit && entryOf(edit.name)?.id === node.id ? edit : null;
  const near = window.near?.get(node.id);
  const seen = [box, plan, near?.value?.key, near?.gradient?.key];
  const now = [value, known, gradientKnown, lit, selection, here, moved];
  return memo([iteration, node, ...seen, ...now, ...told, editing], () => {
    const isAfar = plan.value.kind === "heat" && near?.value?.level !== "full";
    const names = [
      "card",
      node.role,
      lit,
      chosen ? "selected" : "",
      moved ? "moved" : "",
      node.id === iteration.output ? "output" : "",
    ];
    return svg`<g class=${names.join(" ")} transform="translate(${box.x} ${box.y})" role="group" aria-roledescription="card" tabindex=${here ? 0 : -1}
      data-walk=${node.id} aria-current=${chosen} aria-label=${nodeLabel(iteration, node, value, known, gradientKnown)}
      @click=${(/** @type {MouseEvent} */ event) => event.detail < 2 && act.select(clicked(event, node.id))} @dblclick=${(/** @type {MouseEvent} */ event) => clickedTwice(event, selection, node, act)} @keydown=${(/** @type {KeyboardEvent} */ event) => onNodeKey(event, selection, isAfar, node, act)}>
    <g aria-hidden="true">${cardBody(iteration, node, plan, { value, known, gradientKnown }, telling, near)}</g>
  </g>`;
  });
}

/** @type {WeakMap<ReadonlyMap<string, string>, Map<string, string>>} */
const signed = new WeakMap();

/**
 * All that is told of one node's entries, as one text that can be compared.
 * @param {ReadonlyMap<string, string> | null | undefined} told by entry
 * @param {string} id
 */
function signature(told, id) {
  if (!told) return "";
  let known = signed.get(told);
  if (!known) {
    known = new Map();
    for (const [name, what] of told) {
      const of = name.slice(name.startsWith("∂") ? 1 : 0, name.indexOf("["));
      known.set(of, `${known.get(of) ?? ""} ${name}:${what}`);
    }
    signed.set(told, known);
  }
  return known.get(id) ?? "";
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Link} link
 * @param {Moment} moment
 * @param {string} cursor
 * @param {Lights | null} lights
 * @param {GraphActions} act
 */
function chipView(state, iteration, link, moment, cursor, lights, act) {
  const edge = iteration.edge.get(link.key);
  if (!edge) return nothing;
  const [x, y] = link.chip;
  const lit = moment.beat?.subject === link.key;
  const known = moment.edges[link.key];
  const chosen = state.selection === link.key;
  const here = cursor === link.key;
  const light = lights?.edges.get(link.key) ?? "";
  return memo([link, edge, lit, known, chosen, here, light], () => {
    const names = ["chip", known, lit ? "lit" : "", chosen ? "selected" : "", light];
    const numbers = known === "blank" ? "not computed yet" : spokenMatrix(edge.value);
    return svg`<g class=${names.join(" ")} transform="translate(${x - CHIP.width / 2} ${y - CHIP.height / 2})" role="group" aria-roledescription="local partial"
      tabindex=${here ? 0 : -1} data-walk=${link.key} aria-current=${chosen}
      aria-label="local partial of ${edge.of} by ${edge.wrt}: ${numbers}"
      @click=${() => act.select(link.key)} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, link.key, act)}>
    <g aria-hidden="true"><title>${edge.formula}: ${numbers}</title>
    <rect class="chip-shape" width=${CHIP.width} height=${CHIP.height} rx="6"></rect>
    ${chipName(edge.of, 13)}
    <path class="chip-line" d="M6 16h${CHIP.width - 12}"></path>
    ${chipName(edge.wrt, 27)}
    ${strip(edge.value, known)}</g>
  </g>`;
  });
}

/**
 * The local partial itself in miniature; its numbers are a hover or a selection away.
 * @param {import("../trace/trace.js").Matrix} matrix
 * @param {Known} known
 */
function strip(matrix, known) {
  const { x, y, width, height } = STRIP;
  if (known === "blank") {
    return svg`<rect class="blank-cell" x=${x} y=${y} width=${width} height=${height} rx="2"></rect>`;
  }
  if (matrix.length === 1 && matrix[0].length === 1) {
    return svg`<text class="chip-number" x=${CHIP.width / 2} y="41">${brief(matrix[0][0])}</text>`;
  }
  const { positive, negative } = heatPaths(matrix, width, height);
  return svg`<g transform="translate(${x} ${y})"><path class="chip-mark" d="${positive}${negative}"></path></g>`;
}

/**
 * @param {string} id
 * @param {number} y
 */
function chipName(id, y) {
  const [letters, index] = nameParts(id);
  return svg`<text class="chip-text" x=${CHIP.width / 2} y=${y}>∂${letters}<tspan class="chip-index" dy="2">${index}</tspan></text>`;
}

/**
 * The entry that was clicked on, in a card's numbers or its heat map; else the card itself.
 * @param {MouseEvent} event
 * @param {string} id
 */
function clicked(event, id) {
  const target = /** @type {Element} */ (event.target);
  const cell = /** @type {SVGElement | null} */ (target.closest("[data-entry]"));
  if (cell?.dataset.entry) return cell.dataset.entry.replace("∂", "");
  const heat = /** @type {SVGElement | null} */ (target.closest("[data-grid]"));
  if (!heat?.dataset.grid) return id;
  const [rows, columns] = heat.dataset.grid.split(" ").map(Number);
  const box = heat.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
  return entryName(id, within(row, rows), within(column, columns));
}

/**
 * @param {number} index
 * @param {number} count
 */
function within(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}

/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * Enter selects a card, and once more the first of its entries; then the arrows walk from entry to entry, and Enter lets
 * the card be selected again. On a heat map Enter zooms to the entry first.
 * @param {KeyboardEvent} event
 * @param {string | null} selection where it is of this node
 * @param {boolean} isAfar the card is a heat map whose entries cannot be read
 * @param {Node} node
 * @param {GraphActions} act
 */
function onNodeKey(event, selection, isAfar, node, act) {
  const entry = selection?.startsWith(`${node.id}[`) ? entryOf(selection) : null;
  const step = STEPS[event.key];
  const moves = step && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  const isLeaf = node.role !== "computed";
  if (entry && moves) {
    act.step(step[0], step[1]);
  } else if (entry && isLeaf && isTyped(event)) {
    const typed = event.key === "F2" ? null : event.key.replace(",", ".").replace("−", "-");
    act.beginEdit({ name: selection ?? "", typed });
  } else if (entry && isLeaf && event.shiftKey && step && step[0] !== 0) {
    const value = node.value[entry.row][entry.column];
    act.editEntry(entry, Number((value - step[0] * NUDGE).toFixed(10)));
  } else if (event.key === "Enter" && entry && isAfar) act.zoomTo(selection ?? "");
  else if (event.key === "Enter" && entry) act.select(node.id);
  else if (event.key === "Enter" && selection === node.id) {
    act.select(entryName(node.id, 0, 0));
    if (isAfar) act.zoomTo(entryName(node.id, 0, 0));
  } else return onKey(event, node.id, act);
  event.preventDefault();
  event.stopPropagation();
}

/** How far Shift and an arrow up or down move a number of a leaf. */
const NUDGE = 0.1;

/** @param {KeyboardEvent} event whether a number begins with it */
function isTyped(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  return event.key === "F2" || /^[-−\d.,]$/.test(event.key);
}

/**
 * Zooms to an entry of a heat map; edits one that is large enough, where it is a leaf's.
 * @param {MouseEvent} event
 * @param {string | null} selection where it is of this node: what the first click selected
 * @param {Node} node
 * @param {GraphActions} act
 */
function clickedTwice(event, selection, node, act) {
  const target = /** @type {Element} */ (event.target);
  const cell = /** @type {SVGElement | null} */ (target.closest("[data-entry]"));
  const name = cell?.dataset.entry;
  const block = target.closest(".heat");
  if (block && !block.querySelector(".cell-bar")) {
    const sign = block.classList.contains("gradient") ? "∂" : "";
    const entry = selection?.includes("[") ? selection : clicked(event, node.id);
    act.zoomTo(sign + entry);
  } else if (name && node.role !== "computed" && !name.startsWith("∂"))
    act.beginEdit({ name, typed: null });
}

/**
 * @param {KeyboardEvent} event
 * @param {string} id
 * @param {GraphActions} act
 */
function onKey(event, id, act) {
  if (event.key === "Enter") act.select(id);
  else if (
    event.key.startsWith("Arrow") &&
    !event.shiftKey &&
    !event.altKey &&
    !event.ctrlKey &&
    !event.metaKey
  )
    act.walk(id, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {import("../trace/trace.js").Matrix} value
 * @param {Known} known
 * @param {Known} gradientKnown
 */
function nodeLabel(iteration, node, value, known, gradientKnown) {
  const shape = shapeText(node.shape).replace("×", "by");
  const is =
    known === "blank"
      ? "not computed yet"
      : `${known === "stale" ? "stale, " : ""}${spokenMatrix(value)}`;
  const slope =
    gradientKnown === "blank"
      ? "not computed yet"
      : `${gradientKnown === "stale" ? "stale, " : ""}${spokenMatrix(node.gradient)}`;
  return `${called(node.id)}, ${shape}. Value: ${is}. Gradient of ${iteration.output}: ${slope}.`;
}
