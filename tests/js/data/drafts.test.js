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
import { AS_FOUND } from "../../../static/js/data/table-choices.js";
import { createWork } from "../../../static/js/data/work.js";
import { fixture, holds, iterationOf, panelPage, tabStorage } from "../support.js";

/** @typedef {import("../../../static/js/data/drafts.js").Draft} Draft */

/** @param {string} text */
const own = (text) => ({ text, choices: { ...AS_FOUND } });

/**
 * A Data panel after a reload, with what was kept before it.
 * @param {Draft | null} [before]
 * @param {string} [typed] before the panel looks for what was kept
 */
function page(before = null, typed = "") {
  tabStorage();
  if (before) keepDraft(before);
  const around = panelPage("data", iterationOf("xor"), {
    "/trace": () => fixture("xor").steps[0].lean.trace,
    "/table": (_, query) => ({
      encoding: "utf-8",
      columns: [{ name: "a" }, { name: "b" }],
      query: String(query),
    }),
  });
  const work = createWork(around.ports);
  if (typed) work.act.readText(typed);
  work.refresh();
  const desk = () =>
    /** @type {import("../../../static/js/data/data-setting.js").Desk} */ (
      around.state().desks.data
    );
  return { work, desk };
}

/** @param {() => boolean} isSo */
async function until(isSo) {
  for (let k = 0; k < 200 && !isSo(); k++) await new Promise((later) => setTimeout(later, 5));
  assert.ok(isSo());
}

test("a file puts the typed text aside, and it comes back as it was read", async () => {
  const { work, desk } = page();
  const rest = () => until(() => !desk().isReading);
  const text = "a,b\n1,2\n3,4.5\n";
  work.act.readText(text);
  await rest();
  work.act.choose(() => ({ roles: { a: "target" }, holdBack: 2 }));
  await rest();
  work.act.openFile(new File(["p;q\n0,5;1\n"], "mine.csv"));
  await rest();
  assert.deepEqual(
    desk().aside.map((it) => it.text),
    [text],
  );
  assert.deepEqual(desk().choices, { ...AS_FOUND, holdBack: 2 });
  work.act.takeBack();
  await rest();
  assert.deepEqual([desk().text, desk().name, desk().aside], [text, "", []]);
  assert.deepEqual(desk().choices, { ...AS_FOUND, roles: { a: "target" }, holdBack: 2 });
  work.act.clear();
  await rest();
  assert.equal(desk().answer, null);
  work.act.takeBack();
  await rest();
  assert.equal(desk().text, text);
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
  first.work.act.choose(() => ({ roles: { a: "target" }, header: true }));
  const second = page(keptDraft());
  await until(() => second.desk().answer !== null);
  assert.equal(second.desk().section, "bring");
  assert.equal(second.desk().text, first.desk().text);
  assert.deepEqual(second.desk().choices, { ...AS_FOUND, roles: { a: "target" }, header: true });
  assert.match(String(/** @type {any} */ (second.desk().answer).query), /role.a=target/);
});

test("what comes in before the draft is there stays, and the draft is put aside", async () => {
  const before = draftFor({ ...initialDesk(), text: "old" });
  const { desk } = page(before, "a,b\n1,2\n");
  await until(() => desk().answer !== null);
  assert.equal(desk().text, "a,b\n1,2\n");
  assert.deepEqual(
    desk().aside.map((it) => it.text),
    ["old"],
  );
  await until(() => keptDraft()?.text === "a,b\n1,2\n");
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
  const stored = tabStorage();
  assert.equal(keptDraft(), null);
  keepDraft(draft);
  assert.deepEqual(keptDraft(), draft);
  for (const rubbish of ["{", "7", '{"text": 1}', "[]"]) {
    for (const name of stored.keys()) stored.set(name, rubbish);
    assert.equal(keptDraft(), null);
  }
  assert.deepEqual(draftIn({ text: "1", choices: { roles: ["king"] }, aside: [3], section: "x" }), {
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
