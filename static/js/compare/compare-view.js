/**
 * The Compare panel: two runs from the same start that differ in one thing, side by side, and where they part.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { full, short } from "../base/format.js";
import { spaced } from "../base/words.js";
import { typeset } from "../formula/symbols-view.js";
import { formOf, isOfThisRun } from "./compare-setting.js";
import { curvesOf } from "./curves.js";
import { pairView, readingView } from "./curves-view.js";
import { partingSentence, toldApart } from "./first-difference.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./compare-setting.js").Desk} Desk */
/** @typedef {import("./compare-setting.js").Form} Form */
/** @typedef {import("./compare-setting.js").Result} Result */
/** @typedef {import("./compare-setting.js").Trained} Trained */
/** @typedef {import("./work.js").CompareActions} CompareActions */

/** From here on a linear scale shows nothing of the end of a curve. */
const SPREAD_FOR_LOG = 100;

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {CompareActions} act
 */
export function compareView(state, desk, act) {
  const form = formOf(state, desk);
  return html`<section class="panel compare-panel" aria-labelledby="compare-title" tabindex="0" aria-busy=${!form && !desk.error}>
    <h2 id="compare-title">Compare <span class="what">two runs from the same start that differ in one thing</span></h2>
    ${desk.error ? html`<p class="remark" role="alert">${desk.error} <button class="link" @click=${() => act.set({ error: null })}>Dismiss</button></p>` : nothing}
    ${form ? formView(state, form, desk, act) : html`<p class="hint">${desk.error ? "" : "Asking the server in what two runs may differ …"}</p>`}
    ${desk.result ? resultView(state, desk.result, desk, act) : nothing}
  </section>`;
}

/**
 * @param {State} state
 * @param {Form} form
 * @param {Desk} desk
 * @param {CompareActions} act
 */
function formView(state, form, desk, act) {
  const { variants, variant, problems, suggestions } = form;
  const problem = [problems.value, problems.steps].filter(Boolean).join(" ");
  const number = state.iteration?.number ?? 0;
  return html`<form class="compare-form" novalidate @submit=${submitting(act)}>
      <span>Train this run and one that differs in</span>
      <select aria-label="What the other run differs in" @change=${(/** @type {Event} */ event) => act.set({ what: textOf(event) })}>
        ${variants.map((it) => html`<option value=${it.id} ?selected=${it === variant}>${it.label}</option>`)}</select>
      ${variant.now === null ? nothing : html`<span class="what">(here ${written(variant.now)})</span>`}
      <span>=</span> ${valueView(form, act)}
      ${variant.kind === "optimizer" ? html`<label class="compare-same"><input type="checkbox" .checked=${desk.sameRate} @change=${(/** @type {Event} */ event) => act.set({ sameRate: /** @type {HTMLInputElement} */ (event.target).checked })}> with the same learning rate</label>` : nothing}
      <span>for</span> <input class="compare-steps" type="text" inputmode="numeric" autocomplete="off" aria-label="Iterations" aria-invalid=${problems.steps ? "true" : "false"} aria-describedby="compare-problem" .value=${desk.steps} @input=${(/** @type {Event} */ event) => act.set({ steps: textOf(event) })}>
      <span>iterations, from</span>
      <select aria-label="Where both begin" @change=${(/** @type {Event} */ event) => act.set({ from: textOf(event) === "here" ? "here" : "start" })}>
        <option value="start" ?selected=${desk.from === "start"}>the start of the run</option>
        <option value="here" ?selected=${desk.from === "here"}>here, iteration ${spaced(number)}</option></select>
      ${desk.running ? runningView(desk.running, act) : html`<button class="compare-go" type="submit">Compare</button>`}
    </form>
    <p id="compare-problem" class=${problem ? "compare-problem" : "visually-hidden"} role="status">${problem}</p>
    <p class="compare-try"><span class="what">Try:</span> ${suggestions.map((it) => html`<button type="button" @click=${() => act.suggest(it.difference)}>${it.label}</button>`)}</p>`;
}

/** @param {number | string | boolean} value */
function written(value) {
  return typeof value === "number" ? short(value) : String(value).replaceAll("_", " ");
}

