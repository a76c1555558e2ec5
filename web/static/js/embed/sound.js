// @ts-check
// The audio: where it is had, where it stands, and the whole of it in memory where its host sends no parts.

import { resolved } from "./data.js";

const SCHEMES = /^(https?|file|blob|data):/; // that audio may have
const NEAR_ENOUGH = 0.1; // seconds between where the audio can be sought in and where it should be

/**
 * @typedef {{turned(): void, moved(): void, timed(): void, ended(): void, waits(isLoading: boolean): void, fails(problem: "sound" | "jump"): void}} Listener
 *   called when it plays or pauses, at each frame, some times a second, at its end, when it is loaded whole, or cannot be played
 */

export class Sound {
  #audio = new Audio();
  #listener;
  #addresses = /** @type {string[]} */ ([]); // those that are still to be tried
  #wanted = /** @type {number | null} */ (null); // the time at which it will play once the audio is there
  #isLoading = false; // the whole
  #plays = false; // whether it plays once that is there
  #held = ""; // the address of that

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    const audio = this.#audio;
    audio.preload = "none";
    for (const name of ["play", "pause"]) audio.addEventListener(name, () => listener.turned());
    for (const name of ["timeupdate", "seeked"]) audio.addEventListener(name, () => listener.timed());
    audio.addEventListener("ended", () => listener.ended());
    audio.addEventListener("loadedmetadata", () => this.arrive());
    audio.addEventListener("error", () => this.#tryNext());
  }

  get now() { return this.#wanted ?? this.#audio.currentTime * 1000; }
  get paused() { return this.#audio.paused; }
  get rate() { return this.#audio.playbackRate; }
  set rate(rate) { this.#audio.defaultPlaybackRate = this.#audio.playbackRate = rate; }

  /**
   * Takes other audio, of which the first address counts that can be had.
   * @param {{src: string, type: string | null, base: string}[]} given
   * @param {number} start where it is to begin
   */
  use(given, start) {
    URL.revokeObjectURL(this.#held);
    const playable = given.filter(({ type }) => !type || this.#audio.canPlayType(type));
    this.#addresses = playable.map(({ src, base }) => resolved(src, base)?.href ?? "").filter((address) => SCHEMES.test(address));
    this.#audio.src = this.#addresses.shift() ?? "";
    this.#wanted = start;
  }

  // Where the audio cannot be had, the next address is tried, at the same time.
  #tryNext() {
    if (!this.#audio.getAttribute("src")) return;
    if (this.#audio.src === this.#held) { // the page's policy does not let it be played from memory
      this.#audio.src = this.#addresses.shift() ?? "";
      return this.#giveUp();
    }
    const next = this.#addresses.shift(), { now } = this, { paused } = this.#audio;
    if (next === undefined) return this.#listener.fails("sound");
    this.#audio.src = next;
    this.#wanted = now;
    if (!paused) this.play();
  }

  // A browser may refuse to play before the reader has done anything; then all stays as it is.
  async play() {
    if (this.#isLoading) this.#plays = true;
    else if (this.#audio.getAttribute("src")) await this.#audio.play().catch(() => {});
    else this.#listener.fails("sound");
  }

  // Calls the listener at each frame as long as it is heard.
  tick = () => {
    this.#listener.moved();
    if (!this.paused) requestAnimationFrame(this.tick);
  };

  pause() {
    this.#plays = false;
    this.#audio.pause();
  }

  /** @param {number} ms of the episode */
  seek(ms) {
    this.#wanted = ms;
    this.arrive();
  }

  // Goes to where it is wanted, once it can. Some hosts send a file as a whole alone, and a browser cannot jump in what comes
  // so: there it is loaded whole, once somebody jumps, and from then on played from memory.
  arrive() {
    const { seekable, duration, currentSrc, readyState } = this.#audio;
    if (!readyState || this.#wanted === null || this.#isLoading) return;
    const reach = seekable.length ? seekable.end(seekable.length - 1) : 0, at = this.#wanted / 1000;
    if (Math.min(at, duration) > reach + NEAR_ENOUGH && /^https?:/.test(currentSrc)) return void this.#loadWhole(currentSrc);
    this.#wanted = null;
    this.#audio.currentTime = at;
  }

  /** @param {string} address */
  async #loadWhole(address) {
    const plays = !this.paused;
    this.pause();
    [this.#isLoading, this.#plays] = [true, plays];
    this.#listener.waits(true);
    const whole = await fetch(address, { credentials: "omit" }).then((answer) => (answer.ok ? answer.blob() : null)).catch(() => null);
    this.#isLoading = false;
    if (this.#audio.currentSrc !== address) return; // other audio is played meanwhile
    if (!whole) return this.#giveUp();
    this.#listener.waits(false);
    this.#addresses.unshift(address);
    this.#audio.src = this.#held = URL.createObjectURL(whole);
    if (this.#plays) this.play();
  }

  // Stays where it was, for it cannot be where it should.
  #giveUp() {
    this.#wanted = null;
    this.#listener.turned(); // of which a change of the address says nothing
    this.#listener.fails("jump");
  }
}
