/**
 * The computational graph: cards, edges between them, and on each edge its local partial. Made from a trace, a layout of
 * it and a moment; it knows nothing of layers.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { brief, entryOf, nameParts, spokenMatrix } from "../base/format.js";
import { pathData } from "../layout/chain.js";
import { activeIn, progress } from "../time/timeline.js";
import { cardOf } from "./card.js";
import { byNobody, byPointer, cardView, guard, onKey } from "./card-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("../state/highlights.js").Highlights} Highlights */
/** @typedef {import("../layout/chain.js").Layout} Layout */
/** @typedef {import("../layout/chain.js").Link} Link */
/** @typedef {import("./card.js").CardPlan} CardPlan */
/** @typedef {import("./card.js").Scene} Scene */
/**
 * What is told of single entries, when it is loaded: why they are exactly zero, and which of them are highlighted; how
 * folded layers are drawn, and routes.
 * @typedef {Pick<Scene, "zeros" | "changed" | "edit"> & { highlights: Highlights | null, group: typeof import("./fold-view.js") | undefined, threads: typeof import("./threads-view.js") | undefined }} Telling
 */
/** @typedef {{ near: Scene["near"], rulers: unknown }} Near what of the drawing is near enough to be read, and the indices there */
/** @typedef {import("./camera.js").Window & Near & { heat: Scene["heat"] }} Window what part of the drawing is in sight */
/**
 * @typedef {object} GraphActions
 * @property {(id: string | null) => void} select
 * @property {(rows: number, columns: number) => void} moveSelection to a neighbour of the selected entry
 * @property {(layers: string, first: string) => void} unfold the first node that appears takes the focus
 * @property {(id: string, key: string) => void} walk
 * @property {(entry: string) => void} zoomTo until an entry of a heat map can be read
 * @property {(editing: State["editing"]) => void} beginEdit
 * @property {(entry: import("../base/format.js").Entry, value: number) => void} editEntry
 */
/** @typedef {{ layout: Layout, cards: Map<string, CardPlan>, groups: import("./fold.js").Group[], holder: Map<string, string> }} Drawing holder: by the id of a node that is folded away, that of the card which stands for it */

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
  const { zeros, changed, edit, highlights } = telling;
  /** @type {Scene} */
  const scene = {
    ...{ iteration, moment, drawing, cursor, zeros, changed, edit },
    active: activeIn(iteration, moment.beat),
    selection: state.selection,
    near: window.near,
    heat: window.heat,
    highlights: highlights?.cells,
  };
  const films = progress(state.t) < 1 ? "filming" : "";
  return html`<svg class="graph ${films}" viewBox="${window.x} ${window.y} ${window.width} ${window.height}" role="group"
      aria-label="Computational graph of ${iteration.nodes.length} nodes. Arrow keys walk it, Enter selects." @pointerdown=${byPointer} @focusout=${byNobody}>
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
    <g>${drawing.layout.links.map((link) => linkView(link, moment, highlights))}</g>
    ${telling.threads?.threadsView(state, moment, drawing)}
    <g>${iteration.nodes.map((node) => guardedCard(cardOf(node, scene), act))}</g>
    <g>${groupsIn(state, moment, drawing, cursor, telling, act)}</g>
    <g>${drawing.layout.links.map((link) => guardedChip(chipOf(link, scene, highlights), act))}</g>
    ${window.rulers}
  </svg>`;
}

/**
 * A card is drawn anew when its record is another.
 * @param {import("./card.js").Card | null} card
 * @param {GraphActions} act
 */
