/**
 * A request as a command for a shell, to paste into bash.
 *
 * The body goes in by a here-document with a quoted end mark: nothing in it is expanded, and there is no limit on its
 * length as there is on an argument's. Each row of numbers has a line of its own, so that no line grows too long for a
 * terminal. What a terminal or bash's history might take as a command ("!", control characters, characters that are
 * not seen) is written as JSON's \uXXXX.
 */

const END = "END_OF_BODY";
const MOST_PLAIN = 100;
const NOT_PASTED = /[!\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}|\p{Co}|\p{Cn}/gu;

/**
 * @param {{ path: string, body: unknown }} request `path` is what follows /api/v1; `body` null asks with GET
 * @param {string} origin such as http://127.0.0.1:8000
 * @returns {string}
 */
export function curlOf({ path, body }, origin) {
  const address = quoted(`${origin}/api/v1${path}`);
  if (body === null) return `curl -sS ${address}\n`;
  const streamed = /^\/train\b/.test(path) ? " --no-buffer" : "";
  return `curl -sS${streamed} ${address} -H 'Content-Type: application/json' --data-binary @- <<'${END}'\n${json(body)}\n${END}\n`;
}

/**
 * One word of a bash command, whatever is in it.
 * @param {string} text
 */
export function quoted(text) {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * JSON in lines: a list of numbers, and whatever is short, on one.
 * @param {unknown} value
 * @param {string} [indent]
 * @returns {string}
 */
function json(value, indent = "") {
  const plain = written(value);
  if (!value || typeof value !== "object") return plain;
  if (plain.length <= MOST_PLAIN || isRow(value)) return plain;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const parts = Array.isArray(value)
    ? value.map((it) => json(it ?? null, inner))
    : Object.entries(value)
        .filter(([, it]) => it !== undefined)
        .map(([name, it]) => `${written(name)}: ${json(it, inner)}`);
  return `${open}\n${parts.map((it) => inner + it).join(",\n")}\n${indent}${close}`;
}

/** @param {object} value */
function isRow(value) {
  return Array.isArray(value) && value.every((it) => typeof it === "number");
}

/** @param {unknown} value */
function written(value) {
  return JSON.stringify(value).replace(NOT_PASTED, escaped);
}

/** @param {string} text */
function escaped(text) {
  return Array.from({ length: text.length }, (_, index) => {
    const code = text.charCodeAt(index).toString(16).padStart(4, "0");
    return `\\u${code}`;
  }).join("");
}
