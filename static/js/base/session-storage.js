/**
 * What this tab keeps across a reload, by name. Storage may be full or forbidden: the page works without.
 */

/**
 * @param {string} name
 * @param {unknown} value null: nothing is left to be kept
 */
export function keep(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // It stays on the page.
  }
}

/**
 * @param {string} name
 * @returns {any} null where nothing is kept, or what is no JSON
 */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
