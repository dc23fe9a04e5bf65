import assert from "node:assert/strict";
import { test } from "node:test";
import { initialDesk } from "../../../static/js/data/data-setting.js";
import { keepDraft, keptDraft } from "../../../static/js/data/draft-storage.js";
import {
  draftFor,
  draftIn,
  MOST_KEPT,
  takenBack,
  withPresent,
} from "../../../static/js/data/drafts.js";
import { createDataWork } from "../../../static/js/data/work.js";
import { initialState } from "../../../static/js/state/state.js";
import { catalog, fixture, holds, iterationOf } from "../support.js";

/** @typedef {import("../../../static/js/data/drafts.js").Draft} Draft */

/** @param {string} text */
const own = (text) => ({ text, delimiter: null, header: null, roles: [] });

/**
 * A Data panel after a reload, with what was kept before it.
 * @param {Draft | null} [before]
 */
function page(before = null) {
  let kept = before;
  const work = createDataWork({
    read: () => ({ ...initialState(), iteration: iterationOf("xor") }),
    isOpen: () => true,
    changed: () => {},
    ask: async () => fixture("xor").steps[0].lean.trace,
    catalog: async () => catalog(),
    editData: () => {},
    useData: () => {},
    openDataset: () => {},
    traceRow: () => {},
    keepDraft: (draft) => {
      kept = JSON.parse(JSON.stringify(draft));
    },
    keptDraft: async () => kept,
  });
  work.refresh();
  return { work, kept: () => kept };
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  for (let k = 0; k < 200 && !isSo(); k++) await new Promise((later) => setTimeout(later, 5));
  assert.ok(isSo());
}

test("a file puts the typed text aside, and it comes back as it was read", async () => {
  const { work } = page();
  const text = "a,b\n1,2\n3,4.5\n";
  work.act.readText(text);
  await until(() => work.desk().table !== null);
  work.act.set({ roles: ["target", "input"] });
  work.act.openFile(new File(["p;q\n0,5;1\n"], "mine.csv"));
  await until(() => work.desk().name === "mine.csv" && work.desk().progress === null);
  assert.deepEqual(
    work.desk().aside.map((it) => it.text),
    [text],
  );
  work.act.takeBack();
  await until(() => work.desk().progress === null);
  assert.deepEqual([work.desk().text, work.desk().name, work.desk().aside], [text, "", []]);
  assert.deepEqual(work.desk().roles, ["target", "input"]);
  work.act.clear();
  await until(() => work.desk().table === null && work.desk().progress === null);
  work.act.takeBack();
  await until(() => work.desk().table !== null);
  assert.equal(work.desk().text, text);
});

test("however texts are typed, put aside and taken back, none that was typed is lost", () => {
  holds(100, (random) => {
    let desk = initialDesk();
    /** @type {Set<string>} */
    const typed = new Set();
    for (let k = 0; k < 20; k++) {
      const kind = random.pick(["file", "clear", "back", "type"]);
      if (kind === "type" && desk.text === "") {
        desk = { ...desk, text: `text ${random.whole(0, 9)}`, name: "" };
        typed.add(desk.text);
      }
      if (kind === "file") desk = { ...desk, aside: withPresent(desk), text: "1,2", name: "f" };
      if (kind === "clear") desk = { ...desk, aside: withPresent(desk), text: "", name: "" };
      const back = kind === "back" ? takenBack(desk) : null;
      if (back) desk = { ...desk, ...back.own, name: "", aside: back.aside };
      const there = new Set([desk.text, ...desk.aside.map((it) => it.text)]);
      for (const text of typed) assert.ok(there.has(text));
    }
  });
});

test("what stood in the panel stands there after a reload", async () => {
  const first = page();
  first.work.act.set({ section: "bring" });
  first.work.act.readText("a;b;c\n1;2;3\n4;5;6.5\n");
  await until(() => first.work.desk().table !== null);
  first.work.act.set({ roles: ["target", "input", "ignore"] });
  const second = page(first.kept());
  await until(() => second.work.desk().table !== null);
  assert.equal(second.work.desk().section, "bring");
  assert.equal(second.work.desk().text, first.work.desk().text);
  assert.deepEqual(second.work.desk().roles, ["target", "input", "ignore"]);
});

test("what comes in before the draft is there stays, and the draft is put aside", async () => {
  const before = draftFor({ ...initialDesk(), text: "old" });
  const { work, kept } = page(before);
  work.act.readText("a,b\n1,2\n");
  await until(() => work.desk().table !== null);
  assert.equal(work.desk().text, "a,b\n1,2\n");
  assert.deepEqual(
    work.desk().aside.map((it) => it.text),
    ["old"],
  );
  await until(() => kept()?.text === "a,b\n1,2\n");
});

test("a draft is small: a text too long is left out, of those aside the newest stay", () => {
  const long = "x".repeat(MOST_KEPT + 1);
  const desk = { ...initialDesk(), text: long, name: "f", aside: [own(long), own("a"), own("b")] };
  const draft = draftFor(desk);
  assert.deepEqual(
    [draft.text, draft.name, draft.aside.map((it) => it.text)],
    ["", "", ["a", "b"]],
  );
});

test("the draft is kept in the tab; without storage, or with rubbish in it, there is none", () => {
  const draft = draftFor({ ...initialDesk(), text: "1,2", section: "bring", aside: [own("a")] });
  /** @type {Map<string, string>} */
  const stored = new Map();
  const storage = {
    getItem: (/** @type {string} */ name) => stored.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ text) => stored.set(name, text),
  };
  Object.defineProperty(globalThis, "sessionStorage", { value: storage, configurable: true });
  assert.equal(keptDraft(), null);
  keepDraft(draft);
  assert.deepEqual(keptDraft(), draft);
  for (const rubbish of ["{", "7", '{"text": 1}', "[]"]) {
    for (const name of stored.keys()) stored.set(name, rubbish);
    assert.equal(keptDraft(), null);
  }
  assert.deepEqual(draftIn({ text: "1", roles: ["king"], aside: [3], section: "x" }), {
    ...draftFor(initialDesk()),
    text: "1",
  });
  const forbidden = () => {
    throw new Error("forbidden");
  };
  Object.defineProperty(globalThis, "sessionStorage", { get: forbidden, configurable: true });
  keepDraft(draft);
  assert.equal(keptDraft(), null);
});
