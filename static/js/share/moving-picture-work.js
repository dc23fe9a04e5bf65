/**
 * The iteration as a moving picture, for slides: time runs over the page as it stands, and each of its moments is a frame.
 */

import { short } from "../base/format.js";
import { BY_HAND_SECONDS, secondsToRead } from "../time/pace.js";
import { PHASE_NAMES, sentence } from "../time/sentences.js";
import { currentIndex, doneAt } from "../time/timeline.js";
import { framesOf } from "./frames-dom.js";
import { Gif, loadEncoder } from "./gif.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {"beat" | "iteration"} Extent */

const FRAMES_A_SECOND = 12;
/** Of the time that a reader needs, and at most: in a talk the words are spoken, too. */
const READING = 0.4;
const MOST_READING_MS = 2000;
const NOT_THERE = "The picture is not in sight: choose Graph or Neurons, then try again.";

/**
 * @param {import("../app/asking.js").Asking} asking
 * @param {Extent} extent
 * @param {AbortSignal} signal that it is no longer wanted
 * @param {(done: number, of: number) => void} tell
 * @returns {Promise<Blob | null>} null where it was stopped
 */
export async function movingPicture({ read, dispatch }, extent, signal, tell) {
  const start = read();
  const board = /** @type {HTMLElement | null} */ (document.querySelector(".board"));
  if (!start.iteration || !board?.querySelector("svg")) throw new Error(NOT_THERE);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const times = timesOf(start, extent, calm);
  const [frames, encoder] = await Promise.all([framesOf(board), loadEncoder()]);
  const { width, height } = frames.size;
  const gif = new Gif(encoder, width, height);
  document.documentElement.classList.add("recording");
  try {
    for (const [at, { t, delay }] of times.entries()) {
      if (signal.aborted) return null;
      dispatch({ type: "went", t });
      await painted();
      const state = read();
      // Whatever else happens to the page, this is not what was asked for.
      if (state.iteration !== start.iteration || state.t !== t) return null;
      gif.add(await frames.frame(stillOf(state), captionOf(state)), delay);
      tell(at + 1, times.length);
    }
    return new Blob([gif.bytes()], { type: "image/gif" });
  } finally {
    document.documentElement.classList.remove("recording");
    if (read().iteration === start.iteration) dispatch({ type: "went", t: start.t });
  }
}

/**
 * The moments that are drawn, and how long each stands.
 * @param {State} state
 * @param {Extent} extent
 * @param {boolean} calm a reader who wants less motion has a still picture of each beat
 */
export function timesOf({ t, beats, iteration }, extent, calm) {
  const now = Math.max(0, currentIndex(t));
  const [from, to] = extent === "beat" ? [now, now + 1] : [0, beats.length];
  const count = calm ? 1 : Math.round(FRAMES_A_SECOND * BY_HAND_SECONDS);
  /** @type {{ t: number, delay: number }[]} */
  const times = extent === "beat" && !calm ? [] : [{ t: from, delay: 1000 }];
  for (const beat of beats.slice(from, to)) {
    const words = iteration ? sentence(iteration, beats, beat) : "";
    const reading = Math.min(secondsToRead(words) * READING * 1000, MOST_READING_MS);
    for (let at = 1; at <= count; at++)
      times.push({
        t: at === count ? beat.index + 1 : beat.index + at / count,
        delay: at === count ? Math.round(reading) : Math.round(1000 / FRAMES_A_SECOND),
      });
  }
  return times;
}

/** The same while nothing but the film of the beat moves. @param {State} state */
function stillOf({ t }) {
  return `${currentIndex(t)} ${doneAt(t)} ${Number.isInteger(t)}`;
}

/**
 * @param {State} state
 * @returns {import("./frames-dom.js").Caption}
 */
function captionOf({ iteration, beats, t }) {
  const beat = beats[currentIndex(t)] ?? null;
  if (!iteration) return { phase: "", tone: "ink", words: "", aside: "" };
  const words = beat ? sentence(iteration, beats, beat) : `Iteration ${iteration.number} begins.`;
  const cost = beats.findIndex((it) => it.phase === "cost");
  const aside = doneAt(t) > cost ? `${iteration.output} = ${short(iteration.cost)}` : "";
  return {
    phase: beat ? PHASE_NAMES[beat.phase] : "Start",
    tone: beat?.phase ?? "ink",
    words,
    aside,
  };
}

/** What was changed is on the page. */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
