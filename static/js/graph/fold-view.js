/**
 * A folded line as the card of its own node, with a tab to open it. Folded layers as one card: what is in it, how far it is computed, and which of its nodes is computed now.
 */

import { guard } from "../../vendor/lit-html@3.3.3/directives/guard.js";
import { nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { nameParts } from "../base/format.js";
import { isByKeys } from "./card-view.js";
import { opened, planGroup, TAB } from "./fold.js";

/** @typedef {import("./fold.js").Group} Group */
/** @typedef {import("../layout/chain.js").Box} Box */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("./graph-view.js").GraphActions} GraphActions */

const MARGIN = 12;

/**
 * @param {Group} group
 * @param {Box} box
 * @param {Moment} moment
 * @param {string} layers what is folded now
 * @param {boolean} here it takes the focus when the graph does
 * @param {GraphActions} act
 */
export function groupView(group, box, moment, layers, here, act) {
  return group.lines.length === 0
    ? tabView(group, box, layers, here, act)
    : layersView(group, box, moment, layers, here, act);
}

/**
 * The tab under the card of a folded line.
 * @param {Group} group
 * @param {Box} box of the card and the tab
 * @param {string} layers
 * @param {boolean} here
 * @param {GraphActions} act
 */
function tabView(group, box, layers, here, act) {
  const { id, members } = group;
  return guard([group, box, layers, here], () => {
    const open = () => act.unfold(opened(layers, group), members[0]);
    const words = `${members.length} more ${members.length === 1 ? "step" : "steps"}`;
    return svg`<g class="fold-tab" transform="translate(${box.x} ${box.y + box.height - TAB})" role="button" tabindex=${here ? 0 : -1} data-tip="Show the operations of this line: ${members.join(", ")}"
      aria-label="${id} is folded: ${words}. Enter shows them." @click=${open} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, id, open, act)}>
      <path class="card-shape" d="M9 0v${TAB - 8}q0 6 6 6h${box.width - 30}q6 0 6 -6v${8 - TAB}" aria-hidden="true"></path>
      <text class="card-shape-text" x=${box.width / 2} y=${TAB - 6} text-anchor="middle" aria-hidden="true">▸ ${words}</text></g>`;
  });
}

/**
 * @param {Group} group
 * @param {Box} box
 * @param {Moment} moment
 * @param {string} layers
 * @param {boolean} here
 * @param {GraphActions} act
 */
function layersView(group, box, moment, layers, here, act) {
  const { computed, members } = group;
  const shows = moment.beat?.shows ?? "";
  const now = members.includes(shows) ? shows : "";
  const lit = now ? `lit ${moment.beat?.phase}` : "";
  const values = computed.filter((id) => moment.values[id] === "computed").length;
  const gradients = members.filter((id) => moment.gradients[id] === "computed").length;
  return guard([group, box, layers, now, lit, values, gradients, here], () => {
    const open = () => act.unfold(opened(layers, group), group.computed[0]);
    const { line, head } = planGroup(group);
    const wide = box.width - 2 * MARGIN;
    const foot = head + group.lines.length * line;
    return svg`<g class="card group ${lit}" transform="translate(${box.x} ${box.y})" role="button" tabindex=${here ? 0 : -1} data-walk=${group.id} data-tip="Select to show these layers"
      aria-label="${spoken(group)} ${values} of ${computed.length} values and ${gradients} of ${members.length} gradients are computed.${now ? ` Now: ${now}.` : ""} Enter shows them."
      @click=${open} @keydown=${(/** @type {KeyboardEvent} */ event) => onKey(event, group.id, open, act)}>
    <g aria-hidden="true">
      <rect class="card-shape behind" x="5" y="5" width=${box.width} height=${box.height} rx="9"></rect>
      <rect class="card-shape" width=${box.width} height=${box.height} rx="9"></rect>
      <text class="group-title" x=${MARGIN} y="22">${group.id}</text>
      <text class="card-shape-text" x=${box.width - MARGIN} y="21" text-anchor="end">${members.length} nodes</text>
      ${group.lines.map(({ name, shape }, at) => {
        const y = head + at * line + 4;
        return svg`<text class="group-line" x=${MARGIN} y=${y}>${name}</text><text class="card-shape-text" x=${box.width - MARGIN} y=${y} text-anchor="end">${shape}</text>`;
      })}
      <g transform="translate(${MARGIN} ${foot})">${bar(0, "value", values / computed.length, wide)}${bar(7, "gradient", gradients / members.length, wide)}</g>
      ${now ? svg`<text class="group-now ${moment.beat?.phase}" x=${MARGIN} y=${foot + 32}>now: ${named(now)}</text>` : svg`<text class="card-shape-text" x=${MARGIN} y=${foot + 32}>folded: select to show</text>`}
    </g></g>`;
  });
}

/**
 * @param {number} y
 * @param {"value" | "gradient"} kind
 * @param {number} share
 * @param {number} width
 */
function bar(y, kind, share, width) {
  return svg`<g class="block ${kind}"><rect class="heat-back" y=${y} width=${width} height="4"></rect>${share > 0 ? svg`<rect class="cell-bar" y=${y} width=${width * share} height="4"></rect>` : nothing}</g>`;
}

/** @param {string} id */
function named(id) {
  const [letters, index] = nameParts(id);
  return svg`${letters}<tspan class="label-index" dy="2">${index}</tspan>`;
}

/** @param {Group} group */
function spoken({ first, last, members }) {
  return `Layers ${first} to ${last}, folded: ${members.length} nodes.`;
}

/**
 * @param {KeyboardEvent} event
 * @param {string} id
 * @param {() => void} open
 * @param {GraphActions} act
 */
function onKey(event, id, open, act) {
  if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") open();
  else if (event.key.startsWith("Arrow") && isByKeys(event)) act.walk(id, event.key);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
