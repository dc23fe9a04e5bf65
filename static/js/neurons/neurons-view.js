/**
 * The lecture's first picture, alive: neurons and links in layers, in step with the same beats as the graph.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import {
  brief,
  entryKey,
  entryName,
  entryOf,
  full,
  largest,
  nameParts,
  share,
  short,
  tint,
} from "../base/format.js";
import { walking } from "../base/roving-focus.js";
import { valueNow } from "../time/timeline.js";
import { ALL_LINKS, drawnSynapses, neuronPicture, shortened } from "./layout.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("./layout.js").Neuron} Neuron */
/** @typedef {import("./layout.js").Column} Column */
/** @typedef {import("./layout.js").Picture} Picture */
/** @typedef {import("../state/highlights.js").Highlights} Highlights */
/** @typedef {{ select: (id: string | null) => void, showRow: (row: number) => void }} NeuronActions */
/** @typedef {{ width: number, height: number, compact: boolean }} Room in pixels of the page; compact: in a narrow place */

/** Radii in which two digits of a number fit, and two digits of its gradient too. */
const FITS = { brief: 12, both: 16 };
/** How wide a letter of a number is: one that does not fit into its circle with it is told shorter, then in small type. */
const LETTER = 7.4;
/** What stands over the picture takes so much of its height. */
const OVER = { chooser: 40, fewLinks: 26 };
/** How thick a link is. */
const THICK = { least: 0.7, most: 6, mostOfMany: 3 };
const MANY_LINKS = 60;
const MOST_LABELS = 12;
const LABEL_AT = 0.26;

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {Room} room
 * @param {Highlights | null} highlights
 * @param {NeuronActions} act
 */
export function neuronsView(state, moment, room, highlights, act) {
  const iteration = state.iteration;
  if (!iteration) return nothing;
  const { compact } = room;
  const rows = iteration.node.get(iteration.prediction)?.value.length ?? 1;
  const over = (rows > 1 ? OVER.chooser : 0) + (linksIn(iteration) > ALL_LINKS ? OVER.fewLinks : 0);
  const whole = neuronPicture(iteration, compact, { ...room, height: room.height - over });
  const { drawn, strongest, of } = drawnSynapses(
    whole,
    ({ weights, row, column }) =>
      Math.abs(valueNow(iteration, moment, weights)[row]?.[column] ?? 0),
    looked(iteration, state),
  );
  const picture = { ...whole, synapses: drawn };
  const stop = stopAmong(picture.neurons, state);
  return html`<div class="neurons">
    ${rows > 1 ? rowChooser(state, rows, act) : nothing}
    ${of > 0 ? html`<p class="few-links">Drawn: the ${strongest} strongest of up to ${of} links into each neuron, and all of the one you point at or select.</p>` : nothing}
    <svg class="neuron-picture" viewBox="0 0 ${picture.width} ${picture.height}" role="group" aria-label=${spoken(iteration, picture, moment, state.row)} @keydown=${walkNeurons}>
      ${picture.columns.map((column) => columnTitle(column, moment, act))}
      <g class=${of === 0 && drawn.length > MANY_LINKS ? "many" : ""}>${synapses(iteration, picture, moment, state.row, highlights, act)}</g>
      ${picture.neurons.map((neuron) => neuronView(iteration, picture, neuron, moment, state.row, highlights, stop, act))}
      ${weightLabels(iteration, picture, moment)}
      ${classes(iteration, picture, moment, state.row, compact)}
      ${costOf(iteration, picture, moment)}
      ${features(iteration, picture, compact)}
    </svg></div>`;
}

const walkNeurons = walking(".neuron");

/**
 * The neuron that the Tab key comes to: the one that is selected, else the first.
 * @param {readonly Neuron[]} neurons
 * @param {State} state
 */
function stopAmong(neurons, { selection, row }) {
  return neurons.find((it) => entryKey(it.id, row, it.unit) === selection) ?? neurons[0];
}

