/**
 * The chain lens: the lecture's boxed equation for one weight, with every factor in symbols and in numbers, route by route
 * or in whole matrices.
 */

import { html, nothing, svg } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { entryOf, full, indexed, short } from "../base/format.js";
import { rightSide } from "../formula/math-view.js";
import { lookupIn } from "../formula/numbers.js";
import { ratio, symbol, typeset } from "../formula/symbols-view.js";
import { routeName, routesDrawn, standingOf } from "../state/drawn-routes.js";
import { highlightsOf } from "../state/highlights.js";
import { weightOf } from "../state/panels.js";
import { nameOf } from "../trace/entries.js";
import { number } from "../trace/trace.js";
import { verdictOf } from "../trace/verdicts.js";
import { whyZeroGradient } from "../trace/why-zero.js";
import { isPointed, spoken, tableOf } from "./chain.js";
import { matricesView } from "./matrices-view.js";
import { answerOf, panelHead, refusal, weightPicker } from "./weight-view.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("./chain.js").ChainAnswer} ChainAnswer */
/** @typedef {import("./chain.js").Table} Table */
/** @typedef {import("./chain.js").Column} Column */
/** @typedef {import("./chain.js").Group} Group */
/** @typedef {import("./chain.js").Line} Line */
/** @typedef {import("./weight-view.js").WeightActions} WeightActions */

/** So many routes are written out at once; where there are more, group by group. */
const MOST_LINES = 8;

/**
 * @param {State} state
 * @param {Moment} moment
 * @param {WeightActions} act
 */
export function chainView(state, moment, act) {
  const { iteration } = state;
  const weight = weightOf(state);
  if (!iteration || !weight) return nothing;
  const answer = answerOf(state, "/chain");
  return html`<section class="panel chain" tabindex="0" aria-labelledby="chain-title" aria-busy=${answer?.late ?? true}>
    ${panelHead(
      "chain-title",
      "Chain rule of",
      nameOf(iteration, weight),
      html`${weightPicker(state, act)}
      <span class="switch small" role="group" aria-label="Form">
        ${/** @type {const} */ (["routes", "matrices"]).map((form) => html`<button aria-pressed=${state.form === form} @click=${() => act.change({ form })}>${form === "routes" ? "Numbers" : "Matrices"}</button>`)}</span>`,
      act,
    )}
    ${state.form === "matrices" ? matricesView(iteration, weight, moment, highlightsOf(state)) : routes(state, iteration, moment, /** @type {any} */ (answer), act)}
  </section>`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Moment} moment
 * @param {{ document: ChainAnswer | null, error: string | null } | null} answer
 * @param {WeightActions} act
 */
function routes(state, iteration, moment, answer, act) {
  if (!answer) return html`<p class="facts">Asking …</p>`;
  const { document, error } = answer;
  if (!document)
    return html`${refusal(error ?? "")}<button @click=${() => act.change({ fold: null })}>Fold as before</button>`;
  const table = tableOf(document, iteration, state.beats, moment);
  const name = indexed(document.parameter, [document.row, document.column]);
  return html`<p class="visually-hidden" aria-live="polite">${spoken(document, table, name, short)}</p>
    ${table.known ? nothing : unknown(state, document.parameter, act)}
    ${folding(document, iteration.output, act)}
    ${few(state)}
    <div class="chain-card"><div class="scroll wide" tabindex="0" role="group" aria-label="The chain rule of ${name} as a table"><table class="routes">
      ${head(iteration, table, name)}
      ${table.groups.map((group) => groupView(state, iteration, table, group, act))}
      ${table.lines > 1 ? sumLine(table, document) : nothing}
    </table></div>
    ${table.known ? verdict(iteration, document, table, name) : nothing}</div>`;
}

/**
 * @param {State} state
 * @param {string} id the parameter's
 * @param {WeightActions} act
 */
function unknown({ beats, iteration }, id, act) {
  const brings = beats.findLastIndex((it) => it.kind === "edge" && it.shows === id) + 1;
  return html`<p class="facts">A factor is known once the backward pass has walked its edge.
    <button class="link" @click=${() => act.go(brings)}>Go to beat ${brings}, which computes ${ratio(iteration?.output ?? "C", id)}</button></p>`;
}

/**
 * At which gradient the routes are folded, and one level further either way.
 * @param {ChainAnswer} answer
 * @param {string} output
 * @param {WeightActions} act
 */
