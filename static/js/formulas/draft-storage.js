/**
 * What was typed into the Formulas panel and could not be shown, kept across a reload of this tab. Storage may be full or
 * forbidden: the page works without.
 */

/** @typedef {import("./leaves.js").Draft} Draft */
/** @typedef {{ of: string, draft: Draft }} Kept of: the text that the graph showed meanwhile */

const NAME = "backprop-explorer.formulas";

/** @param {Kept | null} kept null: nothing is left to be kept */
export function keepDraft(kept) {
  try {
    if (kept) sessionStorage.setItem(NAME, JSON.stringify(kept));
    else sessionStorage.removeItem(NAME);
  } catch {
    // The text stays on the page.
  }
}

/** @returns {Kept | null} */
export function keptDraft() {
  try {
    const found = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
    const isWhole = typeof found?.of === "string" && typeof found.draft?.text === "string";
    return isWhole && found.draft.parameters && found.draft.constants ? found : null;
  } catch {
    return null;
  }
}