/**
 * Whether a link is one of a neuron that is pointed at or selected, or is selected itself.
 * @param {Iteration} iteration
 * @param {State} state
 * @returns {(synapse: import("./layout.js").Synapse) => boolean}
 */
function looked(iteration, { selection, pointed }) {
  const names = [selection ?? "", ...pointed].filter((it) => it.includes("["));
  const entries = names.flatMap((it) => entryOf(it.replace("∂", "")) ?? []);
  const links = iteration.nodes.filter((it) => it.op === "linear");
  return ({ weights, row, column }) => {
    const link = links.find((it) => it.inputs[1] === weights);
    return entries.some(
      (it) =>
        (it.id === weights && it.row === row && it.column === column) ||
        (it.id === link?.inputs[0] && it.column === row) ||
        (it.column === column &&
          (it.id === link?.id || iteration.node.get(it.id)?.inputs[0] === link?.id)),
    );
  };
}

/**
 * @param {State} state
 * @param {number} rows
 * @param {NeuronActions} act
 */
function rowChooser(state, rows, act) {
  return html`<label class="row-chooser">Example
    <button aria-label="Example before" @click=${() => act.showRow((state.row + rows - 1) % rows)}>‹</button>
    <input type="number" min="0" max=${rows - 1} .value=${String(state.row)} @change=${(/** @type {Event} */ event) => act.showRow(Math.min(rows - 1, Math.max(0, Number(/** @type {HTMLInputElement} */ (event.target).value) || 0)))}>
    <button aria-label="Next example" @click=${() => act.showRow((state.row + 1) % rows)}>›</button> of ${rows}</label>`;
}

/**
 * @param {Column} column
 * @param {Moment} moment
 * @param {NeuronActions} act
 */
function columnTitle(column, moment, act) {
  const lit = moment.beat && [column.activation, column.pre].includes(moment.beat.shows);
  const [letters, index] = nameParts(column.activation);
  const pre = column.pre ? nameParts(column.pre) : null;
  const press = selecting(column.activation, act);
  return svg`<g class="column-head" role="button" tabindex="0" @click=${press} @keydown=${press}>
    <text class="column-title ${lit ? `lit ${moment.beat?.phase}` : ""}" x=${column.x} y="18">${column.title}</text>
    <text class="column-symbol" x=${column.x} y="38">${pre ? svg`${pre[0]}<tspan dy="3" class="index">${pre[1]}</tspan><tspan dy="-3"> → </tspan>` : nothing}${letters}<tspan dy="3" class="index">${index}</tspan></text></g>`;
}

/**
 * Selects by click, or by Enter.
 * @param {string} id
 * @param {NeuronActions} act
 * @returns {(event: Event) => void}
 */
function selecting(id, act) {
  return (event) => {
    if (event instanceof KeyboardEvent && event.key !== "Enter") return;
    act.select(id);
  };
}

/** @param {Iteration} iteration */
function linksIn({ nodes, node }) {
  const sizes = nodes
    .filter((it) => it.op === "linear")
    .map((it) => (node.get(it.inputs[1])?.shape ?? []).reduce((a, b) => a * b, 1));
  return sizes.reduce((sum, it) => sum + it, 0);
}

/**
 * What makes the links of one layer thick: the weights; on the way back, once it has passed, what comes back along each to
 * the neuron it starts at, of one example.
 * @param {Iteration} iteration
 * @param {Moment} moment
 * @param {string} weights
 * @param {number} row
 */
function flowOf(iteration, moment, weights, row) {
  const link = iteration.nodes.find((it) => it.op === "linear" && it.inputs[1] === weights);
  const values = valueNow(iteration, moment, weights);
  const isBack =
    moment.beat?.phase === "backward" &&
    (moment.edges[`${link?.id}>${link?.inputs[0]}`] ?? "blank") !== "blank";
  const arrived = link?.gradient[row] ?? [];
  const flow = isBack
    ? values.map((line) => line.map((it, at) => it * (arrived[at] ?? 0)))
    : values;
  return { values, flow, most: largest(flow), isBack };
}

