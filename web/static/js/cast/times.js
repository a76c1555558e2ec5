// @ts-check
// Times as people write them.

/**
 * Milliseconds of a time as people write it, "83.5" or "1:23.5"; null of what is none.
 * @param {string} written
 */
export function millisecondsOf(written) {
  const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,6})?)\s*$/.exec(written);
  if (!found) return null;
  return Math.round((Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3].replace(",", "."))) * 1000);
}

/**
 * m:ss, or h:mm:ss from an hour on; cut, as players do.
 * @param {number} ms
 */
export function clock(ms) {
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const two = String(s).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${two}` : `${m}:${two}`;
}
