/**
 * The slope card: C as a function of one weight, its tangent, and the step that the slope and α make. The weight can be
 * dragged along the curve, and everything else on the page follows.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, nameParts, short, shortened } from "../base/format.js";
import { BEGINNINGS, curveOf, rangeOf, slopeAt } from "../experiment/lecture-sums.js";
import { weightOf } from "../state/panels.js";
import { SLOPE_START } from "../state/state.js";
import { nameOf } from "../trace/entries.js";
import { number } from "../trace/trace.js";
import { direction, following, journey, outcome, SPANS, sum } from "./slope.js";
import { plotView } from "./slope-plot-view.js";
import { answerOf, panelHead, refusal, weightPicker } from "./weight-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("./slope.js").Curve} Curve */
/** @typedef {import("../server/wire.js").components["schemas"]["SlopeAnswer"]} SlopeAnswer */
/**
 * @typedef {import("./weight-view.js").WeightActions & {
 *   editEntry: (entry: Entry, value: number) => void,
 *   editRate: (rate: number) => void,
 *   putBack: () => void,
 *   iterate: (direction: 1 | -1) => void,
 * }} SlopeActions
 */
/**
 * What can be done to a curve, the chosen weight's or a lecture's sum's.
 * @typedef {object} Handles
 * @property {string} name
 * @property {(weight: number) => void} setWeight
 * @property {(rate: number) => void} setRate
 */

/** The range of α on its slider, as powers of ten. */
const RATES = { least: -3, most: 3 };

/**
 * @param {State} state
 * @param {SlopeActions} act
 */
export function slopeView(state, act) {
  const { iteration, slope } = state;
  const weight = weightOf(state);
  if (!iteration || !weight) return nothing;
  const name = nameOf(iteration, weight);
  return html`<section class="panel slope" tabindex="0" aria-labelledby="slope-title">
    ${panelHead(
      "slope-title",
      slope.sum
        ? "Slope: C as a function of w"
        : `Slope: ${nameParts(iteration.output).join("")} as a function of`,
      slope.sum ? "in the lecture's sum" : name,
      html`${slope.sum ? nothing : weightPicker(state, act)} ${sums(state, act)}`,
      act,
    )}
    ${slope.sum ? sumCard(state, act) : weightCard(state, weight, shortened(name, 18, 8), act)}
  </section>`;
}

/**
 * The lecture's two sums, to be played with.
 * @param {State} state
 * @param {SlopeActions} act
 */
function sums({ slope }, act) {
  const cards = [
    { sum: /** @type {const} */ ("rising"), text: "2 − 0.05 · 3" },
    { sum: /** @type {const} */ ("falling"), text: "5 − 0.05 · (−2)" },
  ];
  return html`<span class="switch small" role="group" aria-label="The lecture's sums">
    ${cards.map(
      (
        card,
      ) => html`<button aria-pressed=${slope.sum === card.sum} data-tip="The lecture's sum, on a curve with that slope"
      @click=${() => act.change({ slope: { ...slope, sum: slope.sum === card.sum ? null : card.sum, center: null, span: SLOPE_START.span, weight: BEGINNINGS[card.sum], rate: SLOPE_START.rate } })}>${card.text}</button>`,
    )}</span>`;
}

/**
 * @param {State} state
 * @param {SlopeActions} act
 */
function sumCard({ slope }, act) {
  const range = rangeOf(slope.center, slope.span);
  const curve = curveOf(slope.weight, slope.rate, range);
  const start = BEGINNINGS[/** @type {import("../state/state.js").Sum} */ (slope.sum)];
  /** @param {Partial<State["slope"]>} change */
  const set = (change) => act.change({ slope: { ...slope, ...change } });
  /** @param {number} weight @param {number} rate */
  const to = (weight, rate) => {
    const shown = following(range, weight, weight - rate * slopeAt(weight));
    const stays = shown.center === range.center && shown.span === range.span;
    set({ weight, rate, ...(stays ? {} : shown) });
  };
  /** @type {Handles} */
  const handles = {
    name: "w",
    setWeight: (weight) => to(weight, slope.rate),
    setRate: (rate) => to(slope.weight, rate),
  };
  return html`<div class="slope-card">
    <div>${plotView(curve, "w", (weight) => set({ weight }))}${zoom(slope, range, slope.weight, act)}</div>
    <div class="slope-words">
      <p class="big">${sum(curve.weight, curve.rate, curve.slope, curve.next)}</p>
      <p aria-live="polite">${direction(curve, "w")}</p><p>${outcome(curve)}</p><p>${journey(curve)}</p>
      ${sliders(curve, handles)}
      <p class="row-of"><button @click=${() => to(curve.next, slope.rate)}>Step: w ← w − α · slope</button>
        <button @click=${() => set({ weight: start, rate: SLOPE_START.rate, center: null, span: SLOPE_START.span })}>Start again</button></p>
    </div></div>`;
}

