/**
 * The film of results that are sums of products: the factors lift off their cards, meet on the bench, multiply, add up, and
 * the result lands in its cell. A product of matrices, forward and backward, is one; so is a slope that meets what arrives.
 */

import { largest, remembering, share } from "../base/format.js";
import { benchMark } from "./bench.js";
import { arranged } from "./lines.js";
import { mark, numberMark } from "./marks.js";
import { between, part, shown, turnOf } from "./motion.js";
import { chipSpot, spotOf } from "./places.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./marks.js").Spot} Spot */
/** @typedef {import("./places.js").Places} Places */
/** @typedef {import("./places.js").Box} Box */
/** @typedef {import("./lines.js").Sums} Sums */
/** @typedef {import("./lines.js").Sum} Sum */
/** @typedef {import("./lines.js").Factor} Factor */
/** @typedef {import("./lines.js").Arrangement} Arrangement */

/** Which part of its turn a sum spends on what. */
const LIFT = { start: 0, apart: 0.1, lasts: 0.36 };
const MEET = [0.4, 0.52];
const ADD = [0.5, 0.62];
const FLY = [0.66, 1];
/** How high a result flies: it must not leave what is seen. */
const LOW = 0.06;
/** What stands between the numbers is there from the start, faintly. */
const FAINT = 0.25;

/**
 * @param {Sums} spec
 * @returns {(t: number, places: Places) => Mark[]}
 */
export function sumsFilm(spec) {
  const { sums } = spec;
  const most = largest([sums.map((it) => it.result)]);
  const arrangedIn = remembering((/** @type {Places} */ places) =>
    arranged(spec, places, neededBy(sums, places)),
  );
  return (t, places) => {
    const arrangement = arrangedIn(places);
    const { bench, figure, size, lines } = arrangement;
    const presence = shown(t);
    const marks = [benchMark(bench, presence)];
    if (spec.figure && figure) {
      const drawn = spec.figure.marks(t, figure, size);
      marks.push(...drawn.map((it) => ({ ...it, opacity: it.opacity * presence })));
    }
    /** @type {Mark[]} */
    const results = [];
    // What still flies passes behind the equations that stand; results fly above all.
    for (let index = sums.length - 1; index >= 0; index -= 1) {
      const u = turnOf(t, index, sums.length);
      const line = lines[index];
      const spots = line?.spots ?? [
        { x: bench.x + bench.width / 2, y: bench.y + bench.height / 2 },
      ];
      marks.push(...rings(sums[index], index, u, places));
      if (line) marks.push(...worked(spec, arrangement, index, u, places, presence));
      results.push(...landing(spec, sums[index], index, u, places, spots, most));
    }
    return [...marks, ...results];
  };
}

/**
 * The matrices that a film takes from and brings to, which must not be hidden.
 * @param {readonly Sum[]} sums
 * @param {Places} places
 * @returns {Box[]}
 */
export function neededBy(sums, places) {
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const { terms, to } of sums)
    for (const cell of [to, ...terms.flat().map((it) => it.from)]) {
      if (!cell || !("id" in cell)) continue;
      const block = places.block(cell.id, cell.gradient);
      if (block) boxes.set(`${cell.id} ${cell.gradient}`, block);
    }
  return [...boxes.values()];
}

/**
 * The row and the column that meet.
 * @param {Sum} sum
 * @param {number} index
 * @param {number} u
 * @param {Places} places
 */
function rings({ terms }, index, u, places) {
  const opacity = part(u, 0, 0.1) * (1 - part(u, 0.5, 0.7));
  if (opacity === 0) return [];
  /** @type {Map<string, { tone: Factor["tone"], spots: Spot[] }>} */
  const groups = new Map();
  for (const { from, tone } of terms.flat()) {
    const spot = from && "id" in from ? spotOf(places, from) : null;
    if (!spot || !from || !("id" in from)) continue;
    const name = `${from.id}${from.gradient ? "∂" : ""}`;
    const group = groups.get(name) ?? { tone, spots: [] };
    group.spots.push(spot);
    groups.set(name, group);
  }
  return [...groups].map(([name, { tone, spots }]) => {
    const left = Math.min(...spots.map((it) => it.x - it.width / 2));
    const right = Math.max(...spots.map((it) => it.x + it.width / 2));
    const top = Math.min(...spots.map((it) => it.y - it.height / 2));
    const bottom = Math.max(...spots.map((it) => it.y + it.height / 2));
    return mark("ring", `ring ${index} ${name}`, {
      x: (left + right) / 2,
      y: (top + bottom) / 2,
      width: right - left + 4,
      height: bottom - top + 4,
      tone,
      opacity,
    });
  });
}

