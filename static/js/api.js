/**
 * The server, as functions. A failure is an `ApiError` whose message says what to do; nothing is swallowed.
 */

/** @typedef {import("./trace.js").Experiment} Experiment */
/** @typedef {import("./trace.js").StepAnswer} StepAnswer */
/** @typedef {import("./trace.js").TraceAnswer} TraceAnswer */
/** @typedef {import("./state.js").Example} Example */

const BASE = "/api/v1";

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
  const headers = { "content-type": "application/json" };
  const request = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
  const response = await fetch(BASE + path, request).catch(() => {
    throw new ApiError(
      "The server does not answer. Is it still running? Start it again with make run, then try once more.",
    );
  });
  const answer = await response
    .json()
    .catch(() => ({ detail: `The server answered ${response.status}, and not in JSON.` }));
  if (!response.ok) throw new ApiError(answer.detail);
  return answer;
}
