/**
 * The Build panel: the network layer by layer, and how it is trained. Every change shows at once and can be undone; what
 * it keeps and what it resets stands above each group.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { costFor, drops, parametersOf, remedyOf, sizesOf } from "../experiment/architecture.js";
import {
  batchView,
  checked,
  chooser,
  isRefused,
  numberField,
  optimizerView,
  plain,
  real,
  refusal,
  seedField,
  spelled,
  text,
  whole,
  wordsOf,
} from "../experiment/training-view.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {import("../server/wire.js").components["schemas"]["Layer"]} Layer */
/**
 * What the panel is set to besides the experiment.
 * @typedef {object} Bench
 * @property {Catalog | null} catalog
 * @property {string} initializer
 * @property {number} seed
 * @property {{ field: string, text: string } | null} problem what was typed into a field and cannot be taken, in words
 */
/**
 * @typedef {import("../experiment/training-view.js").TrainingActions & NetworkActions} BuildActions
 */
/**
 * @typedef {object} NetworkActions
 * @property {(title: string) => void} setTitle
 * @property {(layer: number, neurons: number) => void} setWidth
 * @property {(layer: number, by: number) => void} widen
 * @property {(layer: number) => void} addLayer
 * @property {(layer: number) => void} removeLayer
 * @property {(layer: number, name: string) => void} setActivation
 * @property {(layer: number, option: string, value: number) => void} setOption
 * @property {(layer: number, wanted: boolean) => void} setBias
 * @property {(change: { cost?: string, reduction?: string }) => void} setNetwork
 * @property {(layer: number, share: number) => void} setDropout
 * @property {(seed: number) => void} setDropoutSeed
 * @property {(penalty: Experiment["network"]["penalty"]) => void} setPenalty
 * @property {(change: { initializer?: string, seed?: number }) => void} setDrawing
 * @property {() => void} redraw
 */

/**
 * @param {import("../state/state.js").State} state
 * @param {BuildActions} act
 */
export function buildView({ iteration, desks: { build: bench } }, act) {
  const { catalog = null } = bench ?? {};
  if (!iteration || !bench || !catalog)
    return html`<section class="panel build" aria-label="Build" aria-busy="true"><p class="facts">Asking what networks can be made of …</p></section>`;
  const { experiment } = iteration;
  const sizes = sizesOf(experiment);
  return html`<section class="panel build" tabindex="0" aria-labelledby="build-title">
    <h2 id="build-title">Build <span class="what">${sizes.join(" – ")} neurons, ${parametersOf(experiment)} parameters</span></h2>
    <fieldset><legend>Layers</legend><p class="facts keeps">Other widths or layers: weights that remain are kept, new ones are drawn, training begins at iteration 0. Activation and bias: all weights and the iteration stay.</p>
      <ol class="layers">${layerCards(experiment, bench, act)}</ol></fieldset>
    <div class="build-columns">
      <fieldset><legend>Training</legend><p class="facts keeps">All weights and the iteration stay. Another optimizer begins with nothing remembered.</p>
        ${training(iteration, bench, catalog, act)}</fieldset>
      <fieldset><legend>Weights</legend><p class="facts keeps">All are drawn anew, from iteration 0.</p>
        ${drawing(bench, catalog, act)}</fieldset>
    </div>
    <p class="row-of"><label>Title <input class="wide" maxlength="200" .value=${experiment.title ?? ""} placeholder="What this experiment is called" @change=${(/** @type {Event} */ event) => act.setTitle(text(event))}></label></p>
  </section>`;
}

/**
 * @param {Experiment} experiment
 * @param {Bench} bench
 * @param {BuildActions} act
 */
function layerCards(experiment, bench, act) {
  const { layers } = experiment.network;
  const most = bench.catalog?.limits.layers ?? 64;
  const last = layers.length - 1;
  /** @param {number} at */
  const more = (at) =>
    html`<li class="between"><button data-tip="A layer more, here" aria-label="Add a layer before layer ${at}" ?disabled=${layers.length >= most} @click=${() => act.addLayer(at)}>+</button></li>`;
  return html`<li class="layer data"><b>Input</b> <span>${layers[0].weights.length} ${layers[0].weights.length === 1 ? "number" : "numbers"}</span> <span class="facts">as the data has</span></li>
    ${layers.map((layer, at) => [more(at), html`<li class="layer">${layerCard(layer, at, at === last, bench, act)}</li>`])}`;
}

