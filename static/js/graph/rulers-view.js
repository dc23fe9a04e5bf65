/**
 * What of the heat maps is near enough to be read, and the indices at their edges: which row, which column, of which node.
 */

import { svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf } from "../base/format.js";
import { INDEX, nearOf, rulersOf } from "./level-of-detail.js";

/** @typedef {import("./level-of-detail.js").Ruler} Ruler */

/**
 * @param {import("./graph-view.js").Drawing} drawing
 * @param {import("./camera.js").Window} sight
 * @param {number} zoom pixels in a unit of the drawing
 * @param {string | null} selection
 * @returns {import("./graph-view.js").Near}
 */
export function nearIn({ cards, layout: { boxes } }, sight, zoom, selection) {
  const chosen = selection?.includes("[") ? entryOf(selection) : null;
  /** @type {Map<string, import("./card.js").Nearness>} */
  const near = new Map();
  const rulers = [];
  for (const [id, { value, gradient }] of cards) {
    const card = boxes.get(id);
    if (!card || value.kind !== "heat") continue;
    const nearness = {
      value: nearOf(value, card, sight, zoom),
      gradient: nearOf(gradient, card, sight, zoom),
    };
    near.set(id, nearness);
    const at = chosen?.id === id ? chosen : null;
    if (nearness.value)
      rulers.push(rulersView(id, rulersOf(value, card, nearness.value, sight, zoom), zoom, at));
    if (nearness.gradient)
      rulers.push(
        rulersView(`∂${id}`, rulersOf(gradient, card, nearness.gradient, sight, zoom), zoom, at),
      );
  }
  return { near, rulers };
}

/**
 * @param {string} name whose entries these are
 * @param {{ rows: Ruler, columns: Ruler }} rulers
 * @param {number} zoom pixels in a unit of the drawing
 * @param {{ row: number, column: number } | null} chosen the entry that is selected, where it is of this heat map
 */
function rulersView(name, { rows, columns }, zoom, chosen) {
  const across = (columns.to - columns.from) * zoom;
  const down = (rows.to - rows.from) * zoom;
  return svg`<g class="ruler" aria-hidden="true">
    <g transform="translate(${columns.from} ${columns.edge}) scale(${1 / zoom})"><rect class="ruler-back" width=${Math.max(0, across)} height=${INDEX.height}></rect>
      ${columns.marks.map(({ index, at }) => mark(index, (at - columns.from) * zoom, INDEX.height / 2, index === chosen?.column))}</g>
    <g transform="translate(${rows.edge} ${rows.from}) scale(${1 / zoom})"><rect class="ruler-back" width=${INDEX.width} height=${Math.max(0, down)}></rect>
      ${rows.marks.map(({ index, at }) => mark(index, INDEX.width / 2, (at - rows.from) * zoom, index === chosen?.row))}</g>
    <g transform="translate(${rows.edge} ${columns.edge}) scale(${1 / zoom})"><rect class="ruler-back" width=${INDEX.width} height=${INDEX.height}></rect>
      ${mark(name, INDEX.width / 2, INDEX.height / 2, false)}</g>
  </g>`;
}

/**
 * @param {number | string} index
 * @param {number} x
 * @param {number} y
 * @param {boolean} isChosen
 */
function mark(index, x, y, isChosen) {
  return svg`<text class=${isChosen ? "ruler-text chosen" : "ruler-text"} x=${x} y=${y + 4}>${index}</text>`;
}
