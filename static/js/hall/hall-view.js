/**
 * The hall mode: the beat as one large equation of matrices, the entry that is worked out in numbers, the sentence, and where
 * one is. Nothing else: it is steered by keys, by a clicker, by a press on its two halves.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryKey, full, nameParts, remembering, short } from "../base/format.js";
import { rightSide } from "../formula/math-view.js";
import { lookupIn } from "../formula/numbers.js";
import { typeset } from "../formula/symbols-view.js";
import { PHASE_NAMES, sentence } from "../time/sentences.js";
import { progress } from "../time/timeline.js";
import { isLoss } from "../trace/scores.js";
import { arrange, isCut, ROW } from "./arrange.js";
import { hallOf } from "./hall.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {import("./hall.js").Piece} Piece */
/** @typedef {import("./arrange.js").Placed} Placed */
/**
 * @typedef {object} HallActions
 * @property {() => void} present
 * @property {(direction: 1 | -1) => void} beat
 * @property {(t: number) => void} go
 */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {{ row: number, column: number }} Cell */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/**
 * What the films know of a beat: its sums, and how it is drawn as a curve in a box with text of a size.
 * @typedef {object} Films
 * @property {(iteration: Iteration, beat: Beat) => import("./hall.js").Sums | null} sumsOf
 * @property {(iteration: Iteration, beat: Beat) => ((at: Cell, box: Box, size: number, pixel: number) => unknown) | null} curveOf
 */

/** What of the window's height is not the board's, and to its sides, in text sizes. */
const BELOW = 8.4;
const BESIDE = 2.4;
/** As in hall.css: the size of the numbers, as a share of the window's height and width; in pixels at least. */
const SIZE = { height: 0.039, width: 0.022, least: 18 };
/** Where there is room, numbers are so many times as large. */
const LARGER = 1.6;
const SMALL = 0.62;
/** An activation's curve below the numbers, in text sizes: as high as there is room for, within bounds. */
const CURVE = { least: 6, most: 11, ratio: 2, gap: 0.8 };

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {Films} films
 * @param {HallActions} act
 */
export function hallView(state, moment, films, act) {
  const { iteration } = state;
  if (!iteration) return nothing;
  const { beat } = moment;
  const hall = hallOf(iteration, beat, progress(state.t), beat && films.sumsOf(iteration, beat));
  const curve = beat && films.curveOf(iteration, beat);
  const subject = beat?.kind === "node" ? iteration.node.get(beat.subject) : undefined;
  const isCompared = subject && (beat?.phase === "cost" || isLoss(iteration, subject));
  return html`<div class="hall">
    <div class="hall-board" data-pane="stage" @click=${(/** @type {MouseEvent} */ event) => act.beat(event.clientX < innerWidth / 3 ? -1 : 1)}>${boardView(hall, curve)}</div>
    <p class="hall-entry" aria-hidden="true">${isCompared ? costView(iteration, subject, hall.pieces[hall.pieces.length - 1].tone) : hall.tokens.map(({ text, tone }) => html`<span class="hall-token ${tone}">${text}</span> `)}</p>
    <p class="hall-sentence" data-sentence aria-live="polite">${typeset(sentence(iteration, state.beats, beat), iteration.node)}</p>
    ${whereView(state, moment, act)}
  </div>`;
}

/**
 * The cost as its formula, with the numbers of a single example.
 * @param {import("../trace/trace.js").Iteration} iteration
 * @param {import("../trace/trace.js").Node} node
 * @param {string} tone
 */
function costView(iteration, { formula, inputs, value }, tone) {
  const isOne = inputs.every((id) => iteration.node.get(id)?.value.length === 1);
  return html`${rightSide(formula ?? "", isOne ? lookupIn(iteration, true) : undefined)} = <span class="hall-token ${tone}">${short(value[0][0])}</span>`;
}

/** That the longest number has: a board is drawn in every frame. @type {(matrix: number[][]) => number} */
const lettersIn = remembering((matrix) =>
  matrix.reduce((most, row) => Math.max(most, ...row.map((it) => short(it).length)), 0),
);

/**
 * @param {import("./hall.js").Hall} hall
 * @param {ReturnType<Films["curveOf"]>} curve
 */
function boardView({ pieces, entry }, curve) {
  const size = Math.max(SIZE.least, Math.min(SIZE.height * innerHeight, SIZE.width * innerWidth));
  const whole = { width: innerWidth / size - BESIDE, height: innerHeight / size - BELOW };
  const isDrawn = curve !== null && entry;
  const kept = isDrawn ? CURVE.least + CURVE.gap : 0;
  const room = { ...whole, height: whole.height - kept };
  const letters = pieces.map(({ matrix }) => lettersIn(matrix));
  const { width, height, placed } = arrange(pieces, letters, room);
  const fit = Math.min(LARGER, room.width / width, whole.height / (height + kept));
  const [w, h] = [whole.width / fit, whole.height / fit];
  const drawn = isDrawn ? Math.min(CURVE.most, h - height - CURVE.gap) : 0;
  const all = height + (isDrawn ? drawn + CURVE.gap : 0);
  const box = [(width - w) / 2, (all - h) / 2, w, h].map((it) => it.toFixed(3)).join(" ");
  const across = Math.min(w, CURVE.ratio * drawn);
  const place = { x: (width - across) / 2, y: height + CURVE.gap, width: across, height: drawn };
  return html`<svg viewBox=${box} role="img" aria-label=${placed.map(({ piece }) => `${piece.before} ${piece.name}`).join(" ")}>${placed.map(pieceView)}${
    isDrawn ? svg`<g class="hall-curve">${curve(entry, place, 1, 1 / (size * fit))}</g>` : nothing
  }</svg>`;
}