function folding({ fold, folds, paths, terms }, output, act) {
  if (folds.length < 2) return nothing;
  const levels = ["C", ...folds];
  const at = levels.indexOf(fold ?? "C");
  const words = fold
    ? html`${ratio(output, fold)} is cached: it stands for all that lies behind it (${terms.length} of ${paths} products).`
    : paths === 1
      ? html`One route leads from ${symbol(output)} to this number.`
      : terms.length < paths
        ? html`${paths} routes lead from ${symbol(output)} to this number. Where outputs have rounded they are taken together, straight from what went in.`
        : html`All ${paths} routes from ${symbol(output)} to this number, written out.`;
  /** @param {number} level */
  const move = (level) => act.change({ fold: levels[level], spread: [] });
  return html`<p class="facts folding">${words}
    ${at >= 0 && at < levels.length - 1 ? html`<button class="link" @click=${() => move(at + 1)}>Fold one level: use the cached ${ratio(output, levels[at + 1])}</button>` : nothing}
    ${at > 0 ? html`<button class="link" @click=${() => move(at - 1)}>Unfold one level</button>` : nothing}</p>`;
}

/**
 * That not all routes are drawn, where they are not.
 * @param {State} state
 */
function few(state) {
  const { routes, of } = routesDrawn(state) ?? { routes: [], of: 0 };
  const hasGraph = state.view === "graph" || state.view === "both";
  return hasGraph && routes.length < of
    ? html`<p class="facts">Drawn in the graph: the ${routes.length} largest of these ${of}.</p>`
    : nothing;
}

/**
 * The look that a route has in the graph, too; nothing for one that is not drawn.
 * @param {State} state
 * @param {string} name
 */
function swatch(state, name) {
  const route = routesDrawn(state)?.routes.find((it) => it.name === name);
  if (!route) return nothing;
  return html`<svg class="swatch ${route.look}" viewBox="0 0 30 10" aria-hidden="true">${svg`<path class="thread-line" d="M1 5h28" stroke-width=${2 + 4 * route.size}></path>`}</svg>`;
}

/**
 * The equation in symbols: it is the head of the table, each factor over its numbers.
 * @param {Iteration} iteration
 * @param {Table} table
 * @param {string} name
 */
function head(iteration, table, name) {
  return html`<thead><tr>
      <th scope="col" class="goal">${ratio(iteration.output, name)} =</th>
      ${table.columns.map(
        (column) => html`<th scope="col" data-point=${column.edge ?? `∂${column.wrt}`}>
        <span class="factor">${ratio(column.of, column.wrt)}</span>
        <span class="made">${column.edge ? rightSide(column.formula) : column.straight ? html`from ${symbol(column.wrt)} straight` : "cached gradient"}</span>
        ${column.cached.map(({ id, beat }) => html`<span class="where">${symbol(id)} ${beat > 0 ? `kept in beat ${beat}` : "given"}</span>`)}</th>`,
      )}
      <th scope="col">product</th></tr></thead>`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Table} table
 * @param {Group} group
 * @param {WeightActions} act
 */
