import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { Asking } from "../../../static/js/app/asking.js";
import { Moving } from "../../../static/js/app/moving.js";
import { START } from "../../../static/js/state/address.js";
import { initialState, reduce } from "../../../static/js/state/state.js";
import { BY_HAND_SECONDS, secondsToRead } from "../../../static/js/time/pace.js";
import { sentence } from "../../../static/js/time/sentences.js";
import { forwardDone, phasesOf } from "../../../static/js/time/timeline.js";
import { decode } from "../../../static/js/trace/trace.js";
import { fixture, handClock, NAMES } from "../support.js";

/** @typedef {import("../../../static/js/state/state.js").State} State */
/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {{ path: string, body: any, answer: () => Promise<void>, answerAs: (index: number) => Promise<void>, fail: () => Promise<void> }} Question */

const realFetch = globalThis.fetch;
// How long the page waits for an answer that never comes is no reason for this process to live on.
const { setTimeout: realSetTimeout } = globalThis;
globalThis.setTimeout = /** @type {typeof setTimeout} */ (
  (/** @type {() => void} */ go, /** @type {number} */ ms) => realSetTimeout(go, ms).unref()
);
afterEach(() => {
  globalThis.fetch = realFetch;
});

/** Lets all promises run that can; the body of a longer answer is read in turns of the event loop. */
async function settle() {
  for (let i = 0; i < 8; i++) await new Promise((done) => setImmediate(done));
}

/**
 * As JSON.stringify sends it: without the sign of −0.
 * @template T
 * @param {T} value
 * @returns {T}
 */
function sent(value) {
  return JSON.parse(JSON.stringify(value));
}

/**
 * The iteration of a stored answer that came over HTTP.
 * @param {string} name
 * @param {number} [index]
 */
function received(name, index = 0) {
  const { experiment, lean } = sent(fixture(name).steps[index]);
  return decode(experiment, lean);
}

/**
 * What the server says, from the stored traces.
 * @param {string} path
 * @param {unknown} body
 */
function stored(path, body) {
  const example = /^\/api\/v1\/examples\/([\w-]+)$/.exec(path)?.[1];
  if (example) return NAMES.includes(example) ? fixture(example).steps[0].experiment : null;
  if (path === "/api/v1/examples") return [{ id: "lecture", title: "Lecture", description: "" }];
  if (path.startsWith("/api/v1/trace")) return fixture("softmax").trial;
  if (path.startsWith("/api/v1/train")) return trained(path, body);
  return NAMES.flatMap((name) => fixture(name).steps).find(
    (it) => JSON.stringify(it.experiment) === JSON.stringify(body),
  )?.lean;
}

/**
 * What /train says of a run whose steps are stored, as lines.
 * @param {string} path
 * @param {unknown} body
 */
function trained(path, body) {
  const steps = Number(/steps=(\d+)/.exec(path)?.[1]);
  for (const { steps: run } of NAMES.map(fixture)) {
    const at = run.findIndex((it) => JSON.stringify(it.experiment) === JSON.stringify(body));
    const end = run[at + steps];
    const { iteration: next } = run[at]?.lean.experiment ?? {};
    if (at >= 0 && next === (run[at].experiment.iteration ?? 0))
      return `${JSON.stringify({ iteration: next, cost: "NaN", status: "diverged", experiment: body })}\n`;
    if (at < 0 || !end) continue;
    const lines = run
      .slice(at, at + steps)
      .map((it, k) => ({ iteration: at + k, cost: it.lean.trace.cost }));
    const { experiment, lean } = end;
    const last = { iteration: at + steps, cost: lean.trace.cost, status: "ok", experiment };
    return [...lines, last].map((line) => `${JSON.stringify(line)}\n`).join("");
  }
  return null;
}

/**
 * A session over a plain state, a server that knows the stored traces, and a clock that is turned by hand.
 * @param {{ patient?: boolean, isCalm?: () => boolean }} [options] patient: questions wait until the test answers them; isCalm: whether beats are stepped to without their films
 */
