import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ARRIVAL,
  activeIn,
  beatsOf,
  byBeat,
  byPhase,
  computedIn,
  currentIndex,
  doneAt,
  momentAt,
  phasesOf,
  progress,
  valueNow,
} from "../../../static/js/time/timeline.js";
import { allIterations, frozen, holds, iterationOf, randomIteration, written } from "../support.js";

/** @typedef {import("../../../static/js/trace/trace.js").Iteration} Iteration */
/** @typedef {import("../../../static/js/time/timeline.js").Beat} Beat */
/** @typedef {import("../../../static/js/time/timeline.js").Moment} Moment */

const FACES = /** @type {const} */ (["values", "gradients", "edges"]);

/** @param {(iteration: Iteration, beats: Beat[], random: import("../support.js").Generator | null) => void} law */
function always(law) {
  holds(150, (random) => {
    const iteration = randomIteration(random);
    law(iteration, beatsOf(iteration), random);
  });
  for (const iteration of allIterations()) law(iteration, beatsOf(iteration), null);
}

/** @param {Beat[]} beats */
function moments(beats) {
  return Array.from({ length: beats.length * 4 + 1 }, (_, i) => i / 4);
}

/**
 * What is known at a moment, as "values m0".
 * @param {Moment} moment
 */
function known(moment) {
  return new Set(
    FACES.flatMap((face) =>
      Object.entries(moment[face])
        .filter(([, it]) => it !== "blank")
        .map(([id]) => `${face} ${id}`),
    ),
  );
}

test("each computed node, each edge and each line of a parameter's rule has one beat, in the order of the passes", () => {
  always((iteration, beats) => {
    assert.deepEqual(
      beats.map((it) => `${it.kind} ${it.subject}`),
      [
        ...iteration.nodes.filter((it) => it.role === "computed").map((it) => `node ${it.id}`),
        ...iteration.edges.map((it) => `edge ${it.key}`),
        ...iteration.updates.flatMap(({ parameter, lines }) => [
          ...lines.map(() => `line ${parameter}`),
          `update ${parameter}`,
        ]),
      ],
    );
    assert.deepEqual(
      beats.map((it) => it.index),
      beats.map((_, index) => index),
    );
  });
});

test("the cost is the last node computed, and has a phase of its own", () => {
  always((iteration, beats) => {
    const cost = beats.filter((it) => it.phase === "cost");
    assert.deepEqual(
      cost.map((it) => it.subject),
      [iteration.output],
    );
  });
});

test("phases follow one another without a gap from 0 to the end", () => {
  always((_, beats) => {
    const spans = phasesOf(beats);
    assert.equal(spans[0].start, 0);
    assert.equal(spans[spans.length - 1].end, beats.length);
    spans.slice(1).forEach((span, i) => {
      assert.equal(span.start, spans[i].end);
    });
    for (const { phase, start, end } of spans)
      for (const beat of beats.slice(start, end)) assert.equal(beat.phase, phase);
  });
  assert.deepEqual(
    phasesOf(beatsOf(iterationOf("lecture"))).map((it) => it.phase),
    ["forward", "cost", "backward", "update"],
  );
});

test("the lines of a rule bear their names, and a parameter moves only with its last line", () => {
  always((iteration, beats) => {
    for (const { parameter, lines } of iteration.updates) {
      const own = beats.filter((it) => it.phase === "update" && it.subject === parameter);
      assert.deepEqual(
        own.map((it) => it.line),
        [...lines.map((it) => it.name), undefined],
      );
      for (const { index, kind, shows } of own) {
        assert.equal(shows, parameter);
        const moment = momentAt(iteration, beats, index + 1);
        assert.equal(moment.updated.has(parameter), kind === "update");
        const { before, after } =
          iteration.updates.find((it) => it.parameter === parameter) ?? assert.fail();
        assert.equal(
          valueNow(iteration, moment, parameter),
          kind === "update" ? after : (iteration.node.get(parameter)?.value ?? before),
        );
      }
    }
  });
  const kinds = beatsOf(iterationOf("adam")).filter((it) => it.subject === "b0");
  assert.deepEqual(
    kinds.map((it) => it.line ?? it.kind),
    ["t", "v", "s", "v̂", "ŝ", "update"],
  );
  assert.ok(!beatsOf(iterationOf("lecture")).some((it) => it.kind === "line"));
});

