/**
 * A node as a card: symbol, shape, its value as numbers or as a heat map, and its gradient under it.
 */

import { noChange, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { brief, entryName, nameParts, remembering, shapeText, short } from "../base/format.js";
import { heatPaths, largest } from "../base/marks.js";
import { CELL, cellOf, cellsOf } from "./card.js";

/** @typedef {import("./card.js").CardPlan} CardPlan */
/** @typedef {import("./card.js").Block} Block */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Known} Known */
/** @typedef {import("./graph-view.js").Telling} Telling */
/** @typedef {import("./level-of-detail.js").Near} Near */
/** @typedef {{ value: Near | null, gradient: Near | null }} Nearness what of a card's heat maps is near enough to be read */

/**
 * @param {Iteration} iteration
 * @param {Node} node
 * @param {CardPlan} plan
 * @param {{ value: Matrix, known: Known, gradientKnown: Known }} now
 * @param {Telling} telling
 * @param {Nearness | undefined} near
 */
export function cardBody(iteration, node, plan, now, { zeros, lights, changed, edit }, near) {
  const [letters, index] = nameParts(node.id);
  /** @param {number} row @param {number} column */
  const why = (row, column) => zeros?.whyZeroGradient(iteration, node.id, row, column) ?? null;
  /** @param {number} row @param {number} column */
  const whyValue = (row, column) => zeros?.whyZeroValue(iteration, node.id, row, column) ?? null;
  return svg`
    <rect class="card-shape" width=${plan.width} height=${plan.height} rx="9"></rect>
    <text class="card-symbol" x="11" y="21">${letters}<tspan class="index" dy="4">${index}</tspan></text>
    <text class="card-shape-text" x=${plan.width - 10} y="20" text-anchor="end">${node.shape.length > 0 ? shapeText(node.shape) : "cost"}</text>
    ${block(plan.value, now.value, now.known, { name: node.id, sign: node.id, why: whyValue, lights, changed, edit, near: near?.value })}
    <text class="card-label" x=${plan.label.x} y=${plan.label.y}>∂${iteration.output}/∂${letters}<tspan class="label-index" dy="2">${index}</tspan></text>
    ${block(plan.gradient, node.gradient, now.gradientKnown, { name: `∂${iteration.output}/∂${node.id}`, sign: `∂${node.id}`, why, lights, changed: null, edit: null, near: near?.gradient })}
  `;
}

/**
 * What a block is of. `name` is how it is read, `sign` how its entries are pointed at: "m0", or "∂m0" for its gradient.
 * @typedef {object} Subject
 * @property {string} name
 * @property {string} sign
 * @property {(row: number, column: number) => string | null} why
 * @property {import("../state/highlights.js").Lights | null} lights
 * @property {ReadonlyMap<string, string> | null} changed what the changed entries were
 * @property {import("./graph-view.js").Edit | null} edit
 * @property {Near | null | undefined} near of a heat map
 */
/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {Known} known
 * @param {Subject} subject
 */
function block(plan, matrix, known, subject) {
  const kind = `block ${plan.kind} ${subject.sign.startsWith("∂") ? "gradient" : "value"} ${known}`;
  const place = `translate(${plan.x} ${plan.y})`;
  if (known === "blank")
    return svg`<g class=${kind} transform=${place}>${blankCells(plan, subject)}</g>`;
  const inside =
    plan.kind === "heat" && !subject.near
      ? heat(plan, matrix, subject)
      : svg`<g transform="scale(${subject.near?.scale ?? 1})">${numbers(matrix, subject)}</g>`;
  return svg`<g class=${kind} transform=${place}>
    ${inside}
    ${known === "stale" ? svg`<rect class="stale-veil" width=${plan.width} height=${plan.height}></rect>` : nothing}
  </g>`;
}

/**
 * @param {Block} plan
 * @param {Subject} subject
 */
function blankCells(plan, { sign, lights, near }) {
  if (plan.kind === "heat" && !near)
    return svg`<rect class="blank-cell" data-grid="${plan.rows} ${plan.columns}" width=${plan.width} height=${plan.height} rx="3"></rect>`;
  const { top, left, bottom, right, width, height, scale } = near ?? wholly(plan);
  return svg`<g transform="scale(${scale})">${range(top, bottom).map((row) =>
    range(left, right).map((column) => {
      const entry = entryName(sign, row, column);
      return svg`<rect class="blank-cell ${lights?.cells.get(entry) ?? ""}" data-entry=${entry} x=${column * width + 1.5} y=${row * height + 1.5} width=${width - 3} height=${height - 3} rx="3"></rect>`;
    }),
  )}</g>`;
}

/**
 * All of a small matrix.
 * @param {{ rows: number, columns: number }} grid
 */
function wholly({ rows, columns }) {
  return { top: 0, left: 0, bottom: rows, right: columns, scale: 1, level: "full", ...CELL };
}

