/**
 * Where two iterations of the same number part: the first beat whose result differs, and by how much.
 */

import { entryName, short } from "../base/format.js";
import { beatsOf } from "../time/timeline.js";
import { matrix } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Matrix} Matrix */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/**
 * @typedef {object} Parting
 * @property {Beat | null} beat null: a leaf differs before the first beat
 * @property {string} name      of what differs: W0, a1, ∂C/∂m0
 * @property {string} entry     of the entry that differs most: W0[0,1]
 * @property {number} here
 * @property {number} there
 * @property {[string, string] | null} shapes both, where they are not the same
 */
/** @typedef {{ key: string, name: string, matrix: Matrix, shape: number[] }} Result key: by which the other run's is found */

/**
 * Where two iterations of graphs of the same structure part; null where no number differs (−0 counts as 0).
 * @param {Iteration} one
 * @param {Iteration} other
 * @returns {Parting | null}
 */
export function parting(one, other) {
  for (const leaf of one.nodes.filter((it) => it.role !== "computed")) {
    const found = differing(held(one, leaf.id), held(other, leaf.id));
    if (found) return { beat: null, ...found };
  }
  const theirs = beatsOf(other);
  for (const beat of beatsOf(one)) {
    for (const result of resultsOf(one, beat)) {
      const there = counterpart(other, theirs, beat, result.key);
      const found = there && differing(result, there);
      if (found) return { beat, ...found };
    }
  }
  return null;
}

/**
 * What a beat brings.
 * @param {Iteration} iteration
 * @param {Beat} beat
 * @returns {Result[]}
 */
function resultsOf(iteration, beat) {
  if (beat.kind === "node") return [held(iteration, beat.subject)];
  if (beat.kind === "edge") return resultsBack(iteration, beat.subject);
  const update = iteration.updates.find((it) => it.parameter === beat.subject);
  if (!update) return [];
  const shape = iteration.node.get(beat.subject)?.shape ?? [];
  if (beat.kind === "update")
    return [{ key: "after", name: beat.subject, matrix: update.after, shape }];
  const line = update.lines.find((it) => it.name === beat.line);
  if (!line) return [];
  const name = `${line.name} of ${beat.subject}`;
  return [{ key: line.name, name, matrix: matrix(line.value), shape }];
}

/**
 * What an edge passes back, and its local partial.
 * @param {Iteration} iteration
 * @param {string} key
 * @returns {Result[]}
 */
function resultsBack(iteration, key) {
  const edge = iteration.edge.get(key);
  if (!edge) return [];
  const shape = iteration.node.get(edge.wrt)?.shape ?? [];
  const alone = iteration.edges.filter((it) => it.wrt === edge.wrt).length === 1;
  const gradient = `∂${iteration.output}/∂${edge.wrt}`;
  const passed = alone ? gradient : `${gradient} by way of ${edge.of}`;
  const local = `∂${edge.of}/∂${edge.wrt}`;
  return [
    { key: "passed", name: passed, matrix: edge.contribution, shape },
    { key: "local", name: local, matrix: edge.value, shape: [0, 0] },
  ];
}

/**
 * The result of that key of the same beat in the other run; null where its rule has no such line.
 * @param {Iteration} other
 * @param {Beat[]} beats
 * @param {Beat} beat
 * @param {string} key
 * @returns {Result | null}
 */
function counterpart(other, beats, beat, key) {
  const same = beats.filter((it) => it.subject === beat.subject && it.phase === beat.phase);
  const found = same.flatMap((it) => resultsOf(other, it)).find((it) => it.key === key);
  return found ?? null;
}

/**
 * @param {Iteration} iteration
 * @param {string} id
 * @returns {Result}
 */
function held(iteration, id) {
  const node = iteration.node.get(id);
  return { key: "value", name: id, matrix: node?.value ?? [], shape: node?.shape ?? [] };
}

/**
 * The entry in which two results differ most; null where they are the same.
 * @param {Result} one
 * @param {Result} other
 * @returns {Omit<Parting, "beat"> | null}
 */
function differing(one, other) {
  const { name, shape } = one;
  const sizes = [sizeOf(one.matrix), sizeOf(other.matrix)];
  if (sizes[0] !== sizes[1]) {
    const shapes = /** @type {[string, string]} */ (sizes);
    return { name, entry: name, here: Number.NaN, there: Number.NaN, shapes };
  }
  let most = 0;
  /** @type {Omit<Parting, "beat"> | null} */
  let found = null;
  one.matrix.forEach((line, row) => {
    line.forEach((here, column) => {
      const there = other.matrix[row][column];
      const gap = gapOf(here, there);
      if (gap <= most) return;
      most = gap;
      found = {
        name,
        entry: entryName({ id: name, shape }, row, column),
        here,
        there,
        shapes: null,
      };
    });
  });
  return found;
}

/** @param {Matrix} rows */
function sizeOf(rows) {
  return `${rows.length} × ${rows[0]?.length ?? 0}`;
}

/**
 * @param {number} here
 * @param {number} there
 */
function gapOf(here, there) {
  if (here === there || (Number.isNaN(here) && Number.isNaN(there))) return 0;
  const gap = Math.abs(here - there);
  return Number.isNaN(gap) ? Infinity : gap;
}

/**
 * Where they part, as a sentence.
 * @param {Parting} parting
 * @param {number} iteration
 */
export function partingSentence({ beat, name, entry, here, there, shapes }, iteration) {
  const when = beat ? `at beat ${beat.index + 1}` : "before the first beat";
  const what = beat ? happens(beat, name) : `${name} is not the same`;
  const begins = `They part ${when} of iteration ${iteration}: ${what}.`;
  if (shapes) return `${begins} ${entry} is ${shapes[0]} here and ${shapes[1]} there.`;
  const [ours, theirs] = toldApart(here, there);
  const verb = beat?.kind === "update" ? "goes to" : "is";
  const again = beat?.kind === "update" ? "to " : "";
  return `${begins} ${entry} ${verb} ${ours} here and ${again}${theirs} there.`;
}

/**
 * @param {Beat} beat
 * @param {string} name
 */
function happens(beat, name) {
  if (beat.kind === "update")
    return name === beat.subject ? `${name} is updated` : `${name} is computed`;
  return `${name} is computed`;
}

/**
 * Two numbers that differ with as many digits as it takes to see that.
 * @param {number} here
 * @param {number} there
 * @returns {[string, string]}
 */
export function toldApart(here, there) {
  const texts = /** @type {[string, string]} */ ([short(here), short(there)]);
  if (texts[0] !== texts[1] || here === there) return texts;
  for (let digits = 5; digits < 17; digits++) {
    const more = [here, there].map((it) => it.toPrecision(digits).replace("-", "−"));
    if (more[0] !== more[1]) return [more[0], more[1]];
  }
  return [String(here), String(there)];
}
