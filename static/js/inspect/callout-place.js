/**
 * Where the callout stands: beside what it is about, over as little as possible of what that is made of. Pure geometry, in
 * pixels of the window.
 */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */
/** @typedef {{ left: number, top: number }} Place */
/**
 * @typedef {object} Surroundings
 * @property {{ width: number, height: number }} size of the callout
 * @property {Box} area      where it may stand at all
 * @property {Box[]} about   what it is about: never covered, where there is any other place
 * @property {Box | null} own the card around that
 * @property {readonly Box[]} operands what it is made of
 * @property {readonly Box[]} others   what else is to be read
 * @property {Box} stage     the picture: what lies outside is not covered without need
 * @property {boolean} isSheet whether it lies at the end of the area where it can: on a phone
 * @property {Place | null} last where it stood, about the same
 */

const GAP = 10;
/** What it costs to cover a pixel of something, and to stand away from what it is about: far is much worse than a little. */
const COST = { about: 1e6, operands: 25, own: 12, others: 1.5, outside: 2.5, away: 140, far: 4 };
/** So much worse the place where it stood may become before it moves to another. */
const STAYS = 12_000;

/**
 * The best place, and what it costs: of two sizes the one is taken that costs less.
 * @param {Surroundings} around
 * @returns {Place & { cost: number }}
 */
export function placeOf(around) {
  const { about, last, area, size } = around;
  const sheet = { left: area.left, top: area.bottom - size.height };
  const isFree = about.every((it) => overlap(boxAt(sheet, size), it) === 0);
  if (around.isSheet && isFree) return { ...sheet, cost: 0 };
  const places = placesIn(around);
  let best = places[0];
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const cost = costOf(place, around) - (last && isSame(place, last) ? STAYS : 0);
    if (cost >= least) continue;
    best = place;
    least = cost;
  }
  return { ...best, cost: least };
}

/**
 * To every side of what it is about, of all of it and of its card; and in the corners of the area.
 * @param {Surroundings} around
 * @returns {Place[]}
 */
function placesIn({ about, own, size, area, last }) {
  const { width, height } = size;
  const anchors = [...about, ...(own ? [own] : [])];
  const beside = anchors.flatMap(({ left, top, right, bottom }) => {
    const tops = [top - GAP, (top + bottom - height) / 2, bottom - height + GAP];
    const lefts = [left - GAP, (left + right - width) / 2, right - width + GAP];
    return [
      ...lefts.map((it) => ({ left: it, top: bottom + GAP })),
      ...lefts.map((it) => ({ left: it, top: top - GAP - height })),
      ...tops.map((it) => ({ left: right + GAP, top: it })),
      ...tops.map((it) => ({ left: left - GAP - width, top: it })),
    ];
  });
  const [farLeft, farTop] = [area.right - width, area.bottom - height];
  const corners = [area.left, farLeft].flatMap((left) =>
    [area.top, farTop].map((top) => ({ left, top })),
  );
  return [...beside, ...corners, ...(last ? [last] : [])].map(({ left, top }) => ({
    left: Math.max(area.left, Math.min(left, farLeft)),
    top: Math.max(area.top, Math.min(top, farTop)),
  }));
}

/**
 * @param {Place} place
 * @param {Surroundings} around
 */
function costOf(place, { size, about, own, operands, others, stage }) {
  const box = boxAt(place, size);
  const sum = (/** @type {readonly Box[]} */ boxes) =>
    boxes.reduce((total, it) => total + overlap(box, it), 0);
  const outside = size.width * size.height - overlap(box, stage);
  const away = Math.min(...about.map((it) => distance(box, it)));
  return (
    COST.about * sum(about) +
    COST.operands * sum(operands) +
    COST.own * (own ? overlap(box, own) : 0) +
    COST.others * sum(others) +
    COST.outside * outside +
    COST.away * away +
    COST.far * away * away
  );
}

/**
 * @param {Place} place
 * @param {{ width: number, height: number }} size
 * @returns {Box}
 */
function boxAt({ left, top }, { width, height }) {
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * The area that two boxes share.
 * @param {Box} a
 * @param {Box} b
 */
export function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * How far two boxes are from each other.
 * @param {Box} a
 * @param {Box} b
 */
function distance(a, b) {
  const across = Math.max(0, a.left - b.right, b.left - a.right);
  const down = Math.max(0, a.top - b.bottom, b.top - a.bottom);
  return Math.hypot(across, down);
}

/**
 * From the callout to the nearest of what it is about: where the line begins, how long it is, and its direction.
 * @param {Box} callout
 * @param {readonly Box[]} about
 */
export function leaderOf(callout, about) {
  const lines = about.map((it) => {
    const [x, y] = nearest(callout, (it.left + it.right) / 2, (it.top + it.bottom) / 2);
    const [toX, toY] = nearest(it, x, y);
    return { x, y, length: Math.hypot(toX - x, toY - y), angle: Math.atan2(toY - y, toX - x) };
  });
  return lines.reduce((best, it) => (it.length < best.length ? it : best));
}

/**
 * The point of a box that is nearest to another point.
 * @param {Box} box
 * @param {number} x
 * @param {number} y
 */
function nearest({ left, top, right, bottom }, x, y) {
  return [Math.max(left, Math.min(x, right)), Math.max(top, Math.min(y, bottom))];
}

/**
 * @param {Place} a
 * @param {Place} b
 */
function isSame(a, b) {
  return Math.abs(a.left - b.left) < 1 && Math.abs(a.top - b.top) < 1;
}