test("a beat is about what it takes and what it brings", () => {
  always((iteration, beats) => {
    assert.equal(activeIn(iteration, null).size, 0);
    for (const beat of beats) {
      const active = activeIn(iteration, beat);
      assert.ok(active.has(beat.shows));
      for (const key of beat.along) {
        const edge = iteration.edge.get(key);
        for (const id of edge ? [edge.of, edge.wrt] : []) assert.ok(active.has(id));
      }
    }
  });
  const lecture = iterationOf("lecture");
  const [about] = beatsOf(lecture).filter((it) => it.subject === "m1>W1");
  assert.deepEqual([...activeIn(lecture, about)].toSorted(), ["W1", "a0", "m1"]);
});

test("no parameter moves before the last gradient is there", () => {
  always((_, beats) => {
    const last = beats.findLastIndex((it) => it.kind === "edge");
    const first = beats.findIndex((it) => it.phase === "update");
    if (first >= 0) assert.ok(first > last);
  });
});

test("at the start only the leaves have values, and no gradient is known", () => {
  always((iteration, beats) => {
    const { beat, done, values, gradients, edges, updated } = momentAt(iteration, beats, 0);
    assert.equal(beat, null);
    assert.equal(done, 0);
    for (const node of iteration.nodes)
      assert.equal(values[node.id], node.role === "computed" ? "blank" : "computed");
    assert.ok(Object.values(gradients).every((it) => it === "blank"));
    assert.ok(Object.values(edges).every((it) => it === "blank"));
    assert.equal(updated.size, 0);
  });
});

test("what is known only grows", () => {
  always((iteration, beats) => {
    let before = new Set();
    for (const t of moments(beats)) {
      const now = known(momentAt(iteration, beats, t));
      for (const it of before) assert.ok(now.has(it), `${it} is forgotten at ${t}`);
      before = now;
    }
  });
});

test("nothing is stale until the first parameter moves; after it, every gradient that is known is", () => {
  always((iteration, beats) => {
    for (const t of moments(beats)) {
      const { values, gradients, edges, updated } = momentAt(iteration, beats, t);
      const slopes = [...Object.values(gradients), ...Object.values(edges)];
      if (updated.size > 0) assert.ok(!slopes.includes("computed"), `at ${t}`);
      else assert.ok(![...slopes, ...Object.values(values)].includes("stale"), `at ${t}`);
    }
  });
});

test("a value is stale exactly if it is computed, by any way, from a parameter that has moved", () => {
  always((iteration, beats) => {
    /** @type {(id: string, moved: Set<string>) => boolean} */
    const depends = (id, moved) =>
      (iteration.node.get(id)?.inputs ?? []).some((it) => moved.has(it) || depends(it, moved));
    for (const t of [beats.length, beats.length - 1, beats.length - 1.5]) {
      const { values, updated } = momentAt(iteration, beats, Math.max(t, 0));
      if (updated.size === 0) continue;
      for (const { id } of iteration.nodes)
        assert.equal(values[id] === "stale", depends(id, updated), id);
    }
  });
});

test("a node is computed only when all its inputs are", () => {
  always((iteration, beats) => {
    for (const t of moments(beats)) {
      const { values } = momentAt(iteration, beats, t);
      for (const node of iteration.nodes)
        if (values[node.id] !== "blank")
          for (const input of node.inputs)
            assert.notEqual(values[input], "blank", `${node.id} at ${t}`);
    }
  });
});

test("a gradient is whole when all contributions to it have arrived, not before", () => {
  always((iteration, beats) => {
    for (const t of moments(beats)) {
      const { gradients, edges } = momentAt(iteration, beats, t);
      for (const { id } of iteration.nodes) {
        const into = iteration.edges.filter((it) => it.wrt === id);
        if (into.length === 0) continue;
        const arrived = into.every((it) => edges[it.key] !== "blank");
        assert.equal(gradients[id] !== "blank", arrived, `${id} at ${t}`);
      }
    }
  });
});

test("the slope of C by itself, 1, is known as soon as the way back begins", () => {
  always((iteration, beats) => {
    const { end } = phasesOf(beats).find((it) => it.phase === "cost") ?? { end: 0 };
    assert.equal(momentAt(iteration, beats, end).gradients[iteration.output], "blank");
    assert.notEqual(momentAt(iteration, beats, end + 0.1).gradients[iteration.output], "blank");
  });
});