/**
 * An equation coming together.
 * @param {Sums} spec
 * @param {Arrangement} arrangement
 * @param {number} index
 * @param {number} u
 * @param {Places} places
 * @param {number} presence
 * @returns {Mark[]}
 */
function worked({ tone, figure }, arrangement, index, u, places, presence) {
  const { tokens, spots } = arrangement.lines[index];
  const count = tokens.filter((it) => it.kind === "factor").length;
  let at = 0;
  const marks = products(arrangement.lines[index], index, part(u, MEET[0], MEET[1]) * presence);
  tokens.forEach((token, k) => {
    const id = token.kind === "result" ? `sum ${index}` : `${token.kind} ${index} ${k}`;
    const spot = spots[k];
    if (token.kind === "factor" && token.factor) {
      const start = LIFT.start + (LIFT.apart * at) / count;
      at += 1;
      const from = sourceOf(token.factor, arrangement, figure ?? null, places);
      const share = from ? part(u, start, start + LIFT.lasts) : 1;
      const opacity = (from ? part(u, 0, 0.07) : part(u, 0.2, 0.4)) * presence;
      const where = between(from ?? spot, spot, share);
      marks.push(
        numberMark(id, token.text, where, { tone: token.factor.tone, opacity, emphasis: 0.3 }),
      );
    } else if (token.kind === "sign") {
      const [begin, end] = k === tokens.length - 2 ? ADD : MEET;
      marks.push(
        mark("text", id, {
          ...spot,
          text: token.text,
          opacity: (FAINT + (1 - FAINT) * part(u, begin, end)) * presence,
        }),
      );
    } else {
      const middle = { ...spot, x: (spots[0].x + spot.x) / 2 };
      const where = between(middle, spot, part(u, ADD[0], ADD[1]), 0);
      const opacity = part(u, ADD[0], ADD[1]) * presence;
      marks.push(numberMark(id, token.text, where, { tone, opacity, emphasis: 0.7 }));
    }
  });
  return marks;
}

/**
 * What is multiplied has become one.
 * @param {import("./lines.js").Line} line
 * @param {number} index
 * @param {number} opacity
 */
function products({ tokens, spots }, index, opacity) {
  const terms = new Set(tokens.map((it) => it.term).filter((it) => it >= 0));
  return [...terms].flatMap((term) => {
    const ends = spots.filter((_, k) => tokens[k].term === term);
    const [first, final] = [ends[0], ends[ends.length - 1]];
    if (ends.length < 3 || first.y !== final.y) return [];
    const [left, right] = [first.x - first.width / 2, final.x + final.width / 2];
    return [
      mark("area", `product ${index} ${term}`, {
        x: (left + right) / 2,
        y: first.y,
        width: right - left + 0.2 * first.size,
        height: first.height + 0.2 * first.size,
        tone: "soft",
        opacity: 0.5 * opacity,
      }),
    ];
  });
}

/**
 * Where a factor comes from.
 * @param {Factor} factor
 * @param {Arrangement} arrangement
 * @param {Sums["figure"] & {} | null} figure
 * @param {Places} places
 * @returns {Spot | null}
 */
function sourceOf({ from }, { figure: box, size }, figure, places) {
  if (!from) return null;
  if ("chip" in from) return chipSpot(places, from.chip);
  if ("figure" in from) return figure && box && figure.spot(from.figure, box, size);
  return spotOf(places, from);
}

/**
 * The result on its way to its cell, and in it. The cell is a hole until then.
 * @param {Sums} spec
 * @param {Sum} sum
 * @param {number} index
 * @param {number} u
 * @param {Places} places
 * @param {readonly (Partial<Spot> & { x: number, y: number })[]} spots of its equation, the result's the last
 * @param {number} most
 */
function landing({ tone }, { result, to }, index, u, places, spots, most) {
  const cell = to && spotOf(places, to);
  if (!cell) return [];
  const from = { ...cell, ...spots[spots.length - 1] };
  const flown = part(u, FLY[0], FLY[1]);
  const strength = 0.3 + 0.7 * share(result, most);
  const hole = part(u, 0, 0.1) * (1 - part(u, 0.9, 1));
  return [
    mark("hole", `hole ${index}`, { ...cell, tone, opacity: hole }),
    numberMark(`result ${index}`, result, between(from, cell, flown, LOW), {
      tone,
      opacity: part(u, FLY[0] - 0.03, FLY[0] + 0.05),
      emphasis: strength,
    }),
  ];
}
