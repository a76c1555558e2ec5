// @ts-check
// The edges of a clip and the words between them. Pure functions: seconds of the episode; words half-open, [first, last);
// `data` holds starts and ends in milliseconds, null where nobody says the word.

/** @typedef {Pick<EpisodeData, "duration" | "starts" | "ends">} Said */

const ROOM = 0.2; // seconds that an edge leaves before or after a word, if its pause has as much

/**
 * The words of which the middle lies between the edges; null for none.
 * @param {Said} data
 * @param {number} start
 * @param {number} end
 * @returns {Words | null}
 */
export function wordsBetween(data, start, end) {
  /** @type {Words | null} */
  let words = null;
  for (let i = 0; i < data.starts.length; i++) {
    if (data.starts[i] === null) continue;
    const middle = (startOf(data, i) + endOf(data, i)) / 2;
    if (middle >= start && middle < end) words = [words?.[0] ?? i, i + 1];
  }
  return words;
}

/**
 * The said word `by` words away from a word; the last there is where there are fewer.
 * @param {Said} data
 * @param {number} word
 * @param {number} by
 */
export function spokenBeyond(data, word, by) {
  const step = Math.sign(by);
  let found = word;
  for (let i = word + step, left = Math.abs(by); left && i >= 0 && i < data.starts.length; i += step) {
    if (data.starts[i] === null) continue;
    found = i;
    left--;
  }
  return found;
}

/**
 * Where a clip is cut that begins with `word`, which is said: in the pause before it.
 * @param {Said} data
 * @param {number} word
 */
export function edgeBefore(data, word) {
  const before = spokenBeyond(data, word, -1);
  const start = startOf(data, word);
  const free = before === word ? start : Math.max(0, start - endOf(data, before));
  return Math.max(0, start - Math.min(ROOM, free / 2));
}

/**
 * Where a clip is cut that ends with `word`, which is said: in the pause after it.
 * @param {Said} data
 * @param {number} word
 */
export function edgeAfter(data, word) {
  const after = spokenBeyond(data, word, 1);
  const end = endOf(data, word);
  const free = after === word ? data.duration - end : Math.max(0, startOf(data, after) - end);
  return Math.min(data.duration, end + Math.min(ROOM, free / 2));
}

/**
 * The first and the last word that are said of [first, last).
 * @param {Said} data
 * @param {number} first
 * @param {number} last
 */
export function spokenEnds(data, first, last) {
  const said = [];
  for (let i = first; i < last; i++) if (data.starts[i] !== null) said.push(i);
  return /** @type {Words} */ ([said[0], said.at(-1)]);
}

/**
 * What the edges hold: `words` as they were if the same ones are said between them, so that printed words that nobody
 * says stay in the quote; else those that are.
 * @param {Said} data
 * @param {Words} words
 * @param {number} start
 * @param {number} end
 */
export function wordsKept(data, words, start, end) {
  const between = wordsBetween(data, start, end);
  if (!between) return words;
  const [first, last] = spokenEnds(data, ...words);
  return between[0] === first && between[1] === last + 1 ? words : between;
}

/**
 * When a word that is said begins.
 * @param {Said} data
 * @param {number} word
 */
export const startOf = (data, word) => Number(data.starts[word]) / 1000;

/**
 * When a word that is said ends.
 * @param {Said} data
 * @param {number} word
 */
export const endOf = (data, word) => Number(data.ends[word]) / 1000;