/** @param {Placed} placed */
function pieceView(placed) {
  const { piece, rows, columns, cell, at, label, sign } = placed;
  const { before, over, name, turned, tone, entry, names } = piece;
  const x = (/** @type {number} */ column) => at.x + (column - columns.from) * cell;
  const y = (/** @type {number} */ row) => at.y + (row - rows.from) * ROW;
  return svg`<g class="hall-piece ${tone}" data-active data-of=${entry ?? name}>
    ${before ? svg`<text class="hall-sign" x=${sign.x} y=${sign.y + 0.35}>${before}</text>` : nothing}
    ${over ? svg`<text class="hall-small" x=${sign.x} y=${sign.y - 0.7}>${over}</text>` : nothing}
    <text class="hall-name" x=${label.x} y=${label.y + 0.35}>${nameView(name)}${turned ? svg`<tspan font-size="0.6" dy="-0.4">⊤</tspan>` : nothing}</text>
    ${
      names.length > 0
        ? range(columns).map(
            (column) =>
              svg`<text class="hall-small" x=${x(column) + cell / 2} y=${at.y - 0.35}>${cut(names[column], cell)}</text>`,
          )
        : nothing
    }
    ${range(rows).map((row) => range(columns).map((column) => cellView(placed, row, column, x(column), y(row))))}
    ${isCut(columns) ? svg`<text class="hall-more" x=${x(columns.to) + 0.5} y=${y(rows.from) + ROW / 2 + 0.3}>…</text>` : nothing}
    ${isCut(rows) ? svg`<text class="hall-small" x=${(x(columns.from) + x(columns.to)) / 2} y=${y(rows.to) + 0.7}>⋮ ${rows.count} rows</text>` : nothing}
  </g>`;
}

/** @param {import("./arrange.js").Part} part */
function range({ from, to }) {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/**
 * A name as wide as its column.
 * @param {string} name
 * @param {number} width
 */
function cut(name, width) {
  const most = Math.floor(width / (0.55 * SMALL));
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

/**
 * @param {Placed} placed
 * @param {number} row
 * @param {number} column
 * @param {number} x
 * @param {number} y
 */
function cellView({ piece: { matrix, entry, turned, ringed, known }, cell }, row, column, x, y) {
  const value = matrix[row][column];
  const isKnown = known === undefined || row * matrix[0].length + column < known;
  const isRinged = ringed.some((it) => it.row === row && it.column === column);
  const [r, c] = turned ? [column, row] : [row, column];
  const key = entry ? entryKey(entry, r, c) : nothing;
  return svg`<g class="hall-cell ${isRinged ? "ringed" : ""} ${isKnown ? "" : "unknown"}" data-entry=${key} data-tip=${isKnown ? full(value) : nothing}>
    <rect x=${x + 0.05} y=${y + 0.05} width=${cell - 0.1} height=${ROW - 0.1} rx="0.22"></rect>
    ${isKnown ? svg`<text x=${x + cell / 2} y=${y + ROW / 2 + 0.36}>${short(value)}</text>` : nothing}</g>`;
}

/** @param {string} name */
function nameView(name) {
  const found = /^∂([^/]+)\/∂(\S+)(.*)$/u.exec(name);
  if (!found) return idView(name);
  return svg`∂${idView(found[1])}<tspan dx="0.1">/</tspan>∂${idView(found[2])}${found[3]}`;
}

/** @param {string} id */
function idView(id) {
  const [letters, index] = nameParts(id);
  return index
    ? svg`${letters}<tspan class="hall-index" dy="0.25" font-size="0.7">${index}</tspan><tspan dy="-0.25">\u200b</tspan>`
    : letters;
}

/**
 * Where one is: the phase, and a bar for each beat.
 * @param {State} state
 * @param {Moment} moment
 * @param {HallActions} act
 */
function whereView({ beats, t, iteration, playing }, { beat }, act) {
  const phase = beat ? PHASE_NAMES[beat.phase] : "Start";
  const words = beat ? `${phase} · ${beat.index + 1} of ${beats.length}` : phase;
  return html`<div class="hall-where"><span>${words}</span>
    <span class="hall-beats" aria-hidden="true">${beats.map(({ phase: of, index }) => html`<i class="${of} ${index < Math.ceil(t) ? "passed" : ""} ${index === beat?.index ? "now" : ""}" @click=${() => act.go(index + 1)}></i>`)}</span>
    <span>iteration ${iteration?.number}${playing ? " ▸" : ""}</span>
    <button class="quiet" @click=${act.present} data-tip="Back to the page (Esc or P)">End</button></div>`;
}
