// @ts-check
// Formats times like aligner/durations.py, tested with the same table of cases. Clock times are rounded down, to the second
// that has begun.

/** Round to whole milliseconds, half up. @param {number} seconds */
export function toMilliseconds(seconds) {
  return Math.floor(seconds * 1000 + 0.5);
}

/**
 * Format as m:ss, or h:mm:ss from an hour on, with up to three decimals.
 * @param {number} seconds
 * @param {number} [decimals]
 */
export function clock(seconds, decimals = 0) {
  const ms = Math.max(0, toMilliseconds(seconds));
  /** @param {number} n */
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const shown = h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  return decimals ? `${shown}.${String(ms % 1000).padStart(3, "0").slice(0, decimals)}` : shown;
}

/**
 * Return hours, minutes and seconds for "about …": only one of them is set below an hour; 0, 0, 5 is "a few seconds".
 * @param {number} seconds
 * @returns {[hours: number, minutes: number, seconds: number]}
 */
export function roundedTimeLeft(seconds) {
  /** @type {(step: number, number: number) => number} */
  const toNearest = (step, number) => step * Math.floor(number / step + 0.5);
  if (seconds < 7.5) return [0, 0, 5];
  if (seconds < 55) return [0, 0, toNearest(10, seconds)];
  if (seconds < 9.5 * 60) return [0, Math.max(1, toNearest(1, seconds / 60)), 0];
  if (seconds < 57.5 * 60) return [0, toNearest(5, seconds / 60), 0];
  const minutes = toNearest(10, seconds / 60);
  return [Math.floor(minutes / 60), minutes % 60, 0];
}

/** Round a length to whole seconds, at least one. @param {number} seconds */
export function spokenSeconds(seconds) {
  return Math.max(1, Math.floor((toMilliseconds(seconds) + 500) / 1000));
}
