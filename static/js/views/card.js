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
/** @typedef {import("./graph.js").Telling} Telling */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {CardPlan} plan
 * @param {{ value: Matrix, known: Known, gradientKnown: Known }} now
 * @param {Telling} telling
 */
export function cardBody(iteration, node, plan, now, { zeros, lights, changed, edit }) {
  const [letters, index] = nameParts(node.id);
  /** @param {number} row @param {number} column */
  const why = (row, column) => zeros?.whyZeroGradient(iteration, node.id, row, column) ?? null;
  /** @param {number} row @param {number} column */
  const whyValue = (row, column) => zeros?.whyZeroValue(iteration, node.id, row, column) ?? null;
  return svg`
    <rect class="card-shape" width=${plan.width} height=${plan.height} rx="9"></rect>
    <text class="card-symbol" x="11" y="21">${letters}<tspan class="index" dy="4">${index}</tspan></text>
    <text class="card-shape-text" x=${plan.width - 10} y="20" text-anchor="end">${node.shape.length > 0 ? shapeText(node.shape) : "cost"}</text>
    ${block(plan.value, now.value, now.known, { name: node.id, sign: node.id, why: whyValue, lights, changed, edit })}
    <text class="card-label" x=${plan.label.x} y=${plan.label.y}>∂${iteration.output}/∂${letters}<tspan class="label-index" dy="2">${index}</tspan></text>
    ${block(plan.gradient, node.gradient, now.gradientKnown, { name: `∂${iteration.output}/∂${node.id}`, sign: `∂${node.id}`, why, lights, changed: null, edit: null })}
  `;
}

/**
 * What a block is of. `name` is how it is read, `sign` how its entries are pointed at: "m0", or "∂m0" for its gradient.
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} sign
 * @property {(row: number, column: number) => string | null} why
 * @property {import("../lights.js").Lights | null} lights
 * @property {ReadonlyMap<string, string> | null} changed what the changed entries were
 * @property {import("./graph.js").Edit | null} edit
 */
/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {Known} known
 * @param {Subject} subject
 */
function block(plan, matrix, known, subject) {
  const kind = `block ${subject.sign.startsWith("∂") ? "gradient" : "value"} ${known}`;
  const place = `translate(${plan.x} ${plan.y})`;
  if (known === "blank")
    return svg`<g class=${kind} transform=${place}>${blankCells(plan, subject)}</g>`;
  const inside = plan.kind === "heat" ? heat(plan, matrix, subject) : numbers(matrix, subject);
  return svg`<g class=${kind} transform=${place}>
    ${inside}
    ${known === "stale" ? svg`<rect class="stale-veil" width=${plan.width} height=${plan.height}></rect>` : nothing}
  </g>`;
}

/**
 * @param {Block} plan
 * @param {Subject} subject
 */
function blankCells(plan, { sign, lights }) {
  if (plan.kind === "heat")
    return svg`<rect class="blank-cell" data-grid="${plan.rows} ${plan.columns}" width=${plan.width} height=${plan.height} rx="3"></rect>`;
  return Array.from({ length: plan.rows * plan.columns }, (_, at) => {
    const [row, column] = [Math.floor(at / plan.columns), at % plan.columns];
    const entry = entryName(sign, row, column);
    return svg`<rect class="blank-cell ${lights?.cells.get(entry) ?? ""}" data-entry=${entry} x=${column * CELL.width + 1.5} y=${row * CELL.height + 1.5} width=${CELL.width - 3} height=${CELL.height - 3} rx="3"></rect>`;
  });
}

/**
 * @param {Matrix} matrix
 * @param {Subject} subject
 */
function numbers(matrix, { name, sign, why, lights, changed, edit }) {
  return cellsOf(matrix).map((line, r) =>
    line.map(({ value, text, digits, tint, bar }, c) => {
      const reason = value === 0 ? why(r, c) : null;
      const entry = entryName(sign, r, c);
      const was = changed?.get(entry);
      return svg`<g transform="translate(${c * CELL.width} ${r * CELL.height})" class="cell tint${tint} ${lights?.cells.get(entry) ?? ""}" data-entry=${entry}>
        <title>${entryName(name, r, c)} = ${digits}${reason ? ` because ${reason}` : ""}${was === undefined ? "" : ` changed from ${was}`}</title>
        <rect class="cell-back" x="1" y="1" width=${CELL.width - 2} height=${CELL.height - 2} rx="3"></rect>
        <text class="cell-text" x=${CELL.width / 2} y="14">${text}</text>
        <rect class="cell-bar" x=${value < 0 ? CELL.width / 2 - bar : CELL.width / 2} y=${CELL.height - 3.5} width=${bar} height="2"></rect>
        ${reason ? svg`<circle class="zero-mark" cx=${CELL.width - 7} cy="7" r="2.500"></circle>` : nothing}
        ${was === undefined ? nothing : svg`<path class="changed-mark" d="M1 1h8l-8 8z"></path>`}
        ${edit?.name === entry ? svg`<foreignObject x="-2" y="-3" width=${CELL.width + 4} height=${CELL.height + 6}>${edit.view()}</foreignObject>` : nothing}
      </g>`;
    }),
  );
}

/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {Subject} subject
 */
function heat(plan, matrix, { name, sign, lights }) {
  const { positive, negative } = heatPaths(matrix, plan.width, plan.height);
  const [width, height] = [plan.width / plan.columns, plan.height / plan.rows];
  return svg`<title>${name}: ${plan.rows} × ${plan.columns} numbers, the largest ${short(largest(matrix))} in size. Full squares are positive, hollow ones negative. Select one to read it.</title>
    <rect class="heat-back" x="-2" y="-2" width=${plan.width + 4} height=${plan.height + 4} rx="3"></rect>
    <path class="heat-positive" d=${positive}></path>
    <path class="heat-negative" d=${negative}></path>
    ${lights?.of(sign).map(({ row, column, light }) => svg`<rect class="heat-light ${light}" x=${column * width - 1} y=${row * height - 1} width=${width + 2} height=${height + 2}></rect>`) ?? nothing}
    <rect class="heat-touch" data-grid="${plan.rows} ${plan.columns}" width=${plan.width} height=${plan.height}></rect>
    ${largest(matrix) === 0 ? svg`<text class="all-zero" x=${plan.width / 2} y=${plan.height / 2 + 4}>all 0</text>` : nothing}`;
}
