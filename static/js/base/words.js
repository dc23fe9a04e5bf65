/**
 * Words about numbers, which the first picture has none of: counts, shares.
 */

/** @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * 12345 → "12,345".
 * @param {number} value
 */
export function spaced(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * @param {number} value
 * @param {string} thing
 */
export function count(value, thing) {
  return `${spaced(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/**
 * 0.6036 → "60 %".
 * @param {number} share
 */
export function percent(share) {
  return `${Math.round(share * 100)}\u00a0%`;
}
