/**
 * The film of the beat under way, above the graph: only this moves in every frame.
 */

import { nothing, render } from "../../vendor/lit-html@3.3.3/lit-html.js";
import { activeIn, forwardDone, progress } from "../time/timeline.js";
import { filmOf, sumsOf } from "./film.js";
import { filmView } from "./film-view.js";
import { hallCurveOf } from "./hall-curve.js";
import { placesOf } from "./places.js";

/** @typedef {import("../state/state.js").State} State */
/** @typedef {import("../time/timeline.js").Moment} Moment */
/** @typedef {import("../time/timeline.js").Beat} Beat */
/** @typedef {import("../trace/trace.js").Iteration} Iteration */
/** @typedef {import("../graph/viewport-dom.js").Sight} Sight */
/** @typedef {import("./places.js").Places} Places */

export class Films {
  /** @type {import("./curves.js").CurveOf | undefined} */
  #curveOf;
  /** @type {{ iteration: Iteration, beat: Beat, curveOf: unknown, film: import("./film.js").Film } | null} */
  #last = null;
  /** what: the window and how large it is. @type {{ what: string, drawing: Sight["drawing"], beat: Beat, places: Places } | null} */
  #seen = null;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  /** The iteration, and at which time it was first seen. @type {{ iteration: Iteration | null, t: number } | null} */
  #opened = null;
  /** The overlay that is not empty. @type {SVGSVGElement | null} */
  #drawn = null;

  /** @param {import("./curves.js").CurveOf} curveOf */
  know(curveOf) {
    this.#curveOf = curveOf;
  }

  /** For the hall, which draws a beat in its own way. */
  sumsOf = sumsOf;

  /**
   * The beat as an activation's curve, drawn in a box with text of a size.
   * @param {Iteration} iteration
   * @param {Beat} beat
   */
  curveOf = (iteration, beat) => {
    const curve = this.#curveOf ? hallCurveOf(iteration, beat, this.#curveOf) : null;
    if (!curve) return null;
    return (
      /** @type {import("./hall-curve.js").At} */ at,
      /** @type {import("./places.js").Box} */ box,
      /** @type {number} */ size,
      /** @type {number} */ pixel,
    ) => filmView(curve(at, box, size), pixel);
  };

  /**
   * @param {SVGSVGElement} overlay
   * @param {{ width: number, height: number }} size of it on the page: to ask would cost a layout
   * @param {Sight} sight
   * @param {State} state
   * @param {Moment} moment
   */
  draw(overlay, size, sight, state, { beat }) {
    const { iteration, t } = state;
    const share = progress(t);
    const calm = this.#calm.matches;
    if (this.#opened?.iteration !== iteration) this.#opened = { iteration, t };
    if (!iteration || !beat || (share === 1 && !(calm && this.#isReadOf(state))))
      return this.#clear();
    const film = this.#filmOf(iteration, beat);
    const places = this.#placesOf(sight, size, beat, iteration);
    const marks = film(calm ? film.still : share, places);
    render(filmView(marks, places.pixel), overlay);
    this.#drawn = overlay;
  }

  #clear() {
    if (this.#drawn) render(nothing, this.#drawn);
    this.#drawn = null;
  }

  /**
   * @param {Iteration} iteration
   * @param {Beat} beat
   */
  #filmOf(iteration, beat) {
    const last = this.#last;
    const curveOf = this.#curveOf;
    if (last?.iteration === iteration && last.beat === beat && last.curveOf === curveOf)
      return last.film;
    const film = filmOf(iteration, beat, curveOf);
    this.#last = { iteration, beat, curveOf, film };
    return film;
  }

  /**
   * @param {Sight} sight
   * @param {{ width: number, height: number }} size
   * @param {Beat} beat
   * @param {Iteration} iteration
   */
  #placesOf(sight, { width, height }, beat, iteration) {
    const { drawing, window } = sight;
    const what = `${window.x} ${window.y} ${window.width} ${window.height} ${width} ${height}`;
    const last = this.#seen;
    if (last?.what === what && last.drawing === drawing && last.beat === beat) return last.places;
    const active = activeIn(iteration, beat);
    const places = placesOf(sight, { width, height }, beat.along, active);
    this.#seen = { what, drawing, beat, places };
    return places;
  }

  /**
   * Whether the beat is what the reader looks at. Its still would hide what else is looked at: an iteration that opens with
   * its forward pass done, what is selected, another panel.
   * @param {State} state
   */
  #isReadOf({ panel, selection, training, t, beats }) {
    const opens = this.#opened?.t === t && t === forwardDone(beats);
    return panel === "beat" && selection === null && !training && !opens;
  }
}
