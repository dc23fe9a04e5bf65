/**
 * The draft of the Data panel, kept across a reload of this tab. Storage may be full or forbidden: the page works without.
 */

import { draftIn } from "./drafts.js";

const NAME = "backprop-explorer.draft";

/** @param {import("./drafts.js").Draft} draft */
export function keepDraft(draft) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify(draft));
  } catch {
    // The text stays on the page.
  }
}

/** @returns {import("./drafts.js").Draft | null} */
export function keptDraft() {
  try {
    return draftIn(JSON.parse(sessionStorage.getItem(NAME) ?? "null"));
  } catch {
    return null;
  }
}
