/**
 * What the fields of training do: another optimizer, another setting of it, other batches. All values and the iteration stay.
 */

import { withBatch, withField, withOptimizer, withSchedule, withShuffle } from "./architecture.js";

/** @typedef {import("./training-view.js").TrainingActions} TrainingActions */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/**
 * @typedef {object} TrainingPorts
 * @property {(change: (experiment: Experiment) => Experiment, label: string) => unknown} edit the open experiment, in place
 * @property {TrainingActions["refuse"]} refuse
 * @property {() => import("./training-view.js").Catalog | null} catalog
 */

/**
 * @param {TrainingPorts} ports
 * @returns {TrainingActions}
 */
export function trainingActions({ edit, refuse, catalog }) {
  return {
    setOptimizer: (name) => {
      const fields = catalog()?.optimizers.find((it) => it.name === name)?.defaults;
      edit((it) => withOptimizer(it, name, fields ?? {}), `optimizer ${name}`);
    },
    setField: (field, value) => edit((it) => withField(it, field, value), field.replace("_", " ")),
    setSchedule: (name) => {
      const row = catalog()?.schedules.find((it) => it.name === name);
      const schedule = row ? { name: row.name, ...row.defaults } : null;
      edit(
        (it) => withSchedule(it, schedule),
        row ? `a rate that falls by ${row.name}` : "a rate that stays",
      );
    },
    setScheduleField: (field, value) =>
      edit((it) => withSchedule(it, it.schedule && { ...it.schedule, [field]: value }), field),
    setShuffle: (seed) =>
      edit((it) => withShuffle(it, seed), seed === null ? "rows in order" : "rows shuffled"),
    setBatch: (size) => edit((it) => withBatch(it, size), size === null ? "all rows" : "batch"),
    refuse,
  };
}
