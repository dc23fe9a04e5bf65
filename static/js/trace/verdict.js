/**
 * What the network says, in words: of one example what it takes it for and what it is; of many how many are right.
 */

import { remembering, short } from "../base/format.js";
import { count, percent } from "../base/words.js";
import { accuracy, aimOf, classAt, className, isLoss, perExample } from "./scores.js";
import { isLayered } from "./trace.js";

/** @typedef {import("./trace.js").Iteration} Iteration */
/** @typedef {{ name: string, value: number, share: number, isSaid: boolean, isTrue: boolean }} Output share: of a bar, 0 to 1 */
/**
 * @typedef {object} Verdict
 * @property {string} begins  "The network says"
 * @property {string} said    what is to be read from afar: "car"
 * @property {string} ends    ", 60 %."
 * @property {string} truth   "It is a face.", or how wrong it is
 * @property {boolean | null} isRight
 * @property {Output[]} outputs of one example; none where there are many
 */

/** A name of more letters makes a line too long that lists such. */
const LONG = 8;
/** Outputs that bars are drawn for. */
const MOST_BARS = 4;

/**
 * Null where it can say nothing. Its rows are gone through once: the page is painted with every move of the pointer.
 * @type {(iteration: Iteration) => Verdict | null}
 */
export const verdictOf = remembering((iteration) => {
  const { said, experiment, nodes } = iteration;
  if (!isLayered(experiment)) return ofFormulas(iteration);
  const rows = nodes.find((it) => it.role === "target")?.value ?? [];
  if (rows.length === 0 || said.predictions.length === 0) return null;
  return rows.length === 1 && experiment.data.x.length === 1
    ? ofOne(iteration, said.predictions[0], rows[0])
    : ofMany(iteration);
});

/**
 * What formulas come to: their last line.
 * @param {Iteration} iteration
 * @returns {Verdict}
 */
function ofFormulas({ output, cost, nodes }) {
  const learned = nodes.filter((it) => it.role === "parameter").map((it) => it.id);
  const isLong = (/** @type {string} */ name) => name.length > LONG;
  const few = learned.length > 3 ? `${learned.slice(0, 3).join(", ")} …` : learned.join(", ");
  const names = learned.some(isLong) ? count(learned.length, "value") : few;
  const goal = isLong(output) ? "it" : output;
  return {
    begins: "The last line gives ",
    said: isLong(output) ? short(cost) : `${output} = ${short(cost)}`,
    ends: ".",
    truth: learned.length > 0 ? `A step moves ${names} to make ${goal} smaller.` : "",
    isRight: null,
    outputs: [],
  };
}

/**
 * @param {Iteration} iteration
 * @param {number[]} predicted
 * @param {number[]} target
 * @returns {Verdict}
 */
function ofOne(iteration, predicted, target) {
  const { classes } = iteration.experiment.data;
  const aim = aimOf([target]);
  const [said, wanted] = [classAt(predicted), classAt(target)];
  const isNamed = aim !== "numbers";
  const outputs = predicted.map((value, at) => ({
    name: classes?.[at] ?? (predicted.length > 1 ? `output ${at}` : "output"),
    value,
    share: Math.min(Math.max(value, 0), 1) || 0,
    isSaid: isNamed && at === said,
    isTrue: isNamed && target[at] === 1,
  }));
  if (!isNamed) {
    return {
      begins: "The network says ",
      said: predicted.map(short).join(", "),
      ends: ".",
      truth: `It should be ${target.map(short).join(", ")}. ${howWrong(iteration)}`,
      isRight: null,
      outputs: outputs.slice(0, MOST_BARS),
    };
  }
  const sure = predicted.length === 1 && said === 0 ? 1 - predicted[0] : Math.max(...predicted);
  const name = className(wanted, classes, predicted.length);
  return {
    begins: "The network says ",
    said: className(said, classes, predicted.length),
    ends: sure >= 0 && sure <= 1 ? `, ${percent(sure)}.` : `, by ${short(sure)}.`,
    truth: `${classes && predicted.length > 1 ? `It is a ${name}.` : `It is ${name}.`} ${howWrong(iteration)}`,
    isRight: said === wanted,
    outputs: outputs.slice(0, MOST_BARS),
  };
}

/**
 * @param {Iteration} iteration
 * @returns {Verdict}
 */
function ofMany(iteration) {
  const found = accuracy(perExample(iteration));
  const rows = iteration.said.predictions.length;
  const batch = iteration.batchRows ? " of this batch" : "";
  if (found)
    return {
      begins: "The network gets ",
      said: `${found.right} of ${found.of}`,
      ends: `${batch} right.`,
      truth: howWrong(iteration),
      isRight: found.right === found.of,
      outputs: [],
    };
  const { id, value } = lossOf(iteration);
  return {
    begins: "The network misses its ",
    said: count(rows, "target"),
    ends: `${batch}${Number.isFinite(value) ? ` by ${id} = ${short(value)}` : ""}.`,
    truth: `The smaller ${id} is, the better it does.`,
    isRight: null,
    outputs: [],
  };
}

/** @param {Iteration} iteration */
function howWrong(iteration) {
  const { id, value } = lossOf(iteration);
  return Number.isFinite(value)
    ? `${id} = ${short(value)} tells how wrong that is.`
    : `The run has diverged: ${id} is no number.`;
}

/**
 * What compares answers with targets: the cost, less the penalty where there is one.
 * @param {Iteration} iteration
 */
function lossOf(iteration) {
  const loss = iteration.nodes.find((it) => isLoss(iteration, it));
  const { id, value } = loss ?? { id: iteration.output, value: [[iteration.cost]] };
  return { id, value: value[0][0] };
}
