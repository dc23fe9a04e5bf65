/**
 * Names as mathematics in the line of a text: m₀, ∂C/∂W₁.
 */

import { html, mathml, nothing } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf, nameParts } from "../base/format.js";

/**
 * A sentence whose names (m0, ∂C/∂W1) are set as mathematics.
 * @param {string} sentence
 * @param {ReadonlyMap<string, unknown>} known the names to look for
 */
export function typeset(sentence, known) {
  return sentence.split(NAMES).map((part) => {
    const found = RATIO.exec(part);
    if (found) return ratio(found[1], found[2]);
    const own = OPTIMIZERS.test(part) || known.has(entryOf(part)?.id ?? part);
    return own ? symbol(part) : part;
  });
}

const NAMES =
  /(∂[\p{L}\p{N}_.]+(?:\[[\d,]+\])?\/∂[\p{L}\p{N}_.]*[\p{L}\p{N}_](?:\[[\d,]+\])?|[\p{L}_][\p{L}\p{N}_]*\.\d+(?:\[[\d,]+\])?|[\p{L}_][\p{L}\p{N}_]{12,}(?:\[[\d,]+\])?|[αβελρμ]\d?ᵗ?|√?(?:v\u0302|ŝ)|√s\b|(?<!['’])\b[A-Za-z]\d*(?:\[[\d,]+\]|\b))/u;
/** What the optimizers' rules are written in. No word of a sentence is one of these letters. */
const OPTIMIZERS = /^(?:[αβελρμ]\d?ᵗ?|√?(?:v\u0302|ŝ|s)|[dgtv])$/u;
const RATIO = /^∂([^/]+)\/∂(.+)$/u;

/**
 * A name in the text, in italics with its index below: m₀.
 * @param {string} id
 */
export function symbol(id) {
  if (id.startsWith("√"))
    return html`<math class="inline"><msqrt>${nameOf(id.slice(1))}</msqrt></math>`;
  if (id.endsWith("ᵗ"))
    return html`<math class="inline"><msup>${nameOf(id.slice(0, -1))}${nameOf("t")}</msup></math>`;
  return html`<math class="inline">${nameOf(id)}</math>`;
}

/**
 * ∂of/∂wrt in the text.
 * @param {string} of
 * @param {string} wrt
 */
export function ratio(of, wrt) {
  return html`<math class="inline"><mrow><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(of)}<mo lspace="0.1em" rspace="0.1em">/</mo><mo form="prefix" lspace="0" rspace="0">∂</mo>${nameOf(wrt)}</mrow></math>`;
}

/**
 * As MathML by itself.
 * @param {string} id a node's, or an entry's
 */
export function nameOf(id) {
  const [name, place] = id.split(/(?=\[)/);
  const [letters, index] = nameParts(name);
  const plain = letters.normalize("NFD");
  const letter = plain.endsWith("\u0302")
    ? mathml`<mover accent="true"><mi>${plain.slice(0, -1)}</mi><mo>^</mo></mover>`
    : mathml`<mi data-tip=${name.startsWith(letters) ? nothing : name}>${letters}</mi>`;
  const symbolic = index ? mathml`<msub>${letter}<mn>${index}</mn></msub>` : letter;
  return place ? mathml`<mrow>${symbolic}<mtext class="place">${place}</mtext></mrow>` : symbolic;
}