test("the slope by what the output does not depend on, 0, is known with it", () => {
  const { iteration } = written("unread");
  const beats = beatsOf(iteration);
  const { end } = phasesOf(beats).find((it) => it.phase === "cost") ?? assert.fail();
  assert.equal(momentAt(iteration, beats, end).gradients.a, "blank");
  const { gradients } = momentAt(iteration, beats, end + 0.1);
  for (const id of ["a", "b"]) assert.equal(gradients[id], "computed", id);
  assert.equal(gradients.w, "blank");
  assert.ok(!Object.values(momentAt(iteration, beats, beats.length).gradients).includes("blank"));
});

test("at the end all that the passes bring is there, and every parameter has moved", () => {
  always((iteration, beats) => {
    const { done, values, edges, updated } = momentAt(iteration, beats, beats.length);
    assert.equal(done, beats.length);
    assert.ok(!Object.values(values).includes("blank"));
    assert.ok(!Object.values(edges).includes("blank"));
    assert.deepEqual(
      [...updated],
      iteration.updates.map((it) => it.parameter),
    );
  });
});

test("a moment is a pure function of its beats and its time", () => {
  always((iteration, beats) => {
    frozen(iteration);
    frozen(beats);
    for (const t of [0, 0.3, beats.length / 2, beats.length]) {
      const first = momentAt(iteration, beats, t);
      momentAt(iteration, beats, beats.length - t);
      assert.deepEqual(momentAt(iteration, beats, t), first);
    }
  });
});

test("as many beats are done as whole ones have passed, and one more from its arrival on", () => {
  for (let k = 0; k < 500; k++) {
    assert.equal(doneAt(k), k);
    assert.equal(doneAt(k + ARRIVAL - 0.01), k);
    assert.equal(doneAt(k + ARRIVAL + 0.01), k + 1);
    assert.equal(currentIndex(k), k - 1);
    assert.equal(currentIndex(k + 0.01), k);
    assert.equal(progress(k), 1);
    assert.ok(Math.abs(progress(k + 0.25) - 0.25) < 1e-9);
  }
});

test("a beat on and a beat back is where it was", () => {
  always((_, beats) => {
    for (let t = 0; t < beats.length; t++) {
      assert.equal(byBeat(beats, byBeat(beats, t, 1), -1), t);
      assert.equal(byBeat(beats, t, 1), t + 1);
    }
    assert.equal(byBeat(beats, beats.length, 1), beats.length);
    assert.equal(byBeat(beats, 0, -1), 0);
  });
});

test("from within a beat, on goes to its end and back to its start", () => {
  always((_, beats) => {
    for (let t = 0; t < beats.length; t++) {
      assert.equal(byBeat(beats, t + 0.3, 1), t + 1);
      assert.equal(byBeat(beats, t + 0.3, -1), t);
    }
  });
});

test("a phase on and a phase back is where it was, if it was at a phase's start", () => {
  always((_, beats) => {
    for (const { start, end } of phasesOf(beats)) {
      assert.equal(byPhase(beats, start, 1), end);
      assert.equal(byPhase(beats, end, -1), start);
      assert.equal(byPhase(beats, start + 0.5, -1), start);
      assert.equal(byPhase(beats, start + 0.5, 1), end);
    }
    assert.equal(byPhase(beats, 0, -1), 0);
    assert.equal(byPhase(beats, beats.length, 1), beats.length);
  });
});

test("what lights up on the way are the edges of the beat, and they exist", () => {
  always((iteration, beats) => {
    for (const beat of beats) {
      for (const key of beat.along) assert.ok(iteration.edge.has(key), key);
      const wanted =
        beat.kind === "node"
          ? iteration.node.get(beat.subject)?.inputs.length
          : beat.kind === "edge"
            ? 1
            : 0;
      assert.equal(beat.along.length, wanted);
      assert.ok(iteration.node.has(beat.shows));
    }
  });
});

test("a cached number is found in the beat that computed it; a leaf was in none", () => {
  always((iteration, beats) => {
    for (const { id, role } of iteration.nodes) {
      const at = computedIn(beats, id);
      if (role === "computed") assert.equal(beats[at].subject, id);
      else assert.equal(at, -1);
    }
  });
});
