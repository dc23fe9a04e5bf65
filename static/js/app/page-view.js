/**
 * The page: header, stage, controls of time, and the desk of panels that explain what is on the stage.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { narrationView } from "../beat/beat-view.js";
import { typeset } from "../formula/symbols-view.js";
import { graphView } from "../graph/graph-view.js";
import { sentence } from "../time/sentences.js";
import { transportView } from "./transport-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../state/state.js").View} View */
/** @typedef {import("../state/state.js").Panel} Panel */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../graph/graph-view.js").Drawing} Drawing */
/** @typedef {import("../graph/graph-view.js").Window} Window */
/**
 * Panels that are loaded when they are first needed.
 * @typedef {object} Panels
 * @property {typeof import("../trace/why-zero.js")} [zeros]
 * @property {typeof import("../inspect/inspect-view.js")} [inspect]
 * @property {typeof import("../state/highlights.js")} [lights]
 * @property {typeof import("../graph/fold-view.js")} [group]
 * @property {typeof import("../weight/chain-view.js")} [chain]
 * @property {typeof import("../weight/slope-view.js")} [slope]
 * @property {typeof import("../weight/cache-view.js")} [cache]
 * @property {typeof import("../weight/check-view.js")} [check]
 * @property {typeof import("../lecture/walk-view.js")} [walk]
 * @property {typeof import("../experiment/changes.js")} [changes]
 * @property {import("./workshop.js").Workshop} [work]
 * @property {typeof import("../graph/number-editor-view.js")} [editor]
 * @property {typeof import("../graph/editor-focus-dom.js")} [focus]
 * @property {typeof import("../share/share-view.js")} [share]
 * @property {typeof import("../export/export-view.js")} [take]
 * @property {typeof import("../neurons/neurons-view.js")} [neurons]
 * @property {typeof import("../inspect/table-view.js")} [table]
 * @property {typeof import("../cost/curve-view.js")} [curve]
 * @property {typeof import("../cost/diverged-view.js")} [diverged]
 * @property {typeof import("../formula/equations-view.js")} [equations]
 * @property {typeof import("../cost/warnings-view.js")} [warnings]
 * @property {typeof import("../cost/held-back-drawings-view.js")} [drawings]
 * @property {typeof import("../cost/held-back-view.js")} [heldBack]
 * @property {typeof import("./help-view.js")} [help]
 */
/**
 * @typedef {import("./transport-view.js").TransportActions & import("../graph/graph-view.js").GraphActions & import("../graph/number-editor-view.js").EditorActions & import("../share/share-view.js").ShareActions & {
 *   open: (example: string) => void,
 *   show: (view: View) => void,
 *   showRow: (row: number) => void,
 *   iterateTo: (iteration: number) => void,
 *   restartWithRate: (rate: number) => void,
 *   setCurve: (change: Partial<import("../cost/curve.js").CurveSetting>) => void,
 *   zoom: (how: "in" | "out" | "fit") => void,
 *   toggleTheme: () => void,
 *   toggleKeys: () => void,
 *   help: (open: boolean) => void,
 *   dismiss: () => void,
 *   pause: () => void,
 *   present: () => void,
 *   change: (change: import("../state/state.js").Set["change"]) => void,
 *   point: (names: string[]) => void,
 *   editRate: (rate: number) => void,
 *   putBack: () => void,
 *   take: import("../export/export-view.js").TakeActions,
 *   restore: (way: "undo" | "redo") => void,
 *   walkTo: (stop: number | null) => void,
 *   drag: (event: PointerEvent) => void,
 *   wheel: (event: WheelEvent) => void,
 * }} Actions
 */
/** @typedef {import("../graph/viewport-dom.js").Sight & { moment: Moment, panels: Panels, helpOpen: boolean, shared: import("../share/share-view.js").Shared | null, taken: import("../export/export-view.js").Taken | null, presenting: boolean, goal: number | null, bar: number, curve: Partial<import("../cost/curve.js").CurveSetting> }} Scene */

/** @type {{ view: View, name: string }[]} */
const VIEWS = [
  { view: "graph", name: "Graph" },
  { view: "neurons", name: "Neurons" },
  { view: "both", name: "Both" },
  { view: "table", name: "Table" },
];

