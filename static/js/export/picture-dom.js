/**
 * The picture that is on the page, as a file of its own: SVG with its colours and fonts inside, or PNG.
 */

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
];
const FONTS = { Inter: "inter.woff2", "STIX Two Math": "stix-two-math.woff2" };
const SCALE = 2;
const MARGIN = 12;

/** @typedef {{ text: string, width: number, height: number }} Picture */

/**
 * The whole drawing, also where only part of it is in sight.
 * @param {SVGSVGElement} element
 * @returns {Promise<Picture>}
 */
export async function svgOf(element) {
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
  copy.prepend(await fonts(), paper(element, box));
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
    if (value && !value.includes("url(")) to.setAttribute(name, value);
  }
  for (const name of ["tabindex", "data-walk", "data-entry", "data-point", "class"])
    to.removeAttribute(name);
  for (let at = 0; at < from.children.length; at++) dress(from.children[at], to.children[at]);
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

/** The page's fonts, so that the picture looks the same elsewhere. */
async function fonts() {
  const faces = await Promise.all(
    Object.entries(FONTS).map(async ([family, file]) => {
      const answer = await fetch(new URL(`../../fonts/${file}`, import.meta.url));
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const data = btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
      return `@font-face{font-family:"${family}";font-weight:400 700;src:url(data:font/woff2;base64,${data})}`;
    }),
  );
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = faces.join("");
  return style;
}

/**
 * @param {Picture} picture
 * @returns {Promise<Blob>}
 */
export async function pngOf({ text, width, height }) {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ done) =>
      canvas.toBlob(done, "image/png"),
    );
    if (!blob) throw new Error("The picture is too large for the browser. Save it as SVG.");
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