function begin({ patient = false, isCalm = () => true } = {}) {
  let state = initialState();
  const clock = Object.assign(handClock(), { isCalm });
  /** @type {Question[]} */
  const asked = [];
  globalThis.fetch = (input, request) => {
    const path = String(input);
    const body = request?.body ? JSON.parse(String(request.body)) : null;
    return new Promise((resolve, reject) => {
      const question = {
        path,
        body,
        answer: () => {
          const found = stored(path, body);
          const missing = { detail: "no such thing is stored" };
          const text = typeof found === "string" ? found : JSON.stringify(found ?? missing);
          resolve(new Response(text, { status: found ? 200 : 422 }));
          return settle();
        },
        /** @param {number} index of a stored step of the lecture, whose numbers do here */
        answerAs: (index) => {
          const { lean } = sent(fixture("lecture").steps[index]);
          resolve(new Response(JSON.stringify({ ...lean, experiment: body })));
          return settle();
        },
        fail: () => {
          reject(new TypeError("fetch failed"));
          return settle();
        },
      };
      asked.push(question);
      if (!patient) question.answer();
    });
  };
  const asking = new Asking({
    read: () => state,
    dispatch: (action) => {
      state = reduce(state, action);
    },
  });
  const moving = new Moving(asking, clock);
  return {
    asking,
    moving,
    /** @param {number | null} [goal] */
    train: async (goal = null) => (await moving.train()).toggle(goal),
    clock,
    asked,
    get state() {
      return state;
    },
    /** @param {Partial<State>} change */
    put(change) {
      state = { ...state, ...change };
    },
  };
}

/** An example, at the beginning of its first iteration. */
async function opened(name = "lecture") {
  const page = begin();
  await page.moving.open(name);
  page.moving.go(0);
  return page;
}

/** The lecture's network, all further questions of which wait until the test answers them. */
async function openedPatiently() {
  const page = begin({ patient: true });
  page.moving.open("lecture");
  await settle();
  await page.asked[0].answer();
  await page.asked[1].answer();
  return page;
}

test("to open an example shows its first iteration at the start", async () => {
  for (const name of NAMES) {
    const page = begin();
    await page.moving.open(name);
    const { state } = page;
    assert.equal(state.example, name);
    assert.deepEqual(state.iteration, received(name));
    assert.equal(state.t, forwardDone(state.beats), "the forward pass is done");
    assert.equal(state.error, null);
  }
});

test("play gives each beat the time that its sentence needs, divided by the speed, and stops at the end", async () => {
  const page = await opened();
  page.asking.set({ speed: 4 });
  await page.moving.togglePlay();
  assert.equal(page.state.playing, true);
  page.clock.turn(0);
  const { iteration, beats } = page.state;
  for (let i = 0; i < 3; i++) {
    const { t } = page.state;
    const words = sentence(/** @type {Iteration} */ (iteration), beats, beats[Math.floor(t)]);
    page.clock.turn(50);
    assert.ok(Math.abs(page.state.t - t - (0.05 * 4) / secondsToRead(words)) < 1e-9);
  }
  for (let i = 0; i < 2000; i++) page.clock.turn(50);
  assert.equal(page.state.t, page.state.beats.length);
  assert.equal(page.state.playing, false);
  assert.equal(page.clock.waiting, 0);
});

test("to press play again is to pause, and time stands still", async () => {
  const page = await opened();
  await page.moving.togglePlay();
  page.clock.turn(0);
  page.clock.turn(90);
  await page.moving.togglePlay();
  const { t } = page.state;
  for (let i = 0; i < 5; i++) page.clock.turn(90);
  assert.equal(page.state.t, t);
  assert.ok(t > 0);
});

test("play at the end goes on with the next iteration", async () => {
  const page = await opened();
  page.moving.go(page.state.beats.length);
  await page.moving.togglePlay();
  assert.equal(page.state.iteration?.number, 1);
  assert.equal(page.state.t, 0);
  assert.equal(page.state.playing, true);
});

test("stepping on and back again is where it was", async () => {
  const page = await opened();
  const start = page.state;
  await page.moving.iterate(1);
  assert.deepEqual(page.state.iteration, received("lecture", 1));
  await page.moving.iterate(-1);
  assert.deepEqual(page.state.iteration, start.iteration);
  assert.equal(page.state.t, forwardDone(start.beats));
});

test("what is posted for the next iteration is what the last answer gave, bit for bit", async () => {
  const page = await opened();
  await page.moving.iterate(1);
  await page.moving.iterate(1);
  const posted = page.asked.filter((it) => it.path.startsWith("/api/v1/step")).map((it) => it.body);
  assert.deepEqual(
    posted,
    fixture("lecture").steps.map((it) => it.experiment),
  );
});

