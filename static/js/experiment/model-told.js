/**
 * What is told of a model that was brought, without what only those need who ask the API.
 */

/**
 * What was taken for what the file does not say, and what else was done, as sentences.
 * @param {Pick<import("../server/wire.js").components["schemas"]["ModelAnswer"], "chosen" | "notes">} model
 */
export function toldOf({ chosen, notes }) {
  const taken = chosen.map(({ name, value, why }) => `${name} ${value}: ${withoutQuery(why)}`);
  return [...taken, ...notes.map(withoutQuery)]
    .map((it) => `${it[0].toUpperCase()}${it.slice(1)}.`)
    .join(" ");
}

/** @param {string} text what of it is for those who ask the API is left out */
export function withoutQuery(text) {
  const parts = text.replaceAll(/, weights=\w+/g, "").split("; ");
  return parts.filter((part) => !part.includes("in the query")).join("; ");
}