/**
 * @param {State} state
 * @param {Entry} weight
 * @param {string} name
 * @param {SlopeActions} act
 */
function weightCard(state, weight, name, act) {
  const answer = answerOf(state, "/slope");
  if (!answer) return html`<p class="facts">Asking …</p>`;
  const document = /** @type {SlopeAnswer | null} */ (answer.document);
  if (!document) return refusal(answer.error ?? "");
  const curve = { ...decoded(document), ...standingOf(state, weight) };
  const { slope } = state;
  const center = slope.center ?? document.weight;
  /**
   * Shows what holds the point and, where that can be told beforehand, its landing; as it is while both are in view. The
   * landing of a late answer is that of another weight.
   * @param {number} value
   * @param {number} landing
   */
  const follow = (value, landing) => {
    const shown = following({ center, span: slope.span }, value, landing);
    if (slope.center !== shown.center || slope.span !== shown.span)
      act.change({ slope: { ...slope, ...shown } });
  };
  const step = curve.next - curve.weight;
  // Where it falls by a schedule, what is set is the rate that it falls from.
  const first = Number(state.iteration?.next.optimizer?.learning_rate ?? curve.rate);
  /** @type {Handles} */
  const handles = {
    name,
    setWeight: (value) => {
      follow(value, value);
      act.editEntry(weight, value);
    },
    setRate: (rate) => {
      // Every optimizer's step is as long as α says.
      if (first > 0 && !answer.late) follow(curve.weight, curve.weight + (step / first) * rate);
      act.editRate(rate);
    },
  };
  const next = () => {
    if (!answer.late) follow(curve.next, curve.next);
    act.iterate(1);
  };
  return html`<div class="slope-card" aria-busy=${answer.late}>
    <div>${plotView(curve, name, handles.setWeight)}${zoom(slope, { center, span: slope.span }, null, act)}</div>
    <div class="slope-words">
      <p aria-live="polite">${direction(curve, name)}</p><p>${outcome(curve)}</p><p>${journey(curve)}</p>
      ${sliders({ ...curve, rate: first }, handles, state.iteration?.experiment.schedule ? "α0" : "α")}
      <p class="row-of"><button @click=${next}>Take the step with all weights</button>
        <button ?disabled=${state.origin === null} @click=${act.putBack}>Put back</button></p>
    </div><div class="nudges">${nudges(state, document, name, act)}</div></div>`;
}

/**
 * What is a function of the number, and why no step moves it, where that is so.
 * @param {State} state
 * @param {Entry} weight
 * @returns {Pick<Curve, "output" | "fixed">}
 */
function standingOf({ iteration }, { id }) {
  const role = iteration?.node.get(id)?.role;
  const fixed = role === "parameter" ? undefined : role === "constant" ? "a constant" : "data";
  return { output: iteration?.output, fixed };
}

/**
 * @param {SlopeAnswer} answer
 * @returns {Curve}
 */
function decoded(answer) {
  return {
    weight: answer.weight,
    cost: number(answer.cost),
    slope: number(answer.slope),
    weights: answer.weights,
    costs: answer.costs.map(number),
    rate: answer.learning_rate ?? 0,
    next: number(answer.next_weight),
    nextCost: number(answer.next_cost),
    descent: answer.descent.map((it) => ({ weight: number(it.weight), cost: number(it.cost) })),
  };
}

/**
 * How much of the curve is shown, and its middle brought to the point.
 * @param {State["slope"]} slope
 * @param {import("./slope.js").Range} shown
 * @param {number | null} middle what Centre sets it to; null: wherever the weight is
 * @param {SlopeActions} act
 */
function zoom(slope, { center, span }, middle, act) {
  const at = SPANS.findIndex((it) => it <= span);
  /** @param {number} index */
  const to = (index) =>
    act.change({
      slope: { ...slope, center, span: SPANS[Math.min(Math.max(index, 0), SPANS.length - 1)] },
    });
  return html`<p class="row-of small">Shown: ± ${short(span)}
    <button aria-label="Show more of the curve" @click=${() => to(at - 1)}>−</button>
    <button aria-label="Show less of the curve, larger" @click=${() => to(at + 1)}>+</button>
    <button @click=${() => act.change({ slope: { ...slope, center: middle } })}>Centre</button></p>`;
}

/**
 * @param {Curve} curve
 * @param {Handles} handles
 * @param {string} [alpha] the learning rate, or that which it falls from
 */
