import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { askEarly, example, step } from "../../../static/js/server/api.js";

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

/**
 * A server that answers each question with a document, and tells what it was asked.
 * @param {(path: string) => Response} answer
 */
function serving(answer) {
  /** @type {{ path: string, signal: AbortSignal | null | undefined }[]} */
  const asked = [];
  globalThis.fetch = async (path, options) => {
    asked.push({ path: String(path), signal: options?.signal });
    return answer(String(path));
  };
  return asked;
}

const EXPERIMENT = { title: "xor", rate: 0.1 };
const documents = (/** @type {string} */ path) =>
  Response.json(path.includes("/step") ? { cost: 1 } : EXPERIMENT);

test("what was asked early is not asked again, and once it is given out it is asked anew", async () => {
  const asked = serving(documents);
  askEarly("xor");
  const opened = await example("xor");
  assert.deepEqual(opened, EXPERIMENT);
  assert.deepEqual(await step(opened), { cost: 1 });
  const paths = ["/api/v1/examples/xor", "/api/v1/step?lean=true"];
  assert.deepEqual(
    asked.map((it) => it.path),
    paths,
  );
  await step(await example("xor"));
  assert.deepEqual(
    asked.map((it) => it.path),
    [...paths, ...paths],
  );
});

test("the early step of another experiment answers nothing", async () => {
  const asked = serving(documents);
  askEarly("xor");
  const opened = await example("xor");
  await step(/** @type {any} */ ({ ...opened, rate: 0.2 }));
  assert.equal(asked.filter((it) => it.path.includes("/step")).length, 2);
  await step(opened); // so that nothing is left for the tests below
});

test("a refused example is told, and nothing is asked about it", async () => {
  const asked = serving(() => Response.json({ detail: "No such example." }, { status: 404 }));
  askEarly("nothing");
  await assert.rejects(
    example("nothing"),
    (/** @type {import("../../../static/js/server/api.js").ApiError} */ { message, again }) => {
      assert.equal(message, "No such example.");
      assert.equal(again, 0);
      return true;
    },
  );
  assert.equal(asked.length, 1);
});

test("where the early question gets no answer it is said that the server does not answer, and it may be asked again", async () => {
  globalThis.fetch = () => Promise.reject(new TypeError("offline"));
  askEarly("xor");
  await assert.rejects(
    example("xor"),
    (/** @type {import("../../../static/js/server/api.js").ApiError} */ { again }) => again > 0,
  );
  serving(documents);
  assert.deepEqual(await example("xor"), EXPERIMENT);
});

test("who gives up an early question ends it", async () => {
  const asked = serving(documents);
  askEarly("xor");
  const over = new AbortController();
  const answer = example("xor", over.signal).catch(() => null);
  over.abort();
  assert.equal(asked[0].signal?.aborted, true);
  await answer;
});
