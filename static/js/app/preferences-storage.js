/**
 * What a reader prefers on every visit: light or dark, and whether single keys are on. Storage may be full or forbidden:
 * the choice then holds until the page is closed.
 */

const KEYS = "backprop-explorer.keys";
const THEME = "backprop-explorer.theme"; // main.js looks for it before it loads this module

/** @param {boolean} on */
export const keepKeys = (on) => keep(KEYS, on ? "on" : "off");

export const keysAreOn = () => kept(KEYS) !== "off";

export function toggleTheme() {
  const { dataset } = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  dataset.theme = (dataset.theme ?? system) === "dark" ? "light" : "dark";
  keep(THEME, dataset.theme);
}

/**
 * @param {string} name
 * @param {string} value
 */
function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice holds until the page is closed.
  }
}

/** @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
