/**
 * The server, as functions. A failure is an `ApiError` whose message says what to do; nothing is swallowed.
 */

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("../trace/trace.js").StepAnswer} StepAnswer */
/** @typedef {import("../trace/trace.js").TraceAnswer} TraceAnswer */
/** @typedef {import("../state/state.js").Example} Example */

/** @typedef {import("./wire.js").components["schemas"]["Initialization"]} Initialization */
/** @typedef {import("./wire.js").components["schemas"]["CatalogAnswer"]} Catalog */
/** @typedef {import("./wire.js").components["schemas"]["FaultAnswer"]} Fault */

const BASE = "/api/v1";
export const CUT_OFF = "The server ended its answer too early.";
const STEP = "/step?lean=true";
const GONE =
  "The server does not answer. Is it still running? If not, start it again with make run.";
/** Statuses of answers that soon may be others: too much to do, a server that starts, a proxy that has none. */
const PASSING = [408, 429, 502, 503, 504];
/** After so long no answer comes any more: five times what the server computes in one call. */
const LONGEST_MS = 300_000;

const HEADERS = { "content-type": "application/json" };
/** Answers to what was asked early, by path and body, each with what ends it; given out once. @type {Map<string, { answer: Promise<Response>, over: AbortController }>} */
const EARLY = new Map();

/**
 * Asks for an example and its step while the modules that show them are still on their way.
 * @param {string} id
 */
export function askEarly(id) {
  askFirst(`/examples/${id}`, undefined, async (response) => {
    const experiment = response.ok && parsed(await response.clone().text());
    if (experiment) askFirst(STEP, experiment);
    return response;
  });
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {(response: Response) => Promise<Response>} [then] before it is given out
 */
function askFirst(path, body, then = async (it) => it) {
  const [question, request] = requestOf(path, body);
  const over = new AbortController();
  const answer = fetch(BASE + path, { ...request, signal: over.signal }).then(then);
  answer.catch(() => {}); // whoever asks is told
  EARLY.set(question, { answer, over });
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @returns {[string, RequestInit]} and what tells it from others
 */
function requestOf(path, body) {
  if (body === undefined) return [path, {}];
  if (body instanceof Blob) return [path, { method: "POST", body }];
  const text = JSON.stringify(body);
  return [path + text, { method: "POST", headers: HEADERS, body: text }];
}

export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {number} [again] seconds after which it is worth asking again; 0: it stays as it is
   * @param {any} [problem] what is wrong with what was sent, one by one; what was understood of a file
   */
  constructor(message, again = 0, problem) {
    super(message);
    this.again = again;
    /** @type {Fault[]} */
    this.faults = problem?.errors ?? [];
    this.table = problem?.table;
  }
}

/**
 * Why something failed, in words.
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @returns {Promise<Example[]>} */
export function examples() {
  return call("/examples");
}

/**
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<Experiment>}
 */
export function example(id, signal) {
  return call(`/examples/${encodeURIComponent(id)}`, undefined, signal);
}

/**
 * @param {Experiment} experiment
 * @param {AbortSignal} [signal]
 * @returns {Promise<StepAnswer>}
 */
export function step(experiment, signal) {
  return call(STEP, experiment, signal);
}

/**
 * @param {Experiment} experiment
 * @param {AbortSignal} [signal]
 * @returns {Promise<TraceAnswer>}
 */
export function trace(experiment, signal) {
  return call("/trace?lean=true", experiment, signal);
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
 * What a panel asks about an experiment, or a file.
 * @param {string} path with its query
 * @param {Experiment | Blob} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<unknown>}
 */
export function ask(path, body, signal) {
  return call(path, body, signal);
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 */
async function call(path, body, signal) {
  const answer = parsed(await send(path, body, signal));
  if (!answer) throw new ApiError(notJson(200));
  return answer;
}

/**
 * The text of a good answer.
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @throws {ApiError}
 */
export async function send(path, body, signal) {
  const [question, request] = requestOf(path, body);
  const early = EARLY.get(question);
  EARLY.delete(question);
  const over = early?.over ?? new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, LONGEST_MS);
  signal?.addEventListener("abort", end);
  let message = GONE;
  let again = 0.5;
  let problem;
  try {
    const response = await (early?.answer ??
      fetch(BASE + path, { ...request, signal: over.signal }));
    message = CUT_OFF;
    const answer = await response.text();
    if (response.ok) return answer;
    const { status } = response;
    problem = parsed(answer);
    message = problem?.detail ?? notJson(status);
    again = PASSING.includes(status) ? Number(response.headers.get("retry-after")) || 1 : 0;
  } catch {
    // What was reached last says what is wrong.
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
  }
  throw new ApiError(message, again, problem);
}

/** @param {number} status */
function notJson(status) {
  return `The server answered ${status}, and not in JSON.`;
}

/** @param {string} text */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Of questions that overtake one another the newest counts. Whoever asks begins, and goes on only while the signal is not
 * aborted:
 *
 *     const newer = this.#questions.begin();
 *     const answer = await ask(newer);
 *     if (newer.aborted) return;
 */
export class Latest {
  #over = new AbortController();

  /**
   * Something newer is asked: what was asked before is given up.
   * @returns {AbortSignal} aborted when something newer still is asked, or no answer is wanted any more
   */
  begin() {
    this.#over.abort();
    this.#over = new AbortController();
    return this.#over.signal;
  }

  /** What is under way is not waited for. */
  forget() {
    this.#over.abort();
  }
}