/** @param {CompareActions} act */
function submitting(act) {
  return (/** @type {Event} */ event) => {
    event.preventDefault();
    act.start();
  };
}

/** @param {Event} event */
function textOf(event) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value;
}

/**
 * @param {Form} form
 * @param {CompareActions} act
 */
function valueView({ variant, text, problems }, act) {
  const typing = (/** @type {Event} */ event) => {
    const typed = textOf(event);
    act.set((now) => ({ typed: { ...now.typed, [variant.id]: typed } }));
  };
  const label = `The other run's ${variant.label}`;
  if (variant.input === "choice")
    return html`<select aria-label=${label} @change=${typing}>${variant.options.map((it) => html`<option value=${it} ?selected=${it === text}>${written(it)}</option>`)}</select>`;
  return html`<input class="compare-value" type="text" inputmode="decimal" autocomplete="off" aria-label=${label} aria-invalid=${problems.value ? "true" : "false"} aria-describedby="compare-problem" .value=${text} @input=${typing}>`;
}

/**
 * @param {{ done: number, of: number }} running
 * @param {CompareActions} act
 */
function runningView({ done, of }, act) {
  return html`<button class="compare-go" type="button" @click=${act.stop}>Stop</button>
    <progress max=${of} value=${done} aria-label="Iterations trained"></progress> <span class="what">${spaced(done)} of ${spaced(of)}</span>`;
}

/**
 * @param {State} state
 * @param {Result} result
 * @param {Desk} desk
 * @param {CompareActions} act
 */
function resultView(state, result, desk, act) {
  const { one, other } = result;
  const log = desk.log ?? spreads(result);
  const curves = curvesOf(one, other, { log });
  return html`<div class="compare-result">
    <div class="compare-words" aria-live="polite">${partingView(state, result, act)}
      <p class="compare-verdict">${verdict(result, curves)}</p>
      ${[one, other].map((run, at) => (run.status === "diverged" ? html`<p class="remark">${lost(run, at === 0 ? "This run" : "The other run")}</p>` : nothing))}
      ${batched(result) ? html`<p class="hint">Where an iteration takes a batch, its cost is that of these rows only.</p>` : nothing}
      ${costsDiffer(result) ? html`<p class="hint">Two different costs: how high the curves lie cannot be compared, only how they fall.</p>` : nothing}
    </div>
    <div class="compare-picture">${pairView(result, curves, desk, act)}</div>
    ${readingView(result, curves, desk, act)}
    <div class="compare-table">${tableView(result)}</div>
  </div>`;
}

/** @param {Result} result */
function spreads({ one, other }) {
  const costs = [...one.points, ...other.points].map((it) => it.cost).filter(Number.isFinite);
  return costs.length > 0 && Math.max(...costs) > SPREAD_FOR_LOG * Math.min(...costs);
}

/** @param {Result} result */
function batched({ one, other }) {
  return [one, other].some(
    ({ start }) => (start.batch_size ?? Infinity) < (start.data?.x.length ?? 0),
  );
}

/** @param {Result} result */
function costsDiffer({ one, other }) {
  return one.start.network?.cost !== other.start.network?.cost;
}

/** @type {Record<string, string>} */
const UNKNOWN = {
  looking: "Looking for the beat at which they part …",
  stopped: "Stopped before it was known where they part. They begin alike.",
};

/**
 * @param {State} state
 * @param {Result} result
 * @param {CompareActions} act
 */
function partingView(state, { parted, looked, one, ...result }, act) {
  if (!parted)
    return html`<p class="compare-parting">${looked === "never" ? `They never part: in these ${spaced(one.points[one.points.length - 1].iteration - one.points[0].iteration)} iterations no number of the one differs from the other's.` : UNKNOWN[looked]}</p>`;
  const open = isOfThisRun(state, { parted, looked, one, ...result });
  const { beat } = parted.parting;
  return html`<p class="compare-parting">${typeset(partingSentence(parted.parting, parted.iteration), state.iteration?.node ?? new Map())}
    ${open ? html`<button type="button" @click=${act.goToParting}>${beat ? "Go to that beat" : "Go there"}</button>` : html`<span class="what">(The page shows another run by now.)</span>`}
    <button type="button" @click=${act.openOther} data-tip="The page goes on with the other run, from where both begin; undo brings this one back">Open the other run</button></p>`;
}

