// @ts-check
// The audio: tries its addresses.

import { Delivered } from "../sync/delivered.js";
import { align } from "../sync/quotecast-sync.js";
import { detailOf } from "../ui/elements.js";
import { resolved } from "./data.js";

const SCHEMES = /^(https?|file|blob|data):/; // of audio

/**
 * @typedef {{onToggle(): void, onFrame(): void, onTime(): void, onEnd(): void, onError(problem: import("./data.js").Problem): void}} Listener
 *   callbacks: play or pause, each frame, some times a second, the end, and errors
 */

export class EpisodeAudio {
  #audio = new Audio();
  delivered = new Delivered(this.#audio);
  #listener;
  #addresses = /** @type {string[]} */ ([]); // still to try
  #sync = ""; // the sync file's address

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    const audio = this.#audio;
    audio.preload = "none";
    for (const name of ["play", "pause"]) audio.addEventListener(name, () => listener.onToggle());
    for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => listener.onTime());
    audio.addEventListener("ended", () => listener.onEnd());
    audio.addEventListener("error", () => this.#tryNext());
    this.delivered.addEventListener("problem", (event) => listener.onError(detailOf(event)));
  }

  get now() { return Math.round(this.delivered.time * 1000); }
  get hasOwn() { return this.#addresses.some((address) => this.#isOwn(address)); }
  get paused() { return !this.delivered.playing; }
  get rate() { return this.#audio.playbackRate; }
  set rate(rate) { this.#audio.defaultPlaybackRate = this.#audio.playbackRate = rate; }

  /**
   * Use other audio, from the first address that loads.
   * @param {{src: string, type: string | null, base: string}[]} sources
   * @param {number} start position to begin at
   * @param {string} sync the sync file's address, or ""
   */
  use(sources, start, sync) {
    const playable = sources.filter(({ type }) => !type || this.#audio.canPlayType(type));
    this.#addresses = playable.map(({ src, base }) => resolved(src, base)?.href ?? "").filter((address) => SCHEMES.test(address));
    this.#sync = sync;
    this.#useNext(start);
  }

  /** @param {number} start */
  #useNext(start) {
    const address = (this.#audio.src = this.#addresses.shift() ?? "");
    this.delivered.reset(this.#isOwn(address) ? "" : this.#sync, align, start / 1000);
  }

  /** @type {(address: string) => boolean} whether nobody puts ads into audio: it is the publisher's own, beside the sync file */
  #isOwn(address) { return resolved(address)?.origin === resolved(this.#sync)?.origin; }

  // Plays on from the publisher's own audio.
  playOwn() {
    this.#addresses = this.#addresses.filter((address) => this.#isOwn(address));
    this.#tryNext();
    this.play();
  }

  // Tries the next address after an error, at the same position.
  #tryNext() {
    if (!this.#audio.getAttribute("src")) return;
    if (!this.#addresses.length) return this.#listener.onError("audio");
    const { now, paused } = this;
    this.#useNext(now);
    if (!paused) this.play();
  }

  // The browser may refuse to play before any gesture; then nothing changes.
  async play() {
    if (this.#audio.getAttribute("src")) await this.#audio.play().catch(() => {});
    else this.#listener.onError("audio");
  }

  // Calls the listener each frame during playback.
  tick = () => {
    this.#listener.onFrame();
    if (!this.#audio.paused) requestAnimationFrame(this.tick);
  };

  pause() { this.delivered.pause(); }

  /** @param {number} ms of the episode */
  seek(ms) { this.delivered.seek(ms / 1000); }
}
