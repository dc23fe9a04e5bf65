/**
 * Asks for what a plain link opens, while the modules that draw it are still on their way.
 */

import { askEarly } from "../server/api.js";

/** Whether this tab may hold what was done before a reload: `state/tab-storage.js` names it. */
export function isKnownTab() {
  try {
    return sessionStorage.getItem("backprop-explorer.tab") !== null;
  } catch {
    return false;
  }
}

const said = new URLSearchParams(location.hash.slice(1));
const example = said.get("example") ?? "lecture";
// One that holds an experiment opens that; and of a name that is no name the page tells.
if (!isKnownTab() && !said.has("x") && /^[a-z0-9-]{1,40}$/.test(example)) askEarly(example);
