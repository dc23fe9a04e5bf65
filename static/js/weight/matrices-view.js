/**
 * The chain rule in whole matrices: one formula, then product by product with shapes. A cell of a product lights up the
 * cells that made it.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, shapeText, short } from "../base/format.js";
import { equation, rightSide } from "../formula/math-view.js";
import { ratio, symbol } from "../formula/symbols-view.js";
import { keyOf, nameOf } from "../trace/entries.js";
import { cachedAsItStands, meetingOf, summedOver } from "../trace/rule.js";
import { edgesTo, formulasOf } from "./matrices.js";

/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("../state/highlights.js").Highlights} Highlights */
/** @typedef {{ iteration: Iteration, weight: Entry, moment: Moment, highlights: Highlights | null }} Scene */

const MOST = 5;
const EACH_ROW = "· for each row its own";

/**
 * @param {Iteration} iteration
 * @param {Entry} weight
 * @param {Moment} moment
 * @param {Highlights | null} highlights
 */
export function matricesView(iteration, weight, moment, highlights) {
  const scene = { iteration, weight, moment, highlights };
  const edges = edgesTo(iteration, weight.id);
  return html`${formulasOf(iteration, weight.id).map((it) => html`<div class="whole scroll" tabindex="0" role="group" aria-label="The chain rule in one formula">${equation(it)}</div>`)}
    <ol class="products">${edges.map((edge) => {
      const all = edges.filter(({ wrt }) => wrt === edge.wrt);
      const isLast = all.length > 1 && edge === all[all.length - 1];
      return [productView(scene, edge, all.length > 1), isLast ? sumView(scene, all) : nothing];
    })}</ol>
    <p class="facts">Point at a cell of a gradient: the cells it is made of light up, here and in the graph.</p>`;
}

/**
 * What one edge passes back.
 * @param {Scene} scene
 * @param {Edge} edge
 * @param {boolean} isPart of a gradient, which is a sum
 */
function productView(scene, edge, isPart) {
  const { iteration, moment } = scene;
  const goal = iteration.node.get(edge.wrt);
  const upstream = iteration.node.get(edge.of);
  if (!goal || !upstream) return nothing;
  const known = moment.edges[edge.key] !== "blank";
  const name = ratio(iteration.output, goal.id);
  const isColumn = meetsColumn(edge);
  const stands = isColumn && goal.shape.length === 1;
  const part = stands ? transposed(edge.contribution) : edge.contribution;
  const result = isPart
    ? captioned(
        html`${name} by way of ${symbol(edge.of)}`,
        goal.shape,
        matrixView(scene, "", part, { known, at: null }),
      )
    : captioned(name, goal.shape, gradientView(scene, goal.id, known, stands));
  // A part is not the gradient itself: of its equation only what it is made of is true.
  if (edge.of === iteration.output)
    return html`<li>${result} ${isPart ? html`<i>=</i> ${rightSide(edge.formula)}` : equation(edge.formula)}</li>`;
  const isKnown = moment.gradients[upstream.id] !== "blank";
  const g = captioned(
    ratio(iteration.output, upstream.id),
    upstream.shape,
    gradientView(scene, upstream.id, isKnown, isColumn),
  );
  return html`<li>${result} <i>=</i> ${operands(scene, edge, g)}</li>`;
}

/**
 * A gradient as the sum of what comes back from each place.
 * @param {Scene} scene
 * @param {Edge[]} edges
 */
function sumView(scene, edges) {
  const { iteration, moment } = scene;
  const goal = iteration.node.get(edges[0].wrt);
  if (!goal) return nothing;
  const known = edges.every(({ key }) => moment.edges[key] !== "blank");
  const name = ratio(iteration.output, goal.id);
  return html`<li>${captioned(name, goal.shape, gradientView(scene, goal.id, known))} <i>= the sum by way of
    ${edges.map(({ of }, at) => html`${at > 0 ? " + " : ""}${symbol(of)}`)}</i></li>`;
}

/**
 * @param {Scene} scene
 * @param {string} id
 * @param {boolean} known
 * @param {boolean} [turned] whether a vector stands upright
 */
function gradientView(scene, id, known, turned = false) {
  const gradient = scene.iteration.node.get(id)?.gradient ?? [];
  const at = id === scene.weight.id && !turned ? scene.weight : null;
  const shown = turned ? transposed(gradient) : gradient;
  return matrixView(scene, `∂${id}`, shown, { known, at, turned });
}

