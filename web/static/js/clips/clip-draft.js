// What was chosen for a clip: its words, its edges, its wording. Seconds of the episode; words half-open, [first, last).

import { toMilliseconds } from "../ui/durations.js";
import { edgeAfter, edgeBefore, spokenBeyond, spokenEnds, wordsKept } from "./clip-edges.js";

const SHORTEST = 0.2; // seconds of a clip

export class ClipDraft {
  #data;
  #asked;
  #edges = null; // the reader's own; else the cut is the server's to find
  text = null; // the wording, where it is the reader's own
  length = null; // seconds, and the words as printed: what the server said of the draft as it is
  printed = null;

  constructor(data, first, last) {
    this.#data = data;
    this.#asked = { first, last };
    Object.assign(this, this.#asked);
    const [said, lastSaid] = this.ends;
    this.shown = { start: data.starts[said] / 1000, end: data.ends[lastSaid] / 1000 };
  }

  // The first and the last of its words that are said.
  get ends() { return spokenEnds(this.#data, this.first, this.last); }
  get isMoved() { return this.#edges !== null; }

  // What the server needs to know.
  get wanted() {
    const edges = this.#edges && { start: wholeMilliseconds(this.#edges.start), end: wholeMilliseconds(this.#edges.end) };
    return { first: this.first, last: this.last, ...edges };
  }

  // What the server made of it.
  settle({ start, end, duration, text }) {
    this.shown = { start, end };
    this.length = duration;
    this.printed = text;
  }

  // It has changed: what the server said of it holds no more.
  unsettle() { this.length = this.printed = null; }

  // The words that were asked for, cut where the server finds best.
  reset() {
    Object.assign(this, this.#asked);
    this.#edges = null;
  }

  // From here on the edges are the reader's own.
  move(side, time) {
    const { start, end } = this.shown;
    const [low, high] = side === "start" ? [0, end - SHORTEST] : [start + SHORTEST, this.#data.duration];
    this.shown[side] = Math.min(Math.max(time, low), high);
    this.#edges = { ...this.shown };
    [this.first, this.last] = wordsKept(this.#data, [this.first, this.last], this.shown.start, this.shown.end);
  }

  // When an edge is moved `by` words: where it is then; null where it would pass the other.
  stepped(side, by) {
    const [first, last] = this.ends;
    const word = spokenBeyond(this.#data, side === "start" ? first : last, by);
    if (side === "start" ? word > last : word < first) return null;
    return side === "start" ? edgeBefore(this.#data, word) : edgeAfter(this.#data, word);
  }
}

// Seconds to the millisecond.
export function wholeMilliseconds(seconds) { return toMilliseconds(seconds) / 1000; }
