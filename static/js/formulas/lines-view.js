/**
 * The formulas to be read, line by line beside what happens: what they are worth looking at for, and which line the beat is of.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { count } from "../base/words.js";
import { lineNames } from "./leaves.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */

/**
 * The open example's purpose; "" of what is no example's own, null while the list of examples is on its way.
 * @param {Pick<State, "examples" | "example" | "departed">} state
 */
export function purposeOf({ examples, example, departed }) {
  if (departed) return "";
  return examples.length > 0 ? (examples.find((it) => it.id === example)?.description ?? "") : null;
}

/**
 * @param {State} state
 * @param {Moment} moment
 */
export function linesView(state, { beat }) {
  const { iteration } = state;
  const purpose = purposeOf(state);
  const text = iteration?.experiment.formulas?.text;
  if (!iteration || text === undefined || purpose === null) return nothing;
  const names = lineNames(text);
  const edge = iteration.edge.get(beat?.subject ?? "");
  const node = iteration.node.get(edge?.of ?? beat?.subject ?? "");
  const now = node?.scope;
  return html`<h2 id="lines-title">${iteration.experiment.title || "Formulas"}</h2>
    ${purpose ? html`<p class="facts">${purpose}</p>` : nothing}
    <ol tabindex="0" aria-labelledby="lines-title">${text.split("\n").map((line, at) => html`<li class=${now !== undefined && names[at] === now ? `now ${beat?.phase}` : ""}><code>${line}</code></li>`)}</ol>`;
}

/**
 * Where there is no room for them at once, the way to them.
 * @param {State} state
 * @param {{ change: (change: { panel: string }) => void }} act
 */
export function toLinesView({ iteration }, act) {
  const lines = iteration?.experiment.formulas?.text.trim().split("\n").length ?? 0;
  return html`<button class="link to-lines" @click=${() => act.change({ panel: "formulas" })}>What it is: ${count(lines, "line")}</button>`;
}
