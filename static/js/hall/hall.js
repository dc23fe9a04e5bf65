/**
 * A beat for a hall: the matrices that it takes and brings as pieces of one large equation, the row and the column that meet
 * now, and that entry in numbers. A pure function of the beat and of how far it is.
 */

import { MINUS, remembering, short } from "../base/format.js";
import { ARRIVAL } from "../time/timeline.js";
import { letterOf } from "../trace/optimizer-rule.js";
import { cachedAsItStands, comeBy, isEntrywise, meetingOf } from "../trace/rule.js";
import { combinationOf, raised, usesGradient } from "../trace/signs.js";
import { namesOf, optimizerOf } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../trace/trace.js").Edge} Edge */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {"forward" | "backward" | "update" | "cost" | "target"} Tone */
/** @typedef {{ id: string, gradient: boolean, row: number, column: number }} Cell */
/**
 * What each result is made of: terms of factors. As the films have it.
 * @typedef {{ terms: { value: number | string, from: Cell | object | null, tone: string }[][], result: number, to: Cell | null, around?: readonly string[] }} Sum
 * @typedef {{ sums: Sum[], columns: number, open?: string, between?: string }} Sums
 */
/**
 * @typedef {object} Piece
 * @property {string} before   the sign before it, "" before the first
 * @property {string} over     what is done, over the sign: "sigmoid"
 * @property {string} name     a node's id, or ∂of/∂wrt
 * @property {boolean} turned  it is shown transposed
 * @property {Matrix} matrix   as it is shown
 * @property {readonly string[]} names of its columns
 * @property {Tone} tone
 * @property {string} [entry]  names its numbers, where these are a node's: "m0", "∂m0"
 * @property {{ row: number, column: number }[]} ringed what meets now
 * @property {number} [known]  how many entries are there by now, where they come one by one
 */
/** @typedef {{ text: string, tone: Tone | "" }} Token */
/** @typedef {{ pieces: Piece[], tokens: Token[], entry?: Cell | null }} Hall entry: which is worked out */

/** Of so many entries each has a turn long enough to show its result at the end of it; of more, at the next one's. */
const MOST_TURNS = 6;
const MOST_TERMS = 4;
/** Of an equation in one line of the hall, with the signs between its numbers. */
const MOST_LETTERS = 58;
const MOST_PARAMETERS = 3;

/**
 * @param {Iteration} iteration
 * @param {Beat | null} beat null at the start, where only the leaves are known
 * @param {number} share how far the beat is, 0 to 1
 * @param {Sums | null} sums
 * @returns {Hall}
 */
export function hallOf(iteration, beat, share, sums) {
  if (!beat) return { pieces: leavesOf(iteration), tokens: [] };
  if (beat.kind === "line" || beat.kind === "update") return updateHall(iteration, beat, share);
  const count = sums?.sums.length ?? 0;
  const { at, known } = turnAt(share, count);
  const sum = sums?.sums[at];
  const edge = iteration.edge.get(beat.subject);
  const pieces =
    beat.kind === "edge" && edge
      ? edgePieces(iteration, edge, sum)
      : nodePieces(iteration, /** @type {Node} */ (iteration.node.get(beat.subject)));
  const result = pieces[pieces.length - 1];
  result.known = known;
  ring(pieces, sum, edge);
  const tokens = sum ? tokensOf(sum, sums?.open ?? "", sums?.between ?? "+", result.tone) : [];
  return { pieces, tokens, entry: sum?.to };
}

/**
 * Which entry is worked out at a time, and how many are there by then.
 * @param {number} share
 * @param {number} count
 */
function turnAt(share, count) {
  const done = Math.min(1, share / ARRIVAL);
  if (done === 1) return { at: Math.max(0, count - 1), known: count };
  const at = Math.floor(done * count);
  const isWorkedOut = count <= MOST_TURNS && done * count - at > 0.5;
  return { at, known: isWorkedOut ? at + 1 : at };
}

/**
 * What is known at the start; where that is much the first parameters, and of constants the first and the last.
 * @param {Iteration} iteration
 * @returns {Piece[]}
 */
