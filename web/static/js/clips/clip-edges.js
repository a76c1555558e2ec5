// @ts-check
// The draft of a clip: its words, edges and wording. Times are seconds of the episode, words half-open; `data` has starts and
// ends in milliseconds, null for words not spoken.

import { toMilliseconds } from "../ui/durations.js";

/**
 * @typedef {Pick<EpisodeData, "duration" | "starts" | "ends">} SpokenTimes
 * @typedef {{start: number, end: number}} Edges
 */

const ROOM = 0.2; // seconds between an edge and the word beside it, if the pause is long enough
const SHORTEST = 0.2; // seconds of a clip

export class ClipDraft {
  #data;
  #selected;
  /** @type {Edges | null} set by the reader; else the server finds the cut */
  #edges = null;
  /** @type {Edges} the cut, estimated until the server answers */
  shown;
  /** @type {string | null} the wording, if edited by the reader */
  text = null;
  /** @type {number | null} seconds, from the server's answer for the present draft, like `text` */
  length = null;
  /** @type {string | null} */
  printed = null;

  /**
   * @param {SpokenTimes} data
   * @param {number} first
   * @param {number} last
   */
  constructor(data, first, last) {
    this.#data = data;
    this.#selected = { first, last };
    this.first = first;
    this.last = last;
    const [firstSpoken, lastSpoken] = this.ends;
    this.shown = { start: startOf(data, firstSpoken), end: endOf(data, lastSpoken) };
  }

  // The first and last spoken words.
  get ends() { return spokenEnds(this.#data, this.first, this.last); }
  get isMoved() { return this.#edges !== null; }

  /**
   * The request for the server.
   * @returns {Selected & Partial<Edges>}
   */
  get request() {
    const edges = this.#edges && { start: wholeMilliseconds(this.#edges.start), end: wholeMilliseconds(this.#edges.end) };
    return { first: this.first, last: this.last, ...edges };
  }

  /**
   * Take over the server's answer.
   * @param {Pick<ClipPreview, "start" | "end" | "duration" | "text">} preview
   */
  applyPreview({ start, end, duration, text }) {
    Object.assign(this, { shown: { start, end }, length: duration, printed: text });
  }

  // Drops the server's answer after a change.
  dropPreview() { this.length = this.printed = null; }

  // Returns to the original words, cut where the server finds best.
  reset() {
    Object.assign(this, this.#selected);
    this.#edges = null;
  }

  // A key of the original words.
  get key() { return `${this.#selected.first}-${this.#selected.last}`; }

  /** Renumber the words after some were replaced; return whether all are still there. @param {NewWords} change */
  follow({ at, removed, inserted }) {
    const first = Math.min(this.first, this.#selected.first), last = Math.max(this.last, this.#selected.last);
    if (removed === inserted || at >= last) return true;
    if (at + removed > first) return false;
    for (const words of [this, this.#selected]) {
      words.first += inserted - removed;
      words.last += inserted - removed;
    }
    return true;
  }

  /**
   * Set an edge by hand.
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
   * Return the position of an edge moved `by` words; null if it would pass the other.
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

/** Round seconds to the millisecond. @param {number} seconds */
export const wholeMilliseconds = (seconds) => toMilliseconds(seconds) / 1000;

/**
 * Return the words with their middle between the edges; null for none.
 * @param {SpokenTimes} data
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
 * Return the spoken word `by` words away, or the last one in that direction.
 * @param {SpokenTimes} data
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
 * Return the cut of a clip that starts or ends with a spoken word: in the pause beside it.
 * @param {SpokenTimes} data
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
 * Return the first and last spoken words of [first, last).
 * @param {SpokenTimes} data
 * @param {number} first
 * @param {number} last
 */
export function spokenEnds(data, first, last) {
  const spoken = [];
  for (let i = first; i < last; i++) if (data.starts[i] !== null) spoken.push(i);
  return /** @type {Words} */ ([spoken[0], spoken.at(-1)]);
}

/**
 * Return the words between two edges: `words` if the same ones are spoken there, so that words not spoken stay in the
 * quote; else those spoken there.
 * @param {SpokenTimes} data
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

/** Return the start of a spoken word. @param {SpokenTimes} data @param {number} word */
export const startOf = (data, word) => Number(data.starts[word]) / 1000;

/** Return the end of a spoken word. @param {SpokenTimes} data @param {number} word */
export const endOf = (data, word) => Number(data.ends[word]) / 1000;
