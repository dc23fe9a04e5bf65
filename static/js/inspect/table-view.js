/**
 * The same numbers as tables: every node with its value and gradient, every edge with its local partial.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, shapeText } from "../base/format.js";
import { walking } from "../base/roving-focus.js";
import { called } from "../time/sentences.js";
import { valueNow } from "../time/timeline.js";
import { whyZeroGradient, whyZeroValue } from "../trace/why-zero.js";
import { contributionsOf, gradientsOf, localsOf, numbers, valuesOf } from "./inspect-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */

const walkCells = walking("td[tabindex]");

/**
 * @param {State} state
 * @param {Moment} moment
 */
export function tableView(state, moment) {
  const { iteration, selection } = state;
  if (!iteration) return nothing;
  // What is selected is what the Tab key comes to; else the first number.
  const isEntry = selection?.includes("[");
  const stop = isEntry ? selection : entryKey(iteration.nodes[0].id, 0, 0);
  return html`<div class="tables" tabindex="0" role="group" aria-label="All numbers as tables" @keydown=${walkCells}>
    <h2>Nodes, in the order of the forward pass</h2>
    ${iteration.nodes.map((node) => {
      const moved = moment.updated.has(node.id);
      return html`<article class=${moment.beat?.shows === node.id ? "now" : ""}>
        <h3>${called(iteration, node.id)} <span class="what">${shapeText(node.shape)}${node.formula ? ` · ${node.formula}` : ""}</span></h3>
        <div class="pair">${numbers("Value", valuesOf(node), valueNow(iteration, moment, node.id), moment.values[node.id], "value", moved ? undefined : (r, c) => whyZeroValue(iteration, node.id, r, c), selection, stop)}
        ${numbers("Gradient", gradientsOf(iteration, node), node.gradient, moment.gradients[node.id], "gradient", (r, c) => whyZeroGradient(iteration, node.id, r, c), selection, stop)}</div></article>`;
    })}
    <h2>Edges, in the order of the backward pass</h2>
    ${iteration.edges.map(
      (edge) => html`<article class=${moment.beat?.subject === edge.key ? "now" : ""}>
        <h3>∂${edge.of}/∂${edge.wrt} <span class="what">${edge.formula} · ${edge.chain}</span></h3>
        <div class="pair">${numbers("Local partial", localsOf(edge), edge.value, moment.edges[edge.key], "gradient")}
        ${numbers("Contribution", contributionsOf(iteration, edge), edge.contribution, moment.edges[edge.key], "gradient")}</div></article>`,
    )}
  </div>`;
}
