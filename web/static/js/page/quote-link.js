// @ts-check
// Links to a quote: #t=12.34,45.67&w=CHAR_START-CHAR_END&v=HASH8. Pure functions; web/quotes/links.py writes
// them on the server and explains which part decides when. `data` has the episode's hash, duration, starts and ends in
// milliseconds (null for words not spoken) and chars, the two offsets of each word in code points. Words are half-open.

const TIME = /^(?:npt:)?(\d{1,7}(?:\.\d{1,6})?)?(?:,(\d{1,7}(?:\.\d{1,6})?))?$/;
const CHARS = /^(\d{1,9})-(\d{1,9})$/;
const HASH = /^[0-9a-f]{8}$/;
const LONGEST = 500;

/**
 * @typedef {{start: number | null, end: number | null, chars: Words | null, version: string | null}} Link
 * @typedef {Link & {malformed: boolean}} ReadLink
 * @typedef {Pick<EpisodeData, "hash" | "duration" | "starts" | "ends" | "chars">} Linkable
 * @typedef {"malformed" | "changed" | "nowhere"} Notice
 */

/**
 * @param {Linkable} data
 * @param {number} first
 * @param {number} last
 * @returns {Link}
 */
export function linkTo(data, first, last) {
  const start = data.starts.slice(first, last).find((each) => each !== null) ?? null;
  const latest = data.ends.slice(first, last).reduce((most, each) => Math.max(Number(most), Number(each)), 0);
  const end = start === null ? null : Number(latest) / 1000;
  return { start: start && start / 1000, end, chars: [data.chars[2 * first], data.chars[2 * last - 1]], version: data.hash };
}

/** @param {Link} link */
export function writeFragment({ start, end, chars, version }) {
  const parts = [];
  // Rounded outwards, so that the times enclose the whole words.
  if (start !== null) {
    const from = Math.floor(rounded(start)) / 100;
    parts.push(end === null ? `t=${from}` : `t=${from},${Math.ceil(rounded(end)) / 100}`);
  }
  if (chars) parts.push(`w=${chars[0]}-${chars[1]}`);
  if (version) parts.push(`v=${version}`);
  return parts.join("&");
}

/**
 * Parse a fragment; null if it is not a link to a quote. The last of repeated names counts.
 * @param {string} fragment
 * @returns {ReadLink | null}
 */
export function readFragment(fragment) {
  if ([...fragment].length > LONGEST) return { start: null, end: null, chars: null, version: null, malformed: true };
  const parameters = new URLSearchParams(fragment.replace(/^#/, "")), [t, w, v] = ["t", "w", "v"].map((name) => parameters.getAll(name).at(-1));
  if (t === undefined && w === undefined) return null;
  const [start, end] = readTimes(t ?? ""), chars = readChars(w ?? ""), version = v && HASH.test(v) ? v : null;
  const malformed = [[t, start], [w, chars], [v, version]].some(([text, read]) => text !== undefined && read === null);
  return { start, end, chars, version, malformed };
}

/**
 * Return where a link leads: { first, last } words or nulls, a start in seconds or null, and a notice or null.
 * @param {Linkable} data
 * @param {ReadLink} link
 */
export function resolve(data, { start, end, chars, version, malformed }) {
  const isSame = version === data.hash, named = isSame && chars ? wordsOfChars(data, ...chars) : null;
  if (named) return { first: named[0], last: named[1], start, notice: malformed ? "malformed" : null };
  /** @type {Notice | null} */
  const why = malformed || (chars && (isSame || !version)) ? "malformed" : version && !isSame ? "changed" : null;
  const isThere = start !== null && start < data.duration, words = isThere && end !== null ? wordsOfTimes(data, start, end) : null;
  if (!isThere) return { first: null, last: null, start: null, notice: malformed ? "malformed" : "nowhere" };
  const notice = why ?? (end !== null && !words ? "nowhere" : null);
  return { first: words?.[0] ?? null, last: words?.[1] ?? null, start, notice };
}

/**
 * @param {Linkable} data
 * @param {number} charStart
 * @param {number} charEnd
 * @returns {Words | null}
 */
function wordsOfChars({ chars, starts }, charStart, charEnd) {
  const first = starts.findIndex((_, i) => chars[2 * i + 1] > charStart);
  const last = starts.findLastIndex((_, i) => chars[2 * i] < charEnd) + 1;
  return first >= 0 && first < last ? [first, last] : null;
}

/**
 * Return the run from the first to the last word whose middle lies between two times.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {number} start
 * @param {number} end
 * @returns {Words | null}
 */
export function wordsOfTimes({ starts, ends }, start, end) {
  const middles = starts.map((from, i) => (from === null ? -1 : (from + Number(ends[i])) / 2000));
  const isIn = (/** @type {number} */ middle) => middle >= start && middle < end;
  return middles.some(isIn) ? [middles.findIndex(isIn), middles.findLastIndex(isIn) + 1] : null;
}

/** @param {string} text @returns {[start: number | null, end: number | null]} */
function readTimes(text) {
  const found = TIME.exec(text);
  if (!found || (found[1] === undefined && found[2] === undefined)) return [null, null];
  const start = Number(found[1] ?? 0);
  if (found[2] === undefined) return [start, null];
  return start < Number(found[2]) ? [start, Number(found[2])] : [null, null];
}

/** @param {string} text @returns {Words | null} */
function readChars(text) {
  const found = CHARS.exec(text);
  return found && Number(found[1]) < Number(found[2]) ? [Number(found[1]), Number(found[2])] : null;
}

/** Return a time in hundredths of a second, without floating-point noise. @param {number} seconds */
function rounded(seconds) { return Math.round(seconds * 1e6) / 1e4; }
