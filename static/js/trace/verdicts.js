/**
 * What a gradient check, or the measuring of one gradient, says in words. Which gradients agree the server has found out.
 */

import { indexed, short } from "../base/format.js";
import { number } from "./trace.js";

/** @typedef {import("../server/wire.js").components["schemas"]["CheckAnswer"]} CheckAnswer */
/** @typedef {CheckAnswer["entries"][number]} Checked */
/** @typedef {Checked["verdict"]} Verdict */

/** @type {Record<Verdict, string>} */
export const VERDICTS = {
  agrees: "agrees",
  differs: "differs",
  kink: "a corner: no verdict",
  "too small": "too small to compare",
  "too coarse": "C is too coarse here",
};

/** Why gradients could not be compared, each after how many there are. @type {[Verdict, string][]} */
const NOT_COMPARED = [
  [
    "too coarse",
    "where C is too coarse: in its digits, or over so wide a step, the difference is not that of the slope",
  ],
  [
    "too small",
    "too small to compare: rounding leaves the difference fewer digits than that takes",
  ],
  [
    "kink",
    "at a corner (of relu, abs, max …), where the cost has one slope on the left and another on the right",
  ],
];

const BEYOND = ": they, or C beside them, are beyond what a double can hold, or too coarse";

/**
 * The whole check in words: what it comes to, and what was not compared and why.
 * @typedef {object} Outcome
 * @property {"right" | "wrong" | "open"} kind `right` only where something was compared, and all of it agrees
 * @property {string} head
 * @property {string[]} rest
 */

/**
 * @param {Pick<CheckAnswer, "verdicts" | "entries" | "worst" | "status">} answer
 * @returns {Outcome}
 */
export function outcomeOf({ verdicts, entries, worst, status }) {
  const { agrees, differs } = verdicts;
  const [compared, all] = [agrees + differs, entries.length];
  const lost = entries.some(({ numeric }) => !Number.isFinite(number(numeric)));
  const rest = NOT_COMPARED.flatMap(([verdict, words]) =>
    verdicts[verdict] > 0
      ? [
          `${gradients(verdicts[verdict])} not compared${verdict === "too coarse" && lost ? BEYOND : `, ${words}`}.`,
        ]
      : [],
  );
  if (differs > 0) return { kind: "wrong", head: `✗ ${wrong(differs, compared, entries)}`, rest };
  if (status === "diverged" && compared < all)
    rest.push("This run has diverged: go back to an iteration before.");
  if (compared === 0) return { kind: "open", head: "Nothing could be compared.", rest };
  const most = number(worst);
  const near = most > 0 ? `; the worst is off by ${short(most)} of its size` : "";
  const which = compared === all ? `All ${all}` : `${agrees} of ${all}`;
  const head =
    all === 1
      ? `✓ The one gradient agrees with what was measured${near}. It is right.`
      : `✓ ${which} gradients agree with what was measured${near}. ${compared === all ? "They are" : "These are"} right.`;
  return { kind: "right", head, rest };
}

/**
 * @param {number} differs
 * @param {number} compared
 * @param {Checked[]} entries the worst that differs first
 */
function wrong(differs, compared, entries) {
  const head = `${differs} of ${compared} gradients ${differs === 1 ? "DIFFERS" : "DIFFER"} from what was measured.`;
  const worst = entries.find((it) => it.verdict === "differs");
  if (!worst) return head;
  const name = indexed(worst.parameter, [worst.row, worst.column]);
  return `${head} The worst is ∂C/∂${name}: ${short(number(worst.analytic))}, measured ${short(number(worst.numeric))}.`;
}

/** @param {number} count */
function gradients(count) {
  return count === 1 ? "1 gradient was" : `${count} gradients were`;
}

/**
 * How many gradients have each verdict, those that no gradient has left out: "3 agree · 1 too small to compare".
 * @param {CheckAnswer["verdicts"]} verdicts
 */
export function tally(verdicts) {
  /** @type {[Verdict, string][]} */
  const words = [
    ["differs", verdicts.differs === 1 ? "differs" : "differ"],
    ["agrees", verdicts.agrees === 1 ? "agrees" : "agree"],
    ["too coarse", "where C is too coarse"],
    ["too small", "too small to compare"],
    ["kink", "at a corner"],
  ];
  return words
    .filter(([verdict]) => verdicts[verdict] > 0)
    .map(([verdict, text]) => `${verdicts[verdict]} ${text}`)
    .join(" · ");
}

/**
 * How far the numbers were moved: one h, or from the least to the largest.
 * @param {Pick<CheckAnswer, "entries" | "step">} answer
 */
export function stepsOf({ entries, step }) {
  const steps = entries.map((it) => it.step);
  const [least, most] = [Math.min(step, ...steps), Math.max(step, ...steps)];
  return least === most ? short(step) : `${short(least)} … ${short(most)}`;
}

/**
 * What one measured number says of a gradient.
 * @param {Verdict} verdict
 * @param {string} name of the weight
 */
export function verdictOf(verdict, name) {
  switch (verdict) {
    case "agrees":
      return "✓ It agrees with what was measured.";
    case "differs":
      return "✗ It DIFFERS from what was measured.";
    case "kink":
      return `A corner: no verdict. The measured step crosses a corner (of relu, abs, max …): there the cost has one slope on the left of ${name} and another on the right, and the difference lies between them. The engine takes the activation's own slope at its corner.`;
    case "too small":
      return "Too small to compare: C has not the digits to show so small a slope. So this is no verdict.";
    default:
      return "C is too coarse here to be measured by a difference. So this is no verdict.";
  }
}