function guardedCard(card, act) {
  return card ? guard(Object.values(card), () => cardView(card, act)) : nothing;
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
 * @param {Highlights | null} highlights
 */
function linkView(link, moment, highlights) {
  const beat = moment.beat;
  const isAlong = beat?.along.some((key) => key === link.key || link.joined?.includes(key));
  const lit = isAlong ? beat?.kind : "";
  const forward = moment.values[link.of];
  const walked = moment.edges[link.key];
  const highlight = highlights?.edges.get(link.key);
  return guard([link, lit, forward, walked, highlight], () => {
    const d = pathData(link.curve);
    const backwards = pathData(reversed(link.curve));
    return svg`${highlight ? svg`<path class="halo ${highlight}" d=${d}></path>` : nothing}
    <path class="link forward ${forward} ${lit === "node" ? "lit" : ""}" d=${d} marker-end=${forward === "blank" ? nothing : "url(#arrow-forward)"}></path>
    ${
      // What is only compared has no way back.
      walked === undefined || (walked === "blank" && lit !== "edge")
        ? nothing
        : svg`<path class="link backward ${walked} ${lit ? "lit" : ""}" d=${backwards} transform="translate(0 6)" marker-end="url(#arrow-backward)"></path>`
    }`;
  });
}

/** @param {readonly number[]} curve */
function reversed(curve) {
  return curve.map((_, i) => curve[curve.length - 2 - i + 2 * (i % 2)]);
}

/** @typedef {NonNullable<ReturnType<typeof chipOf>>} Chip */

/**
 * What is shown of an edge's local partial at a moment: as with cards, two whose fields are the same are drawn the same.
 * @param {Link} link
 * @param {Scene} scene
 * @param {Highlights | null} highlights
 */
function chipOf(link, { iteration, moment, selection, cursor, heat }, highlights) {
  const { key } = link;
  const edge = iteration.edge.get(key);
  if (!edge) return null;
  const known = moment.edges[key];
  const isSelected = selection === key;
  const marks = [
    known,
    moment.beat?.subject === key ? "lit" : "",
    isSelected ? "selected" : "",
    highlights?.edges.get(key) ?? "",
  ];
  const classes = `chip ${marks.join(" ")}`;
  return { link, edge, classes, known, isSelected, takesFocus: cursor === key, heat };
}

/**
 * @param {Chip | null} chip
 * @param {GraphActions} act
 */
function guardedChip(chip, act) {
  return chip ? guard(Object.values(chip), () => chipView(chip, act)) : nothing;
}

/**
 * @param {Chip} chip
 * @param {GraphActions} act
 */
function chipView({ link: { key, chip: at }, edge, classes, known, ...chip }, act) {
  const [x, y] = at;
  const numbers = known === "blank" ? "not computed yet" : spokenMatrix(edge.value);
  return svg`<g class=${classes} transform="translate(${x - CHIP.width / 2} ${y - CHIP.height / 2})" role="group" aria-roledescription="local partial"
      tabindex=${chip.takesFocus ? 0 : -1} data-walk=${key} data-tip="${edge.formula}: ${numbers}" aria-current=${chip.isSelected}
      aria-label="local partial of ${edge.of} by ${edge.wrt}: ${numbers}"
      @click=${() => act.select(key)} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, key, act)}>
    <g aria-hidden="true">
    <rect class="chip-shape" width=${CHIP.width} height=${CHIP.height} rx="6"></rect>
    ${chipName(edge.of, 13)}
    <path class="chip-line" d="M6 16h${CHIP.width - 12}"></path>
    ${chipName(edge.wrt, 27)}
    ${strip(edge.value, known, chip.heat)}</g>
  </g>`;
}

/**
 * The local partial itself in miniature; its numbers are a hover or a selection away.
 * @param {import("../trace/trace.js").Matrix} matrix
 * @param {Known} known
 * @param {Scene["heat"]} heat
 */
function strip(matrix, known, heat) {
  const { x, y, width, height } = STRIP;
  if (known === "blank") {
    return svg`<rect class="blank-cell" x=${x} y=${y} width=${width} height=${height} rx="2"></rect>`;
  }
  if (matrix.length === 1 && matrix[0].length === 1) {
    return svg`<text class="chip-number" x=${CHIP.width / 2} y="41">${brief(matrix[0][0])}</text>`;
  }
  return heat?.miniature(matrix, STRIP) ?? nothing;
}

/**
 * @param {string} id
 * @param {number} y
 */
function chipName(id, y) {
  const [letters, index] = nameParts(id, id.length < 5 ? 4 : /\d$/.test(id) ? 2 : 3);
  return svg`<text class="chip-text" x=${CHIP.width / 2} y=${y}>∂${letters}<tspan class="chip-index" dy="2">${index}</tspan></text>`;
}
