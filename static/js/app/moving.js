/**
 * To open an experiment and to move in time. To change it, to train it and to go back is loaded when it is first needed.
 */

import * as api from "../server/api.js";
import { Latest } from "../server/api.js";
import { START, selectionIn } from "../state/address.js";
import { sentence } from "../time/sentences.js";
import { byBeat, byPhase, forwardDone } from "../time/timeline.js";

/** @typedef {import("../state/address.js").Address} Address */
/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./asking.js").Asking} Asking */
/**
 * Where in its iteration to be when it is shown.
 * @typedef {(beats: import("../time/timeline.js").Beat[]) => number} Place
 */
/**
 * What is loaded when it is first needed.
 * @typedef {object} Parts
 * @property {() => Promise<typeof import("../time/clock.js")>} clock
 * @property {() => Promise<typeof import("./edit.js")>} edit
 * @property {() => Promise<typeof import("./train.js")>} train
 * @property {() => Promise<typeof import("./go-back.js")>} goBack
 */

const LOST =
  "This run has diverged: the next update would leave the range of numbers. Go back some iterations, or undo what led here.";
const LAST = "This is the last iteration that can be counted.";

/** @type {Place} */
const atStart = () => 0;
/** @type {Place} */
const atEnd = (beats) => beats.length;

/** @type {Parts} */
const PARTS = {
  clock: () => import("../time/clock.js"),
  edit: () => import("./edit.js"),
  train: () => import("./train.js"),
  goBack: () => import("./go-back.js"),
};

export class Moving {
  #asking;
  #clock;
  /** The end of the beat that is stepped on by hand, while its film runs. @type {{ iteration: unknown, t: number } | null} */
  #step = null;
  /** Iterations still to go, back where negative. */
  #ahead = 0;
  #iterating = false;
  #visits = new Latest();
  #plays = new Latest();
  /** @type {import("../time/clock.js").Player | null} */
  #player = null;