/**
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Moment} moment
 * @param {number} example
 * @param {Highlights | null} highlights
 * @param {NeuronActions} act
 */
function synapses(iteration, picture, moment, example, highlights, act) {
  const thickest = picture.synapses.length > MANY_LINKS ? THICK.mostOfMany : THICK.most;
  const ids = new Set(picture.synapses.map(({ weights }) => weights));
  const flows = new Map([...ids].map((id) => [id, flowOf(iteration, moment, id, example)]));
  const from = new Map(
    [...ids].map((id) => {
      const link = iteration.nodes.find((it) => it.op === "linear" && it.inputs[1] === id);
      const source = iteration.node.get(link?.inputs[0] ?? "");
      return [id, source?.op === "dropout" ? source.inputs[0] : (source?.id ?? "")];
    }),
  );
  return picture.synapses.map(({ weights, row, column, x0, y0, x1, y1 }) => {
    const node = iteration.node.get(weights);
    const layer = flows.get(weights);
    const value = layer?.values[row]?.[column] ?? 0;
    const flow = layer?.flow[row]?.[column] ?? 0;
    const width = THICK.least + share(flow, layer?.most ?? 0) * (thickest - THICK.least);
    const name = entryKey(weights, row, column);
    const marks = [
      flow < 0 ? "negative" : "positive",
      layer?.isBack ? "back" : "",
      litWeights(moment, weights),
      isLeftOut(iteration, moment, from.get(weights) ?? "", example, row) ? "left-out" : "",
      highlights?.cells.get(name) ?? "",
    ];
    const tip = [
      `${name} = ${full(value)}`,
      moment.gradients[weights] === "blank"
        ? ""
        : `gradient ${full(node?.gradient[row][column] ?? 0)}`,
      layer?.isBack ? `brings back ${full(flow)}` : "",
    ];
    return svg`<path class="synapse ${marks.filter((it) => it !== "").join(" ")}" stroke-width=${Math.round(width * 100) / 100} data-entry=${name} d="M${x0} ${y0}L${x1} ${y1}" data-tip=${tip.filter((it) => it !== "").join(", ")} @click=${selecting(name, act)}></path>`;
  });
}

/**
 * The numbers of the weights that are lit, where they are few enough to be read: the weight on the way forward, its
 * gradient on the way back, the new weight in the update.
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Moment} moment
 */
function weightLabels(iteration, picture, moment) {
  const lit = picture.synapses.filter(({ weights }) => litWeights(moment, weights) !== "");
  if (lit.length > MOST_LABELS) return nothing;
  return lit.map(({ weights, row, column, x0, y0, x1, y1 }) => {
    const numbers = labelNumbers(iteration, moment, weights);
    const x = x0 + (x1 - x0) * LABEL_AT;
    const y = y0 + (y1 - y0) * LABEL_AT + 4;
    return numbers
      ? svg`<text class="weight-label ${moment.beat?.phase}" x=${x} y=${y}>${short(numbers[row][column])}</text>`
      : nothing;
  });
}

/**
 * @param {Iteration} iteration
 * @param {Moment} moment
 * @param {string} weights
 */
function labelNumbers(iteration, moment, weights) {
  const node = iteration.node.get(weights);
  const phase = moment.beat?.phase;
  if (phase === "backward") return moment.gradients[weights] === "blank" ? null : node?.gradient;
  return valueNow(iteration, moment, weights);
}

/**
 * Weights light up when their layer is computed, when the gradient passes, and when they move.
 * @param {Moment} moment
 * @param {string} weights
 */
function litWeights(moment, weights) {
  const beat = moment.beat;
  if (!beat) return "";
  const passes = beat.along.some((key) => key.endsWith(`>${weights}`)) || beat.shows === weights;
  return passes ? `lit ${beat.phase}` : "";
}

/**
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Neuron} neuron
 * @param {Moment} moment
 * @param {number} row
 * @param {Highlights | null} highlights
 * @param {Neuron} stop that the Tab key comes to
 * @param {NeuronActions} act
 */
