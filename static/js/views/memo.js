/**
 * A part of a view that is made again only when something that it depends on has changed.
 *
 * This is lit-html's `guard`: what was drawn is remembered by the place on the page, not by the caller, so a place that
 * is made anew is drawn anew. The underscored names are those by which lit-html 3 calls a directive.
 */

import { noChange } from "../../vendor/lit-html@3.3.3/lit-html.js";

class Memo {
  /** @type {readonly unknown[] | null} */
  #before = null;

  _$AT() {}

  /**
   * @param {unknown} _part
   * @param {[readonly unknown[], () => unknown]} values
   */
  _$AS(_part, [dependsOn, make]) {
    const before = this.#before;
    if (before && dependsOn.every((it, at) => it === before[at])) return noChange;
    this.#before = dependsOn;
    return make();
  }
}

/**
 * @param {readonly unknown[]} dependsOn compared one by one, by identity; as many at every call
 * @param {() => unknown} make
 * @returns {unknown} for the place of a child in a template
 */
export function memo(dependsOn, make) {
  return { _$litDirective$: Memo, values: [dependsOn, make] };
}