function sliders(curve, { name, setWeight, setRate }, alpha = "α") {
  const [low, high] = [curve.weights[0], curve.weights[curve.weights.length - 1]];
  const power = curve.rate > 0 ? Math.log10(curve.rate) : RATES.least;
  return html`<div class="sliders">
    <label>${name} <input type="range" min=${low} max=${high} step=${(high - low) / 400} .value=${String(curve.weight)} aria-valuetext=${short(curve.weight)}
      @input=${(/** @type {Event} */ event) => setWeight(numberIn(event))}></label>
    <input type="number" step="any" aria-label="${name}, as a number" .value=${String(curve.weight)} @change=${(/** @type {Event} */ event) => onNumber(event, setWeight)}>
    <label>${alpha} <input type="range" min=${RATES.least} max=${RATES.most} step="0.02" .value=${String(power)} aria-valuetext=${short(curve.rate)}
      @input=${(/** @type {Event} */ event) => setRate(Number((10 ** numberIn(event)).toPrecision(3)))}></label>
    <input type="number" step="any" min="0" aria-label="Learning rate ${alpha}, as a number" .value=${String(curve.rate)} @change=${(/** @type {Event} */ event) => onNumber(event, setRate, 0)}>
    <span class="row-of small"><button @click=${() => setRate(curve.rate / 2)}>${alpha} ÷ 2</button><button @click=${() => setRate(curve.rate * 2)}>${alpha} × 2</button></span>
  </div>`;
}

/** @param {Event} event */
function numberIn(event) {
  return Number(/** @type {HTMLInputElement} */ (event.target).value);
}

/**
 * What was typed, where it is a number that can be taken; else it stays there, marked.
 * @param {Event} event
 * @param {(value: number) => void} take
 * @param {number} [least]
 */
function onNumber(event, take, least = Number.NEGATIVE_INFINITY) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const value = Number(input.value);
  const right = input.value !== "" && Number.isFinite(value) && value >= least;
  input.setCustomValidity(right ? "" : `Type a number${least === 0 ? " that is 0 or more" : ""}.`);
  if (right) take(value);
  else input.reportValidity();
}

/**
 * The weight nudged by ±h: the difference quotient closes in on the slope, until rounding breaks it.
 * @param {State} state
 * @param {SlopeAnswer} answer
 * @param {string} name
 * @param {SlopeActions} act
 */
function nudges({ slope, iteration }, answer, name, act) {
  const output = iteration?.output ?? "C";
  if (![answer.cost, answer.slope].map(number).every(Number.isFinite))
    return html`<p class="facts">The run has diverged: there is no slope for a difference quotient to close in on.</p>`;
  const rows = answer.differences;
  const chosen = rows.find((it) => it.step === slope.nudge) ?? rows[0];
  const errors = rows.map((it) => number(it.error)).filter(Number.isFinite);
  const least = Math.min(...errors);
  // Where all are as far off, as on a flat curve, none is the closest.
  const best = errors.every((it) => it === least) ? Number.NaN : least;
  const [cost, steep] = [number(answer.cost), number(answer.slope)];
  return html`<h3>Nudge ${name} by h</h3>
    <p>If ${name} grows by ${chosen.step}, the slope predicts Δ${output} = ${short(steep * chosen.step)}; it will be <b tabindex="0" data-tip=${full(number(chosen.upper) - cost)}>${short(number(chosen.upper) - cost)}</b>.</p>
    <div class="scroll" tabindex="0" role="group" aria-label="Difference quotients"><table class="quotients">
      <thead><tr><th scope="col">h</th><th scope="col">(${output}(w + h) − ${output}(w − h)) / 2h</th><th scope="col">off by</th></tr></thead>
      <tbody>${rows.map(
        (
          it,
        ) => html`<tr class="${it === chosen ? "now" : ""} ${number(it.error) === best ? "best" : ""}">
        <th scope="row"><button class="link" aria-pressed=${it === chosen} @click=${() => act.change({ slope: { ...slope, nudge: it.step } })}>${it.step}</button></th>
        <td data-tip=${full(number(it.quotient))}>${digits(number(it.quotient))}</td><td data-tip=${full(number(it.error))}>${number(it.error) === best ? html`<span class="what">closest</span> ` : nothing}${short(number(it.error))}</td></tr>`,
      )}</tbody></table></div>
    ${answer.kink ? html`<p class="facts">Here there is a corner: ${output} falls or rises one way on the left of ${name} and another way on the right. The quotient lies between the two slopes however small h is; the engine takes one of its own at the corner, <span tabindex="0" data-tip=${full(steep)}>${digits(steep)}</span>.</p>` : closing(steep, output)}`;
}

/**
 * @param {number} steep
 * @param {string} output
 */
function closing(steep, output) {
  return html`<p class="facts">As h shrinks the quotient closes in on the slope <span tabindex="0" data-tip=${full(steep)}>${digits(steep)}</span>; then ${output}(w + h) and ${output}(w − h) share so many digits that rounding is all that is left.</p>`;
}

/**
 * So many digits that the quotients can be seen to close in, and no more: how far they are off stands beside them.
 * @param {number} value
 */
function digits(value) {
  return Number.isFinite(value) ? full(Number(value.toPrecision(8))) : full(value);
}
