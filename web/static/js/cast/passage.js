// @ts-check
// What of an episode is shown.

import { CastError } from "./fetching.js";
import { lastStarted } from "../page/sync.js";
import { millisecondsOf } from "./wording.js";

/**
 * @typedef {import("./data.js").Cast} Cast
 * @typedef {{kind: "whole" | "chapter" | "quote", start: number, end: number, title: string | null}} Passage
 * @typedef {{chapter?: string | null, quote?: string | null, start?: string | null, end?: string | null}} Asked
 * @typedef {{cast: Cast, passage: Passage, words: [first: number, last: number], times: number[], firsts: number[]}} Shown
 *   what is shown: of `words` the first and the one after the last, the starts of what is `said`, the first word of each paragraph
 */

/**
 * @param {Cast} cast
 * @param {Asked} asked as the attributes say it
 * @returns {Shown}
 */
export function shownOf(cast, asked) {
  const passage = passageOf(cast, asked);
  const times = cast.said.map((word) => Number(cast.starts[word]));
  return { cast, passage, words: wordsOf(cast, passage), times, firsts: cast.paragraphs.map(({ first }) => first) };
}

/**
 * @param {Cast} cast
 * @param {Asked} asked as the attributes say it
 * @returns {Passage}
 */
export function passageOf(cast, { chapter, quote, start, end }) {
  /** @type {Passage | null} */
  let found = { kind: "whole", start: 0, end: cast.duration, title: null };
  if (chapter) found = chapterOf(cast, chapter);
  else if (quote) found = quoteOf(cast, quote);
  else if (start || end) {
    const [from, to] = [start ? millisecondsOf(start) : 0, end ? millisecondsOf(end) : cast.duration];
    found = from === null || to === null ? null : { kind: "quote", start: from, end: Math.min(to, cast.duration), title: null };
  }
  if (!found || !(found.start < found.end)) throw new CastError("nowhere");
  return found;
}

/** @type {(cast: Cast, asked: string) => Passage | null} */
function chapterOf({ chapters }, asked) {
  const at = asked.includes(":") ? millisecondsOf(asked) : null;
  const wanted = folded(asked).join(" ");
  const chapter = (/^\s*\d+\s*$/.test(asked) && chapters[Number(asked) - 1])
    || (at !== null && chapters.find(({ start, end }) => start <= at && at < end))
    || chapters.find(({ title }) => folded(title).join(" ") === wanted);
  return chapter ? { kind: "chapter", ...chapter } : null;
}

/**
 * A kept quote by its number or by words of it; else these words, wherever they are.
 * @type {(cast: Cast, asked: string) => Passage | null}
 */
function quoteOf(cast, asked) {
  const wanted = folded(asked).join(" ");
  const kept = /^\s*\d+\s*$/.test(asked) ? cast.quotes[Number(asked) - 1]
    : cast.quotes.find((each) => wanted && ` ${folded(each.text).join(" ")} `.includes(` ${wanted} `));
  const found = kept ?? (wanted && wordsSaying(cast, wanted));
  return found ? { kind: "quote", start: found.start, end: found.end, title: null } : null;
}

/** @type {(cast: Cast, wanted: string) => {start: number, end: number} | null} */
function wordsSaying({ paragraphs, starts, ends }, wanted) {
  let all = " ";
  /** @type {number[]} */
  const offsets = [];
  /** @type {number[]} */
  const words = [];
  for (const { words: pieces, first } of paragraphs) {
    pieces.forEach((piece, k) => {
      const parts = folded(piece);
      if (!parts.length) return;
      offsets.push(all.length);
      words.push(first + k);
      all += `${parts.join(" ")} `;
    });
  }
  for (let at = all.indexOf(` ${wanted} `); at >= 0; at = all.indexOf(` ${wanted} `, at + 1)) {
    const first = words[lastStarted(offsets, at + 1)], last = words[lastStarted(offsets, at + wanted.length)];
    const told = timesOf({ starts, ends }, first, last + 1);
    if (told) return told;
  }
  return null;
}

/**
 * When the first of some words that follow each other begins and the last ends; null where none of them is said.
 * @param {Pick<Cast, "starts" | "ends">} cast
 * @param {number} first
 * @param {number} last the one after them
 */
export function timesOf({ starts, ends }, first, last) {
  let start = Infinity, end = 0;
  for (let word = first; word < last; word++) {
    const from = starts[word];
    if (from === null) continue;
    start = Math.min(start, from);
    end = Math.max(end, Number(ends[word]));
  }
  return start < Infinity ? { start, end } : null;
}

/**
 * The words of a text without case, accents and marks.
 * @param {string} of
 */
const folded = (of) => of.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * The first word of a passage and the one after its last: those that are said in it, and what stands between them.
 * @param {Cast} cast
 * @param {Passage} passage
 * @returns {[first: number, last: number]}
 */
export function wordsOf({ starts, ends }, { kind, start, end }) {
  if (kind === "whole") return [0, starts.length];
  let first = Infinity, last = 0;
  starts.forEach((from, word) => {
    const middle = from === null ? -1 : (from + Number(ends[word])) / 2;
    if (middle < start || middle >= end) return;
    first = Math.min(first, word);
    last = word + 1;
  });
  return first < last ? [first, last] : [0, 0];
}
