// @ts-check
// The sound: where it is had, where it stands, and the whole of it in memory where its host sends no parts.

import { fileAt, resolved } from "./fetching.js";

const LARGEST_SOUND = 2e8; // bytes that are held in memory: three hours at 128 kbit/s
const NEAR_ENOUGH = 0.1; // seconds between where a sound can be sought in and where it should be
const SCHEMES = new Set(["http:", "https:", "file:", "blob:", "data:"]); // that a sound may have

/**
 * @typedef {{turned(silently?: boolean): void, moved(): void, ended(): void, waits(isLoading: boolean): void, fails(problem: "sound" | "jump"): void}} Listener
 *   who is told that it plays or pauses, is elsewhere, is at its end, is being loaded whole or no more, cannot be played
 */

export class Sound {
  #sound = new Audio();
  #listener;
  /** @type {string[]} */
  #addresses = []; // those that are still to be tried
  /** @type {number | null} */
  #wanted = null; // the time at which it will play once the sound is there
  /** @type {AbortController | null} */
  #fetching = null; // the whole of the sound, where its host sends no parts of it
  #held = ""; // the address of that, once it is there
  #given = ""; // that of the host
  #resumes = false; // whether it plays as soon as it is
  #next = 0; // the frame that is asked for

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    this.#sound.preload = "none";
    this.#sound.preservesPitch = true;
    for (const name of ["play", "pause"]) this.#sound.addEventListener(name, () => { if (!this.#fetching) listener.turned(); });
    for (const name of ["timeupdate", "seeked"]) this.#sound.addEventListener(name, () => listener.moved());
    this.#sound.addEventListener("ended", () => listener.ended());
    this.#sound.addEventListener("loadedmetadata", () => this.arrive());
    this.#sound.addEventListener("error", () => this.#nextAddress());
  }

  get now() { return this.#wanted ?? this.#sound.currentTime * 1000; }
  get paused() { return this.#sound.paused && !this.#resumes; }
  get isSilent() { return this.#sound.paused; } // also while it is loaded, to be played then
  get rate() { return this.#sound.playbackRate; }
  set rate(rate) { this.#sound.defaultPlaybackRate = this.#sound.playbackRate = rate; }

  /**
   * Another sound, of which the first address is taken that can be had.
   * @param {{src: string, type: string | null, base: string}[]} given
   * @param {number} start where it is to begin
   */
  use(given, start) {
    const playable = given.filter(({ type }) => !type || this.#sound.canPlayType(type)).map(({ src, base }) => resolved(src, base));
    this.#addresses = playable.flatMap((address) => (address && SCHEMES.has(address.protocol) ? [address.href] : []));
    this.release();
    this.#resumes = false;
    this.#sound.src = this.#addresses.shift() ?? "";
    this.#wanted = start;
  }

  // Where a sound cannot be had, the next address is tried, at the same time.
  #nextAddress() {
    if (this.#fetching) return;
    if (this.#held) return this.#giveUp(); // the page's policy does not let it be played from memory
    const next = this.#addresses.shift();
    if (next === undefined) return this.#sound.error && this.#sound.getAttribute("src") ? this.#listener.fails("sound") : undefined;
    const wanted = this.now, { paused } = this.#sound;
    this.#sound.src = next;
    this.#wanted = wanted;
    if (!paused) this.#sound.play().catch(() => {});
  }

  async play() {
    if (this.#fetching) return this.#resume(true);
    try {
      await this.#sound.play();
    } catch (error) {
      // A browser may refuse to play before the reader has done anything; then all stays as it is. So it does where this
      // is told of an address in whose place the next one is being tried already.
      const isWithout = this.#sound.error || !this.#sound.getAttribute("src");
      if (error instanceof DOMException && error.name === "NotSupportedError" && isWithout && !this.#addresses.length) this.#listener.fails("sound");
    }
  }

  // Tells where it is, at each frame as long as it is heard.
  tick = () => {
    cancelAnimationFrame(this.#next);
    this.#listener.moved();
    if (!this.isSilent) this.#next = requestAnimationFrame(this.tick);
  };

  pause() {
    this.#sound.pause();
    if (this.#fetching) this.#resume(false);
  }

  /** @param {number} ms of the episode */
  seek(ms) {
    if (this.#sound.readyState && !this.#fetching) this.#jump(ms);
    else this.#wanted = ms;
  }

  // It goes to where it is wanted, once it can.
  arrive() {
    if (this.#sound.readyState && this.#wanted !== null && !this.#fetching) this.#jump(this.#wanted);
  }

  /** @param {number} ms */
  #jump(ms) {
    const { seekable, duration, currentSrc } = this.#sound;
    const reach = seekable.length ? seekable.end(seekable.length - 1) : 0;
    if (Math.min(ms / 1000, duration) > reach + NEAR_ENOUGH && /^https?:/.test(currentSrc)) return void this.#fetch(ms);
    this.#wanted = null;
    this.#sound.currentTime = ms / 1000;
  }

  /**
   * Some hosts send a file as a whole alone, and a browser cannot jump in what comes so: there it is loaded whole, once
   * somebody jumps, and from then on played from memory.
   * @param {number} ms of the episode, where it is to go on
   */
  async #fetch(ms) {
    const fetching = (this.#fetching = new AbortController()), { currentSrc, paused } = this.#sound;
    this.#wanted = ms;
    this.#given = currentSrc;
    this.#resumes = !paused;
    this.#sound.pause();
    this.#listener.waits(true);
    const whole = await fileAt(currentSrc, LARGEST_SOUND, fetching).catch(() => null);
    if (this.#fetching !== fetching) return; // something else is shown meanwhile
    if (!whole) return this.#giveUp();
    this.#listener.waits(false);
    this.#fetching = null;
    this.#sound.src = this.#held = URL.createObjectURL(whole.file);
    if (this.#resumes) this.#sound.play().catch(() => {});
    this.#resumes = false;
  }

  // The whole of the sound is not needed, or not now: it is loaded no further, and no more held.
  release() {
    if (this.#fetching) this.#listener.waits(false);
    this.#fetching?.abort();
    this.#fetching = null;
    if (!this.#held) return;
    this.#wanted = this.now;
    URL.revokeObjectURL(this.#held);
    this.#held = "";
    this.#sound.src = this.#given;
  }

  // It is where it was, for it cannot be where it should.
  #giveUp() {
    this.release();
    this.#wanted = null;
    this.#resume(false);
    this.#listener.fails("jump");
  }

  /** @param {boolean} resumes once the whole of the sound is there */
  #resume(resumes) {
    const was = this.#resumes;
    this.#resumes = resumes;
    this.#listener.turned(was === resumes);
  }
}
