// @ts-check
// Hearing a passage, or a part of it, once or again and again.

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
   * Has the audio stand a little before a passage. If it plays on, it does so from there, unless it is there already.
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