function neuronView(iteration, picture, neuron, moment, row, highlights, stop, act) {
  const node = iteration.node.get(neuron.id);
  const column = picture.columns.find((it) => it.activation === neuron.id);
  const pre = column?.pre ? iteration.node.get(column.pre) : null;
  const preKnown = pre ? moment.values[pre.id] : "blank";
  const known = moment.values[neuron.id];
  const slopeKnown = moment.gradients[neuron.id];
  const value = node?.value[row]?.[neuron.unit] ?? 0;
  const slope = node?.gradient[row]?.[neuron.unit] ?? 0;
  const lit =
    moment.beat && (moment.beat.shows === neuron.id || moment.beat.shows === pre?.id)
      ? `lit ${moment.beat.phase}`
      : "";
  const isIn = (/** @type {string} */ number) => number.length * LETTER <= 2 * neuron.r;
  const written = (/** @type {number} */ it) => (isIn(short(it)) ? short(it) : brief(it));
  const text =
    known !== "blank"
      ? written(value)
      : preKnown !== "blank"
        ? `m ${brief(pre?.value[row]?.[neuron.unit] ?? 0)}`
        : "";
  const fits = neuron.r >= FITS.brief;
  const hasBoth = slopeKnown !== "blank" && neuron.r >= FITS.both;
  const name = entryKey(neuron.id, row, neuron.unit);
  const out = isLeftOut(iteration, moment, neuron.id, row, neuron.unit);
  const tip = `${out ? "left out of this iteration; " : ""}${name} = ${known === "blank" ? "not computed yet" : full(value)}${slopeKnown === "blank" ? "" : `; gradient ${full(slope)}`}${biasWords(iteration, pre, neuron.unit)}`;
  const highlight = highlights?.cells.get(`∂${name}`) ?? highlights?.cells.get(name) ?? "";
  return svg`<g class="neuron ${out ? "left-out" : ""} ${highlight} ${known} ${lit} tint${known === "blank" ? 0 : tint(value, scaleOf(node))} ${slopeKnown === "blank" ? "" : "has-gradient"}" transform="translate(${neuron.x} ${neuron.y})" data-entry=${name} role="img" tabindex=${neuron === stop ? 0 : -1} aria-label=${tip} data-tip=${tip} @click=${selecting(name, act)}>
    <circle r=${neuron.r}></circle>
    ${slopeKnown === "blank" ? nothing : svg`<circle class="slope-ring width${tint(slope, largest(node?.gradient ?? []))} ${slope < 0 ? "negative" : ""}" r=${neuron.r + 2.5}></circle>`}
    ${fits ? svg`<text class="neuron-value ${isIn(text) ? "" : "small"}" y=${hasBoth ? -1 : 4.5}>${text}</text>` : nothing}
    ${hasBoth ? svg`<text class="neuron-slope ${isIn(written(slope)) ? "" : "small"}" y="12.500">${written(slope)}</text>` : nothing}
  </g>`;
}

/**
 * Whether dropout has left a neuron out: what reaches the next layer is masked.
 * @param {Iteration} iteration
 * @param {Moment} moment
 * @param {string} id of the activation
 * @param {number} row
 * @param {number} unit
 */
function isLeftOut(iteration, moment, id, row, unit) {
  const dropped = iteration.nodes.find((it) => it.op === "dropout" && it.inputs[0] === id);
  if (!dropped || moment.values[dropped.id] === "blank") return false;
  return iteration.node.get(dropped.inputs[1])?.value[row]?.[unit] === 0;
}

/**
 * @param {Iteration} iteration
 * @param {import("../trace/trace.js").Node | null | undefined} pre
 * @param {number} unit
 */
function biasWords(iteration, pre, unit) {
  const bias = iteration.node.get(pre?.inputs[2] ?? "");
  return bias ? `; bias ${entryName(bias, 0, unit)} = ${full(bias.value[0][unit])}` : "";
}

/**
 * Of values that lie between −1 and 1 the colours can be compared between layers and examples.
 * @param {import("../trace/trace.js").Node | undefined} node
 */
