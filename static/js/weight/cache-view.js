/**
 * The cache: what the forward pass keeps for the way back, which gradients are shared, and how much work that saves.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { short } from "../base/format.js";
import { symbol, typeset } from "../formula/symbols-view.js";
import { weightOf } from "../state/panels.js";
import { keyOf, nameOf } from "../trace/entries.js";
import { routesOf } from "../trace/routes.js";
import { isLayered } from "../trace/trace.js";
import { arcsOf, slotsOf, told } from "./cache-arcs.js";
import { answerOf, panelHead, refusal, weightPicker } from "./weight-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("./cache-arcs.js").Arc} Arc */
/** @typedef {import("./cache-arcs.js").Slot} Slot */
/** @typedef {import("./chain.js").ChainAnswer} ChainAnswer */
/** @typedef {import("./weight-view.js").WeightActions} WeightActions */

const SLOT = { width: 74, height: 26, gap: 8 };
const LEVEL = 13;

/**
 * @param {State} state
 * @param {WeightActions} act
 */
export function cacheView(state, act) {
  const { iteration } = state;
  const weight = weightOf(state);
  if (!iteration || !weight) return nothing;
  const name = nameOf(iteration, weight);
  const answer = answerOf(state, "/chain");
  const document = /** @type {ChainAnswer | null | undefined} */ (answer?.document);
  const among = routesOf(iteration, keyOf(weight)).edges;
  const arcs = state.uncached ? [] : arcsOf(iteration, state.beats, among);
  return html`<section class="panel cache" tabindex="0" aria-labelledby="cache-title" aria-busy=${answer?.late ?? true}>
    ${panelHead(
      "cache-title",
      "Cache: what is used again for",
      name,
      html`${weightPicker(state, act)}
      <label class="what"><input type="checkbox" .checked=${state.uncached} @change=${() => act.change({ uncached: !state.uncached })}> without the cache</label>`,
      act,
    )}
    ${answer?.error ? refusal(answer.error) : nothing}
    ${timeline(iteration, slotsOf(iteration, state.beats), arcs, among, act)}
    <div class="cache-words">
      <ul class="arcs-told">${state.uncached ? html`<li>Without the cache nothing is kept: every route to every weight is multiplied out by itself, from C on, and every factor worked out anew.</li>` : arcs.map((it) => html`<li data-point=${it.kind === "value" ? it.id : `∂${it.id}`}><i class="key ${it.kind === "value" ? "value" : "gradient"}"></i> <span>${typeset(told(it, iteration.output), iteration.node)}</span></li>`)}</ul>
      ${document ? counts(document, name, state.uncached, iteration) : nothing}
    </div>
  </section>`;
}

/**
 * @param {Iteration} iteration
 * @param {Slot[]} slots
 * @param {Arc[]} arcs
 * @param {ReadonlySet<string>} among
 * @param {WeightActions} act
 */
function timeline(iteration, slots, arcs, among, act) {
  const pitch = SLOT.width + SLOT.gap;
  const levels = Math.max(1, arcs.filter((it) => it.kind === "value").length);
  const below = arcs.filter((it) => it.kind === "gradient").length;
  const top = levels * LEVEL + 14;
  const height = top + SLOT.height + below * LEVEL + 14;
  /** @param {number} beat */
  const x = (beat) => (beat - 1) * pitch + SLOT.width / 2 + 2;
  let over = 0;
  let under = 0;
  return html`<div class="scroll wide" tabindex="0" role="group" aria-label="Beats in time, and arcs from what is computed to where it is used again. The list says the same in words.">
    <svg class="arcs" width=${slots.length * pitch + 4} height=${height} role="img" aria-label="The arcs are told in the list">
    ${slots.map(
      (
        slot,
      ) => svg`<g class="slot ${slot.phase} ${slot.phase === "backward" && !among.has(slot.key) ? "aside" : ""}" transform="translate(${x(slot.beat) - SLOT.width / 2} ${top})" data-point=${slot.phase === "backward" ? slot.key : nothing} data-tip="beat ${slot.beat}: ${slot.whole}" @click=${() => act.go(slot.beat)}>
      <rect width=${SLOT.width} height=${SLOT.height} rx="6"></rect><text x=${SLOT.width / 2} y="17">${slot.name}</text></g>`,
    )}
    ${arcs.map((it) => {
      const isValue = it.kind === "value";
      const level = isValue ? top - 6 - LEVEL * over++ : top + SLOT.height + 8 + LEVEL * under++;
      const edge = isValue ? top : top + SLOT.height;
      return svg`<g class="arc ${it.kind}" data-point=${isValue ? it.id : `∂${it.id}`} data-tip=${told(it, iteration.output)}><path d="M${x(it.from) - 4} ${edge}V${level}H${x(it.to[it.to.length - 1]) + (isValue ? 4 : 0)}${it.to.map((beat) => `M${x(beat) + (isValue ? 4 : 0)} ${level}V${edge}`).join("")}"></path>
        ${it.to.map((beat) => svg`<circle cx=${x(beat) + (isValue ? 4 : 0)} cy=${edge} r="2.500"></circle>`)}</g>`;
    })}</svg></div>`;
}

/**
 * @param {ChainAnswer} answer
 * @param {string} name
 * @param {boolean} uncached
 * @param {Iteration} iteration
 */
function counts({ multiplications, shared, paths }, name, uncached, iteration) {
  const { network, depths } = multiplications;
  const layers = depths[0]?.layers ?? 0;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Multiplications with and without the cache"><table class="counts ${uncached ? "uncached" : ""}">
      <caption>Multiplications on the way back, counted on the graph</caption>
      <thead><tr><td></td><th scope="col">without the cache</th><th scope="col">with it</th><th scope="col">times fewer</th></tr></thead>
      <tbody>${countRow(`for ${name} (${large(paths)} route${paths === 1 ? "" : "s"})`, multiplications)}
      ${countRow(isLayered(iteration.experiment) ? "for the whole network" : "for all that is learned", network)}
      ${depths.slice(1).map((it) => countRow(`${it.layers / layers} times as deep: ${it.layers} layers, one example`, it))}</tbody></table>
    ${shared.map((it) => html`<p class="facts">${typeset(`∂${iteration.output}/∂${it.node}`, iteration.node)} is computed once and serves ${it.weights} weights, in ${it.parameters.map((id) => html`${symbol(id)} `)}</p>`)}</div>`;
}

/**
 * @param {string} title
 * @param {{ naive: number, cached: number }} count
 */
function countRow(title, { naive, cached }) {
  return html`<tr><th scope="row">${title}</th><td class="naive">${large(naive)}</td><td class="kept">${large(cached)}</td><td>${cached > 0 ? short(Number((naive / cached).toPrecision(3))) : "1"}</td></tr>`;
}

/** @param {number} count */
function large(count) {
  return count < 1e9 ? count.toLocaleString("en").replaceAll(",", "\u202f") : short(count);
}
