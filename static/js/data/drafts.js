/**
 * Texts that the reader typed, and that something else took the place of: they can be had back. And the draft of what
 * stands in the Data panel, small enough to be kept across a reload.
 */

import { choicesIn } from "./table-choices.js";

/** @typedef {import("./data-setting.js").Desk} Desk */
/** @typedef {import("./data-setting.js").Section} Section */
/** @typedef {{ text: string, choices: import("./table-choices.js").Choices }} Own a text and how it is read */
/** @typedef {Own & { section: Section, name: string, aside: Own[] }} Draft */

/** Characters of a draft: what a tab may keep is little, and it is written with every key. */
export const MOST_KEPT = 200_000;

/**
 * What is put aside, with the present text added where it was typed; a file is still where it came from.
 * @param {Desk} desk
 * @returns {Own[]}
 */
export function withPresent({ aside, name, text, choices }) {
  if (name !== "" || text.trim() === "") return aside;
  return [...aside.filter((it) => it.text !== text), { text, choices }];
}

/**
 * The text that was put aside last, and what stays aside when it comes back: what is typed now goes to the other end.
 * @param {Desk} desk
 * @returns {{ own: Own, aside: Own[] } | null}
 */
export function takenBack(desk) {
  const own = desk.aside[desk.aside.length - 1];
  if (!own) return null;
  const others = desk.aside.slice(0, -1);
  const present = withPresent({ ...desk, aside: [] });
  return { own, aside: [...present.filter((it) => it.text !== own.text), ...others] };
}

/**
 * What of the panel outlives a reload. A text that is too long is not kept; of those put aside the newest are. A file comes
 * back as its text.
 * @param {Desk} desk
 * @returns {Draft}
 */
export function draftFor(desk) {
  const text = desk.text.length > MOST_KEPT ? "" : desk.text;
  let room = MOST_KEPT - text.length;
  /** @type {Own[]} */
  const aside = [];
  for (const own of desk.aside.toReversed()) {
    room -= own.text.length;
    if (room < 0) break;
    aside.unshift(own);
  }
  const choices = { ...desk.choices, encoding: null };
  return { section: desk.section, text, choices, name: text === "" ? "" : desk.name, aside };
}

/**
 * Whether two desks have the same draft.
 * @param {Desk} a
 * @param {Desk} b
 */
export function sameDraft(a, b) {
  return DRAFTED.every((key) => a[key] === b[key]);
}

/** @type {(keyof Desk)[]} */
const DRAFTED = ["section", "text", "name", "choices", "aside"];

/**
 * A draft in what was kept, perhaps by an older page; null where there is none.
 * @param {unknown} value
 * @returns {Draft | null}
 */
export function draftIn(value) {
  const draft = ownIn(value);
  if (!draft) return null;
  const { section, name, aside } = /** @type {Record<string, unknown>} */ (value);
  return {
    ...draft,
    section: SECTIONS.find((it) => it === section) ?? "rows",
    name: typeof name === "string" ? name : "",
    aside: Array.isArray(aside) ? aside.flatMap((it) => ownIn(it) ?? []) : [],
  };
}

/** @type {Section[]} */
const SECTIONS = ["rows", "bring", "draw"];

/**
 * @param {unknown} value
 * @returns {Own | null}
 */
function ownIn(value) {
  if (!value || typeof value !== "object") return null;
  const { text, choices } = /** @type {Record<string, unknown>} */ (value);
  return typeof text === "string" ? { text, choices: choicesIn(choices) } : null;
}