test("a beat on at the end begins the next iteration, a beat back at its start returns to that end", async () => {
  const page = await opened();
  const end = page.state.beats.length;
  page.moving.go(end);
  await page.moving.beat(1);
  assert.deepEqual([page.state.iteration?.number, page.state.t], [1, 0]);
  await page.moving.beat(-1);
  assert.deepEqual([page.state.iteration?.number, page.state.t], [0, end]);
  await page.moving.beat(-1);
  assert.equal(page.state.t, end - 1);
});

test("phase on stops at the end of each phase in turn", async () => {
  const page = await opened();
  for (const { end } of phasesOf(page.state.beats)) {
    await page.moving.phase(1);
    assert.equal(page.state.t, end);
  }
});

/** A page that has opened the lecture, for a reader who likes motion. */
async function moved() {
  const page = begin({ isCalm: () => false });
  await page.moving.open("lecture");
  page.moving.go(0);
  return page;
}

test("a beat on runs through its film, and stops at its end", async () => {
  const page = await moved();
  await page.moving.beat(1);
  page.clock.turn(0);
  assert.equal(page.state.t, 0);
  page.clock.turn(70);
  assert.ok(Math.abs(page.state.t - 0.07 / BY_HAND_SECONDS) < 1e-9);
  for (let i = 0; i < 30; i++) page.clock.turn(70);
  assert.equal(page.state.t, 1);
  assert.equal(page.state.playing, false);
  assert.equal(page.clock.waiting, 0);
});

test("pressed again, a beat on ends its film and begins the next one; a beat back is there at once", async () => {
  const page = await moved();
  await page.moving.beat(1);
  page.clock.turn(0);
  page.clock.turn(70);
  await page.moving.beat(1);
  assert.equal(page.state.t, 1);
  page.clock.turn(0);
  page.clock.turn(70);
  assert.ok(page.state.t > 1 && page.state.t < 2);
  await page.moving.beat(-1);
  assert.equal(page.state.t, 1);
  page.clock.turn(70);
  assert.equal(page.state.t, 1);
});

test("a film that was stepped to ends where something else is opened, or gone to", async () => {
  const page = await moved();
  await page.moving.beat(1);
  page.clock.turn(0);
  page.moving.go(5);
  page.clock.turn(70);
  assert.equal(page.state.t, 5);
  await page.moving.beat(1);
  page.clock.turn(0);
  await page.moving.iterate(1);
  page.clock.turn(70);
  assert.deepEqual([page.state.iteration?.number, page.state.t], [1, 5]);
});

test("play goes on from the middle of a film to the end of the iteration", async () => {
  const page = await moved();
  await page.moving.beat(1);
  page.clock.turn(0);
  page.clock.turn(70);
  await page.moving.togglePlay();
  page.clock.turn(0);
  for (let i = 0; i < 200; i++) page.clock.turn(90);
  assert.ok(page.state.t > 1);
});

test("back from the very start stays there", async () => {
  const page = await opened();
  const questions = page.asked.length;
  await page.moving.iterate(-1);
  await page.moving.beat(-1);
  assert.deepEqual([page.state.iteration?.number, page.state.t], [0, 0]);
  assert.equal(page.asked.length, questions);
});

test("whatever moves time by hand pauses what runs", async () => {
  for (const by of /** @type {const} */ (["beat", "phase", "iterate"])) {
    const page = await opened();
    await page.moving.togglePlay();
    await page.moving[by](1);
    assert.equal(page.state.playing, false, by);
    assert.equal(page.clock.waiting, 0, by);
  }
});

test("an iteration seen before is gone back to, with its gradients and before its update", async () => {
  const page = await opened();
  await page.moving.iterate(1);
  await page.moving.iterate(1);
  await (await page.moving.goBack()).jump(1);
  assert.deepEqual(page.state.iteration, received("lecture", 1));
  assert.equal(page.state.t, page.state.beats.length - 2);
  await (await page.moving.goBack()).jump(77);
  assert.equal(page.state.iteration?.number, 1);
});

test("to restart is to be at the start of the first iteration, and the curve keeps the others", async () => {
  const page = await opened();
  await page.moving.iterate(1);
  await (await page.moving.goBack()).restart();
  assert.deepEqual([page.state.iteration?.number, page.state.t], [0, 5]);
  assert.equal(page.state.history.length, 2);
});

