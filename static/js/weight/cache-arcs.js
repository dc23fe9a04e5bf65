/**
 * The cache as a picture of time: a slot for each beat, and arcs from the beat that computes something to those that use
 * it again.
 */

import { shortened } from "../base/format.js";
import { computedIn } from "../time/timeline.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {{ beat: number, name: string, whole: string, phase: Beat["phase"], key: string }} Slot name: as long as there is room */
/**
 * @typedef {object} Arc
 * @property {"value" | "gradient"} kind a value kept on the way forward, or a gradient that several edges share
 * @property {string} id     whose
 * @property {number} from   the beat that computes it
 * @property {number[]} to   the beats that use it
 */

/**
 * Forward and backward beats with a short name each.
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @returns {Slot[]}
 */
export function slotsOf(iteration, beats) {
  return beats
    .filter((it) => it.phase !== "update")
    .map(({ index, phase, kind, subject }) => {
      const edge = iteration.edge.get(subject);
      const isRatio = kind === "edge" && edge;
      const name = isRatio ? ratioIn(edge) : shortened(subject, 10, 2);
      const whole = isRatio ? `∂${edge.of}/∂${edge.wrt}` : subject;
      return { beat: index + 1, name, whole, phase, key: subject };
    });
}

/** Letters of the names in a slot. */
const ROOM = 6;

/**
 * Both names as long as there is room for them: a short one leaves it to the other.
 * @param {import("../trace/trace.js").Edge} edge
 */
function ratioIn({ of, wrt }) {
  const half = ROOM >> 1;
  const above = shortened(of, Math.max(half, ROOM - wrt.length), 1);
  return `∂${above}/∂${shortened(wrt, Math.max(half, ROOM - above.length), 1)}`;
}

/**
 * @param {Iteration} iteration
 * @param {Beat[]} beats
 * @param {ReadonlySet<string>} among the edges that are looked at
 * @returns {Arc[]}
 */
export function arcsOf(iteration, beats, among) {
  const backward = beats.flatMap((it) => {
    const edge = it.kind === "edge" ? iteration.edge.get(it.subject) : undefined;
    return edge ? [{ beat: it.index + 1, edge }] : [];
  });
  /** @param {(edge: import("../trace/trace.js").Edge) => boolean} uses */
  const usedIn = (uses) => backward.filter(({ edge }) => uses(edge)).map(({ beat }) => beat);
  const onTheWay = new Set([...among].map((key) => iteration.edge.get(key)?.of));
  /** @param {string} id */
  const isData = (id) => ["input", "target"].includes(iteration.node.get(id)?.role ?? "");
  return iteration.nodes
    .filter((it) => it.role === "computed")
    .flatMap(({ id }) => {
      const made = computedIn(beats, id) + 1;
      const whole =
        (beats.findLast((it) => it.kind === "edge" && it.shows === id)?.index ?? -1) + 1;
      const values = usedIn((edge) => among.has(edge.key) && edge.uses.includes(id));
      // A gradient on the way is shared with all that lies behind it, on this weight's way or not.
      const gradients = usedIn((edge) => edge.of === id && onTheWay.has(id) && !isData(edge.wrt));
      return [
        ...(values.length > 0 ? [arc("value", id, made, values)] : []),
        ...(gradients.length > 1 && whole > 0 ? [arc("gradient", id, whole, gradients)] : []),
      ];
    });
}

/**
 * @param {Arc["kind"]} kind
 * @param {string} id
 * @param {number} from
 * @param {number[]} to
 * @returns {Arc}
 */
function arc(kind, id, from, to) {
  return { kind, id, from, to };
}

/**
 * An arc as a sentence: "a0 is computed in beat 2 and used again in beats 8 and 10".
 * @param {Arc} arc
 * @param {string} output
 */
export function told({ kind, id, from, to }, output) {
  const what = kind === "value" ? id : `∂${output}/∂${id}`;
  const last = to[to.length - 1];
  const where =
    to.length === 1 ? `beat ${last}` : `beats ${to.slice(0, -1).join(", ")} and ${last}`;
  return `${what} is computed in beat ${from} and used again in ${where}.`;
}
