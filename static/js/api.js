/**
 * The server, as functions. A failure is an `ApiError` whose message says what to do; nothing is swallowed.
 */

/** @typedef {import("./trace.js").Experiment} Experiment */
/** @typedef {import("./trace.js").StepAnswer} StepAnswer */
/** @typedef {import("./trace.js").TraceAnswer} TraceAnswer */
/** @typedef {import("./state.js").Example} Example */

/** @typedef {import("./wire.js").components["schemas"]["Initialization"]} Initialization */
/** @typedef {import("./wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {{ costs: { iteration: number, cost: number }[], status: "ok" | "diverged", experiment: Experiment }} Trained */

const BASE = "/api/v1";
const CUT_OFF = "The server ended its answer too early. Is it still running? Try once more.";

export class ApiError extends Error {}

/** @returns {Promise<Example[]>} */
export function examples() {
  return call("/examples");
}

/**
 * @param {string} id
 * @returns {Promise<Experiment>}
 */
export function example(id) {
  return call(`/examples/${encodeURIComponent(id)}`);
}

/**
 * @param {Experiment} experiment
 * @returns {Promise<StepAnswer>}
 */
export function step(experiment) {
  return call("/step?lean=true", experiment);
}

/**
 * @param {Experiment} experiment
 * @returns {Promise<TraceAnswer>}
 */
export function trace(experiment) {
  return call("/trace?lean=true", experiment);
}

/**
 * Many iterations: each line as it comes, and where they end.
 * @param {Experiment} experiment
 * @param {{ steps: number, every: number }} asked
 * @param {AbortSignal} [signal]
 * @returns {Promise<Trained>}
 */
export async function train(experiment, { steps, every }, signal) {
  const path = `/train?steps=${steps}&every=${every}`;
  const response = await send(path, experiment, signal);
  const text = await response.text().catch(() => {
    throw new ApiError(CUT_OFF);
  });
  if (!response.ok) throw new ApiError(detailOf(text, response.status));
  const lines = text.split("\n").filter((line) => line !== "");
  const last = JSON.parse(lines[lines.length - 1] ?? "null");
  if (!last?.experiment) throw new ApiError(CUT_OFF);
  const costs = lines.slice(0, -1).map((line) => JSON.parse(line));
  return {
    costs: costs.map(({ iteration, cost }) => ({ iteration, cost: Number(cost) })),
    status: last.status,
    // The data does not change in training; one copy is enough for a whole run.
    experiment: { ...last.experiment, data: experiment.data },
  };
}

/**
 * A new experiment from a few choices.
 * @param {Initialization} choices
 * @returns {Promise<Experiment>}
 */
export function initialize(choices) {
  return call("/initialize", choices);
}

/** @returns {Promise<Catalog>} */
export function catalog() {
  return call("/catalog");
}

/**
 * What a panel asks about an experiment.
 * @param {string} path with its query
 * @param {Experiment} experiment
 * @returns {Promise<unknown>}
 */
export function ask(path, experiment) {
  return call(path, experiment);
}

/**
 * @param {string} path
 * @param {unknown} [body]
 */
async function call(path, body) {
  const response = await send(path, body);
  const answer = await response
    .json()
    .catch(() => ({ detail: `The server answered ${response.status}, and not in JSON.` }));
  if (!response.ok) throw new ApiError(answer.detail);
  return answer;
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 */
function send(path, body, signal) {
  const headers = { "content-type": "application/json" };
  const request = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  return fetch(BASE + path, { ...request, signal }).catch(() => {
    throw new ApiError(
      "The server does not answer. Is it still running? Start it again with make run, then try once more.",
    );
  });
}

/**
 * @param {string} text
 * @param {number} status
 */
function detailOf(text, status) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return `The server answered ${status}, and not in JSON.`;
  }
}