test("an address is visited: example, iteration, beat, view, selection", async () => {
  const page = begin();
  await page.moving.visit({
    ...START,
    example: "xor",
    iteration: 2,
    t: 5,
    view: "table",
    selection: "m0",
    row: 3,
  });
  const { example, iteration, t, view, selection, row } = page.state;
  assert.deepEqual(
    [example, iteration?.number, t, view, selection, row],
    ["xor", 2, 5, "table", "m0", 3],
  );
  assert.deepEqual(iteration, received("xor", 2));
});

test("an address of the same iteration asks nothing of the server", async () => {
  const page = await opened();
  const questions = page.asked.length;
  await page.moving.visit({ ...START, t: 4 });
  assert.equal(page.state.t, 4);
  assert.equal(page.asked.length, questions);
});

test("an address that names what is not there selects nothing and stays within the rows", async () => {
  const page = begin();
  await page.moving.visit({ ...START, example: "xor", t: 9000, selection: "q9", row: 99 });
  const { t, beats, selection, row } = page.state;
  assert.deepEqual([t, selection, row], [beats.length, null, 3]);
});

test("the newest question's answer wins, also when it comes first", async () => {
  const page = begin({ patient: true });
  page.moving.open("lecture");
  page.moving.open("scalar");
  await settle();
  const [lecture, scalar] = page.asked;
  await scalar.answer();
  await page.asked[2].answer();
  assert.equal(page.state.example, "scalar");
  await lecture.answer();
  await page.asked.at(-1)?.answer();
  assert.equal(page.state.example, "scalar");
  assert.deepEqual(page.state.iteration, received("scalar"));
});

test("of two addresses the newer is shown, also where the older one has further to go", async () => {
  const page = begin({ patient: true });
  const older = page.moving.visit({ ...START, example: "lecture", iteration: 2 });
  await settle();
  await page.asked[0].answer();
  await page.asked[1].answer();
  const way = page.asked.length;
  const newer = page.moving.visit({ ...START, example: "scalar" });
  await settle();
  for (let at = way - 1; at < page.asked.length; at++) await page.asked[at].answer();
  assert.deepEqual([await older, await newer], [false, true]);
  assert.equal(page.state.example, "scalar");
  assert.deepEqual(page.state.iteration, received("scalar"));
});

test("of two addresses the newer is shown, also while the older one waits for a part of the page", async () => {
  const page = begin();
  const answers = [
    page.moving.visit({ ...START, example: "lecture", iteration: 2 }),
    page.moving.visit({ ...START, example: "scalar", t: 1 }, fixture("xor").steps[0].experiment),
    page.moving.visit({ ...START, example: "scalar" }),
  ];
  assert.deepEqual(await Promise.all(answers), [false, false, true]);
  assert.deepEqual(page.state.iteration, received("scalar"));
});

test("a panel's late answer about what was is not shown over the one about what is", async () => {
  const page = await openedPatiently();
  page.asking.select("W0[0,0]");
  page.asking.set({ panel: "slope" });
  await settle();
  const late = page.asked.slice(2);
  const number = { id: "W0", row: 0, column: 0 };
  (await page.moving.edit()).entry(number, 0.5);
  await settle();
  const [step, slope] = page.asked.slice(2 + late.length);
  assert.match(slope.path, /slope/);
  const edited = step.body;
  await step.answerAs(0);
  await slope.answer();
  assert.deepEqual(page.state.iteration?.experiment, edited);
  for (const it of late) await it.answer();
  assert.deepEqual(page.state.answer?.experiment, edited);
  assert.match(page.state.answer?.path ?? "", /slope/);
});

test("what is done while a change is not answered yet is done to what it makes", async () => {
  const page = await openedPatiently();
  const edit = await page.moving.edit();
  const goBack = await page.moving.goBack();
  const number = { id: "W0", row: 0, column: 0 };
  const before = page.state.iteration?.experiment;
  const asked = page.asked.length;
  edit.entry(number, 0.5);
  page.moving.go(3);
  goBack.restore("undo");
  await settle();
  assert.equal(page.asked.length, asked + 1);
  await page.asked[asked].answerAs(0);
  assert.equal(page.state.t, 3);
  assert.equal(page.state.undo.at(-1)?.label, "W0[0,0]");
  assert.equal(page.state.iteration?.experiment.network.layers[0].weights[0][0], 0.5);
  assert.deepEqual(page.asked[asked + 1].body, before);
});