/**
 * Whether an edge leads back from a matrix times a vector: the vectors in that product stand upright.
 * @param {Edge} edge
 */
function meetsColumn({ rule, letters }) {
  return rule.startsWith("matmul") && letters.of === "r";
}

/**
 * The shape of a local partial, which is that of what it is multiplied with, not always that of the input.
 * @param {Edge} edge
 */
function shapeOfPartial({ letters, value }) {
  const shape = [value.length, value[0]?.length ?? 0];
  return shape.slice(2 - Math.min(2, letters.partial.length));
}

/**
 * What stands on the right of a product, in the order of the rule.
 * @param {Scene} scene
 * @param {Edge} edge
 * @param {unknown} g the upstream gradient
 */
function operands(scene, edge, g) {
  const { iteration, moment } = scene;
  const cached = cachedAsItStands(edge) ?? "";
  const node = iteration.node.get(cached);
  // Turned, what stands upright lies down.
  const lies = meetsColumn(edge) && node?.shape.length === 1;
  const turned = () =>
    captioned(
      html`${symbol(cached)}<sup>T</sup>`,
      (node?.shape ?? []).toReversed(),
      matrixView(scene, cached, lies ? (node?.value ?? []) : transposed(node?.value ?? []), {
        known: moment.values[cached] !== "blank",
        at: null,
        turned: !lies,
      }),
    );
  const local = () =>
    captioned(
      ratio(edge.of, edge.wrt),
      shapeOfPartial(edge),
      matrixView(scene, "", edge.value, { known: moment.edges[edge.key] !== "blank", at: null }),
    );
  /** @type {Record<string, () => unknown>} */
  const parts = { upstream: () => g, turned, local };
  /** @type {Record<string, string>} */
  const words = {
    Σ: `Σ ${summedOver(edge) || "all"} of`,
    ...(edge.jacobians.length > 0 && { "·": EACH_ROW }),
  };
  return meetingOf(edge).map((part) =>
    part.startsWith("moved")
      ? html`<i>moved back:</i> ${g}`
      : (parts[part]?.() ?? html` <i>${words[part] ?? part}</i> `),
  );
}

/**
 * @param {unknown} name
 * @param {readonly number[]} shape
 * @param {unknown} matrix
 */
function captioned(name, shape, matrix) {
  return html`<figure class="operand"><figcaption>${name} <span class="shape">${shapeText(shape)}</span></figcaption>${matrix}</figure>`;
}

/** @param {Matrix} matrix */
function transposed(matrix) {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column]));
}

/**
 * A matrix in cells that can be pointed at; of a large one the first rows and columns, and those of the chosen entry.
 * @param {Scene} scene
 * @param {string} sign how its entries are pointed at; empty where no node holds them
 * @param {Matrix} matrix
 * @param {{ known: boolean, at: Entry | null, turned?: boolean }} shown
 */
function matrixView({ iteration, highlights }, sign, matrix, { known, at, turned = false }) {
  const id = sign.replace("∂", "");
  const begins = sign === id ? "" : `∂${iteration.output}/∂`;
  const rows = window(matrix.length, at?.row ?? 0);
  const columns = window(matrix[0]?.length ?? 0, at?.column ?? 0);
  const cut = rows.length < matrix.length || columns.length < (matrix[0]?.length ?? 0);
  return html`<table class="matrix" aria-label=${sign || "local partial"}>${rows.map(
    (r) =>
      html`<tr>${columns.map((c) => {
        const entry = { id, row: turned ? c : r, column: turned ? r : c };
        const key = sign ? keyOf({ ...entry, id: sign }) : nothing;
        const highlight = highlights?.cells.get(String(key)) ?? "";
        const name = sign ? `${begins}${nameOf(iteration, entry)}` : "";
        return html`<td class="cell ${highlight}" tabindex=${begins ? 0 : nothing} data-entry=${key} data-tip=${known ? `${name} = ${full(matrix[r][c])}` : "not computed yet"}>${known ? short(matrix[r][c]) : "?"}</td>`;
      })}</tr>`,
  )}</table>${cut ? html`<span class="shape">${rows.length} × ${columns.length} of it</span>` : nothing}`;
}

/**
 * @param {number} count
 * @param {number} at
 */
function window(count, at) {
  const first = Math.max(0, Math.min(at - 2, count - MOST));
  return Array.from({ length: Math.min(count, MOST) }, (_, index) => first + index);
}
