// @ts-check
// Hearing a stretch of the sound, once or again and again, and remembering what was heard.

import { always } from "../ui/memory.js";
import { withHeard } from "./looked-at.js";

export const BESIDE = 0.5; // seconds heard before and after a word

/** @typedef {(start: number, end: number) => [start: number, end: number]} Part of a word, or beside it */

/** @type {Record<string, Part>} */
export const PARTS = {
  word: (start, end) => [start, end],
  before: (start) => [start - BESIDE, start],
  after: (_, end) => [end, end + BESIDE],
  first: (start, end) => [start, start + Math.min(BESIDE, (end - start) / 2)],
  last: (start, end) => [end - Math.min(BESIDE, (end - start) / 2), end],
};

const STEP = 0.5; // seconds of sound between two moments of the player that follow each other
const WRITTEN_MS = 4000;

export class Listening {
  #player;
  /** @type {[start: number, end: number] | null} */
  #span = null;
  loops = false;

  /** @param {import("../page/player.js").Player} player */
  constructor(player) {
    this.#player = player;
    player.addEventListener("state", () => this.#again());
  }

  /**
   * Plays from `start` to `end`, in seconds; what loops, until something else is played or the reader pauses.
   * @param {number} start
   * @param {number} end
   */
  play(start, end) {
    this.#span = null; // the jump stops nothing else
    this.#player.playSpan(Math.max(0, start), end);
    this.#span = [Math.max(0, start), end];
  }

  /**
   * Has the sound stand a little before a passage. If it plays on, it does so from there, unless it is there already.
   * @param {{start: number, end: number}} passage
   */
  stand({ start, end }) {
    const { time, playsOn } = this.#player, from = Math.max(0, start - BESIDE);
    if (playsOn && time >= from && time < end) return;
    this.#span = null;
    if (!playsOn) this.#player.pause();
    this.#player.seek(from);
  }

  #again() {
    if (!this.#span || this.#player.playing) return;
    const [start, end] = this.#span;
    this.#span = null;
    if (this.loops && this.#player.time >= end - 0.01) this.play(start, end);
  }
}

// What of an episode was heard in this browser, on whatever visit.
export class HeardSound {
  #name;
  #last = NaN;
  #timer = 0;
  /** @type {import("./looked-at.js").Heard[]} milliseconds */
  spans;

  /**
   * @param {EpisodeData & {id: string}} data
   * @param {import("../page/player.js").Player} player
   */
  constructor(data, player) {
    this.#name = `heard ${data.id} ${data.duration}`; // another sound has another length
    const known = always.readJson(this.#name);
    this.spans = Array.isArray(known) ? known : [];
    player.addEventListener("time", () => this.#hear(player));
    player.addEventListener("sought", () => { this.#last = NaN; });
  }

  /** @param {import("../page/player.js").Player} player */
  #hear(player) {
    const now = player.time, since = now - this.#last;
    if (since > 0 && since < STEP * Math.max(1, player.speed)) this.spans = withHeard(this.spans, Math.round(this.#last * 1000), Math.round(now * 1000));
    this.#last = player.playing ? now : NaN;
    if (!this.#timer) this.#timer = setTimeout(() => this.#write(), WRITTEN_MS);
  }

  #write() {
    this.#timer = 0;
    always.write(this.#name, JSON.stringify(this.spans));
  }
}