test("who no longer waits for a change waits for nothing that was to follow it", async () => {
  const page = await openedPatiently();
  const asked = page.asked.length;
  (await page.moving.edit()).entry({ id: "W0", row: 0, column: 0 }, 0.5);
  page.moving.iterate(1);
  await settle();
  page.moving.pause();
  await settle();
  assert.equal(page.asked.length, asked + 1);
});

test("training goes on until it is stopped, and leaves the page at an iteration of the run", async () => {
  const page = await opened();
  const done = page.train();
  await settle();
  assert.equal(page.state.iteration?.number, 1);
  assert.equal(page.state.training, true);
  assert.equal(page.state.t, phasesOf(page.state.beats)[2].end);
  page.train();
  page.clock.turn(16);
  await done;
  assert.equal(page.state.training, false);
  assert.deepEqual(page.state.iteration, received("lecture", 1));
});

test("training of so many iterations ends by itself, where as many steps would", async () => {
  const page = await opened();
  await finished(page, page.train(2));
  assert.equal(page.state.training, false);
  assert.deepEqual(page.state.iteration, received("lecture", 2));
  assert.deepEqual(
    page.state.history.map((it) => it.iteration),
    [0, 1, 2],
  );
});

/**
 * Turns the clock until it is done.
 * @param {ReturnType<typeof begin>} page
 * @param {Promise<unknown>} done
 */
async function finished(page, done) {
  for (let i = 0; i < 4; i++) {
    await settle();
    page.clock.turn(16);
  }
  await done;
}

test("what was trained is undone as a whole, and redone", async () => {
  const page = await opened();
  const goBack = await page.moving.goBack();
  const before = page.state;
  await finished(page, page.train(2));
  const after = page.state;
  await goBack.restore("undo");
  assert.deepEqual(page.state.iteration, before.iteration);
  assert.deepEqual(page.state.history, before.history);
  assert.equal(page.state.t, before.t);
  await goBack.restore("redo");
  assert.deepEqual(page.state.iteration, after.iteration);
  assert.deepEqual(page.state.history, after.history);
  assert.equal(page.state.t, after.t);
});

test("training that is stopped and begun again while an answer is under way goes on", async () => {
  const page = await openedPatiently();
  for (let i = 0; i < 3; i++) {
    page.train();
    await settle();
  }
  for (let at = 2; at < page.asked.length; at++) await page.asked[at].answer();
  assert.equal(page.state.iteration?.number, 1);
  assert.equal(page.state.training, true);
});

test("training that is stopped and begun again between two frames is one training, not two", async () => {
  const page = await opened();
  page.train(1);
  await settle();
  page.train();
  await settle();
  page.train(1);
  await settle();
  assert.equal(page.state.iteration?.number, 2);
  page.clock.turn(16);
  await settle();
  assert.equal(page.state.iteration?.number, 2);
  assert.equal(page.state.training, false);
});

/** Lets the time pass after which the page asks again, at the latest. */
async function askAgain(/** @type {import("node:test").TestContext} */ { mock }) {
  mock.timers.tick(12_000);
  await settle();
}

test("a server that does not answer is told, leaves what was there, and is asked again by itself", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = await openedPatiently();
  page.train();
  await settle();
  for (const at of [2, 3, 4]) {
    await page.asked[at].fail();
    assert.match(page.state.error ?? "", /server does not answer.*asks again by itself/);
    assert.equal(page.state.training, true);
    assert.deepEqual(page.state.iteration, received("lecture"));
    assert.equal(page.asked.length, at + 1);
    await askAgain(t);
    assert.equal(page.asked.length, at + 2);
    assert.deepEqual(page.asked[at + 1].body, page.asked[2].body);
  }
  await page.asked[5].answer();
  await page.asked[6].answer();
  assert.equal(page.state.error, null);
  assert.equal(page.state.iteration?.number, 1);
  page.moving.pause();
});

test("a reader who goes on elsewhere waits no longer for a server that is away", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = await openedPatiently();
  page.moving.iterate(1);
  page.moving.iterate(1);
  await settle();
  await page.asked[2].fail();
  page.moving.go(1);
  await settle();
  assert.equal(page.state.error, null);
  await askAgain(t);
  assert.equal(page.asked.length, 3);
  page.moving.iterate(1);
  await settle();
  await page.asked[3].answer();
  assert.equal(page.state.iteration?.number, 1);
  assert.equal(page.asked.length, 4);
});

