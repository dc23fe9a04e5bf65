/**
 * In which order cards and lanes stand within their ranks, for few edges to cross.
 */

/** @typedef {import("./places.js").Place} Place */

/** How often the ranks are ordered, and how often their places are found: by how many places there are. */
const EFFORT = 12000;
const SWEEPS = { least: 4, most: 16 };
/** So many sweeps that bring nothing are the last. */
const IDLE = 4;

/**
 * Orders each rank by the middles of its neighbours in the rank before, then behind, and so on; of all orders that
 * come about, the one with the fewest crossings stays.
 * @param {Place[][]} ranks
 */
export function untangle(ranks) {
  let best = ranks.map((rank) => [...rank]);
  let least = crossings(ranks);
  const sweeps = Math.min(SWEEPS.most, Math.max(SWEEPS.least, effort(ranks)));
  for (let sweep = 0, idle = 0; sweep < sweeps && idle < IDLE && least > 0; sweep++, idle++) {
    const forwards = sweep % 2 === 0;
    for (const rank of forwards ? ranks : ranks.toReversed()) {
      for (const it of rank) it.wish = forwards ? middleBehind(it) : middleAhead(it);
      rank.sort((a, b) => a.wish - b.wish);
      number(rank);
    }
    const found = crossings(ranks);
    if (found >= least) continue;
    idle = 0;
    least = found;
    best = ranks.map((rank) => [...rank]);
  }
  best.forEach((rank, at) => {
    ranks[at] = rank;
    number(rank);
  });
}

/**
 * How many turns a drawing is worth: fewer where it is large.
 * @param {Place[][]} ranks
 */
export function effort(ranks) {
  return Math.round(EFFORT / ranks.reduce((sum, rank) => sum + rank.length, 0));
}

/** @param {Place[]} rank */
function number(rank) {
  rank.forEach((place, order) => {
    place.order = order;
  });
}

/** @param {Place} place */
function middleBehind({ before, order }) {
  let sum = 0;
  for (const it of before) sum += it.order;
  return before.length === 0 ? order : sum / before.length;
}

/** @param {Place} place */
function middleAhead({ after, order }) {
  let sum = 0;
  for (const { to } of after) sum += to.order;
  return after.length === 0 ? order : sum / after.length;
}

/**
 * How often edges cross, gap by gap: the inversions of where they begin, taken by where they end. Counted with a binary
 * indexed tree, which knows how many of those before began further on.
 * @param {Place[][]} ranks
 */
function crossings(ranks) {
  let count = 0;
  for (const [at, rank] of ranks.entries()) {
    if (at === 0) continue;
    const size = ranks[at - 1].length;
    const tree = new Int32Array(size + 1);
    let seen = 0;
    for (const { before } of rank) {
      for (const { order } of before) {
        count += seen;
        for (let i = order + 1; i > 0; i -= i & -i) count -= tree[i];
      }
      seen += before.length;
      for (const { order } of before) for (let i = order + 1; i <= size; i += i & -i) tree[i] += 1;
    }
  }
  return count;
}