/**
 * @param {Layer} layer
 * @param {number} at
 * @param {boolean} isLast
 * @param {Bench} bench
 * @param {BuildActions} act
 */
function layerCard(layer, at, isLast, bench, act) {
  const neurons = layer.weights[0].length;
  const rows = bench.catalog?.activations.filter((it) => isLast || !it.last_only) ?? [];
  const row = rows.find((it) => it.name === layer.activation);
  const most = bench.catalog?.limits.width ?? 1024;
  const width = `width${at}`;
  return html`<b>Layer ${at}${isLast ? ", output" : ""}</b>
    ${
      isLast
        ? html`<span>${neurons} ${neurons === 1 ? "neuron" : "neurons"}</span> <span class="facts">as the targets have</span>`
        : html`<span class="stepper"><button aria-label="One neuron fewer in layer ${at}" ?disabled=${neurons <= 1} @click=${() => act.widen(at, -1)}>−</button>
          <input inputmode="numeric" aria-label="Neurons of layer ${at}" aria-invalid=${isRefused(width, bench)} aria-describedby=${wordsOf(width, bench)} .value=${String(neurons)} @change=${(/** @type {Event} */ event) => whole(event, width, 1, most, act, (value) => act.setWidth(at, value))}>
          <button aria-label="One neuron more in layer ${at}" ?disabled=${neurons >= most} @click=${() => act.widen(at, 1)}>+</button></span>`
    }
    ${refusal(width, bench)}
    <label><span class="visually-hidden">Activation of layer ${at}</span><select .value=${layer.activation} @change=${(/** @type {Event} */ event) => act.setActivation(at, text(event))}>
      ${rows.map(({ name }) => html`<option value=${name} ?selected=${name === layer.activation}>${spelled(name)}</option>`)}</select></label>
    ${row?.fields.map((option) => optionField(layer, at, option, bench, act))}
    <label class="tick"><input type="checkbox" .checked=${layer.bias != null} @change=${(/** @type {Event} */ event) => act.setBias(at, checked(event))}> bias</label>
    ${isLast ? nothing : dropoutField(layer, at, bench, act)}
    ${isLast ? nothing : html`<button class="link" aria-label="Remove layer ${at}" @click=${() => act.removeLayer(at)}>Remove</button>`}`;
}

/**
 * @param {Layer} layer
 * @param {number} at
 * @param {Bench} bench
 * @param {BuildActions} act
 */
function dropoutField({ dropout }, at, bench, act) {
  const field = `dropout${at}`;
  const change = (/** @type {Event} */ event) =>
    real(event, field, { below: 1 }, act, (share) => act.setDropout(at, share));
  const tip = "The share of its outputs that each iteration leaves out";
  const how = { words: "drops", label: `Dropout of layer ${at}`, tip };
  return numberField(field, { ...how, value: plain(dropout ?? 0), change }, bench);
}

/**
 * @param {Layer} layer
 * @param {number} at
 * @param {string} option
 * @param {Bench} bench
 * @param {BuildActions} act
 */
function optionField(layer, at, option, bench, act) {
  const value = /** @type {Record<string, unknown>} */ (layer)[option];
  const field = `${option}${at}`;
  const change = (/** @type {Event} */ event) =>
    real(event, field, {}, act, (number) => act.setOption(at, option, number));
  return numberField(field, { words: option, value: plain(value), change }, bench);
}

/**
 * @param {Iteration} iteration
 * @param {Bench} bench
 * @param {Catalog} catalog
 * @param {BuildActions} act
 */
