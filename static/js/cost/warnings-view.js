/**
 * What is legal in an experiment but cannot be meant, told wherever the cost is.
 */

import { html, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { capital } from "../base/words.js";
import { typeset } from "../formula/symbols-view.js";

/**
 * @param {import("../trace/trace.js").Iteration | null} iteration
 */
export function warningsView(iteration) {
  if (!iteration || iteration.warnings.length === 0) return nothing;
  const known = iteration.node;
  return html`<ul class="warnings" role="note" aria-label="What does not fit together">${iteration.warnings.map(
    ({ detail }) => html`<li>${typeset(`${capital(detail.replaceAll("_", " "))}.`, known)}</li>`,
  )}</ul>`;
}