/**
 * @param {number} from
 * @param {number} to
 */
function range(from, to) {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

/**
 * @param {Matrix} matrix
 * @param {Subject} subject
 */
function numbers(matrix, subject) {
  const { near } = subject;
  if (!near) return cellsOf(matrix).map((line, r) => line.map((it, c) => cell(it, r, c, subject)));
  const most = largest(matrix);
  return range(near.top, near.bottom).map((r) =>
    range(near.left, near.right).map((c) => cell(cellOf(matrix[r][c], most), r, c, subject)),
  );
}

/**
 * @param {import("./card.js").Cell} shown
 * @param {number} r
 * @param {number} c
 * @param {Subject} subject
 */
function cell({ value, text, digits, tint, bar }, r, c, subject) {
  const { name, sign, why, lights, changed, edit, near } = subject;
  const { width, height } = near ?? CELL;
  const isBrief = near?.level === "brief";
  const reason = value === 0 ? why(r, c) : null;
  const entry = entryName(sign, r, c);
  const was = changed?.get(entry);
  const middle = width / 2;
  return svg`<g transform="translate(${c * width} ${r * height})" class="cell tint${tint} ${lights?.cells.get(entry) ?? ""}" data-entry=${entry}>
        <title>${entryName(name, r, c)} = ${digits}${reason ? ` because ${reason}` : ""}${was === undefined ? "" : ` changed from ${was}`}</title>
        <rect class="cell-back" x="1" y="1" width=${width - 2} height=${height - 2} rx="3"></rect>
        <text class="cell-text" x=${middle} y=${height / 2 + 4}>${isBrief ? brief(value) : text}</text>
        ${isBrief ? nothing : svg`<rect class="cell-bar" x=${value < 0 ? middle - bar : middle} y=${height - 3.5} width=${bar} height="2"></rect>`}
        ${reason ? svg`<circle class="zero-mark" cx=${width - 7} cy="7" r="2.500"></circle>` : nothing}
        ${was === undefined ? nothing : svg`<path class="changed-mark" d="M1 1h8l-8 8z"></path>`}
        ${edit?.name === entry ? svg`<foreignObject x="-2" y=${height / 2 - 13} width=${width + 4} height="26">${edit.view()}</foreignObject>` : nothing}
      </g>`;
}

/** Whether all is finite: NaN and ∞ must never read as 0. */
const allFinite = remembering((matrix) => matrix.every((row) => row.every(Number.isFinite)));

/**
 * @param {Block} plan
 * @param {Matrix} matrix
 * @param {Subject} subject
 */
function heat(plan, matrix, { name, sign, lights }) {
  const { positive, negative } = heatPaths(matrix, plan.width, plan.height);
  const [width, height] = [plan.width / plan.columns, plan.height / plan.rows];
  const size = allFinite(matrix)
    ? `the largest ${short(largest(matrix))} in size`
    : "some of them beyond what a double can hold";
  return svg`<title>${name}: ${plan.rows} × ${plan.columns} numbers, ${size}. Full squares are positive, hollow ones negative. Select one to read it; double-click to zoom to its numbers.</title>
    <rect class="heat-back" x="-2" y="-2" width=${plan.width + 4} height=${plan.height + 4} rx="3"></rect>
    <path class="heat-positive" d=${positive}></path>
    <path class="heat-negative" d=${negative}></path>
    ${lights?.of(sign).map(({ row, column, light }) => svg`<rect class="heat-light ${light}" x=${column * width - 1} y=${row * height - 1} width=${width + 2} height=${height + 2}></rect>`) ?? nothing}
    <rect class="heat-touch" data-grid="${plan.rows} ${plan.columns}" width=${plan.width} height=${plan.height}></rect>
    ${largest(matrix) === 0 ? svg`<text class="all-zero" x=${plan.width / 2} y=${plan.height / 2 + 4}>${allFinite(matrix) ? "all 0" : "no number"}</text>` : nothing}`;
}

/**
 * lit-html's `guard`: what was drawn is remembered by the place on the page, not by the caller, so a place that is made
 * anew is drawn anew. The underscored names are those by which lit-html 3 calls a directive.
 */
class Memo {
  /** @type {readonly unknown[] | null} */
  #before = null;

  _$AT() {}

  /**
   * @param {unknown} _part
   * @param {[readonly unknown[], () => unknown]} values
   */
  _$AS(_part, [dependsOn, make]) {
    const before = this.#before;
    if (before && dependsOn.every((it, at) => it === before[at])) return noChange;
    this.#before = dependsOn;
    return make();
  }
}

/**
 * A part of a view that is made again only when something that it depends on has changed.
 * @param {readonly unknown[]} dependsOn compared one by one, by identity; as many at every call
 * @param {() => unknown} make
 * @returns {unknown} for the place of a child in a template
 */
export function memo(dependsOn, make) {
  return { _$litDirective$: Memo, values: [dependsOn, make] };
}
