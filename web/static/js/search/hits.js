// @ts-check
// What is shown of a place that was found: its words and those around them, who says them and when, and a link to them.
// Cut as web/library/search.py cuts it.

import { writeFragment } from "../page/quote-link.js";
import { lastStarted } from "../page/sync.js";
import { numbersOf, signed } from "../site/unpacking.js";

const BEFORE = 100, AFTER = 140; // characters around what was found
const LONGEST_MATCH = 500; // characters; of a longer one the beginning is shown
const HALVES = /[\ud800-\udfff]/; // of characters that are two to JavaScript

/**
 * Words with the text around them. `folded` is where each begins in the folded text; `first` and `last` its characters;
 * `starts` and `ends` are hundredths of a second, -1 where nobody says it; of a heading `starts` are those of what stands
 * under it. A text is in single characters where some
 * are two to JavaScript.
 * @typedef {{word: number, folded: Int32Array, first: Int32Array, last: Int32Array, starts: Int32Array, ends: Int32Array,
 *   passages: {word: number, start: number, end: number, speaker: number}[], sentences: number[], from: number,
 *   text: string | string[]}} Words
 *
 * `match` is in pieces, each with whether it was sought; `start` is when it is said, in seconds, or what stands under it,
 * null where nobody says it.
 * @typedef {{start: number | null, speaker: string | null, bySpeaker: boolean, before: string,
 *   match: [text: string, sought: boolean][], after: string, fragment: string}} Hit
 */

/**
 * @param {import("./places.js").Place} place
 * @param {import("./parts.js").Episode} episode
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Hit>}
 */
export async function hitOf({ marks, word, bySpeaker }, episode, parts) {
  const [first, last] = marks.length
    ? [parts.blockAt(marks[0][0]), parts.blockAt(Math.max(...marks.map(([, end]) => end - 1)))]
    : [parts.blockOf(word), parts.blockOf(word)];
  const numbers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const words = joined((await Promise.all(numbers.map((number) => parts.block(number)))).map(wordsOf));
  const marked = marks.length ? mergedIn(words, marks) : [];
  const [from, to] = marks.length ? [marked[0][0], marked[marked.length - 1][1]] : [word - words.word, word - words.word + 1];
  const passage = words.passages[lastStarted(words.passages.map((each) => each.word), from)];
  const [start, end] = [words.first[from], words.last[to - 1]];
  const shown = Math.min(end, start + LONGEST_MATCH);
  /** @param {number} at */
  const reached = (at) => Math.min(at, shown + Number(end > shown));
  const match = textOf(words, start, shown) + (end > shown ? "…" : "");
  return {
    ...saidIn(words, from, to, [start, end], episode.version),
    speaker: passage.speaker ? parts.speakers[passage.speaker - 1][0] : null,
    bySpeaker,
    before: before(words, Math.min(passage.start, start), start),
    match: piecesOf(match, marked.map(([a, b]) => [reached(words.first[a]) - start, reached(words.last[b - 1]) - start])),
    after: after(words, end, Math.max(passage.end, end)),
  };
}

/**
 * When the words are said, and the link to them.
 * @param {Words} words
 * @param {number} from
 * @param {number} to
 * @param {[start: number, end: number]} chars
 * @param {string} version
 */
function saidIn({ starts, ends }, from, to, chars, version) {
  const timed = Array.from({ length: to - from }, (_, k) => from + k).filter((k) => starts[k] >= 0);
  const said = timed.filter((k) => ends[k] >= 0), [first] = said.length ? said : timed;
  const start = first === undefined ? null : starts[first] / 100;
  const end = said.length ? ends[said[said.length - 1]] / 100 : null;
  return { start, fragment: writeFragment({ start, end, chars, version }) };
}

/**
 * The words that have the marks, each once, in order.
 * @param {Words} words
 * @param {import("../page/query.js").Place[]} marks
 */
