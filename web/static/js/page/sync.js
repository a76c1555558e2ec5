// @ts-check
// Which word is spoken, and which words form sentences: pure functions on times in milliseconds and word numbers.

const LINGERING_MS = 300; // a word stays highlighted over a shorter pause

/**
 * @typedef {{words: number[], starts: number[], ends: number[]}} Timeline
 *
 * Return the words that have times, in order of time.
 * @param {(number | null)[]} starts
 * @param {(number | null)[]} ends
 * @returns {Timeline}
 */
export function timeline(starts, ends) {
  /** @type {number[]} */
  const words = [];
  for (let i = 0; i < starts.length; i++) if (starts[i] !== null) words.push(i);
  words.sort((a, b) => Number(starts[a]) - Number(starts[b]) || a - b);
  return { words, starts: words.map((i) => Number(starts[i])), ends: words.map((i) => Number(ends[i])) };
}

/**
 * Return the index of the last of ascending `times` (or offsets) that is not after `now`; -1 if all are.
 * @param {number[]} times
 * @param {number} now
 */
export const lastStarted = (times, now) => times.findLastIndex((time) => time <= now);

/**
 * Return the word highlighted at `now`: from its start to its end, and over a short pause after it; -1 for none.
 * @param {Timeline} line
 * @param {number} now
 */
export function wordAt(line, now) {
  const k = lastStarted(line.starts, now);
  return k >= 0 && now < line.ends[k] + LINGERING_MS ? line.words[k] : -1;
}

/**
 * Return the first spoken word from `index` on, else the last one before it; -1 if there is none.
 * @param {(number | null)[]} starts
 * @param {number} index
 */
export function spokenNear(starts, index) {
  for (let i = index; i < starts.length; i++) if (starts[i] !== null) return i;
  for (let i = Math.min(index, starts.length) - 1; i >= 0; i--) if (starts[i] !== null) return i;
  return -1;
}

/**
 * Return which words were replaced: all between the common beginning and the common end of two lists.
 * @param {number} first the number of the first word
 * @param {string[]} before
 * @param {string[]} now
 * @returns {NewWords}
 */
export function newWords(first, before, now) {
  const prefix = alike(before, now), most = Math.min(before.length, now.length) - prefix;
  const suffix = Math.min(alike([...before].reverse(), [...now].reverse()), most);
  return { at: first + prefix, removed: before.length - prefix - suffix, inserted: now.length - prefix - suffix };
}

/** Return the length of the common beginning of two lists. @param {string[]} one @param {string[]} other */
function alike(one, other) {
  const n = one.findIndex((text, i) => text !== other[i]);
  return n < 0 ? one.length : n;
}

/**
 * Extend a selection to whole sentences; words outside any sentence stay as they are.
 * @param {number[]} sentences the first word of each in order, and the one after its last word
 * @param {Selected} selection
 * @returns {Selected}
 */
export function toSentence(sentences, { first, last }) {
  const touched = { first, last };
  for (let k = 0; k < sentences.length; k += 2) {
    if (sentences[k] >= last || sentences[k + 1] <= first) continue;
    touched.first = Math.min(touched.first, sentences[k]);
    touched.last = Math.max(touched.last, sentences[k + 1]);
  }
  return touched;
}