/** @type {{ panel: Panel, name: string, title: string }[]} */
const PANELS = [
  { panel: "beat", name: "Beat", title: "What happens in this beat" },
  { panel: "inspect", name: "Inspect", title: "What is selected, in full (I)" },
  { panel: "chain", name: "Chain rule", title: "How one weight's gradient came to be (C)" },
  { panel: "slope", name: "Slope", title: "The cost as a function of one weight (S)" },
  { panel: "cache", name: "Cache", title: "What is kept, and the work that saves (M)" },
  { panel: "check", name: "Check", title: "Every gradient beside its difference quotient (G)" },
];

/** Panels that change the experiment, where those above explain it. @type {typeof PANELS} */
const WORKS = [
  { panel: "build", name: "Build", title: "The network and its training (U)" },
  { panel: "data", name: "Data", title: "The rows, and data of your own (D)" },
  { panel: "compare", name: "Compare", title: "Two runs that differ in one thing (O)" },
];

/**
 * @param {State} state
 * @param {Scene | null} scene null until the first answer is there
 * @param {Actions} act
 */
export function pageView(state, scene, act) {
  const layout = scene
    ? `page ${scene.direction} on-${state.panel} ${scene.presenting ? "presenting" : ""}`
    : "page";
  return html`
    ${header(state, scene, act)}
    ${state.error ? errorView(state, act) : nothing}
    <main id="main" class=${layout} @pointerover=${pointing(act)} @focusin=${pointing(act)} @click=${choosing(act)}>
      ${scene && state.stop !== null && scene.panels.walk ? scene.panels.walk.walkView(state, act) : nothing}
      ${scene ? stage(state, scene, act) : html`<p class="loading" role="status">${state.error ? "Nothing to show yet." : "Opening …"}</p>`}
      ${scene ? transportView(state, scene.moment, scene.goal, scene.bar, act) : nothing}
      ${scene ? desk(state, scene, act) : nothing}
    </main>
    ${scene?.helpOpen && scene.panels.help ? scene.panels.help.helpView(state, act) : nothing}
    ${scene?.shared && scene.panels.share ? scene.panels.share.shareView(scene.shared, act) : nothing}
    ${scene?.taken && scene.panels.take ? scene.panels.take.takeView(scene.taken, act.take) : nothing}
    ${waiting(state, act)}`;
}

/**
 * @param {State} state
 * @param {Actions} act
 */
function errorView(state, act) {
  return html`<div class="error" role="alert"><p>${state.error}</p>
    <button @click=${act.dismiss}>${state.iteration ? "Dismiss" : "Try again"}</button></div>`;
}

/**
 * @param {State} state
 * @param {Actions} act
 */
function waiting({ waiting: late, training, error }, act) {
  const shown = late && !training && !error;
  return html`<div class=${shown ? "waiting" : "visually-hidden"} role="status">${shown ? html`<p>Waiting for the server …</p> <button @click=${act.pause}>Stop waiting</button>` : ""}</div>`;
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
      <select aria-label="Example" @change=${(/** @type {Event} */ event) => act.open(/** @type {HTMLSelectElement} */ (event.target).value)}>
        ${state.departed ? html`<option value="" selected>${ownTitle(state)}</option>` : nothing}
        ${(state.examples.length > 0 ? state.examples : [{ id: state.example, title: "Example" }]).map(({ id, title }) => html`<option value=${id} ?selected=${!state.departed && id === state.example}>${title}</option>`)}
      </select></label>
    <div class="tools did" role="group" aria-label="What was done">
      ${undoButton("undo", state.undo, "Ctrl+Z", act)}${undoButton("redo", state.redo, "Ctrl+Shift+Z", act)}</div>
    <div class="switch" role="group" aria-label="View">
      ${VIEWS.map(({ view, name }) => html`<button class=${view === "both" ? "for-wide" : ""} aria-pressed=${state.view === view} @click=${() => act.show(view)}>${name}</button>`)}
    </div>
    <nav class="tools" aria-label="Tools">
      <button class="worded present" aria-pressed=${scene?.presenting ?? false} @click=${act.present} title="For a class: the graph as large as it gets, and the sentence (P)">Present</button>
      <button class="worded" @click=${() => act.share(true)} title="A link to exactly this view, or a file (L)">Share</button>
      <button @click=${act.toggleTheme} title="Light or dark" aria-label="Switch between light and dark">◐</button>
      <button @click=${() => act.help(true)} title="Help and keys (?)" aria-label="Help and keys">?</button>
      <a href="/docs" title="The REST API behind this page">API</a>
    </nav>
  </header>`;
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

/**
 * @param {"undo" | "redo"} way
 * @param {import("../state/state.js").Done[]} list
 * @param {string} keys
 * @param {Actions} act
 */
function undoButton(way, list, keys, act) {
  const name = way === "undo" ? "Undo" : "Redo";
  const last = list[list.length - 1];
  const words = last ? `${name}: ${last.label} (${keys})` : `Nothing to ${way}`;
  return html`<button aria-label=${last ? `${name}: ${last.label}` : words} title=${words} ?disabled=${!last} @click=${() => act.restore(way)}>${way === "undo" ? "↶" : "↷"}</button>`;
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
    ${state.stop === null ? about(state, scene.panels, act) : nothing}
    <div class="board" @pointerdown=${act.drag} @wheel=${act.wheel}>${board(state, scene, act)}</div>
    ${
      view === "graph" || view === "both"
        ? html`<div class="under">${legend()}${folder(scene, act)}<div class="zoom" role="group" aria-label="Zoom">
            <button @click=${() => act.zoom("out")} aria-label="Zoom out">−</button>
            <button @click=${() => act.zoom("fit")} aria-label="Fit to the screen" title="Fit (F)">Fit</button>
            <button @click=${() => act.zoom("in")} aria-label="Zoom in">+</button>
          </div></div>`
        : nothing
    }
  </section>`;
}