function mergedIn({ folded }, marks) {
  /** @type {[number, number][]} */
  const found = marks.map(([start, end]) => [lastStarted(folded, start), lastStarted(folded, end - 1) + 1]);
  /** @type {[number, number][]} */
  const merged = [];
  for (const [from, to] of found.sort((one, other) => one[0] - other[0])) {
    const last = merged[merged.length - 1];
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/**
 * What stands before a match: from the beginning of a sentence if one is near, else from a word.
 * @param {Words} words
 * @param {number} start of the passage
 * @param {number} end
 */
function before(words, start, end) {
  const from = Math.max(start, end - BEFORE);
  if (from === start) return textOf(words, start, end);
  const sentence = words.sentences.find((each) => each > from);
  if (sentence !== undefined && sentence <= end) return textOf(words, sentence, end).replace(/^[»”) ]+/u, "");
  const text = textOf(words, from, end);
  return `… ${text.includes(" ") ? text.slice(text.indexOf(" ") + 1) : ""}`;
}

/**
 * What stands after a match: to the end of a sentence if one is near, else to a word.
 * @param {Words} words
 * @param {number} start
 * @param {number} end of the passage
 */
function after(words, start, end) {
  const to = Math.min(end, start + AFTER);
  if (to === end) return textOf(words, start, end);
  const sentence = words.sentences.findLast((each) => each < to);
  if (sentence !== undefined && sentence > start) return textOf(words, start, sentence).trimEnd();
  const text = textOf(words, start, to);
  return `${text.slice(0, Math.max(0, text.lastIndexOf(" ")))}\u00a0…`;
}

/**
 * @param {string} text
 * @param {number[][]} ranges
 * @returns {[text: string, sought: boolean][]}
 */
function piecesOf(text, ranges) {
  const characters = [...text];
  /** @type {[string, boolean][]} */
  const pieces = [];
  let at = 0;
  for (const [start, end] of ranges) {
    pieces.push([characters.slice(at, start).join(""), false], [characters.slice(start, end).join(""), true]);
    at = end;
  }
  pieces.push([characters.slice(at).join(""), false]);
  return pieces.filter(([piece]) => piece);
}

/**
 * @param {Words} words
 * @param {number} start
 * @param {number} end
 */
function textOf({ text, from }, start, end) {
  const piece = text.slice(start - from, end - from);
  return typeof piece === "string" ? piece : piece.join("");
}

/** @type {WeakMap<import("./parts.js").Block, Words>} */
const known = new WeakMap();

/** @param {Awaited<ReturnType<import("./parts.js").Parts["block"]>>} told */
function wordsOf(told) {
  const words = known.get(told.block) ?? wordsIn(told);
  known.set(told.block, words);
  return words;
}

/**
 * @param {Awaited<ReturnType<import("./parts.js").Parts["block"]>>} told
 * @returns {Words}
 */
function wordsIn({ block, start, word }) {
  const told = numbersOf(block.words), most = told.length >> 1; // a word has two numbers at least
  const [folded, first, last, starts, ends] = Array.from({ length: 5 }, () => new Int32Array(most));
  let count = 0;
  for (let k = 0, at = block.from, part = start, said = 0; k < told.length; count++) {
    const length = Math.floor(told[k] / 3), shape = told[k++] % 3;
    folded[count] = part;
    first[count] = at + (shape < 2 ? 1 : signed(told[k++]));
    last[count] = at = first[count] + length;
    part += shape < 2 ? length - shape + 1 : told[k++];
    const begun = told[k++] - 1;
    if (begun < 0) {
      starts[count] = ends[count] = -1;
      continue;
    }
    const lasts = told[k++] - 1;
    starts[count] = said += signed(begun);
    ends[count] = lasts < 0 ? -1 : said += lasts;
  }
  return {
    word, from: block.from, text: HALVES.test(block.text) ? [...block.text] : block.text,
    folded: folded.subarray(0, count), first: first.subarray(0, count), last: last.subarray(0, count),
    starts: starts.subarray(0, count), ends: ends.subarray(0, count), ...passagesIn(block),
  };
}

/** @param {import("./parts.js").Block} block */
function passagesIn(block) {
  const told = numbersOf(block.passages), passages = [], sentences = [];
  for (let k = 0, word = 0, at = 0; k < told.length; k += 4) {
    const start = at + signed(told[k + 1]);
    at = start + told[k + 2];
    passages.push({ word, start, end: at, speaker: told[k + 3] });
    word += told[k];
  }
  let sentence = block.from;
  for (const gap of numbersOf(block.sentences)) sentences.push(sentence += gap);
  return { passages, sentences };
}

/**
 * Neighbouring blocks as one.
 * @param {Words[]} blocks
 * @returns {Words}
 */
function joined([first, ...others]) {
  return others.reduce((one, other) => {
    const [text, more] = [[...one.text], [...other.text]];
    const passages = other.passages.map((each) => ({ ...each, word: each.word + one.first.length }));
    /** @param {"folded" | "first" | "last" | "starts" | "ends"} name */
    const both = (name) => Int32Array.from([...one[name], ...other[name]]);
    return {
      word: one.word, from: one.from, text: [...text, ...more.slice(one.from + text.length - other.from)],
      folded: both("folded"), first: both("first"), last: both("last"), starts: both("starts"), ends: both("ends"),
      passages: [...one.passages, ...passages], sentences: [...new Set([...one.sentences, ...other.sentences])],
    };
  }, first);
}