function groupView(state, iteration, table, group, act) {
  if (table.lines <= MOST_LINES || table.groups.length === 1 || group.lines.length === 1)
    return html`<tbody>${group.lines.map((line) => lineView(state, iteration, table, line, table.groups.length > 1))}</tbody>`;
  const open = state.spread.includes(group.through);
  const spread = open
    ? state.spread.filter((it) => it !== group.through)
    : [...state.spread, group.through];
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan=${table.columns.length + 1}>
      <button class="link" aria-expanded=${open} @click=${() => act.change({ spread })}>${open ? "▾" : "▸"} via ${typeset(group.through, iteration.node)}: ${group.lines.length} routes</button></th>
      <td data-tip=${full(group.sum)}>${table.known ? short(group.sum) : "?"}</td></tr>
    ${open ? group.lines.map((line) => lineView(state, iteration, table, line, false)) : nothing}</tbody>`;
}

/**
 * @param {State} state
 * @param {Iteration} iteration
 * @param {Table} table
 * @param {Line} line
 * @param {boolean} many whether to name what its group passes through
 */
function lineView(state, iteration, table, line, many) {
  const label = [many ? line.through : "", line.label].filter((it) => it !== "");
  const name = routeName(line.at);
  return html`<tr class=${standingOf(name, state.pointed)} data-point=${name}><th scope="row">${swatch(state, name)}${label.length > 0 ? html`via ${typeset(label.join(", "), iteration.node)}` : "the one route"}</th>
    ${line.cells.map((cell, at) => {
      const column = covered(table, line, at);
      return html`<td tabindex="0" colspan=${cell.span} class="factor ${isPointed(cell, state.pointed) ? "pointed" : ""}" data-point="${cell.point.join(" ")} ${name}" data-tip="${cell.formula}${column.known ? ` = ${full(cell.value)}` : ""}">
        ${at > 0 ? html`<i class="times" aria-hidden="true">·</i>` : nothing}<span class="of" aria-hidden="true">${ratio(column.of, column.wrt)}</span><b>${column.known ? short(cell.value) : "?"}</b>${cell.over ? html`<span class="made">${typeset(cell.over, iteration.node)}</span>` : nothing}
        ${(column.edge || column.straight) && cell.formula.includes(" = ") && isMade(cell.formula) ? html`<span class="made">${rightSide(cell.formula, column.known && !cell.formula.includes("Σ") ? lookupIn(iteration, true) : undefined)}</span>` : html`<span class="made">${rightSide(cell.formula)}</span>`}</td>`;
    })}
    <td class="product" data-tip=${full(line.product)}><span class="of" aria-hidden="true">product</span><i class="times" aria-hidden="true">=</i>${table.known ? short(line.product) : "?"}</td></tr>`;
}

/**
 * The column of a factor; of one that stands for several, the whole that they make.
 * @param {Table} table
 * @param {Line} line
 * @param {number} at
 * @returns {Column}
 */
function covered({ columns }, { cells }, at) {
  const from = cells.slice(0, at).reduce((sum, it) => sum + it.span, 0);
  const those = columns.slice(from, from + cells[at].span);
  const last = those[those.length - 1] ?? columns[from];
  if (those.length < 2) return last;
  return { ...last, of: those[0].of, edge: null, straight: cells[at].over !== "" };
}

/**
 * Whether a factor is worked out, and not just a cached number as it stands.
 * @param {string} formula
 */
function isMade(formula) {
  return entryOf(formula.split(" = ")[1] ?? "") === null;
}

/**
 * @param {Table} table
 * @param {ChainAnswer} answer
 */
function sumLine({ columns, known, lines }, { gradient }) {
  return html`<tfoot><tr><th scope="row" colspan=${columns.length + 1}>sum of ${lines} products</th>
    <td class="product" data-tip=${full(number(gradient))}><i class="times" aria-hidden="true">=</i>${known ? short(number(gradient)) : "?"}</td></tr></tfoot>`;
}

/**
 * The same number from three sides, and what it means.
 * @param {Iteration} iteration
 * @param {ChainAnswer} answer
 * @param {Table} table
 * @param {string} name
 */
function verdict(iteration, answer, table, name) {
  const [gradient, numeric] = [number(answer.gradient), number(answer.numeric)];
  const sum = table.groups.reduce((total, it) => total + it.sum, 0);
  const place = entryOf(name);
  const why =
    gradient === 0 && place ? whyZeroGradient(iteration, place.id, place.row, place.column) : null;
  return html`<div class="verdict"><dl class="threefold">
      <div><dt>Products, added up</dt><dd>${full(sum)}</dd></div>
      <div><dt>The engine's ${ratio(iteration.output, name)}</dt><dd>${full(gradient)}</dd></div>
      <div><dt>Measured, moved by h = ${short(answer.numeric_step)}</dt><dd tabindex="0" data-tip="give or take ${short(number(answer.numeric_error))}">${full(numeric)}</dd></div></dl>
    <p class="verdict-line ${VERDICT_LOOKS[answer.verdict] ?? ""}">${verdictOf(answer.verdict, name)}</p>
    <p class="facts">${meaning(gradient, name)}${why ? html` It is exactly 0: ${why}.` : nothing}</p></div>`;
}

/** @type {Record<string, string>} */
const VERDICT_LOOKS = { agrees: "good", differs: "bad" };

/**
 * @param {number} gradient
 * @param {string} name
 */
function meaning(gradient, name) {
  if (gradient === 0) return `C does not change when ${name} grows a little.`;
  if (!Number.isFinite(gradient)) return "This is beyond what a double can hold.";
  return gradient > 0
    ? `Positive: C rises when ${name} grows, so the step makes ${name} smaller.`
    : `Negative: C falls when ${name} grows, so the step makes ${name} larger.`;
}
