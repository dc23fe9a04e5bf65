/**
 * The Data panel: the rows with what the network says of each, data of one's own, and a picture drawn by hand.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { count, spaced } from "../base/words.js";
import { accuracy } from "../trace/scores.js";
import { bringView } from "./bring-view.js";
import { rowsWithScores } from "./data-setting.js";
import { drawView } from "./drawing-view.js";
import { rowsView } from "./rows-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./data-setting.js").Section} Section */
/** @typedef {import("./work.js").DataActions} DataActions */

/**
 * @param {State} state
 * @param {Desk} desk
 * @param {DataActions} act
 */
export function dataView(state, desk, act) {
  const { iteration } = state;
  if (!iteration) return nothing;
  const { data } = iteration.experiment;
  const drawable = Boolean(data.image_shape);
  const section = desk.section === "draw" && !drawable ? "rows" : desk.section;
  const sections = /** @type {{ section: Section, name: string }[]} */ ([
    { section: "rows", name: "Rows" },
    { section: "bring", name: "Other data" },
    ...(drawable ? [{ section: "draw", name: "Draw one" }] : []),
  ]);
  const said = desk.said?.outputs.length === data.x.length ? desk.said : null;
  const rows = rowsWithScores(iteration, state.heldBack, said);
  return html`<section class="panel data-panel" aria-labelledby="data-title" tabindex="0" @dragover=${allowDrop} @drop=${dropping(act)}>
    <h2 id="data-title">Data <span class="switch small" role="group" aria-label="Parts of the data panel">
      ${sections.map((it) => html`<button aria-pressed=${it.section === section} @click=${() => act.set({ section: it.section })}>${it.name}</button>`)}</span>
      <span class="what">${count(data.x.length, "row")}${data.held_back ? ` and ${spaced(data.held_back.x.length)} held back` : ""}, ${count(data.x[0].length, "input")}, ${count(data.y[0].length, "output")}</span>
      ${scoreLine(rows)}</h2>
    ${desk.error ? html`<p class="remark" role="alert">${desk.error} <button class="link" @click=${() => act.set({ error: null })}>Dismiss</button></p>` : nothing}
    ${section === "rows" ? rowsView(state, desk, rows, act) : section === "bring" ? bringView(state, desk, act) : drawView(iteration, desk, act)}
  </section>`;
}

/**
 * How many rows are right, of those it learns from and of those held back.
 * @param {import("./data-setting.js").Row[]} rows
 */
function scoreLine(rows) {
  const seen = accuracy(rows.filter((it) => !it.place.held).map((it) => it.score));
  const held = accuracy(rows.filter((it) => it.place.held).map((it) => it.score));
  if (!seen && !held) return nothing;
  return html`<span class="data-score" role="status">${seen ? html`Right: <b>${spaced(seen.right)} of ${spaced(seen.of)}</b>${percent(seen.share)}` : nothing}${held ? html`${seen ? "; " : ""}held back: <b>${spaced(held.right)} of ${spaced(held.of)}</b>${percent(held.share)}` : nothing}</span>`;
}

/** @param {number} share */
function percent(share) {
  return ` (${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %)`;
}

/** @param {DragEvent} event */
function allowDrop(event) {
  if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
}

/** @param {DataActions} act */
function dropping(act) {
  return (/** @type {DragEvent} */ event) => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    act.openFile(file);
  };
}
