/**
 * Which curve a node's activation is, from the catalog: only where its options are those the curve was drawn with.
 */

import { isLayered } from "../trace/trace.js";

/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../trace/trace.js").Node} Node */
/** @typedef {import("../server/wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {(iteration: Iteration, node: Node) => import("./curve.js").Curve | null} CurveOf */

/**
 * @param {Pick<Catalog, "activations">} catalog
 * @returns {CurveOf}
 */
export function curvesIn({ activations }) {
  const rows = new Map(activations.map((it) => [it.name, it]));
  return ({ experiment }, node) => {
    const row = rows.get(node.op ?? "");
    if (!row?.curve) return null;
    // Of formulas the options stand in their text alone.
    if (!isLayered(experiment) && row.fields.length > 0) return null;
    const layers = /** @type {Record<string, unknown>[]} */ (experiment.network?.layers ?? []);
    const layer = layers[Number(node.id.replace(/^\D+/, ""))];
    const isDefault = row.fields.every(
      (name) => (layer?.[name] ?? row.defaults[name]) === row.defaults[name],
    );
    return isDefault ? row.curve : null;
  };
}
