/**
 * What the rule of an edge says of single entries, read from its letters: one for each axis of the output (`of`), of the
 * input (`wrt`) and of the local partial. Entries belong together where their letters agree; what the output has and the
 * input has not is summed: contribution[wrt] = Σ gradient[of] · partial[partial]. Where entries were only moved there are
 * no letters; a map says of each entry of the output its place in the input, read line by line.
 */

/** @typedef {import("../base/format.js").Entry} Entry */
/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {import("./trace.js").Edge} Edge */
/** @typedef {Record<string, number>} Indices by letter */

/** @param {string} letters @param {Entry} entry @returns {Indices} */
function indicesOf(letters, { row, column }) {
  const places = [row, column].slice(2 - letters.length);
  return Object.fromEntries([...letters].map((letter, axis) => [letter, places[axis]]));
}

/** @param {string} id @param {string} letters @param {Indices} at @returns {Entry} a number is [0,0], a vector one row */
function entryAt(id, letters, at) {
  const [row, column] = [letters.at(-2), letters.at(-1)].map((it) => (it ? at[it] : 0));
  return { id, row, column };
}

/**
 * The entries of an edge's one end that belong together with an entry of its other end.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {"of" | "wrt"} end of the entry that is given
 * @param {Entry} entry
 * @returns {Entry[]}
 */
export function entriesAcross({ node }, edge, end, entry) {
  const { letters } = edge;
  if (edge.sourceMap) return movedAcross({ node }, edge, end, entry);
  const other = end === "of" ? "wrt" : "of";
  const sizes = node.get(edge[other])?.shape ?? [];
  let places = [indicesOf(letters[end], entry)];
  for (const [axis, letter] of [...letters[other]].entries()) {
    if (letters[end].includes(letter)) continue;
    const along = Array.from({ length: sizes[axis] }, (_, index) => index);
    places = places.flatMap((at) => along.map((index) => ({ ...at, [letter]: index })));
  }
  return places.map((at) => entryAt(edge[other], letters[other], at));
}

/**
 * @param {Pick<Iteration, "node">} iteration
 * @param {Edge} edge
 * @param {"of" | "wrt"} end
 * @param {Entry} entry
 * @returns {Entry[]}
 */
function movedAcross({ node }, { of, wrt, sourceMap }, end, { row, column }) {
  const columns = node.get(wrt)?.value[0].length ?? 1;
  const map = sourceMap ?? [];
  if (end === "of") {
    const place = map[row]?.[column] ?? -1;
    return place < 0
      ? []
      : [{ id: wrt, row: Math.floor(place / columns), column: place % columns }];
  }
  const place = row * columns + column;
  return map.flatMap((line, r) =>
    line.flatMap((it, c) => (it === place ? [{ id: of, row: r, column: c }] : [])),
  );
}

/**
 * The local partial between two entries that belong together.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @returns {number}
 */
export function partialBetween({ letters, value, jacobians }, of, wrt) {
  const at = { ...indicesOf(letters.of, of), ...indicesOf(letters.wrt, wrt) };
  const { row, column } = entryAt("", letters.partial, at);
  return (jacobians[at[letters.partial[0]]] ?? value)[row]?.[column] ?? Number.NaN;
}

/**
 * The cached entries that the local partial between two entries is made of: those at its own place, of the output that which
 * it is the slope of, of what was stretched the one there is; where each meets all of its row, those at either end.
 * @param {Edge} edge
 * @param {Entry} of
 * @param {Entry} wrt
 * @returns {Entry[]}
 */
export function cachedBetween({ letters, rule, uses, used, of: output }, of, wrt) {
  const at = { ...indicesOf(letters.of, of), ...indicesOf(letters.wrt, wrt) };
  const isOfAll = rule === "jacobian";
  const places = isOfAll ? [letters.of, letters.wrt] : [letters.partial];
  return uses.flatMap((id, k) =>
    id === output && !isOfAll
      ? [of]
      : places.map((it) => {
          const { row, column } = entryAt(id, it, at);
          const last = used[k].length - 1;
          return { id, row: Math.min(row, last), column: Math.min(column, used[k][0].length - 1) };
        }),
  );
}

/** Whether each entry of the input meets one entry of the output alone. @param {Edge} edge */
export function isEntrywise({ sourceMap, letters: { of, wrt } }) {
  if (sourceMap) return false;
  return [...of].every((letter) => wrt.includes(letter));
}

/** Whether each entry of the input meets one of the output, and each of the output one of the input. @param {Edge} edge */
export function isOneToOne({ sourceMap, rule, letters: { of, wrt } }) {
  return !sourceMap && rule === "elementwise" && of === wrt;
}

/** The node whose cached value is the local partial as it stands; undefined where it is worked out. @param {Edge} edge */
export function cachedAsItStands({ formula, uses }) {
  return uses.find((id) => formula.endsWith(`= ${id}`));
}

/**
 * What has come to a node when an edge has been walked: of several that lead back to it, the sum of those so far.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @returns {{ before: import("./trace.js").Matrix | null, now: import("./trace.js").Matrix, isWhole: boolean }} before: what has come by those before it, if there are any
 */
export function comeBy({ edges, node }, edge) {
  const into = edges.filter(({ wrt }) => wrt === edge.wrt);
  const at = into.indexOf(edge);
  const isWhole = at === into.length - 1;
  const before = at > 0 ? into.slice(0, at).map(contributionOf).reduce(added) : null;
  const sum = before ? added(before, edge.contribution) : edge.contribution;
  return { before, now: (isWhole && node.get(edge.wrt)?.gradient) || sum, isWhole };
}

/** @param {Edge} edge */
function contributionOf({ contribution }) {
  return contribution;
}

/**
 * @param {import("./trace.js").Matrix} one
 * @param {import("./trace.js").Matrix} other
 */
function added(one, other) {
  return one.map((line, row) => line.map((value, column) => value + other[row][column]));
}

/**
 * Over what an edge sums what arrives, as it is written under a Σ: "rows", "columns"; "" for all of it.
 * @param {Edge} edge
 */
export function summedOver({ letters: { of, wrt } }) {
  const left = [...of].filter((letter) => !wrt.includes(letter));
  if (left.length !== 1 || of.length === 1) return "";
  return of.startsWith(left[0]) ? "rows" : "columns";
}

/**
 * How an edge's contribution is made, part by part, as its chain says it: "∂C/∂W1 = ∂m1/∂W1ᵀ · ∂C/∂m1" is
 * ["turned", "·", "upstream"]. Where others lead to the same node it is added to what has come: "∂C/∂x ← ∂C/∂x + …".
 * @param {Edge} edge
 * @returns {string[]}
 */
export function meetingOf({ chain, of, wrt }) {
  const local = `∂${of}/∂${wrt}`;
  return chain
    .slice(chain.search(/ [=←] /u) + 3)
    .replace(/^∂\S+ \+ /u, "")
    .split(" ")
    .map((part) => {
      if (part.startsWith(local)) return part.endsWith("ᵀ") ? "turned" : "local";
      return part.startsWith("∂") ? "upstream" : part;
    });
}

/**
 * The edge between two nodes, the first where there are several.
 * @param {Pick<Iteration, "edge">} iteration
 * @param {string} of
 * @param {string} wrt
 */
export function edgeBetween({ edge }, of, wrt) {
  return edge.get(`${of}>${wrt}`);
}
