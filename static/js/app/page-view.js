/**
 * The page: header, stage, controls of time, and the desk of panels that explain what is on the stage.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import * as beatView from "../beat/beat-view.js";
import { typeset } from "../formula/symbols-view.js";
import { graphView } from "../graph/graph-view.js";
import { walkName } from "../state/address.js";
import { PANELS, panelOf } from "../state/panels.js";
import { viewsOf } from "../state/state.js";
import { sentence } from "../time/sentences.js";
import { forwardDone } from "../time/timeline.js";
import { isLayered, isPlane } from "../trace/trace.js";
import { transportView } from "./transport-view.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").View} View */
/** @typedef {import("./types.js").Drawing} Drawing */
/** @typedef {import("./types.js").Window} Window */
/** @typedef {import("./types.js").Moment} Moment */
/** @typedef {import("./types.js").Parts} Parts */
/** @typedef {import("./types.js").Actions} Actions */
/** @typedef {import("./types.js").Scene} Scene */

/**
 * @param {State} state
 * @param {Scene | null} scene null until the first answer is there
 * @param {Actions} act
 */
export function pageView(state, scene, act) {
  const layout = scene
    ? `page ${scene.direction} on-${state.panel} ${state.presenting ? "in-hall" : ""} ${state.enlarged ? "enlarged" : ""}`
    : "page";
  return html`
    ${header(state, scene, act)}
    ${state.error || state.notice ? errorView(state, act) : nothing}
    <main id="main" class=${layout}>
      ${state.stop === null && !state.asksWalk ? nothing : scene?.parts.walk?.walkView(state, act)}
      ${scene ? places(state, scene, act) : html`<p class="loading" role="status">${state.error ? "Nothing to show yet." : "Opening …"}</p>`}
    </main>
    ${scene ? dialogView(state, scene.parts, act) : nothing}
    ${waiting(state, act)}`;
}

/**
 * The stage, the controls of time, the desk; in a hall the beat by itself, and the panel that is open.
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function places(state, scene, act) {
  const { films, parts } = scene;
  // The walk speaks of the whole network as an iteration opens.
  const isWhole = state.stop !== null && state.t === forwardDone(state.beats);
  if (state.presenting && isWhole && state.panel === "beat") return stage(state, scene, act);
  if (!state.presenting || !parts.hall || !films)
    return html`${stage(state, scene, act)}${scene.opening ? nothing : html`${transportView(state, scene.moment, scene.bar, act)}${desk(state, scene, act)}`}`;
  return html`${parts.hall.hallView(state, scene.moment, films, act)}${state.panel === "beat" ? nothing : desk(state, scene, act)}`;
}

/**
 * @param {State} state
 * @param {Parts} parts
 * @param {Actions} act
 */
function dialogView(state, { menu, help, share, take }, act) {
  const { open, shared, taken } = state.dialog ?? {};
  if (open === "menu" && menu) return menu.menuView(state, act);
  if (open === "help" && help) return help.helpView(state, act);
  if (shared && share) return share.shareView(shared, act);
  return taken && take ? take.takeView(taken, act.take) : nothing;
}

/**
 * @param {State} state
 * @param {Actions} act
 */
function errorView(state, act) {
  return html`<div class=${state.error ? "error" : "error notice"} role=${state.error ? "alert" : "status"}><p>${state.error ?? state.notice}</p>
    <button @click=${act.dismiss}>${state.iteration ? "Dismiss" : "Try again"}</button></div>`;
}

/**
 * @param {State} state
 * @param {Actions} act
 */
function waiting({ waiting: late, training, error }, act) {
  const shown = late && !training && !error;
  return html`<div role="status">${shown ? html`<div class="waiting"><p>Waiting for the server …</p> <button @click=${act.pause}>Stop waiting</button></div>` : nothing}</div>`;
}

/**
 * @param {State} state
 * @param {Scene | null} scene
 * @param {Actions} act
 */
