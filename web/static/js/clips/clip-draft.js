// @ts-check
// What was chosen for a clip: its words, its edges, its wording. Seconds of the episode; words half-open, [first, last).

import { toMilliseconds } from "../ui/durations.js";
import { edgeAfter, edgeBefore, endOf, spokenBeyond, spokenEnds, startOf, wordsKept } from "./clip-edges.js";

/** @typedef {{start: number, end: number}} Edges */

const SHORTEST = 0.2; // seconds of a clip

export class ClipDraft {
  #data;
  #asked;
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
  lead = 0; // seconds of silence before it in an audiogram

  /**
   * @param {import("./clip-edges.js").Said} data
   * @param {number} first
   * @param {number} last
   */
  constructor(data, first, last) {
    this.#data = data;
    this.#asked = { first, last };
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
   * @param {Pick<ClipPreview, "start" | "end" | "duration" | "text"> & Partial<Pick<ClipPreview, "lead">>} preview
   */
  settle({ start, end, duration, text, lead = 0 }) {
    this.shown = { start, end };
    this.length = duration;
    this.printed = text;
    this.lead = lead;
  }

  // It has changed: what the server said of it holds no more.
  unsettle() { this.length = this.printed = null; }

  // The words that were asked for, cut where the server finds best.
  reset() {
    this.first = this.#asked.first;
    this.last = this.#asked.last;
    this.#edges = null;
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
   * When an edge is moved `by` words: where it is then; null where it would pass the other.
   * @param {Side} side
   * @param {number} by
   */
  stepped(side, by) {
    const [first, last] = this.ends;
    const word = spokenBeyond(this.#data, side === "start" ? first : last, by);
    if (side === "start" ? word > last : word < first) return null;
    return side === "start" ? edgeBefore(this.#data, word) : edgeAfter(this.#data, word);
  }
}

/**
 * Seconds to the millisecond.
 * @param {number} seconds
 */
export function wholeMilliseconds(seconds) { return toMilliseconds(seconds) / 1000; }
