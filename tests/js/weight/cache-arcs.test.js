import assert from "node:assert/strict";
import { test } from "node:test";
import { beatsOf } from "../../../static/js/time/timeline.js";
import { routesOf } from "../../../static/js/trace/routes.js";
import { arcsOf, slotsOf, told } from "../../../static/js/weight/cache-arcs.js";
import { allIterations, iterationOf } from "../support.js";

test("the lecture's cache: a0 is computed in beat 2 and used again on the way back", () => {
  const iteration = iterationOf("lecture");
  const beats = beatsOf(iteration);
  const arcs = arcsOf(iteration, beats, routesOf(iteration, "W0[1,2]").edges);
  assert.deepEqual(
    arcs.map((it) => told(it, "C")),
    [
      "m0 is computed in beat 1 and used again in beat 10.",
      "a0 is computed in beat 2 and used again in beat 10.",
      "m1 is computed in beat 3 and used again in beat 7.",
      "∂C/∂m1 is computed in beat 7 and used again in beats 8 and 9.",
      "a1 is computed in beat 4 and used again in beats 6 and 7.",
    ],
  );
  const forW1 = arcsOf(iteration, beats, routesOf(iteration, "W1[0,0]").edges);
  assert.ok(forW1.some((it) => it.id === "a0" && it.to.includes(8)));
});

test("an arc leads forward in time, from the beat that brings what it carries", () => {
  for (const iteration of allIterations()) {
    const beats = beatsOf(iteration);
    const all = new Set(iteration.edges.map((it) => it.key));
    for (const arc of arcsOf(iteration, beats, all)) {
      const from = beats[arc.from - 1];
      assert.equal(arc.kind === "value" ? from.subject : from.shows, arc.id);
      for (const beat of arc.to) {
        const edge = iteration.edge.get(beats[beat - 1].subject);
        assert.ok(beat > arc.from);
        assert.ok(arc.kind === "value" ? edge?.uses.includes(arc.id) : edge?.of === arc.id);
      }
    }
  }
});

test("there is a slot for each beat of both passes, and none for an update", () => {
  for (const iteration of allIterations()) {
    const beats = beatsOf(iteration);
    const slots = slotsOf(iteration, beats);
    assert.deepEqual(
      slots.map((it) => it.beat),
      beats.filter((it) => it.phase !== "update").map((it) => it.index + 1),
    );
  }
});