function header(state, scene, act) {
  return html`<header class="masthead">
    <a class="skip" href="#main" @click=${skip}>Skip to the graph</a>
    <h1><svg class="logo" viewBox="0 0 32 20" aria-hidden="true"><path class="logo-forward" d="M3 6h22m-5-4 5 4-5 4"></path><path class="logo-backward" d="M29 14H7m5-4-5 4 5 4"></path></svg>Backprop Explorer</h1>
    <label class="chooser"><span class="visually-hidden">Example</span>
      <select aria-label="Example" data-tip=${(!state.departed && state.examples.find((it) => it.id === state.example)?.description) || nothing} @change=${(/** @type {Event} */ event) => act.open(/** @type {HTMLSelectElement} */ (event.target).value)}>
        ${state.departed ? html`<option value="" selected>${ownTitle(state)}</option>` : nothing}
        ${exampleGroups(state)}
      </select></label>
    <label class="views"><span class="visually-hidden">View</span>
      <select aria-label="View" .value=${state.view} @change=${(/** @type {Event} */ event) => act.show(/** @type {View} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
        ${viewsOf(state).map(({ view, name }) => html`<option class=${view === "both" ? "for-wide" : ""} value=${view} ?selected=${view === state.view}>${name}</option>`)}
      </select></label>
    ${folder(state, scene, act)}
    ${scene?.parts.did?.didView(state, act)}
    <nav class="tools" aria-label="Tools">
      <button class="quiet lecture" aria-label="Walk through ${walkName(state)}" @click=${() => act.walkTo(0)}>Walk<span class="for-wide"> through ${walkName(state)}</span></button>
      <button class="quiet sharing" @click=${() => act.share(true)} data-tip="A link to exactly this view, a picture, a file (L)">Share</button>
      <button class="quiet" aria-haspopup="dialog" @click=${() => act.menu(true)} data-tip="Everything there is to do, to be found by typing (/)">Menu</button>
    </nav>
  </header>`;
}

/**
 * The examples, those with layers first.
 * @param {State} state
 */
function exampleGroups({ examples, example, departed }) {
  const option = (/** @type {{ id: string, title: string }} */ { id, title }) =>
    html`<option value=${id} ?selected=${!departed && id === example}>${title}</option>`;
  if (examples.length === 0) return option({ id: example, title: "Example" });
  const of = (/** @type {string} */ kind) => examples.filter((it) => it.kind === kind).map(option);
  return html`<optgroup label="Networks">${of("network")}</optgroup><optgroup label="Formulas">${of("formulas")}</optgroup>`;
}

/**
 * What a run is called that is no longer an example's own.
 * @param {State} state
 */
