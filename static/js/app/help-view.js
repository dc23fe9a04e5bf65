/**
 * Help: what the page is, the keys, and the switch that turns single keys off.
 */

import { html } from "../../vendor/lit-html@3.3.3/lit-html.js";

import { PANELS } from "../state/panels.js";

/** @typedef {import("../state/state.js").State} State */

const WORDS = [
  ["pre-activation m", "what a layer's weights make of its inputs: m = a·W + b"],
  ["activation a", "what the layer gives on: a = σ(m)"],
  ["cost C", "how far the answer is from the target y: one number to make small"],
  ["gradient ∂C/∂w", "the slope: how C changes when w grows a little"],
  ["local partial", "how one node changes with one of its inputs, all else fixed"],
  ["learning rate α", "how far a parameter moves against its slope: w ← w − α · slope"],
];

/**
 * The keys of a group of panels, and what they open.
 * @param {import("../state/panels.js").Panel["group"]} group
 */
function keysOf(group) {
  const rows = PANELS.filter((it) => it.group === group && it.key);
  const names = rows.map(({ name }) => name.toLowerCase());
  return [rows.map(({ key }) => key.toUpperCase()).join(" "), names.join(", ")];
}

const KEYS = [
  ["Space", "play, pause"],
  ["← →", "one beat back, on"],
  ["Shift ← →", "one phase back, on"],
  ["B N", "one iteration back, on"],
  ["R", "back to iteration 0"],
  ["T", "train, stop"],
  ["1 2 3 4", "graph, neurons, table; graph and neurons side by side"],
  keysOf("explain"),
  keysOf("change"),
  ["X", "copy as curl, NumPy, PyTorch, LaTeX; files"],
  ["Ctrl Z", "undo; with Shift redo"],
  ["A number of a leaf", "double click it, or select it and type; arrows nudge, a drag changes it"],
  ["W", "walk through the lecture; Page ↑ ↓ from stop to stop"],
  ["L", "share: a link, or a file"],
  ["+ − F", "zoom in, out, fit"],
  ["P", "present in a hall; PageUp and PageDown of a clicker step"],
  ["E", "the open panel larger, over the graph"],
  ["/", "the menu: all there is to do, found by typing"],
  [
    "Arrow keys in the graph",
    "once Tab or Enter has led there: they move; Enter selects, then goes to the numbers",
  ],
  ["Double-click a heat map", "zoom to its numbers; F goes back"],
  ["Esc", "close what explains the selection; leave the graph"],
  ["?", "this help"],
];

/**
 * @param {State} state
 * @param {{ help: (open: boolean) => void, toggleKeys: () => void }} act
 */
export function helpView(state, act) {
  return html`<dialog class="help" aria-labelledby="help-title" @close=${() => act.help(false)}>
    <form method="dialog"><button autofocus aria-label="Close" data-tip="Close (Esc)">×</button></form>
    <h2 id="help-title">How to read this page</h2>
    <p>An <b>iteration</b> runs forward from x to the cost C, back from C to every parameter, then moves the parameters. A <b>beat</b> is one operation of it. <span class="word forward">Values</span> run forward, <span class="word backward">gradients</span> run back along the same edges.</p>
    <p>Each card holds a value and, under it, its gradient: how C changes when that entry does. Each chip on an edge is a local partial. Bars under numbers show size and, by their side, sign; in heat maps full squares are positive and hollow ones negative.</p>
    <ul class="legend" aria-label="What the marks mean">
      <li><i class="key blank"></i>not computed yet</li>
      <li><i class="key value"></i>value</li>
      <li><i class="key gradient"></i>gradient</li>
      <li><i class="key stale"></i>stale: of before the update</li>
      <li><i class="key zero"></i>exactly 0: touch or point to see why</li>
    </ul>
    <dl class="glossary">${WORDS.map(([word, meaning]) => html`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>
    <table><caption class="visually-hidden">Keys</caption>${KEYS.map(([key, what]) => html`<tr><th scope="row"><kbd>${key}</kbd></th><td>${what}</td></tr>`)}</table>
    <label class="keys-switch"><input type="checkbox" .checked=${state.keys} @change=${act.toggleKeys}> Single keys work everywhere on the page</label>
  </dialog>`;
}
