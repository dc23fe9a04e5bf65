/**
 * A matrix too large for numbers as a heat map: in a card, and in miniature on an edge. Loaded where there is one.
 */

import { nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf, largest, remembering, short } from "../base/format.js";
import { heatPaths } from "../base/heat-map.js";

/** @typedef {import("../trace/trace.js").Matrix} Matrix */

/** Whether all is finite: NaN and ∞ must never read as 0. */
const allFinite = remembering((/** @type {number[][]} */ matrix) =>
  matrix.every((row) => row.every(Number.isFinite)),
);

/** @param {import("./card.js").Shown} shown */
export function heatView({ block, matrix, of, sign, highlights }) {
  const { rows, columns, width, height } = block;
  const { positive, negative } = heatPaths(matrix, width, height);
  const [cellWidth, cellHeight] = [width / columns, height / rows];
  const size = allFinite(matrix)
    ? `the largest ${short(largest(matrix))} in size`
    : "some of them beyond what a double can hold";
  const tip = `${of.id}: ${rows} × ${columns} numbers, ${size}. Full squares are positive, hollow ones negative. Select one to read it; double-click to zoom to its numbers.`;
  return svg`<rect class="heat-back" x="-2" y="-2" width=${width + 4} height=${height + 4} rx="3"></rect>
    <path class="heat-positive" d=${positive}></path>
    <path class="heat-negative" d=${negative}></path>
    ${[...highlights].map(([entry, highlight]) => {
      const at = entry.startsWith(`${sign}[`) ? entryOf(entry.replace("∂", "")) : null;
      return at
        ? svg`<rect class="heat-highlight ${highlight}" x=${at.column * cellWidth - 1} y=${at.row * cellHeight - 1} width=${cellWidth + 2} height=${cellHeight + 2}></rect>`
        : nothing;
    })}
    <rect class="heat-touch" data-grid="${rows} ${columns}" data-tip=${tip} width=${width} height=${height}></rect>
    ${largest(matrix) === 0 ? svg`<text class="all-zero" x=${width / 2} y=${height / 2 + 4}>${allFinite(matrix) ? "all 0" : "no number"}</text>` : nothing}`;
}

/**
 * @param {Matrix} matrix
 * @param {{ x: number, y: number, width: number, height: number }} place
 */
export function miniature(matrix, { x, y, width, height }) {
  const { positive, negative } = heatPaths(matrix, width, height);
  return svg`<g transform="translate(${x} ${y})"><path class="chip-mark" d="${positive}${negative}"></path></g>`;
}
