/**
 * A node as a card: symbol, shape, its value as numbers or as a heat map, and its gradient under it; and what the pointer
 * and the keys do on it.
 */

import { Directive, directive } from "../../vendor/lit-html@3.3.3/directive.js";
import { noChange, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, entryOf, nameParts, shapeText, shortened } from "../base/format.js";
import { KINDS } from "../time/sentences.js";
import { CELL, cellsOf, HEAD, labelOf, shownOf, writtenOf } from "./card.js";

/** @typedef {import("./card.js").Card} Card */
/** @typedef {import("./card.js").Shown} Shown */
/** @typedef {import("./graph-view.js").GraphActions} GraphActions */

/** A letter of a small text is about so wide; one of a card's name. */
const LETTER = 6.6;
const LARGE_LETTER = 12.5;

/** Draws anew where one of the values that it depends on is another: lit's own would be a request more before the first graph. */
class Guard extends Directive {
  /** @type {unknown[] | null} */
  #drawn = null;

  /**
   * @param {unknown[]} values
   * @param {() => unknown} draw
   */
  render(values, draw) {
    const before = this.#drawn;
    if (before?.length === values.length && values.every((it, at) => it === before[at]))
      return noChange;
    this.#drawn = values;
    return draw();
  }
}
export const guard = directive(Guard);

/**
 * @param {Card} card
 * @param {GraphActions} act
 */
export function cardView(card, act) {
  const { iteration, node, plan, box, selection, takesFocus, isActive } = card;
  const size = sizeOf(card);
  const output = shortened(iteration.output, 4);
  const room = Math.min(
    (plan.width - 24 - LETTER * size.length) / LARGE_LETTER,
    (plan.width - plan.label.x) / LETTER - output.length - 3,
  );
  const [letters, index] = nameParts(
    node.id,
    Math.max(3, (room - Number(/\d$/.test(node.id))) | 0),
  );
  const { value, gradient } = shownOf(card);
  return svg`<g class=${card.classes} transform="translate(${box.x} ${box.y})" role="group" aria-roledescription="card" tabindex=${takesFocus ? 0 : -1}
      data-walk=${node.id} data-tip=${node.id === letters + index ? nothing : node.id} ?data-active=${isActive} aria-current=${selection !== null} aria-label=${labelOf(card)}
      @click=${(/** @type {MouseEvent} */ event) => event.detail < 2 && act.select(clicked(event, node.id))} @dblclick=${(/** @type {MouseEvent} */ event) => clickedTwice(event, card, act)} @keydown=${(/** @type {KeyboardEvent} */ event) => onCardKey(event, card, act)}>
    <g aria-hidden="true">
    <rect class="card-shape" width=${plan.width} height=${plan.height} rx="9"></rect>
    <text class="card-symbol" x="11" y="21">${letters}<tspan class="index" dy="4">${index}</tspan></text>
    <text class="card-shape-text" x=${plan.width - 10} y="20" text-anchor="end">${size}</text>
    ${plan.names.length > 0 ? namesView(card) : nothing}
    ${writtenView(card)}
    ${blockView(value, "value", card.heat)}
    <text class="card-label" x=${plan.label.x} y=${plan.label.y}>∂${output}/∂${letters}<tspan class="label-index" dy="2">${index}</tspan></text>
    ${blockView(gradient, "gradient", card.heat)}
  </g>
  </g>`;
}

/**
 * A number by itself needs no word, but the cost of a network has one.
 * @param {Card} card
 */
function sizeOf({ node }) {
  if (node.shape.length > 0) return shapeText(node.shape);
  return node.op && !node.label ? (KINDS[node.id] ?? "") : "";
}

/**
 * How an operation inside a line is written, as far as there is room.
 * @param {Card} card
 */
function writtenView({ node, plan }) {
  const text = writtenOf(node);
  if (text === "") return nothing;
  const seen = shortened(text, ((plan.width - 20) / LETTER) | 0);
  return svg`<text class="card-shape-text" x="11" y=${HEAD + 7} data-tip=${text}>${seen}</text>`;
}

/**
 * Names over the columns; of classes, the likelier one stands out once it is known.
 * @param {Card} card
 */
function namesView({ plan, node, known, value }) {
  const row = node.role !== "input" && known !== "blank" && value.length === 1 ? value[0] : [];
  const likeliest = row.length > 1 ? row.indexOf(Math.max(...row)) : -1;
  const { names, value: block } = plan;
  const width = block.width / block.columns;
  // In narrow cells long ones side by side would touch.
  const most = MOST_LETTERS - (width < CELL.width ? 1 : 0);
  return names.map((name, at) => {
    const x = block.x + (at + 0.5) * width;
    return svg`<text class="card-name ${at === likeliest ? "likeliest" : ""}" x=${x} y=${block.y - 4} data-tip=${name}>${shortened(name, most)}</text>`;
  });
}

const MOST_LETTERS = 9;

/**
 * @param {Shown} shown
 * @param {"value" | "gradient"} kind
 * @param {Card["heat"]} heat
 */
function blockView(shown, kind, heat) {
  const { block, known, near } = shown;
  const squares = block.kind === "heat" && !near;
  return svg`<g class="block ${block.kind} ${kind} ${known}" transform="translate(${block.x} ${block.y})">
    ${squares ? squaresView(shown, heat) : svg`<g transform="scale(${near?.scale ?? 1})">${cellsOf(shown).map(known === "blank" ? blankView : cellView)}</g>`}
    ${known === "stale" ? svg`<rect class="stale-veil" width=${block.width} height=${block.height}></rect>` : nothing}
  </g>`;
}