test("a server that says when to ask again is asked no sooner, and at last in any case", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const [header, least, most] of [
    ["3", 2999, 4501],
    ["1e12", 59_999, 90_001],
    ["Wed, 21 Oct 2026 07:28:00 GMT", 999, 1501],
  ]) {
    const page = begin();
    const { fetch } = globalThis;
    const busy = new Response('{"detail":"too much to do"}', {
      status: 503,
      headers: { "retry-after": String(header) },
    });
    let asked = 0;
    globalThis.fetch = (...given) => (asked++ === 0 ? Promise.resolve(busy) : fetch(...given));
    page.moving.open("lecture");
    await settle();
    assert.equal(page.state.error, "too much to do The page asks again by itself.");
    t.mock.timers.tick(Number(least));
    await settle();
    assert.equal(asked, 1);
    t.mock.timers.tick(Number(most) - Number(least));
    await settle();
    assert.equal(page.state.iteration?.number, 0);
  }
});

test("a stream that is cut off anywhere before its end is asked for again, and counts once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const cut of [-1, -20, -4000, -100_000]) {
    const page = await opened();
    const { fetch } = globalThis;
    let streams = 0;
    globalThis.fetch = async (input, request) => {
      const answer = await fetch(input, request);
      if (!String(input).includes("/train") || streams++ > 0) return answer;
      return new Response((await answer.text()).trimEnd().slice(0, cut));
    };
    const done = page.train(2);
    await settle();
    assert.match(page.state.error ?? "", /ended its answer too early/);
    await askAgain(t);
    await finished(page, done);
    assert.deepEqual(page.state.iteration, received("lecture", 2));
    assert.deepEqual(
      page.state.history.map((it) => it.iteration),
      [0, 1, 2],
    );
  }
});

test("what the server refuses is told in its words", async () => {
  const page = begin();
  await page.moving.open("no-such-example");
  assert.equal(page.state.error, "no such thing is stored");
  assert.equal(page.state.iteration, null);
});

test("an answer that is not JSON is told with its status", async () => {
  const page = begin();
  for (const [body, status] of /** @type {const} */ ([
    ["<h1>Too large</h1>", 413],
    ["<h1>Log in</h1>", 200],
    ["null", 500],
    ['"no"', 400],
    ["", 404],
  ])) {
    globalThis.fetch = async () => new Response(body, { status });
    await page.moving.open("lecture");
    assert.match(page.state.error ?? "", new RegExp(`${status}.*not in JSON.$`));
  }
});

test("an error of an old question is not told", async () => {
  const page = begin({ patient: true });
  page.moving.open("lecture");
  page.moving.open("scalar");
  await settle();
  await page.asked[0].fail();
  assert.equal(page.state.error, null);
});

test("a run that cannot go on says so", async () => {
  const page = await opened("diverged");
  await page.moving.iterate(1);
  assert.match(page.state.error ?? "", /has diverged/);
  assert.equal(page.state.iteration?.number, 0);
  page.train();
  await settle();
  assert.equal(page.state.training, false);
});

test("an answer that is late is announced, one in time is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = begin({ patient: true });
  page.moving.open("lecture");
  await settle();
  t.mock.timers.tick(200);
  assert.equal(page.state.waiting, false);
  t.mock.timers.tick(200);
  assert.equal(page.state.waiting, true);
  await page.asked[0].answer();
  await page.asked[1].answer();
  assert.equal(page.state.waiting, false);
  page.moving.iterate(1);
  await settle();
  await page.asked[2].answer();
  t.mock.timers.tick(1000);
  assert.equal(page.state.waiting, false);
});

test("of rows held back the network is asked with all of them, at no iteration", async () => {
  const page = await opened("softmax");
  const trial = page.asked.find((it) => it.path.startsWith("/api/v1/trace"));
  assert.deepEqual(trial?.body.data, fixture("softmax").steps[0].experiment.data.held_back);
  assert.equal(trial?.body.batch_size, null);
  assert.equal(page.state.heldBack?.outputs.length, 3);
  assert.equal((await opened("lecture")).state.heldBack, null);
});

test("the list of examples is loaded, and its failure told", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = begin({ patient: true });
  page.moving.loadExamples();
  await settle();
  await page.asked[0].answer();
  assert.deepEqual(
    page.state.examples.map((it) => it.id),
    ["lecture"],
  );
  page.moving.loadExamples();
  await settle();
  await page.asked[1].fail();
  assert.match(page.state.error ?? "", /server does not answer/);
  await askAgain(t);
  await page.asked[2].answer();
  assert.equal(page.state.error, null);
});
