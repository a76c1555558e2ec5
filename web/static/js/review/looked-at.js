// @ts-check
// What share of an episode somebody has looked at: its words of speech that a person has pinned, those of paragraphs that
// a person wrote or saved, and those that were heard on this page. Pure functions; sound that was heard is told as spans of milliseconds, disjoint and in order.

import { lastStarted } from "../page/sync.js";

/** @typedef {[from: number, to: number]} Heard */

const NEAR = 60; // milliseconds between two spans that are one

/**
 * The spans with another one.
 * @param {Heard[]} spans
 * @param {number} from
 * @param {number} to
 * @returns {Heard[]}
 */
export function withHeard(spans, from, to) {
  if (!(to > from)) return spans;
  /** @type {Heard} */
  let joined = [from, to];
  /** @type {Heard[]} */
  const before = [], after = [];
  for (const span of spans) {
    if (span[1] < joined[0] - NEAR) before.push(span);
    else if (span[0] > joined[1] + NEAR) after.push(span);
    else joined = [Math.min(span[0], joined[0]), Math.max(span[1], joined[1])];
  }
  return [...before, joined, ...after];
}

/**
 * How many words of speech there are, and how many of them were looked at: pinned; written; heard, most of
 * each; or, where nobody says one, heard where it would be.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {{speech: number[], pinned: number[], written: number[]}} review runs of words: the first of each and the one after its last
 * @param {Heard[]} spans
 * @returns {{looked: number, words: number}}
 */
export function lookedAt(data, { speech, pinned, written }, spans) {
  const set = new Set([...numbers(pinned), ...numbers(written)]), froms = spans.map(([from]) => from);
  /** @param {number} time */
  const heard = (time) => {
    const k = lastStarted(froms, time);
    return k >= 0 && time <= spans[k][1];
  };
  let looked = 0, words = 0, last = 0;
  for (const i of numbers(speech)) {
    const start = data.starts[i], end = data.ends[i];
    words++;
    if (set.has(i) || heard(start === null || end === null ? last : (start + end) / 2)) looked++;
    if (end !== null) last = end;
  }
  return { looked, words };
}

/**
 * The numbers of runs.
 * @param {number[]} edges
 */
export function* numbers(edges) {
  for (let k = 0; k < edges.length; k += 2) for (let i = edges[k]; i < edges[k + 1]; i++) yield i;
}
