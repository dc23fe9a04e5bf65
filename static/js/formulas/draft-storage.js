/**
 * What was typed into the Formulas panel and could not be shown, kept across a reload of this tab.
 */

import { keep, kept } from "../base/session-storage.js";

/** @typedef {import("./leaves.js").Draft} Draft */
/** @typedef {{ of: string, draft: Draft, isUndone?: boolean }} Kept of: the text that the graph showed meanwhile; isUndone: it was taken back, and redo brings it again */

const NAME = "backprop-explorer.formulas";

/** @param {Kept | null} draft null: nothing is left to be kept */
export function keepDraft(draft) {
  keep(NAME, draft);
}

/** @returns {Kept | null} */
export function keptDraft() {
  const found = kept(NAME);
  const isWhole = typeof found?.of === "string" && typeof found.draft?.text === "string";
  return isWhole && found.draft.parameters && found.draft.constants ? found : null;
}