function training(iteration, bench, catalog, act) {
  const { experiment } = iteration;
  const { network } = experiment;
  const remedy = remedyOf(iteration, catalog);
  const fit = costFor(experiment, catalog);
  return html`<p class="row-of">
      ${chooser("Cost", network.cost ?? "squared_error", catalog.costs, (cost) => act.setNetwork({ cost }))}
      ${chooser(
        "over the examples",
        network.reduction ?? "mean",
        catalog.reductions.map((name) => ({ name })),
        (reduction) => act.setNetwork({ reduction }),
      )}</p>
    ${remedy ? html`<p class="remark">Cost and last activation do not go together. <button @click=${() => act.setActivation(remedy.layer, remedy.activation)}>Take ${remedy.activation} in layer ${remedy.layer}</button></p>` : nothing}
    ${fit ? html`<p class="remark" role="status">${spelled(lastActivation(experiment))} answers with shares, but the cost is still ${spelled(network.cost ?? "squared_error")}, which is nearly flat where the answer is surely wrong. ${capital(spelled(fit))} goes with it. <button @click=${() => act.setNetwork({ cost: fit })}>Take ${spelled(fit)}</button></p>` : nothing}
    ${penaltyView(network, bench, catalog, act)}
    ${optimizerView(experiment, bench, act)}
    ${batchView(experiment, bench, act)}
    ${drops(experiment) ? dropoutSeed(experiment, bench, act) : nothing}`;
}

/**
 * From what it is drawn which outputs are left out.
 * @param {Experiment} experiment
 * @param {Bench} bench
 * @param {BuildActions} act
 */
function dropoutSeed({ dropout_seed: seed }, bench, act) {
  return html`<p class="row-of">${seedField("dropout_seed", { words: "Dropout seed" }, seed, bench, act, act.setDropoutSeed)}
    <span class="facts">Each iteration leaves out other outputs: the masks k are drawn from the seed. Rows held back are answered with nothing left out.</span></p>`;
}

/**
 * What is added to the cost so that weights stay small.
 * @param {Experiment["network"]} network
 * @param {Bench} bench
 * @param {Catalog} catalog
 * @param {BuildActions} act
 */
function penaltyView({ penalty }, bench, catalog, act) {
  const row = catalog.penalties.find((it) => it.name === penalty?.name);
  const given = /** @type {Record<string, number | boolean | null>} */ ({ ...penalty });
  const set = (/** @type {Record<string, number | boolean>} */ change) =>
    act.setPenalty(/** @type {any} */ ({ ...penalty, ...change }));
  const choose = (/** @type {string} */ name) => {
    const chosen = catalog.penalties.find((it) => it.name === name);
    act.setPenalty(chosen ? /** @type {any} */ ({ name, ...chosen.defaults }) : null);
  };
  const change = (/** @type {Event} */ event) =>
    real(event, "strength", {}, act, (strength) => set({ strength }));
  const how = { words: "λ", label: "strength of the penalty", tip: "strength", change };
  return html`<p class="row-of">${chooser("Penalty", row?.name ?? "", [{ name: "", words: "none" }, ...catalog.penalties], choose)}
      ${row ? numberField("strength", { ...how, value: plain(given.strength ?? row.defaults.strength) }, bench) : nothing}
      ${row?.fields
        .filter((field) => typeof row.defaults[field] === "boolean")
        .map(
          (field) =>
            html`<label class="tick"><input type="checkbox" .checked=${(given[field] ?? row.defaults[field]) === true} @change=${(/** @type {Event} */ event) => set({ [field]: checked(event) })}> ${SWITCHES[field] ?? spelled(field)}</label>`,
        )}</p>
    ${row ? html`<p class="facts">C = L + R: the cost of the data, and the penalty. ${row.note}</p>` : nothing}`;
}

/** What a switch of a penalty says. @type {Record<string, string>} */
const SWITCHES = { halved: "halved, λ/2", biases: "biases too" };

/**
 * @param {Bench} bench
 * @param {Catalog} catalog
 * @param {BuildActions} act
 */
function drawing(bench, catalog, act) {
  const row = catalog.initializers.find((it) => it.name === bench.initializer);
  return html`<p class="row-of">${chooser("Initializer", bench.initializer, catalog.initializers, (initializer) => act.setDrawing({ initializer }))}
      ${seedField("seed", { words: "Seed" }, bench.seed, bench, act, (seed) => act.setDrawing({ seed }))}
      <button @click=${act.redraw}>Draw all weights</button></p>
    <p class="facts">${row?.note} ${row && row.name !== "zeros" ? `Here ${row.formula}.` : nothing} The same seed draws the same numbers.</p>`;
}

/** @param {import("../trace/trace.js").Experiment} experiment */
function lastActivation({ network: { layers } }) {
  return layers[layers.length - 1].activation;
}

/** @param {string} words */
function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}