  /**
   * @param {Asking} asking
   * @param {import("../time/clock.js").Clock} clock
   * @param {Parts} [parts]
   */
  constructor(asking, clock, parts = PARTS) {
    this.#asking = asking;
    this.#clock = clock;
    this.player = asking.once(parts.clock, ({ createPlayer, ...pace }) =>
      createPlayer(clock, (seconds) => this.#advance(seconds, pace)),
    );
    this.edit = asking.once(parts.edit, ({ Edit }) => new Edit(asking, this));
    this.train = asking.once(parts.train, ({ Train }) => new Train(asking, this, clock));
    this.goBack = asking.once(parts.goBack, ({ GoBack }) => new GoBack(asking, this));
  }

  /** @param {string} id */
  async open(id) {
    const asking = this.#asking;
    this.pause();
    return asking.newest(
      async (signal) => asking.shown(await api.example(id, signal), signal),
      (answer) => {
        asking.did(`open ${asking.read().examples.find((it) => it.id === id)?.title ?? id}`);
        asking.dispatch({ type: "opened", example: id });
        asking.take(answer);
      },
    );
  }

  /**
   * Open what an address says: the experiment that came with it, or the example at the iteration; at the beat.
   * @param {Address} address
   * @param {Experiment | null} [experiment]
   * @param {import("../state/history.js").Past[]} [history] how it came there
   * @returns {Promise<boolean>} whether all of it is open now
   */
  async visit(address, experiment = null, history = []) {
    const { example, iteration, trained } = address;
    this.pause();
    const signal = this.#visits.begin();
    this.#asking.set({ view: address.view });
    const opened = experiment
      ? await this.#overtakenOr(signal, this.edit, (it) => it.open(experiment, example, history))
      : this.#isOpen(address) || (await this.open(example));
    if (!opened) {
      await this.#openAnything();
      return false;
    }
    this.arrange(address);
    const there = experiment !== null || this.#asking.read().iteration?.number === iteration;
    if (!there && !(await this.#overtakenOr(signal, this.goBack, (it) => it.follow(iteration))))
      return false;
    this.arrange(address);
    if (trained !== null && !experiment && !signal.aborted) (await this.goBack()).fill(trained);
    return true;
  }

  /**
   * Of what is open: the beat, what is selected, the panel.
   * @param {Address} address
   */
  arrange({ example: _example, iteration: _iteration, trained: _trained, t, ...shown }) {
    const { beats, iteration } = this.#asking.read();
    this.#asking.dispatch({ type: "went", t: t ?? forwardDone(beats) });
    this.#asking.set({ ...shown, selection: selectionIn(iteration, shown.selection) });
  }

  loadExamples = async () => {
    const { dispatch, patiently, set } = this.#asking;
    try {
      dispatch({ type: "examples", examples: await patiently(api.examples) });
    } catch (error) {
      set({ error: api.messageOf(error) });
    }
  };

  /**
   * @param {Experiment} experiment
   * @param {Place} place
   * @param {string} label
   * @param {string | null} [gesture]
   */
  show(experiment, place, label, gesture = null) {
    const asking = this.#asking;
    return asking.newest(
      (signal) => asking.shown(experiment, signal),
      (answer) => {
        asking.did(label, gesture);
        asking.take(answer);
        asking.dispatch({ type: "went", t: place(asking.read().beats) });
      },
    );
  }

  togglePlay = async () => {
    const asking = this.#asking;
    const { playing, t, beats } = asking.read();
    if (playing) return this.pause();
    if (!(await this.isSettled())) return;
    asking.set({ training: false });
    if (t >= beats.length && !(await this.#forward(atStart, "play"))) return;
    this.#step = null;
    asking.set({ playing: true });
    await this.#run();
  };

  /** @param {1 | -1} direction */
  beat = (direction) => this.#move(direction, byBeat);

  /** @param {1 | -1} direction */
  phase = (direction) => this.#move(direction, byPhase);

  /**
   * Presses that come faster than they are answered are all counted.
   * @param {1 | -1} direction
   */
  iterate = async (direction) => {
    this.#ahead = Math.sign(this.#ahead) === direction ? this.#ahead + direction : direction;
    if (this.#iterating) return;
    this.#iterating = true;
    try {
      while (this.#ahead !== 0) {
        if (!(await this.isSettled())) break;
        const back = this.#ahead < 0;
        this.#ahead -= Math.sign(this.#ahead);
        this.pause();
        const there = back
          ? (await this.goBack()).backward(forwardDone)
          : this.#forward(forwardDone);
        if (!(await there)) break;
      }
    } finally {
      this.#ahead = 0;
      this.#iterating = false;
    }
  };

  /**
   * Whether what is done next can be done: all changes that were asked for before are answered, and were taken.
   */
  isSettled() {
    return this.#asking.afterChanges(async () => true);
  }

  /** What changes, trains and goes back is there before it is asked for: so what is pressed first is done first. */
  preload() {
    for (const part of [this.edit, this.goBack, this.train, this.player]) part().catch(() => null);
  }

  /** Stops what runs by itself; an answer still under way is not waited for. */
  pause = () => {
    this.#plays.forget();
    this.#step = null;
    this.#player?.stop();
    this.#asking.forget();
    this.#asking.set({ playing: false, training: false, progress: null, waiting: false });
  };

  /** @param {number} t */
  go = (t) => {
    this.#halt();
    this.#asking.dispatch({ type: "went", t });
  };

  /** As `pause`, but a change is still waited for. */
  #halt() {
    if (!this.#asking.change) return this.pause();
    this.#step = null;
    this.#player?.stop();
    this.#asking.set({ playing: false });
  }

  /**
   * @param {number} seconds
   * @param {Pick<typeof import("../time/clock.js"), "BY_HAND_SECONDS" | "secondsToRead">} pace
   */
  #advance(seconds, { BY_HAND_SECONDS, secondsToRead }) {
    const { t, beats, speed, playing, waits, iteration } = this.#asking.read();
    const step = this.#step?.iteration === iteration ? this.#step : null;
    if (!iteration || !(playing || step)) return false;
    const lasts = step
      ? BY_HAND_SECONDS
      : secondsToRead(sentence(iteration, beats, beats[Math.floor(t)] ?? null));
    const goal = step?.t ?? (waits ? Math.min(Math.floor(t) + 1, beats.length) : beats.length);
    const next = Math.min(t + (seconds * speed) / lasts, goal);
    this.#asking.dispatch({ type: "went", t: next });
    if (next < goal) return true;
    this.#step = null;
    if (playing) this.#asking.set({ playing: false });
    return false;
  }

  async #run() {
    const newer = this.#plays.begin();
    const player = await this.player();
    if (newer.aborted) return;
    this.#player = player;
    player.start();
  }

  /**
   * @param {Place} place
   * @param {string | null} [gesture]
   */
  async #forward(place, gesture = null) {
    const { iteration, history } = this.#asking.read();
    if (!iteration) return false;
    if (iteration.next.iteration === iteration.number) {
      const error = iteration.status === "diverged" ? LOST : LAST;
      this.#asking.set({ playing: false, training: false, error });
      return false;
    }
    // What was changed in an iteration that was seen before is still in it.
    const number = iteration.number + 1;
    const seen = history.find((it) => it.iteration === number)?.experiment;
    return this.show(seen ?? iteration.next, place, `iteration ${number}`, gesture);
  }

  /**
   * On or back by a beat or a phase; past the end begins the next iteration, before the start ends the one before.
   * @param {1 | -1} direction
   * @param {typeof byBeat} by
   */
  async #move(direction, by) {
    if (!(await this.isSettled())) return;
    const step = this.#step;
    this.pause();
    // Who does not wait for the end of a film is there at once.
    if (step && direction > 0) this.#asking.dispatch({ type: "went", t: step.t });
    const { t, beats, iteration } = this.#asking.read();
    if (direction > 0 && t >= beats.length) await this.#forward(atStart);
    else if (direction < 0 && t <= 0) await (await this.goBack()).backward(atEnd);
    else if (direction > 0 && by === byBeat && this.#clock.isCalm?.() === false) {
      this.#step = { iteration, t: by(beats, t, direction) };
      await this.#run();
    } else this.#asking.dispatch({ type: "went", t: by(beats, t, direction) });
  }

  /**
   * Whether an address is about the iteration that is open, which it need not open anew.
   * @param {Address} address
   */
  #isOpen({ example, iteration: number }) {
    const { iteration, example: open, departed } = this.#asking.read();
    return iteration !== null && !departed && open === example && iteration.number === number;
  }

  /** Where an address leads nowhere, the lecture is opened, and what was wrong is still said. */
  async #openAnything() {
    const { iteration, error } = this.#asking.read();
    if (iteration !== null || !error) return;
    if (await this.open(START.example)) this.#asking.set({ error });
  }

  /**
   * What a part does, unless another address is followed by the time that it is loaded.
   * @template Part
   * @param {AbortSignal} signal
   * @param {() => Promise<Part>} part
   * @param {(part: Part) => Promise<boolean>} go
   */
  async #overtakenOr(signal, part, go) {
    const loaded = await part();
    return !signal.aborted && go(loaded);
  }
}
