/**
 * A row of inputs as the small picture that it is.
 */

import { html, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";

/**
 * The pixels of each ink as one path: a table of pictures has few elements.
 * @param {number[]} pixels
 * @param {readonly number[]} shape rows and columns
 */
export function pictureView(pixels, [rows, columns]) {
  /** @type {Map<number, string>} */
  const paths = new Map();
  pixels.forEach((ink, at) => {
    if (ink > 0)
      paths.set(ink, `${paths.get(ink) ?? ""}M${at % columns} ${Math.floor(at / columns)}h1v1h-1z`);
  });
  return html`<svg class="small-picture" viewBox="0 0 ${columns} ${rows}" aria-hidden="true">${[...paths].map(([ink, d]) => svg`<path d=${d} opacity=${Math.min(1, ink)}></path>`)}</svg>`;
}
