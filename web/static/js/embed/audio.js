// @ts-check
// The audio: tries its addresses, seeks, and loads all of it into memory if its host does not answer range requests.

import { Delivered } from "../sync/delivered.js";
import { align } from "../sync/quotecast-sync.js";
import { detailOf } from "../ui/elements.js";
import { resolved } from "./data.js";

const SCHEMES = /^(https?|file|blob|data):/; // of audio
const NEAR_ENOUGH = 0.1; // seconds that a seekable range may miss the position by

/**
 * @typedef {{onToggle(): void, onFrame(): void, onTime(): void, onEnd(): void, onLoading(isLoading: boolean): void, onError(problem: "audio" | "jump" | "another" | "unmatched"): void}} Listener
 *   callbacks: play or pause, each frame, some times a second, the end, loading in full, and errors
 */

export class EpisodeAudio {
  #audio = new Audio();
  #delivered = new Delivered(this.#audio);
  #listener;
  #addresses = /** @type {string[]} */ ([]); // still to try
  #sync = ""; // the sync file's address
  #pending = /** @type {number | null} */ (null); // the position to seek to once the audio is loaded
  #isLoading = false; // whether the audio is being loaded in full
  #plays = false; // whether to play once it is loaded in full
  #blobAddress = ""; // of the audio loaded in full

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    const audio = this.#audio;
    audio.preload = "none";
    for (const name of ["play", "pause"]) audio.addEventListener(name, () => listener.onToggle());
    for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => listener.onTime());
    this.#delivered.addEventListener("problem", (event) => listener.onError(detailOf(event)));
    audio.addEventListener("ended", () => listener.onEnd());
    audio.addEventListener("loadedmetadata", () => this.seekPending());
    audio.addEventListener("error", () => this.#tryNext());
  }

  get now() { return this.#pending ?? this.#delivered.time * 1000; }
  // Whether the speech at `now` is heard, or will be.
  get isSpoken() { return this.#pending !== null || !Number.isNaN(this.#delivered.spoken); }
  get instead() { return this.#delivered.instead; }
  get hasOwn() { return this.#addresses.some((address) => this.#isOwn(address)); }
  get paused() { return !this.#delivered.playing; }
  get rate() { return this.#audio.playbackRate; }
  set rate(rate) { this.#audio.defaultPlaybackRate = this.#audio.playbackRate = rate; }

  /**
   * Use other audio, from the first address that loads.
   * @param {{src: string, type: string | null, base: string}[]} sources
   * @param {number} start position to begin at
   * @param {string} sync the sync file's address, or ""
   */
  use(sources, start, sync) {
    URL.revokeObjectURL(this.#blobAddress);
    const playable = sources.filter(({ type }) => !type || this.#audio.canPlayType(type));
    this.#addresses = playable.map(({ src, base }) => resolved(src, base)?.href ?? "").filter((address) => SCHEMES.test(address));
    this.#sync = sync;
    this.#loadNext();
    this.#pending = start || null; // from the beginning, with the ads before it
  }

  #loadNext() {
    const address = (this.#audio.src = this.#addresses.shift() ?? "");
    this.#delivered.reset(this.#isOwn(address) ? "" : this.#sync, align);
  }

  /** @type {(address: string) => boolean} whether audio is the publisher's own, into which nobody puts ads: beside the sync file */
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
    if (this.#audio.src === this.#blobAddress) { // the page's policy forbids playing from memory
      this.#audio.src = this.#addresses.shift() ?? "";
      return this.#giveUp();
    }
    if (!this.#addresses.length) return this.#listener.onError("audio");
    const { now, paused } = this;
    this.#loadNext();
    this.#pending = now;
    if (!paused) this.play();
  }

  // The browser may refuse to play before any gesture; then nothing changes.
  async play() {
    if (this.#isLoading) this.#plays = true;
    else if (this.#audio.getAttribute("src")) await this.#audio.play().catch(() => {});
    else this.#listener.onError("audio");
  }

  // Calls the listener each frame during playback.
  tick = () => {
    this.#listener.onFrame();
    if (!this.#audio.paused) requestAnimationFrame(this.tick);
  };

  pause() {
    this.#plays = false;
    this.#delivered.pause();
  }

  /** @param {number} ms of the episode */
  seek(ms) {
    this.#pending = ms;
    this.seekPending();
  }

  // Seeks to the wanted position when possible. Some hosts do not answer range requests, so that the browser cannot seek:
  // there the first jump loads the audio in full, and it plays from memory from then on.
  seekPending() {
    const { seekable, duration, currentSrc, readyState } = this.#audio;
    if (!readyState || this.#pending === null || this.#isLoading) return;
    const reach = seekable.length ? seekable.end(seekable.length - 1) : 0, at = this.#pending / 1000;
    if (Math.min(at, duration) > reach + NEAR_ENOUGH && /^https?:/.test(currentSrc)) return void this.#loadWhole(currentSrc);
    this.#pending = null;
    this.#delivered.seek(at);
  }

  /** @param {string} address */
  async #loadWhole(address) {
    const plays = !this.paused;
    this.pause();
    [this.#isLoading, this.#plays] = [true, plays];
    this.#listener.onLoading(true);
    const whole = await fetch(address, { credentials: "omit" }).then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
    this.#isLoading = false;
    if (this.#audio.currentSrc !== address) return; // other audio plays by now
    if (!whole) return this.#giveUp();
    this.#listener.onLoading(false);
    this.#addresses.unshift(address);
    this.#audio.src = this.#blobAddress = URL.createObjectURL(whole);
    if (this.#plays) this.play();
  }

  // Keeps the position, since it cannot seek.
  #giveUp() {
    this.#pending = null;
    this.#listener.onToggle(); // a new address fires no event for this
    this.#listener.onError("jump");
  }
}
