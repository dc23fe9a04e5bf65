/**
 * A matrix, larger than on its card, of which every number becomes another: what moves it arrives, and what it was stands
 * under it.
 */

import { largest, remembering, share } from "../base/format.js";
import { benchFor, benchMark } from "./bench.js";
import { mark, numberMark, written } from "./marks.js";
import { between, part, shown, turnOf } from "./motion.js";
import { spotOf } from "./places.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./places.js").Cell} Cell */
/**
 * @typedef {object} Change
 * @property {Cell} at
 * @property {number | null} before null where nothing stood there
 * @property {string} push   what moves it; "" where nothing on the cards does
 * @property {Cell} from     where that comes from
 * @property {number} after
 * @property {Cell | null} to null where it has no place on a card
 */
/** @typedef {{ changes: Change[], columns: number, title: string, tone: import("./marks.js").Tone }} Grid */

/** In text sizes. */
const PAD = 0.8;
const TITLE = 2;
const ROW = 4.3;

/**
 * @param {Grid} grid
 * @returns {(t: number, places: Places) => Mark[]}
 */
export function gridFilm(grid) {
  const { changes, columns, title, tone } = grid;
  const longest = Math.max(...changes.map((it) => Math.max(it.push.length, 8)));
  const wide = 0.56 * longest + 1.2;
  const rows = Math.ceil(changes.length / columns);
  const most = largest([changes.map((it) => it.after)]);
  const extent = {
    width: Math.max(2 * PAD + columns * wide, 0.56 * title.length + 2 * PAD),
    height: 2 * PAD + TITLE + rows * ROW,
  };
  const benchIn = remembering((/** @type {Places} */ places) =>
    benchFor(places, extent, 1.25, needed(changes, places)),
  );
  return (t, places) => {
    const { box, size } = benchIn(places);
    const presence = shown(t);
    const middle = { x: box.x + box.width / 2, y: box.y + (PAD + TITLE / 2) * size };
    const left = middle.x - ((columns - 1) / 2) * wide * size;
    const marks = [
      benchMark(box, presence),
      mark("text", "title", { ...middle, size, text: title, emphasis: 1, opacity: presence }),
    ];
    changes.forEach((change, index) => {
      const x = left + (index % columns) * wide * size;
      const y = box.y + (PAD + TITLE + (Math.floor(index / columns) + 0.5) * ROW) * size;
      const spot = { x, y, width: (wide - 0.5) * size, height: 1.6 * size, size };
      const u = turnOf(t, index, changes.length);
      const emphasis = 0.3 + 0.7 * share(change.after, most);
      marks.push(...changed(change, index, u, spot, places, { presence, tone, emphasis }));
    });
    return marks;
  };
}

/**
 * @param {Change} change
 * @param {number} index
 * @param {number} u
 * @param {import("./marks.js").Spot} spot
 * @param {Places} places
 * @param {{ presence: number, tone: Grid["tone"], emphasis: number }} how
 * @returns {Mark[]}
 */
function changed({ before, push, from, after, to }, index, u, spot, places, how) {
  const { presence, tone, emphasis } = how;
  const { size } = spot;
  const source = spotOf(places, from);
  const above = { ...spot, y: spot.y - 1.5 * size, height: 1.4 * size };
  const merged = part(u, 0.46, 0.64);
  const turned = part(u, 0.54, 0.68);
  const pushed = between(between(source ?? above, above, part(u, 0.04, 0.4)), spot, merged, 0);
  const marks = [
    numberMark(`after ${index}`, after, spot, { tone, emphasis, opacity: turned * presence }),
    numberMark(`push ${index}`, push, pushed, {
      tone: "backward",
      emphasis: 0.5,
      opacity: push === "" ? 0 : part(u, 0, 0.1) * (1 - part(u, 0.56, 0.66)) * presence,
    }),
  ];
  if (before === null) {
    marks.unshift(
      mark("hole", `hole ${index}`, { ...spot, tone, opacity: (1 - turned) * presence }),
    );
  } else {
    marks.unshift(
      numberMark(`before ${index}`, before, spot, {
        tone,
        emphasis: 0.2,
        opacity: (1 - turned) * presence,
      }),
      mark("text", `was ${index}`, {
        x: spot.x,
        y: spot.y + 1.38 * size,
        size: 0.84 * size,
        tone: "soft",
        text: `was ${written(before)}`,
        opacity: part(u, 0.62, 0.76) * presence,
      }),
    );
  }
  const cell = to && spotOf(places, to);
  if (cell) {
    const landed = between(spot, cell, part(u, 0.72, 1));
    const opacity = part(u, 0.7, 0.78);
    marks.push(numberMark(`result ${index}`, after, landed, { tone, emphasis, opacity }));
  }
  return marks;
}

/**
 * @param {readonly Change[]} changes
 * @param {Places} places
 */
function needed(changes, places) {
  return changes.slice(0, 1).flatMap(({ at, from }) => {
    const boxes = [places.block(at.id, at.gradient), places.block(from.id, from.gradient)];
    return boxes.filter((it) => it !== null);
  });
}