/**
 * Shows all layers, or folds them, where there are many.
 * @param {Scene} scene
 * @param {Actions} act
 */
function folder({ folding }, act) {
  if (!folding) return nothing;
  const [layers, words] =
    folding === "folded" ? ["all", "Show all layers"] : ["folded", "Fold layers"];
  return html`<button class="folder" @click=${() => act.change({ layers })}>${words}</button>`;
}

/**
 * What is open: the example; or what was changed in this iteration, with the way back; or a run of one's own.
 * @param {State} state
 * @param {Panels} panels
 * @param {Actions} act
 */
function about(state, { changes }, act) {
  const { origin, iteration } = state;
  const changed = origin && iteration && changes ? changes.changesOf(origin, iteration) : [];
  return html`<p class="about">${
    changes && changed.length > 0
      ? html`<span class="changed">Changed: ${changes.told(changed)}</span>
        <button class="link" @click=${act.putBack}>Put back</button>`
      : described(state)
  } <button class="link" @click=${() => act.walkTo(0)}>Walk through the lecture</button></p>`;
}

/** @param {State} state */
function described({ departed, iteration, examples, example }) {
  if (!departed || !iteration) return examples.find((it) => it.id === example)?.description ?? " ";
  const { network, data } = iteration.experiment;
  const sizes = [data.x[0].length, ...network.layers.map((it) => it.weights[0].length)];
  const rows = data.x.length === 1 ? "one example" : `${data.x.length} examples`;
  return `Your own: ${sizes.join("–")} neurons by layer, ${rows}.`;
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function board(state, scene, act) {
  const { panels, moment } = scene;
  const lights = panels.lights?.lightsOf(state) ?? null;
  const compact = scene.direction === "down" || state.view === "both";
  const neurons = () => panels.neurons?.neuronsView(state, moment, compact, lights, act) ?? nothing;
  if (state.view === "neurons") return neurons();
  if (state.view === "table") return panels.table?.tableView(state, moment) ?? nothing;
  const { origin, iteration, editing } = state;
  const changed =
    origin && iteration && panels.changes ? panels.changes.marks(origin, iteration) : null;
  const edit =
    editing && panels.editor
      ? { name: editing.name, view: () => panels.editor?.editorView(state, editing.name, act) }
      : null;
  const telling = { zeros: panels.zeros, lights, changed, edit, group: panels.group };
  const graph = html`${graphView(state, moment, scene.drawing, scene.window, telling, act)}<canvas class="pulses" aria-hidden="true"></canvas>`;
  if (state.view === "graph" || !scene.wide) return graph;
  return html`<div class="half near">${graph}</div><div class="half beside">${neurons()}</div>`;
}

function legend() {
  return html`<ul class="legend" aria-label="What the marks mean">
    <li><i class="key blank"></i>not computed yet</li>
    <li><i class="key value"></i>value</li>
    <li><i class="key gradient"></i>gradient</li>
    <li><i class="key stale"></i>stale</li>
    <li><i class="key zero"></i>exactly 0: hover for why</li>
    <li class="invitation">Select any number to see how it came to be</li>
  </ul>`;
}

/**
 * What the pointer or the focus comes to, by the names that it carries.
 * @param {Actions} act
 */
function pointing(act) {
  return (/** @type {Event} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const named = /** @type {HTMLElement | SVGElement | null} */ (
      target.closest("[data-point], [data-entry], .chip[data-walk]")
    );
    const { point, entry, walk } = named?.dataset ?? {};
    act.point((point ?? entry ?? walk)?.split(" ") ?? []);
  };
}

/**
 * A number in a table is selected by a click.
 * @param {Actions} act
 */
function choosing(act) {
  return (/** @type {Event} */ event) => {
    const target = /** @type {Element} */ (event.target);
    const cell = /** @type {HTMLElement | null} */ (target.closest("td[data-entry]"));
    if (cell?.dataset.entry) act.select(cell.dataset.entry.replace("∂", ""));
  };
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function desk(state, scene, act) {
  const { panels, moment } = scene;
  const { held_back: held, image_shape: picture } = state.iteration?.experiment.data ?? {};
  const more = held && picture;
  return html`<div class="desk ${more ? "trying" : ""}">
    <div class="deskhead">
      ${tabs("Explanations", PANELS, state, act)}${tabs("Experiment", WORKS, state, act)}
      <button class="copy-as" title="As curl, NumPy, PyTorch or LaTeX; as files (X)" @click=${() => act.take.open(true)}>Copy as …</button>
      ${state.panel === "beat" ? nothing : beatLine(state, moment)}
      ${panels.warnings?.warningsView(state.iteration)}
    </div>
    ${panelView(state, scene, act)}
    <div class="results">
      ${more && panels.drawings ? panels.drawings.drawingsView(state) : nothing}
      <section class="panel curve" aria-labelledby="curve-title">
        <h2 id="curve-title">Cost so far</h2>
        ${held && !picture && panels.heldBack ? panels.heldBack.heldBackView(state, act) : nothing}
        ${panels.curve?.curveView(state, moment, act.iterateTo, scene.curve, act.setCurve) ?? html`<p class="hint">The cost of each iteration appears here. Press <b>Step</b> (N) for the next one, or <b>Train</b> (T) for many.</p>`}
      </section>
    </div>
  </div>`;
}

/**
 * @param {string} label
 * @param {typeof PANELS} list
 * @param {State} state
 * @param {Actions} act
 */
function tabs(label, list, state, act) {
  return html`<div class="switch tabs" role="group" aria-label=${label}>${list.map(({ panel, name, title }) => html`<button aria-pressed=${state.panel === panel} title=${title} @click=${() => act.change({ panel })}>${name}</button>`)}</div>`;
}

/**
 * The sentence of the beat, where another panel stands in the place of its own.
 * @param {State} state
 * @param {Moment} moment
 */
function beatLine(state, moment) {
  const { iteration, beats } = state;
  return iteration
    ? html`<p class="beat-line" aria-live=${state.playing || state.training ? "off" : "polite"}>${typeset(sentence(iteration, beats, moment.beat), iteration.node)}</p>`
    : nothing;
}

/**
 * @param {State} state
 * @param {Scene} scene
 * @param {Actions} act
 */
function panelView(state, { panels, moment }, act) {
  switch (state.panel) {
    case "beat":
      return narrationView(state, moment, act, panels);
    case "inspect":
      return panels.inspect?.inspectorView(state, moment, panels.editor, act);
    case "chain":
      return panels.chain?.chainView(state, moment, act);
    case "slope":
      return panels.slope?.slopeView(state, act);
    case "cache":
      return panels.cache?.cacheView(state, act);
    case "check":
      return panels.check?.checkView(state, act);
    default:
      return (
        panels.work?.view(state) ??
        html`<section class="panel" aria-busy="true"><p class="facts">Opening …</p></section>`
      );
  }
}
