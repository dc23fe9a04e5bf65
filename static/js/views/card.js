/**
 * A node as a card: symbol, shape, its value as numbers or as a heat map, and its gradient under it.
 */

import { nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { CELL, cellsOf, heatPaths, largest } from "../cards.js";
import { entryName, nameParts, shapeText, short } from "../format.js";

/** @typedef {import("../cards.js").CardPlan} CardPlan */
/** @typedef {import("../cards.js").Block} Block */
/** @typedef {import("../trace.js").Matrix} Matrix */
/** @typedef {import("../trace.js").Node} Node */
/** @typedef {import("../trace.js").Iteration} Iteration */
/** @typedef {import("../timeline.js").Known} Known */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {CardPlan} plan
 * @param {{ value: Matrix, known: Known, gradientKnown: Known }} now
 * @param {typeof import("../zeros.js") | undefined} zeros
 */
export function cardBody(iteration, node, plan, now, zeros) {
  const [letters, index] = nameParts(node.id);
  /** @param {number} row @param {number} column */
  const why = (row, column) => zeros?.whyZeroGradient(iteration, node.id, row, column) ?? null;
  /** @param {number} row @param {number} column */
  const whyValue = (row, column) => zeros?.whyZeroValue(iteration, node.id, row, column) ?? null;
  return svg`
    <rect class="card-shape" width=${plan.width} height=${plan.height} rx="9"></rect>
    <text class="card-symbol" x="11" y="21">${letters}<tspan class="index" dy="4">${index}</tspan></text>
    <text class="card-shape-text" x=${plan.width - 10} y="20" text-anchor="end">${node.shape.length > 0 ? shapeText(node.shape) : "cost"}</text>
    ${block(plan.value, now.value, now.known, node.id, whyValue)}
    <text class="card-label" x=${plan.label.x} y=${plan.label.y}>∂${iteration.output}/∂${letters}<tspan class="label-index" dy="2">${index}</tspan></text>
    ${block(plan.gradient, node.gradient, now.gradientKnown, `∂${iteration.output}/∂${node.id}`, why, true)}
  `;
}

/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {Known} known
 * @param {string} name
 * @param {(row: number, column: number) => string | null} why
 * @param {boolean} [gradient]
 */
function block(plan, matrix, known, name, why, gradient = false) {
  const kind = `block ${gradient ? "gradient" : "value"} ${known}`;
  if (known === "blank")
    return svg`<g class=${kind} transform="translate(${plan.x} ${plan.y})">${blankCells(plan)}</g>`;
  const inside = plan.kind === "heat" ? heat(plan, matrix, name) : numbers(matrix, name, why);
  return svg`<g class=${kind} transform="translate(${plan.x} ${plan.y})">
    ${inside}
    ${known === "stale" ? svg`<rect class="stale-veil" width=${plan.width} height=${plan.height}></rect>` : nothing}
  </g>`;
}

/** @param {Block} plan */
function blankCells(plan) {
  if (plan.kind === "heat")
    return svg`<rect class="blank-cell" width=${plan.width} height=${plan.height} rx="3"></rect>`;
  return Array.from({ length: plan.rows * plan.columns }, (_, at) => {
    const x = (at % plan.columns) * CELL.width;
    const y = Math.floor(at / plan.columns) * CELL.height;
    return svg`<rect class="blank-cell" x=${x + 1.5} y=${y + 1.5} width=${CELL.width - 3} height=${CELL.height - 3} rx="3"></rect>`;
  });
}

/**
 * @param {Matrix} matrix
 * @param {string} name
 * @param {(row: number, column: number) => string | null} why
 */
function numbers(matrix, name, why) {
  return cellsOf(matrix).map((line, r) =>
    line.map(({ value, text, digits, tint, bar }, c) => {
      const reason = value === 0 ? why(r, c) : null;
      return svg`<g transform="translate(${c * CELL.width} ${r * CELL.height})" class="cell tint${tint}">
        <title>${entryName(name, r, c)} = ${digits}${reason ? ` because ${reason}` : ""}</title>
        <rect class="cell-back" x="1" y="1" width=${CELL.width - 2} height=${CELL.height - 2} rx="3"></rect>
        <text class="cell-text" x=${CELL.width / 2} y="14">${text}</text>
        <rect class="cell-bar" x=${value < 0 ? CELL.width / 2 - bar : CELL.width / 2} y=${CELL.height - 3.5} width=${bar} height="2"></rect>
        ${reason ? svg`<circle class="zero-mark" cx=${CELL.width - 7} cy="7" r="2.500"></circle>` : nothing}
      </g>`;
    }),
  );
}

/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {string} name
 */
function heat(plan, matrix, name) {
  const { positive, negative } = heatPaths(matrix, plan.width, plan.height);
  return svg`<title>${name}: ${plan.rows} × ${plan.columns} numbers, the largest ${short(largest(matrix))} in size. Full squares are positive, hollow ones negative. Select the card to read them.</title>
    <rect class="heat-back" x="-2" y="-2" width=${plan.width + 4} height=${plan.height + 4} rx="3"></rect>
    <path class="heat-positive" d=${positive}></path>
    <path class="heat-negative" d=${negative}></path>
    ${largest(matrix) === 0 ? svg`<text class="all-zero" x=${plan.width / 2} y=${plan.height / 2 + 4}>all 0</text>` : nothing}`;
}
