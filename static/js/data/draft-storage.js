/**
 * The draft of the Data panel, kept across a reload of this tab.
 */

import { keep, kept } from "../base/session-storage.js";
import { draftIn } from "./drafts.js";

const NAME = "backprop-explorer.draft";

/** @param {import("./drafts.js").Draft} draft */
export function keepDraft(draft) {
  keep(NAME, draft);
}

/** @returns {import("./drafts.js").Draft | null} */
export function keptDraft() {
  return draftIn(kept(NAME));
}