/**
 * A heat map whose entries cannot be read from here; blank until it is loaded, too.
 * @param {Shown} shown
 * @param {Card["heat"]} heat
 */
function squaresView(shown, heat) {
  const { rows, columns, width, height } = shown.block;
  if (shown.known !== "blank" && heat) return heat.heatView(shown);
  return svg`<rect class="blank-cell" data-grid="${rows} ${columns}" width=${width} height=${height} rx="3"></rect>`;
}

/** @param {import("./card.js").Cell} cell */
function blankView({ entry, classes, x, y, width, height }) {
  return svg`<rect class=${classes} data-entry=${entry} x=${x + 1.5} y=${y + 1.5} width=${width - 3} height=${height - 3} rx="3"></rect>`;
}

/** @param {import("./card.js").Cell} cell */
function cellView({ entry, classes, text, tip, bar, isZero, isChanged, editor, ...place }) {
  const { x, y, width, height } = place;
  return svg`<g transform="translate(${x} ${y})" class=${classes} data-entry=${entry} data-tip=${tip}>
        <rect class="cell-back" x="1" y="1" width=${width - 2} height=${height - 2} rx="3"></rect>
        <text class="cell-text" x=${width / 2} y=${height / 2 + 4}>${text}</text>
        ${bar ? svg`<rect class="cell-bar" x=${bar.x} y=${height - 3.5} width=${bar.width} height="2"></rect>` : nothing}
        ${isZero ? svg`<circle class="zero-mark" cx=${width - 7} cy="7" r="2.500"></circle>` : nothing}
        ${isChanged ? svg`<path class="changed-mark" d="M1 1h8l-8 8z"></path>` : nothing}
        ${editor ? svg`<foreignObject x="-2" y=${height / 2 - 13} width=${width + 4} height="26">${editor()}</foreignObject>` : nothing}
      </g>`;
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
  return entryKey(id, within(row, rows), within(column, columns));
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
 * By keys, Enter selects a card, and once more the first of its entries; then the arrows walk from entry to entry, and Enter
 * lets the card be selected again. On a heat map Enter zooms to the entry first. A number that was clicked can be typed over.
 * @param {KeyboardEvent} event
 * @param {Card} card
 * @param {GraphActions} act
 */
function onCardKey(event, { node, selection, plan, near }, act) {
  const isAfar = plan.value.kind === "heat" && near?.level !== "full";
  const entry = selection?.startsWith(`${node.id}[`) ? entryOf(selection) : null;
  const step = STEPS[event.key];
  const moves = step && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  const isLeaf = node.role !== "computed";
  const byKeys = isByKeys(event);
  if (entry && moves && byKeys) {
    act.moveSelection(step[0], step[1]);
  } else if (entry && isLeaf && isTyped(event)) {
    const typed = event.key === "F2" ? null : event.key.replace(",", ".").replace("−", "-");
    act.beginEdit({ name: selection ?? "", typed });
  } else if (entry && isLeaf && event.shiftKey && step && step[0] !== 0) {
    const value = node.value[entry.row][entry.column];
    act.editEntry(entry, Number((value - step[0] * NUDGE).toFixed(10)));
  } else if (!byKeys) return onKey(event, node.id, act);
  else if (event.key === "Enter" && entry && isAfar) act.zoomTo(selection ?? "");
  else if (event.key === "Enter" && entry) act.select(node.id);
  else if (event.key === "Enter" && selection === node.id) {
    act.select(entryKey(node.id, 0, 0));
    if (isAfar) act.zoomTo(entryKey(node.id, 0, 0));
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
 * @param {Card} card selected by the first click
 * @param {GraphActions} act
 */
function clickedTwice(event, { node, selection }, act) {
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

/** @param {Event} event whose graph */
function graphOf({ currentTarget }) {
  return /** @type {SVGElement | null} */ (
    /** @type {Element} */ (currentTarget).closest("svg.graph")
  );
}

/**
 * Whether the graph has the focus through keys: then the arrows move in it. A click gives it the focus, too, and leaves the
 * arrows to time; the graph itself has the mark of that, for its style.
 * @param {KeyboardEvent} event
 */
export function isByKeys(event) {
  return graphOf(event)?.dataset.by !== "pointer";
}

/** @param {PointerEvent} event */
export function byPointer(event) {
  const graph = graphOf(event);
  if (graph) graph.dataset.by = "pointer";
}

/**
 * The focus goes elsewhere, but for another window: whoever comes back comes by keys, or is told apart again.
 * @param {FocusEvent} event
 */
export function byNobody(event) {
  const graph = graphOf(event);
  const isInside = graph?.contains(/** @type {Node | null} */ (event.relatedTarget));
  if (graph && !isInside && document.hasFocus()) delete graph.dataset.by;
}

/**
 * By keys, Enter selects and the arrows walk on: on any card, and on an edge's chip. After a click, Enter begins that.
 * @param {KeyboardEvent} event
 * @param {string} id
 * @param {GraphActions} act
 */
export function onKey(event, id, act) {
  if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" && !isByKeys(event)) {
    delete graphOf(event)?.dataset.by;
  } else if (event.key === "Enter") act.select(id);
  else if (event.key.startsWith("Arrow") && isByKeys(event)) act.walk(id, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
