/**
 * The stage as it is on the page, drawn on a canvas with the sentence of the beat under it: a frame of the moving picture.
 */

import { fontStyle, imageOf, pictureOf } from "../base/picture-dom.js";

const MOST_WIDTH = 1280;
/** A phone's stage is drawn larger than it is. */
const MOST_SCALE = 2;
const MARGIN = 16;
const LINE = 30;
const LINES = 2;
const FONT_PX = 21;

/** @typedef {{ phase: string, tone: string, words: string, aside: string }} Caption aside: what stands at the right */

export class Frames {
  #board;
  #canvas = document.createElement("canvas");
  #context;
  #scale;
  #colours;
  #fonts;
  /** What does not move within a beat, drawn once. @type {{ key: string, drawn: ImageBitmap } | null} */
  #still = null;

  /**
   * @param {HTMLElement} board
   * @param {string} fonts
   */
  constructor(board, fonts) {
    this.#board = board;
    this.#fonts = fonts;
    const { width, height } = board.getBoundingClientRect();
    this.#scale = Math.min(MOST_WIDTH / width, MOST_SCALE);
    this.#canvas.width = Math.round(width * this.#scale);
    this.#canvas.height = Math.round(height * this.#scale) + LINES * LINE + 2 * MARGIN;
    this.#context = this.#canvas.getContext("2d", { willReadFrequently: true });
    this.#colours = getComputedStyle(document.body);
  }

  get size() {
    return { width: this.#canvas.width, height: this.#canvas.height };
  }

  /**
   * @param {string} key the same while nothing but the film moves
   * @param {Caption} caption
   */
  async frame(key, caption) {
    const context = this.#context;
    if (!context) throw new Error("The browser gives no canvas to draw on.");
    const { width, height } = this.#canvas;
    if (this.#still?.key !== key) {
      this.#still?.drawn.close();
      context.fillStyle = this.#colours.backgroundColor;
      context.fillRect(0, 0, width, height);
      for (const svg of this.#pictures(false)) await this.#draw(context, svg);
      this.#write(context, caption);
      this.#still = { key, drawn: await createImageBitmap(this.#canvas) };
    }
    context.drawImage(this.#still.drawn, 0, 0);
    for (const svg of this.#pictures(true))
      if (svg.childElementCount > 0) await this.#draw(context, svg);
    return context.getImageData(0, 0, width, height).data;
  }

  /** @param {boolean} moving what moves within a beat, or what does not */
  #pictures(moving) {
    /** @type {NodeListOf<SVGSVGElement>} */
    const all = this.#board.querySelectorAll("svg");
    return [...all].filter(
      (it) => it.classList.contains("film") === moving && !it.parentElement?.closest("svg"),
    );
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {SVGSVGElement} svg
   */
  async #draw(context, svg) {
    const board = this.#board.getBoundingClientRect();
    const box = svg.getBoundingClientRect();
    const [width, height] = [box.width * this.#scale, box.height * this.#scale];
    const image = await imageOf(pictureOf(svg, { width, height }, this.#fonts));
    const at = [box.left - board.left, box.top - board.top].map((it) => it * this.#scale);
    context.drawImage(image, at[0], at[1], width, height);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Caption} caption
   */
  #write(context, { phase, tone, words, aside }) {
    const { width, height } = this.#canvas;
    const root = document.querySelector("#app") ?? document.body;
    const colour = (/** @type {string} */ name) => resolved(root, `var(--${name})`);
    const top = height - LINES * LINE - 2 * MARGIN;
    context.fillStyle = colour("surface");
    context.fillRect(0, top, width, height - top);
    context.fillStyle = colour("line");
    context.fillRect(0, top, width, 1);
    context.textBaseline = "middle";
    const write = (/** @type {string} */ text, x = 0, y = 0, weight = 400, hue = "ink") => {
      context.font = `${weight} ${FONT_PX}px Inter, sans-serif`;
      context.fillStyle = colour(hue);
      context.fillText(text, x, y);
      return context.measureText(text).width;
    };
    const y = top + MARGIN + LINE / 2;
    context.font = `600 ${FONT_PX}px Inter, sans-serif`;
    const right = width - MARGIN - context.measureText(aside).width;
    write(aside, right, y, 600);
    const left = MARGIN + write(phase, MARGIN, y, 650, tone) + MARGIN;
    context.font = `400 ${FONT_PX}px Inter, sans-serif`;
    const lines = wrapped(words, (text) => context.measureText(text).width, right - MARGIN - left);
    lines.slice(0, LINES).forEach((line, at) => {
      write(line, left, y + at * LINE);
    });
  }
}

/**
 * Words in lines that are no wider than there is room.
 * @param {string} words
 * @param {(text: string) => number} measure
 * @param {number} room
 */
export function wrapped(words, measure, room) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words.split(" ")) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && measure(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * A colour of the page's theme, as a canvas takes it.
 * @param {Element} holder
 * @param {string} colour
 */
function resolved(holder, colour) {
  const probe = document.createElement("i");
  probe.style.color = colour;
  probe.hidden = true;
  holder.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** @param {HTMLElement} board */
export async function framesOf(board) {
  return new Frames(board, await fontStyle());
}
