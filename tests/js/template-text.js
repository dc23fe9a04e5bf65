/**
 * A template of lit-html as text, without a browser: what would stand on the page, an element a line. What listens (@…) and
 * what is set as a property (.…) is left out.
 */

/** lit-html asks for a document when it is loaded; a template by itself needs none. */
Object.assign(globalThis, {
  document: { createTreeWalker: () => null, createComment: () => null },
});
const { noChange, nothing } = await import("../../static/vendor/lit-html@3.3.3/lit-html.js");

/** The beginning of an attribute whose value is what comes next: ` @click=`, ` ?disabled=`, ` width=`. */
const ATTRIBUTE = /\s([@.?]?)([\w:-]+)=$/;

/** @param {any} value @returns {string} */
function inner(value) {
  if (value == null || value === nothing || value === noChange) return "";
  if (Array.isArray(value)) return value.map(inner).join("");
  if (value.strings) return template(value.strings, value.values);
  // A directive: the last thing it is given makes what is shown.
  if (value.values) return inner(value.values.at(-1)());
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** @param {string[]} strings @param {unknown[]} values */
function template(strings, values) {
  let made = strings[0];
  values.forEach((value, at) => {
    const [all, kind, name] = ATTRIBUTE.exec(made) ?? [""];
    if (all) made = made.slice(0, -all.length) + attribute(kind, name, value);
    else made += inner(value);
    made += strings[at + 1];
  });
  return made;
}

/** @param {string} kind @param {string} name @param {unknown} value */
function attribute(kind, name, value) {
  if (kind === "@" || kind === "." || value === nothing) return "";
  if (kind === "?") return value ? ` ${name}` : "";
  return ` ${name}="${inner(value)}"`;
}

/** @param {unknown} view */
export function textOf(view) {
  const text = inner(view)
    .replace(/\s+/g, " ")
    .replace(/ (?=\/?>)|(?<=>) (?=<)/g, "")
    .replace(/<([\w-]+)([^<>]*)><\/\1>/g, "<$1$2/>");
  return `${text.replace(/>(?=<[^/])/g, ">\n").trim()}\n`;
}
