/**
 * The picture that is on the page, as a file of its own: SVG with its colours and fonts inside, or PNG.
 */

import { save } from "./download-dom.js";

const KEPT = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "text-anchor",
  "visibility",
  "display",
  "filter",
  "paint-order",
];
/** Where nothing is not what stands there otherwise. */
const NONE_COUNTS = ["fill", "stroke", "display"];
const FONTS = { Inter: "inter.woff2", "STIX Two Math": "stix-two-math.woff2" };
const SCALE = 2;
const MARGIN = 12;

/** @typedef {{ text: string, width: number, height: number }} Picture */

const NOT_THERE = "The picture is not in sight: choose Graph or Neurons, then try again.";

/**
 * Saves the drawing that is on the stage.
 * @param {"svg" | "png"} kind
 * @param {string} name without what says its kind
 */
export async function savePicture(kind, name) {
  const found = document.querySelector(".board svg");
  if (!found) throw new Error(NOT_THERE);
  const picture = await svgOf(/** @type {SVGSVGElement} */ (found));
  if (kind === "svg") save(`${name}.svg`, picture.text, "image/svg+xml");
  else save(`${name}.png`, await pngOf(picture), "image/png");
}

/**
 * The whole drawing, also where only part of it is in sight.
 * @param {SVGSVGElement} element
 * @returns {Promise<Picture>}
 */
async function svgOf(element) {
  const copy = /** @type {SVGSVGElement} */ (element.cloneNode(true));
  dress(element, copy);
  const { x, y, width, height } = element.getBBox();
  const box = [x - MARGIN, y - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN].map(Math.round);
  for (const name of ["class", "role", "aria-label", "tabindex", "style"])
    copy.removeAttribute(name);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", box.join(" "));
  copy.setAttribute("width", String(box[2]));
  copy.setAttribute("height", String(box[3]));
  copy.prepend(styleElement(await fontStyle()), paper(element, box));
  const text = new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/gs, "");
  return { text, width: box[2], height: box[3] };
}

/**
 * Writes down on each element what the style sheets make of it.
 * @param {Element} from
 * @param {Element} to
 */
function dress(from, to) {
  const style = getComputedStyle(from);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value && (value !== "none" || NONE_COUNTS.includes(name)) && isOwn(value))
      to.setAttribute(name, value);
  }
  for (const name of ["tabindex", "data-walk", "data-entry", "data-point", "class"])
    to.removeAttribute(name);
  for (let at = 0; at < from.children.length; at++) dress(from.children[at], to.children[at]);
}

/** Whether a value leads to nothing outside the drawing. @param {string} value */
function isOwn(value) {
  return !value.includes("url(") || value.startsWith('url("#');
}

/**
 * @param {Element} element
 * @param {number[]} box
 */
function paper(element, [x, y, width, height]) {
  const sheet = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const fill = getComputedStyle(element.closest("main") ?? element).getPropertyValue("--paper");
  const given = {
    x,
    y,
    width,
    height,
    fill: getComputedStyle(document.body).backgroundColor || fill,
  };
  for (const [name, value] of Object.entries(given)) sheet.setAttribute(name, String(value));
  return sheet;
}

/**
 * The drawing as it stands on the page, at a size of one's own.
 * @param {SVGSVGElement} element
 * @param {{ width: number, height: number }} size
 * @param {string} fonts of `fontStyle`
 * @returns {Picture}
 */
export function pictureOf(element, { width, height }, fonts) {
  const copy = /** @type {SVGSVGElement} */ (element.cloneNode(true));
  dress(element, copy);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.prepend(styleElement(fonts));
  const text = new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/gs, "");
  return { text, width, height };
}

/** @param {string} text */
function styleElement(text) {
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = text;
  return style;
}

/** The page's fonts, so that the picture looks the same elsewhere. */
export async function fontStyle() {
  const faces = await Promise.all(
    Object.entries(FONTS).map(async ([family, file]) => {
      const answer = await fetch(new URL(`../../fonts/${file}`, import.meta.url));
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const data = btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
      return `@font-face{font-family:"${family}";font-weight:400 700;src:url(data:font/woff2;base64,${data})}`;
    }),
  );
  return faces.join("");
}

/**
 * @param {Picture} picture
 * @returns {Promise<HTMLImageElement>}
 */
export async function imageOf({ text }) {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {Picture} picture
 * @returns {Promise<Blob>}
 */
async function pngOf(picture) {
  const image = await imageOf(picture);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * SCALE;
  canvas.height = picture.height * SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ done) =>
    canvas.toBlob(done, "image/png"),
  );
  if (!blob) throw new Error("The picture is too large for the browser. Save it as SVG.");
  return blob;
}