function ownTitle({ iteration, examples, example }) {
  const title = iteration?.experiment.title;
  const origin = examples.find((it) => it.id === example)?.title;
  if (!title) return "Your own experiment";
  return title === origin ? `${title}, changed` : title;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  /** @type {HTMLElement | null} */ (document.querySelector(".stage [tabindex='0']"))?.focus();
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function stage(state, scene, act) {
  const view = state.view === "both" && !scene.wide ? "graph" : state.view;
  return html`<section class="stage ${view}" aria-label="Stage">
    ${state.stop === null ? html`<div class="over">${scene.verdict?.verdictView(state, scene.moment, scene.parts, act)}</div>` : nothing}
    <div class="board" data-pane="stage" @pointerdown=${act.drag} @wheel=${act.wheel}>${board(state, scene, act)}</div>
    ${scene.parts.callout?.calloutView(state, scene.moment, act)}
    ${scene.zoomed && (view === "graph" || view === "both") ? zoomButtons(act) : nothing}
  </section>`;
}

/**
 * While the reader has moved the camera. The menu has them always.
 * @param {Actions} act
 */
function zoomButtons({ zoom }) {
  return html`<div class="zoom" role="group" aria-label="Zoom"><button @click=${() => zoom("out")} aria-label="Zoom out">−</button>
    <button @click=${() => zoom("fit")} aria-label="Fit to the screen" data-tip="Fit (F)">Fit</button>
    <button @click=${() => zoom("in")} aria-label="Zoom in">+</button></div>`;
}

/**
 * Shows all layers, or folds them, where there are many; of formulas the operations of the lines. It stands beside the view,
 * not over the graph, where it would cover a card.
 * @param {State} state
 * @param {Scene | null} scene
 * @param {Actions} act
 */
function folder({ iteration, view }, scene, act) {
  if (!scene?.folding || (view !== "graph" && view !== "both")) return nothing;
  const isText = iteration?.experiment.formulas;
  const [layers, verb, what] =
    scene.folding === "folded"
      ? ["all", "Show all", isText ? "operations" : "layers"]
      : ["folded", "Fold", isText ? "by line" : "layers"];
  return html`<button class="folder" @click=${() => act.change({ layers })}>${verb}<span class="for-wide"> ${what}</span></button>`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function board(state, scene, act) {
  const { parts, moment } = scene;
  const highlights = parts.highlights?.highlightsOf(state) ?? null;
  const isBoth = state.view === "both" && scene.wide;
  const { width, height } = scene.size;
  const compact = isBoth || scene.direction === "down";
  const room = { width: isBoth ? width / 2 : width, height, compact };
  const neurons = () => parts.neurons?.neuronsView(state, moment, room, highlights, act) ?? nothing;
  if (state.view === "neurons") return neurons();
  if (state.view === "table") return parts.table?.tableView(state, moment) ?? nothing;
  const { origin, iteration, editing } = state;
  const changed =
    origin && iteration && parts.changes ? parts.changes.marks(origin, iteration) : null;
  const edit =
    editing && !editing.inPanel && parts.editor
      ? { name: editing.name, view: () => parts.editor?.editorView(state, editing.name, act) }
      : null;
  const telling = {
    zeros: parts.zeros,
    highlights,
    changed,
    edit,
    group: parts.fold,
    threads: parts.threads,
  };
  const graph = html`${graphView(state, moment, scene.drawing, scene.window, telling, act)}${overlay(scene.window)}`;
  if (state.view === "graph" || !scene.wide) return graph;
  return html`<div class="half near">${graph}</div><div class="half beside">${neurons()}</div>`;
}

/**
 * Where the film of a beat is drawn, over the graph.
 * @param {Window} window
 */
function overlay({ x, y, width, height }) {
  return html`<svg class="film" viewBox="${x} ${y} ${width} ${height}" aria-hidden="true"></svg>`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function desk(state, scene, act) {
  const { parts, moment } = scene;
  const experiment = state.iteration?.experiment;
  const data = experiment && isLayered(experiment) ? experiment.data : null;
  const { held_back: held, image_shape: picture } = data ?? {};
  const more = held && picture;
  // Other panels have the whole width.
  const isBeside = state.panel === "beat" || state.panel === "inspect";
  const plane = isBeside && experiment && isPlane(experiment) ? parts.surface : null;
  const tried = held && !picture ? parts.heldBack?.heldBackView(state, act) : nothing;
  const text = experiment?.formulas;
  return html`<div class="desk ${more || plane ? "trying" : text ? "written" : ""}">
    <div class="deskhead">
      ${tabs(state, act)}
      ${state.panel === "beat" ? nothing : beatLine(state, moment)}
      ${parts.warnings?.warningsView(state.iteration)}
      ${state.panel === "beat" ? nothing : html`<button class="enlarge" aria-pressed=${state.enlarged} data-tip="The panel over the graph, or beside it (E)" @click=${act.enlarge}>${state.enlarged ? "Smaller" : "Larger"}</button>`}
    </div>
    ${panelView(state, scene, act)}
    <div class="results">
      ${more && parts.drawings ? parts.drawings.drawingsView(state) : nothing}
      ${plane ? plane.besideView(state, tried, scene.works.surface?.act) : text ? html`<section class="panel lines">${parts.lines?.linesView(state, moment)}</section>` : nothing}
      <section class="panel curve" aria-labelledby="curve-title">
        <h2 id="curve-title">Cost so far</h2>
        ${plane ? nothing : tried}
        ${parts.curve?.curveView(state, moment, act.iterateTo, state.curve, act.setCurve) ?? html`<p class="hint">It is not computed yet.</p>`}
      </section>
    </div>
  </div>`;
}

/**
 * The questions that are asked most, and the one that is open.
 * @param {State} state
 * @param {Actions} act
 */
function tabs(state, act) {
  const rows = PANELS.filter((it) => it.tab || it.id === state.panel);
  const tab = (/** @type {import("../state/panels.js").Panel} */ { id, name, title, key }) =>
    html`<button aria-pressed=${state.panel === id} data-tip=${key ? `${title} (${key.toUpperCase()})` : title} @click=${() => act.change({ panel: id })}>${name}</button>`;
  return html`<div class="switch tabs" role="group" aria-label="Explanations">${rows.map(tab)}
    <button aria-haspopup="dialog" data-tip="More questions; to change it; another run" @click=${() => act.menu(true)}>More …</button></div>`;
}

/**
 * The sentence of the beat, where another panel stands in the place of its own.
 * @param {State} state
 * @param {Moment} moment
 */
function beatLine(state, moment) {
  const { iteration, beats } = state;
  return iteration
    ? html`<p class="beat-line" data-sentence aria-live=${state.playing || state.training ? "off" : "polite"}>${typeset(sentence(iteration, beats, moment.beat), iteration.node)}</p>`
    : nothing;
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function panelView(state, scene, act) {
  const { group, draw } = panelOf(state.panel);
  // What is told of the beat is there with the first picture.
  const module = scene.module ?? (state.panel === "beat" ? beatView : null);
  if (module) return draw(module, state, scene, act);
  return group === "explain"
    ? nothing
    : html`<section class="panel" aria-busy="true"><p class="facts">Opening …</p></section>`;
}