/**
 * @param {Result} result
 * @param {import("./curves.js").Curves} curves
 */
function verdict(result, { lower, apart }) {
  const { one, other, labels } = result;
  const [here, there] = [one, other].map((it) => it.points[it.points.length - 1].cost);
  const [ours, theirs] = toldApart(here, there);
  const words = [];
  if (!costsDiffer(result)) {
    if (lower === "one")
      words.push(`This run (${labels.one}) ends lower: ${ours} against ${theirs}.`);
    if (lower === "other")
      words.push(`The other run (${labels.other}) ends lower: ${theirs} against ${ours}.`);
    if (lower === null && result.looked !== "looking") words.push("Neither ends lower.");
  }
  if (apart) {
    const [a, b] = toldApart(apart.one, apart.other);
    words.push(`They lie furthest apart at iteration ${spaced(apart.iteration)}: ${a} and ${b}.`);
  }
  return words.join(" ");
}

/**
 * @param {Trained} run
 * @param {string} name
 */
function lost({ end }, name) {
  return `${name} has diverged at iteration ${spaced(end.iteration ?? 0)}: its next update would leave the range of numbers. Where the steps are too long, each overshoots by more than the one before: try a smaller α.`;
}

/** @param {Result} result */
function tableView({ one, other, labels, steps, stopped }) {
  const runs = [one, other];
  const held = runs.map((it) => it.held);
  const rights = held.map((it) => it?.right ?? null);
  /** @param {Trained} run */
  const last = (run) => run.points[run.points.length - 1];
  return html`<table class="compare-numbers">
    <caption class="visually-hidden">The two runs in numbers</caption>
    <thead><tr><td></td><th scope="col"><i class="compare-key one" aria-hidden="true"></i>this run<small>${labels.one}</small></th><th scope="col"><i class="compare-key other" aria-hidden="true"></i>the other<small>${labels.other}</small></th></tr></thead>
    <tbody>
      ${row(
        "cost at the start",
        runs.map((it) => cost(it.points[0].cost)),
      )}
      ${row(
        "cost at the end",
        runs.map((it) => cost(last(it).cost)),
      )}
      ${row(
        "lowest cost drawn",
        runs.map((it) => lowest(it)),
      )}
      ${
        held.every(Boolean)
          ? row(
              "cost of the rows held back",
              held.map((it) => cost(it?.cost ?? Number.NaN)),
            )
          : nothing
      }
      ${
        rights.every(Boolean)
          ? row(
              "right of those",
              rights.map((it) => (it ? `${spaced(it.right)} of ${spaced(it.of)}` : "")),
            )
          : nothing
      }
      ${row(
        "ended",
        runs.map((it) => ending(it, steps, stopped)),
      )}
    </tbody></table>`;
}

/**
 * @param {string} name
 * @param {unknown[]} cells
 */
function row(name, cells) {
  return html`<tr><th scope="row">${name}</th>${cells.map((it) => html`<td>${it}</td>`)}</tr>`;
}

/** @param {number} value */
function cost(value) {
  return html`<span tabindex="0" data-tip=${full(value)}>${short(value)}</span>`;
}

/** @param {Trained} run */
function lowest({ points }) {
  const best = points.reduce((low, it) => (it.cost < low.cost ? it : low));
  return html`<span tabindex="0" data-tip=${full(best.cost)}>${short(best.cost)}</span> <small>at ${spaced(best.iteration)}</small>`;
}

/**
 * @param {Trained} run
 * @param {number} steps
 * @param {boolean} stopped
 */
function ending({ status, end, start }, steps, stopped) {
  const iteration = end.iteration ?? 0;
  const at = html`<small>at ${spaced(iteration)}</small>`;
  if (status === "diverged") return html`<b class="compare-lost">diverged</b> ${at}`;
  const early = iteration - (start.iteration ?? 0) < steps;
  return html`${!early ? "as asked" : stopped ? "stopped" : "so far"} ${at}`;
}
