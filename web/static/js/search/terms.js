// @ts-check
// Where what is sought stands in all episodes: postings put together to words, phrases, and runs of characters.

import { hasUnspaced, isUnspaced } from "../page/query.js";
import { lastStarted } from "../page/sync.js";
import { numbersOf } from "../site/unpacking.js";

/**
 * Every place of a term, in order, also where one overlaps another.
 * @typedef {{term: import("../page/query.js").Term, starts: Int32Array, ends: Int32Array}} Said
 *
 * From where to where a speaker speaks, and from which word on; whether the passage there has words.
 * @typedef {{speaker: number, start: number, end: number, word: number, given: boolean}} Turn
 *
 * @typedef {{key: string, at: number, begun: boolean}} Part a term of the index, and where in the text it stands
 *
 * Where a part begins; and, of what is only begun, where that ends.
 * @typedef {{starts: Int32Array, ends?: Int32Array}} Places
 */

const ABOVE = 2 ** 20; // a part of a folded text has fewer characters

/** What the terms of one query are in all episodes: each part of the index is read once, however many terms share it. */
export class Postings {
  #parts;
  /** @type {Map<string, Promise<Places>>} */
  #read = new Map();

  /** @param {import("./parts.js").Parts} parts */
  constructor(parts) { this.#parts = parts; }

  /**
   * @param {import("../page/query.js").Term} term
   * @returns {Promise<Said>}
   */
  async said(term) {
    const length = [...term.text].length;
    const all = await Promise.all(partsOf(term).map(async (part) => ({ ...await this.#places(part), at: part.at, from: 0 })));
    const [rarest, ...others] = all.sort((one, other) => one.starts.length - other.starts.length);
    if (!others.length) return { term, starts: rarest.starts, ends: rarest.ends ?? rarest.starts.map((start) => start + length) };
    const starts = new Int32Array(rarest.starts.length), ends = new Int32Array(starts.length);
    let count = 0;
    for (let k = 0; k < rarest.starts.length; k++) {
      const start = rarest.starts[k] - rarest.at;
      let end = rarest.ends?.[k];
      const everywhere = others.every((other) => {
        const sought = start + other.at;
        while (other.starts[other.from] < sought) other.from++;
        end ??= other.ends?.[other.from];
        return other.starts[other.from] === sought;
      });
      if (!everywhere) continue;
      starts[count] = start;
      ends[count++] = end ?? start + length;
    }
    return { term, starts: starts.subarray(0, count), ends: ends.subarray(0, count) };
  }

  /**
   * @param {number} speaker
   * @returns {Promise<Turn[]>}
   */
  async turns(speaker) {
    const turns = [];
    for (const [, packed] of await this.#parts.postings(`@${speaker}`)) {
      const told = numbersOf(packed);
      for (let k = 0, start = 0, word = 0; k < told.length; k += 3) {
        start += told[k];
        word += told[k + 2];
        turns.push({ speaker, start, end: start + (told[k + 1] >> 1), word, given: told[k + 1] % 2 === 1 });
      }
    }
    return turns;
  }

  /** @param {Part} part */
  #places({ key, begun }) {
    const name = `${key} ${begun}`;
    const read = this.#read.get(name) ?? this.#parts.postings(key, begun).then((found) => (begun ? merged(found) : placesIn(found)));
    this.#read.set(name, read);
    return read;
  }
}

/**
 * The words of a term; in scripts without spaces their characters, and the spaces after those.
 * @param {import("../page/query.js").Term} term
 * @returns {Part[]}
 */
function partsOf({ text, begun }) {
  const words = text.split(" "), unspaced = isUnspaced(text);
  const parts = [];
  let at = 0;
  for (const [k, word] of words.entries()) {
    const characters = [...word], last = k === words.length - 1;
    if (unspaced && hasUnspaced(word)) {
      if (!last) characters.push(" ");
      for (const [i, each] of characters.entries()) parts.push({ key: `*${each}`, at: at + i, begun: false });
    } else parts.push({ key: word, at, begun: begun && last });
    at += [...word].length + 1;
  }
  return parts;
}

/**
 * @param {[term: string, postings: string][]} found of one term, or none
 * @returns {Places}
 */
function placesIn(found) {
  const starts = numbersOf(found.length ? found[0][1] : "");
  for (let k = 1; k < starts.length; k++) starts[k] += starts[k - 1];
  return { starts };
}

/**
 * The places of all that has begun so, in order.
 * @param {[term: string, postings: string][]} found
 * @returns {Places}
 */
function merged(found) {
  const all = found.map((each) => ({ length: [...each[0]].length, ...placesIn([each]) }));
  const both = new Float64Array(all.reduce((sum, { starts }) => sum + starts.length, 0));
  let count = 0;
  for (const { length, starts } of all) for (const start of starts) both[count++] = start * ABOVE + length;
  both.sort();
  const starts = Int32Array.from(both, (each) => Math.floor(each / ABOVE));
  return { starts, ends: starts.map((start, k) => start + both[k] % ABOVE) };
}

/**
 * What of it stands within one of these turns.
 * @param {Said} said
 * @param {{start: number, end: number}[]} turns
 * @returns {Said}
 */
export function saidIn({ term, starts, ends }, turns) {
  const within = [];
  for (const { start, end } of turns) {
    for (let k = lastStarted(starts, start - 1) + 1; k < starts.length && starts[k] < end; k++) if (ends[k] < end) within.push(k);
  }
  return { term, starts: Int32Array.from(within, (k) => starts[k]), ends: Int32Array.from(within, (k) => ends[k]) };
}

/**
 * The place of a term nearest to another, or the same, that lies between `low` and `high`.
 * @param {Said | undefined} said
 * @param {import("../page/query.js").Place} range
 * @param {number} low
 * @param {number} high
 * @returns {import("../page/query.js").Place | null}
 */
export function nearest(said, [start, end], low, high) {
  if (!said) return null;
  const { term, starts, ends } = said, { lead } = term, length = lengthOf(term);
  const k = lastStarted(starts, start - 1) + 1; // the first that is not before it
  const after = k < starts.length && starts[k] - lead + length <= high ? starts[k] - lead : -1;
  let b = k - 1;
  while (b >= 0 && starts[b] - lead + length > start) b--;
  const before = b >= 0 && starts[b] - lead >= low ? starts[b] - lead : -1;
  if (after < 0 || (before >= 0 && start - before < after - end)) return before < 0 ? null : [starts[b], ends[b]];
  return [starts[k], ends[k]];
}

/**
 * The first places of a term, none overlapping another.
 * @param {Said | undefined} said
 * @param {number} most
 */
export function rangesOf(said, most) {
  /** @type {import("../page/query.js").Place[]} */
  const ranges = [];
  if (!said) return ranges;
  const { term, starts, ends } = said, step = stepOf(term);
  for (let k = 0, free = 0; k < starts.length && ranges.length < most; k++) {
    if (starts[k] < free) continue;
    ranges.push([starts[k], ends[k]]);
    free = starts[k] + step;
  }
  return ranges;
}

/**
 * How many places of a term there are, each so far from the one before.
 * @param {Said | undefined} said
 * @param {(term: import("../page/query.js").Term) => number} step
 */
export function countOf(said, step) {
  if (!said) return 0;
  let count = 0, free = 0;
  const least = step(said.term);
  for (let k = 0, { starts } = said; k < starts.length; k++) {
    if (starts[k] < free) continue;
    count++;
    free = starts[k] + least;
  }
  return count;
}

/** @param {import("../page/query.js").Term} term */
export const lengthOf = ({ sought }) => [...sought].length;

/**
 * How far after one the next may begin, which may share its space.
 * @param {import("../page/query.js").Term} term
 */
export const stepOf = ({ text, lead }) => lead + [...text].length;