function leavesOf(iteration) {
  const leaves = iteration.nodes.filter(({ role }) => role !== "computed");
  const of = (/** @type {Node["role"]} */ wanted) => leaves.filter(({ role }) => role === wanted);
  const left = new Set([...of("parameter").slice(MOST_PARAMETERS), ...of("constant").slice(1, -1)]);
  return leaves.flatMap((node, at) => {
    if (left.has(node)) return [];
    return valuePiece(iteration, node.id, left.has(leaves[at - 1]) ? "…" : "");
  });
}

/** @type {Record<string, Tone>} */
const TONES = { input: "forward", computed: "forward", parameter: "update", target: "target" };

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @param {string} before
 * @returns {Piece}
 */
function valuePiece(iteration, id, before) {
  const node = /** @type {Node} */ (iteration.node.get(id));
  const tone = id === iteration.output ? "cost" : TONES[node.role];
  return piece(before, id, node.value, tone, { entry: id, names: shownNames(iteration, node) });
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @param {string} before
 * @param {Matrix} [matrix]
 */
function gradientPiece(iteration, id, before, matrix) {
  const node = /** @type {Node} */ (iteration.node.get(id));
  const name = `∂${iteration.output}/∂${id}`;
  const names = shownNames(iteration, node);
  return piece(before, name, matrix ?? node.gradient, "backward", { entry: `∂${id}`, names });
}

/**
 * @param {string} before
 * @param {string} name
 * @param {Matrix} matrix
 * @param {Tone} tone
 * @param {Partial<Piece>} [more]
 * @returns {Piece}
 */
function piece(before, name, matrix, tone, more) {
  return { before, over: "", name, turned: false, matrix, names: [], tone, ringed: [], ...more };
}

/** @param {Iteration} iteration @param {Node} node */
function shownNames(iteration, node) {
  const names = namesOf(iteration, node);
  return names.length === node.value[0].length ? names : [];
}

/** @param {Iteration} iteration @param {Node} node @returns {Piece[]} */
function nodePieces(iteration, node) {
  const isLinear = node.op === "linear";
  const made = node.inputs.length === 2 ? combinationOf(node) : null;
  const between = made && made.open === "" && !made.each ? made.between : null;
  const isEquation = isLinear || between !== null;
  const signs = isLinear ? ["", "·", "+"] : ["", between ?? ","];
  const taken = node.inputs.map((id, slot) => valuePiece(iteration, id, signs[slot] ?? ","));
  const result = valuePiece(iteration, node.id, isEquation ? "=" : "→");
  if (!isEquation) result.over = (node.op ?? "").replaceAll("_", " ");
  return [...taken, result];
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Sum | undefined} sum whose row of a batch has a matrix of its own
 * @returns {Piece[]}
 */
function edgePieces(iteration, edge, sum) {
  const { before, now, isWhole } = comeBy(iteration, edge);
  const come = before ? [soFar(gradientPiece(iteration, edge.wrt, "", before))] : [];
  const whole = gradientPiece(iteration, edge.wrt, "=", now);
  const result = isWhole ? whole : soFar(whole);
  if (edge.of === iteration.output) {
    const used = edge.uses.map((id) => valuePiece(iteration, id, ""));
    const taken = [...come, ...used].map((it, at) => ({ ...it, before: at > 0 ? "," : "" }));
    return [...taken, { ...result, before: taken.length > 0 ? "→" : "" }];
  }
  if (edge.sourceMap) {
    const moved = gradientPiece(iteration, edge.of, before ? "+" : "");
    return [...come, moved, { ...result, before: "→", over: "moved back" }];
  }
  const met = metPieces(iteration, edge, sum);
  if (before && met[0]) met[0].before = `+ ${met[0].before}`.trimEnd();
  // A number of each row, for all of that row: as a vector it stands across.
  const isAcross = edge.rule === "spread" && edge.letters.of === "r";
  const end = isAcross ? { ...result, before: "→", over: "by row" } : result;
  return [...come, ...met, end];
}

/**
 * What arrives and the local partial, as the rule says.
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {Sum | undefined} sum
 */
function metPieces(iteration, edge, sum) {
  let sign = "";
  /** @type {Piece[]} */
  const pieces = [];
  for (const part of meetingOf(edge)) {
    if (part === "upstream") pieces.push(gradientPiece(iteration, edge.of, sign));
    else if (part === "local" || part === "turned")
      pieces.push(localPiece(iteration, edge, sign, part === "turned", sum));
    else {
      sign = part;
      continue;
    }
    sign = "";
  }
  return pieces;
}

/** A gradient that is not whole yet. @param {Piece} piece @returns {Piece} */
function soFar(piece) {
  return { ...piece, name: `${piece.name} so far` };
}

/**
 * @param {Iteration} iteration
 * @param {Edge} edge
 * @param {string} before
 * @param {boolean} turned
 * @param {Sum | undefined} sum
 * @returns {Piece}
 */
function localPiece(iteration, edge, before, turned, sum) {
  const cached = cachedAsItStands(edge);
  if (cached) {
    const found = valuePiece(iteration, cached, before);
    return turned ? { ...found, turned, matrix: transposed(found.matrix), names: [] } : found;
  }
  const row = sum?.to?.row ?? 0;
  const matrix = edge.jacobians[row] ?? edge.value;
  const shown = turned ? transposed(matrix) : matrix;
  const ofRow = edge.jacobians.length > 1 ? ` of row ${row}` : "";
  return piece(before, `∂${edge.of}/∂${edge.wrt}${ofRow}`, shown, "backward", { turned });
}

/** @type {(matrix: Matrix) => Matrix} */
const transposed = remembering((matrix) =>
  matrix[0].map((_, column) => matrix.map((row) => row[column])),
);

/**
 * Rings what the entry is made of, and the entry.
 * @param {Piece[]} pieces
 * @param {Sum | undefined} sum
 * @param {Edge | undefined} edge
 */
function ring(pieces, sum, edge) {
  if (!sum?.to) return;
  const cells = /** @type {Cell[]} */ (
    sum.terms.flat().flatMap(({ from }) => (from && "id" in from ? from : []))
  );
  const { to } = sum;
  const result = pieces[pieces.length - 1];
  result.ringed = [to];
  for (const it of pieces.slice(0, -1)) {
    const own = cells.filter(({ id, gradient }) => it.entry === (gradient ? `∂${id}` : id));
    // A slope that is one number everywhere stands there once.
    const isThere = it.matrix[to.row]?.[to.column] !== undefined;
    const met = own.length === 0 && !it.entry && edge && isEntrywise(edge) && isThere ? [to] : own;
    it.ringed = met.map(({ row, column }) =>
      it.turned ? { row: column, column: row } : { row, column },
    );
  }
}

/**
 * The entry in numbers: 0.5 · 0.4 + 0.8 · 0.3 = 0.44; as many terms as one line has room for.
 * @param {Sum} sum
 * @param {string} open
 * @param {string} sign between the terms
 * @param {Tone} tone
 * @returns {Token[]}
 */
function tokensOf({ terms, result, around }, open, sign, tone) {
  if (around) return aroundTokens(terms, around, result, tone);
  const last = [
    { text: open ? ") =" : "=", tone: /** @type {const} */ ("") },
    { text: short(result), tone },
  ];
  const whole = terms.length > MOST_TERMS ? MOST_TERMS - 1 : terms.length;
  for (let most = whole; ; most -= 1) {
    /** @type {Token[]} */
    const tokens = open ? [{ text: open, tone: "" }] : [];
    tokens.push(...terms.slice(0, most).flatMap((it, at) => termTokens(it, at > 0 ? sign : "")));
    if (most < terms.length) tokens.push({ text: `${sign} …`, tone: "" });
    const all = [...tokens, ...last];
    if (most <= 1 || all.reduce((sum, { text }) => sum + text.length + 1, 0) <= MOST_LETTERS)
      return all;
  }
}

/**
 * @param {Sum["terms"]} terms
 * @param {readonly string[]} around
 * @param {number} result
 * @param {Tone} tone
 * @returns {Token[]}
 */
function aroundTokens(terms, around, result, tone) {
  const tokens = around.flatMap((text, at) => {
    const [factor] = terms[at] ?? [];
    const between = text.trim() ? [{ text: text.trim(), tone: /** @type {const} */ ("") }] : [];
    if (!factor) return between;
    const number = typeof factor.value === "number" ? short(factor.value) : factor.value;
    return [...between, { text: number, tone: /** @type {Tone} */ (factor.tone) }];
  });
  return [...tokens, { text: "=", tone: "" }, { text: short(result), tone }];
}

/**
 * @param {Sum["terms"][number]} factors
 * @param {string} before the sign, "" before the first
 * @returns {Token[]}
 */
function termTokens(factors, before) {
  return factors.flatMap(({ value, tone }, k) => {
    const text = typeof value === "number" ? short(value) : value;
    const isInside = (before !== "" || k > 0) && text.startsWith(MINUS);
    /** @type {Token[]} */
    const signs = k > 0 ? [{ text: "·", tone: "" }] : before ? [{ text: before, tone: "" }] : [];
    return [...signs, { text: isInside ? `(${text})` : text, tone: /** @type {Tone} */ (tone) }];
  });
}

/**
 * What the optimizer's rule does to a parameter: old, slope, new; or what a line of the rule gives.
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @param {number} share
 * @returns {Hall}
 */
function updateHall(iteration, { subject, line }, share) {
  const update = iteration.updates.find((it) => it.parameter === subject);
  if (!update) return { pieces: leavesOf(iteration), tokens: [] };
  const { before, gradient, delta, after, lines } = update;
  const slope = gradientPiece(iteration, subject, "", gradient);
  if (line !== undefined) {
    const found = lines.find((it) => it.name === line);
    const value = found?.value ?? gradient;
    const name = found ? letterOf(found) : line;
    if (!found || usesGradient(found.formula, subject))
      return { pieces: [slope, piece("→", name, value, "update")], tokens: [] };
    return { pieces: [piece("", name, value, "update")], tokens: lineTokens(found) };
  }
  const rate = optimizerOf(iteration).learning_rate;
  const isPlain = lines.length === 0 && typeof rate === "number";
  const columns = after[0].length;
  const { at, known } = turnAt(share, after.length * columns);
  const [row, column] = [Math.floor(at / columns), at % columns];
  const old = piece("", subject, before, "update", { entry: subject });
  const change = isPlain
    ? { ...slope, before: `${MINUS} ${short(rate)} ·` }
    : piece("+", `∆${subject}`, delta, "backward");
  const moved = piece("=", subject, after, "update", { entry: subject, known });
  for (const it of [old, change, moved]) it.ringed = [{ row, column }];
  const push = isPlain ? gradient[row][column] : delta[row][column];
  const tokens = [
    { text: short(before[row][column]), tone: /** @type {Tone} */ ("update") },
    { text: isPlain ? `${MINUS} ${short(rate)} ·` : "+", tone: /** @type {const} */ ("") },
    { text: inside(short(push)), tone: /** @type {Tone} */ ("backward") },
    { text: "=", tone: /** @type {const} */ ("") },
    { text: short(after[row][column]), tone: /** @type {Tone} */ ("update") },
  ];
  return { pieces: [old, change, moved], tokens };
}

/**
 * A line that is one number, as it is worked out: a learning rate that falls.
 * @param {{ formula: string, value: Matrix }} line
 * @returns {Token[]}
 */
function lineTokens({ formula, value }) {
  if (value.length !== 1 || value[0].length !== 1) return [];
  const right = raised(formula.slice(formula.indexOf(" ← ") + 3));
  if (right.length > MOST_LETTERS - 12) return [];
  return [
    { text: right, tone: "" },
    { text: "=", tone: "" },
    { text: short(value[0][0]), tone: "update" },
  ];
}

/** @param {string} text */
function inside(text) {
  return text.startsWith(MINUS) ? `(${text})` : text;
}