function scaleOf(node) {
  const isSmall = node?.range?.every((bound) => bound !== null && Math.abs(bound) <= 1);
  return !node || isSmall ? 1 : largest(node.value);
}

/**
 * The classes' names beside the output (under it where room is short), with the target and the answer.
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Moment} moment
 * @param {number} row
 * @param {boolean} compact
 */
function classes(iteration, picture, moment, row, compact) {
  const target = iteration.nodes.find((it) => it.role === "target");
  const names = iteration.experiment.data.classes;
  const wanted = target?.value[row] ?? [];
  const known = moment.values[iteration.prediction] !== "blank";
  const answers = known ? (iteration.node.get(iteration.prediction)?.value[row] ?? []) : [];
  const best = answers.length > 1 ? answers.indexOf(Math.max(...answers)) : -1;
  const right = best === wanted.indexOf(Math.max(...wanted));
  return picture.neurons
    .filter((it) => it.id === iteration.prediction && it.r >= 8)
    .map((it) => {
      const chosen = it.unit === best;
      const verdict = chosen ? (right ? "the answer: right" : "the answer: wrong") : "";
      const x = compact ? it.x : it.x + it.r + 14;
      const y = compact ? it.y + it.r + 16 : it.y - 2;
      const anchor = compact ? "middle" : "start";
      const name = names?.[it.unit] ?? `output ${it.unit}`;
      const shown = shortened(name, "class", compact);
      return svg`<text class="class-name ${chosen ? "chosen" : ""}" x=${x} y=${y} text-anchor=${anchor} data-tip=${shown === name ? nothing : name}>${shown}</text>
      <text class="class-target" x=${x} y=${y + 16} text-anchor=${anchor}>y = ${short(wanted[it.unit] ?? 0)}</text>
      ${chosen && !compact ? svg`<text class="verdict ${right ? "good" : "bad"}" x=${x} y=${y + 33}>${right ? "✓" : "✗"} ${verdict}</text>` : nothing}`;
    });
}

/**
 * The cost under the output layer.
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Moment} moment
 */
function costOf(iteration, picture, moment) {
  if (moment.values[iteration.output] === "blank") return nothing;
  const x = picture.columns[picture.columns.length - 1]?.x ?? 0;
  const stale = moment.values[iteration.output] === "stale";
  return svg`<text class="neuron-cost ${stale ? "stale" : ""}" x=${x} y=${picture.height - 8}>${iteration.output} = ${short(iteration.cost)}</text>`;
}

/**
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {boolean} compact
 */
function features(iteration, picture, compact) {
  const names = iteration.experiment.data.features;
  const input = picture.columns[0]?.activation;
  if (!names) return nothing;
  return picture.neurons
    .filter((it) => it.id === input && it.r >= 8)
    .map(({ unit, x, y, r }) => {
      const shown = shortened(names[unit], "feature", compact);
      return svg`<text class="feature-name" x=${x - r - 12} y=${y + 4} data-tip=${shown === names[unit] ? nothing : names[unit]}>${shown}</text>`;
    });
}

/**
 * @param {Iteration} iteration
 * @param {Picture} picture
 * @param {Moment} moment
 * @param {number} row
 */
function spoken(iteration, picture, moment, row) {
  const layers = picture.columns.map(
    (it) => `${it.title}, ${iteration.node.get(it.activation)?.shape[1]} neurons`,
  );
  const known = moment.values[iteration.prediction];
  const { outputs, predictions } = iteration.said;
  const likely = predictions[row]?.map(short).join(", ");
  const said = `${outputs[row]?.map(short).join(", ")}${predictions === outputs ? "" : `, as probabilities ${likely}`}`;
  const answer =
    known === "blank"
      ? "its answer is not computed yet"
      : `it answers ${said}${known === "stale" ? ", which is stale" : ""}`;
  return `The network as neurons: ${layers.join("; ")}. For example ${row} ${answer}. The table view holds every number.`;
}
