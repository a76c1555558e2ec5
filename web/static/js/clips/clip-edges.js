// @ts-check
// What was chosen for a clip: its words, its edges, its wording. Seconds of the episode; words half-open, [first, last);
// `data` holds starts and ends in milliseconds, null where nobody says the word.

import { toMilliseconds } from "../ui/durations.js";

/**
 * @typedef {Pick<EpisodeData, "duration" | "starts" | "ends">} Said
 * @typedef {{start: number, end: number}} Edges
 */

const ROOM = 0.2; // seconds that an edge leaves before or after a word, if its pause has as much
const SHORTEST = 0.2; // seconds of a clip

export class ClipDraft {
  #data;
  #selected;
  /** @type {Edges | null} the reader's own; else the cut is the server's to find */
  #edges = null;
  /** @type {Edges} where it is cut, as far as is known */
  shown;
  /** @type {string | null} the wording, where it is the reader's own */
  text = null;
  /** @type {number | null} seconds: with the words as printed what the server said of the draft as it is */
  length = null;
  /** @type {string | null} */
  printed = null;

  /**
   * @param {Said} data
   * @param {number} first
   * @param {number} last
   */
  constructor(data, first, last) {
    this.#data = data;
    this.#selected = { first, last };
    this.first = first;
    this.last = last;
    const [said, lastSaid] = this.ends;
    this.shown = { start: startOf(data, said), end: endOf(data, lastSaid) };
  }

  // The first and the last of its words that are said.
  get ends() { return spokenEnds(this.#data, this.first, this.last); }
  get isMoved() { return this.#edges !== null; }

  /**
   * What the server needs to know.
   * @returns {Selected & Partial<Edges>}
   */
  get wanted() {
    const edges = this.#edges && { start: wholeMilliseconds(this.#edges.start), end: wholeMilliseconds(this.#edges.end) };
    return { first: this.first, last: this.last, ...edges };
  }

  /**
   * What the server made of it.
   * @param {Pick<ClipPreview, "start" | "end" | "duration" | "text">} preview
   */
  settle({ start, end, duration, text }) {
    Object.assign(this, { shown: { start, end }, length: duration, printed: text });
  }

  // It has changed: what the server said of it no longer holds.
  unsettle() { this.length = this.printed = null; }

  // The words that were asked for, cut where the server finds best.
  reset() {
    Object.assign(this, this.#selected);
    this.#edges = null;
  }

  // By the words that were asked for.
  get key() { return `${this.#selected.first}-${this.#selected.last}`; }

  /** Stay with its words where others gave way to others; return whether it can. @param {NewWords} change */
  follow({ at, drop, put }) {
    const first = Math.min(this.first, this.#selected.first), last = Math.max(this.last, this.#selected.last);
    if (drop === put || at >= last) return true;
    if (at + drop > first) return false;
    for (const words of [this, this.#selected]) {
      words.first += put - drop;
      words.last += put - drop;
    }
    return true;
  }

  /**
   * From here on the edges are the reader's own.
   * @param {Side} side
   * @param {number} time
   */
  move(side, time) {
    const { start, end } = this.shown;
    const [low, high] = side === "start" ? [0, end - SHORTEST] : [start + SHORTEST, this.#data.duration];
    this.shown[side] = Math.min(Math.max(time, low), high);
    this.#edges = { ...this.shown };
    [this.first, this.last] = wordsKept(this.#data, [this.first, this.last], this.shown.start, this.shown.end);
  }

  /**
   * Where an edge is once it is moved `by` words; null where it would pass the other.
   * @param {Side} side
   * @param {number} by
   */
  stepped(side, by) {
    const [first, last] = this.ends, isStart = side === "start";
    const word = spokenBeyond(this.#data, isStart ? first : last, by);
    if (isStart ? word > last : word < first) return null;
    return edgeBeside(this.#data, word, side);
  }
}

/** Seconds to the millisecond. @param {number} seconds */
export const wholeMilliseconds = (seconds) => toMilliseconds(seconds) / 1000;

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
 * Where a clip is cut that starts, or ends, with `word`, which is said: in the pause beside it.
 * @param {Said} data
 * @param {number} word
 * @param {Side} side
 */
export function edgeBeside(data, word, side) {
  const [start, end] = [startOf(data, word), endOf(data, word)];
  const beside = spokenBeyond(data, word, side === "start" ? -1 : 1), isLast = beside === word;
  if (side === "start") {
    const free = isLast ? start : Math.max(0, start - endOf(data, beside));
    return Math.max(0, start - Math.min(ROOM, free / 2));
  }
  const free = isLast ? data.duration - end : Math.max(0, startOf(data, beside) - end);
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
function wordsKept(data, words, start, end) {
  const between = wordsBetween(data, start, end);
  if (!between) return words;
  const [first, last] = spokenEnds(data, ...words);
  return between[0] === first && between[1] === last + 1 ? words : between;
}

/** When a word that is said starts. @param {Said} data @param {number} word */
export const startOf = (data, word) => Number(data.starts[word]) / 1000;

/** When a word that is said ends. @param {Said} data @param {number} word */
export const endOf = (data, word) => Number(data.ends[word]) / 1000;
