// @ts-check
// The sound: an <audio> element with the few things that pages ask of it. Times are seconds.
//
// Events: "time" once a frame while it plays and after every jump, "state" when it starts or stops, "sought" (detail:
// that time) when the reader goes to another one.

export class Player extends EventTarget {
  #sound;
  /** @type {number | null} */
  #until = null;

  /** @param {HTMLMediaElement} sound */
  constructor(sound) {
    super();
    this.#sound = sound;
    sound.preservesPitch = true;
    for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, () => this.#tell("state"));
    for (const name of ["seeked", "timeupdate", "loadedmetadata"]) sound.addEventListener(name, () => this.#tell("time"));
    sound.addEventListener("play", () => this.#tick());
  }

  get time() { return this.#sound.currentTime; }
  get duration() { return this.#sound.duration || 0; }
  get playing() { return !this.#sound.paused; }
  // Whether it plays with no end in sight, not just a stretch.
  get playsOn() { return this.playing && this.#until === null; }
  get speed() { return this.#sound.playbackRate; }
  set speed(rate) { this.#sound.playbackRate = this.#sound.defaultPlaybackRate = rate; }

  // A browser may refuse to play before the reader has done anything; then the page stays as it is.
  async play() {
    try {
      await this.#sound.play();
    } catch (error) {
      const name = error instanceof Error || error instanceof DOMException ? error.name : "";
      if (name !== "NotAllowedError" && name !== "AbortError") this.#tell("broken");
    }
  }

  pause() { this.#sound.pause(); }

  toggle() { return this.playing ? this.pause() : this.play(); }

  /** @param {number} seconds */
  seek(seconds) {
    this.#put(seconds);
    this.dispatchEvent(new CustomEvent("sought", { detail: seconds }));
  }

  /**
   * As it was before the reader went to another time.
   * @param {{time: number, playing: boolean}} was
   */
  restore({ time, playing }) {
    if (playing) this.play();
    else this.pause();
    this.#put(time);
  }

  /** @param {number} seconds */
  #put(seconds) {
    this.#until = null;
    this.#sound.currentTime = Math.max(0, this.duration ? Math.min(seconds, this.duration) : seconds);
    this.#tell("time");
  }

  /**
   * Plays from `start` and stops at `end`.
   * @param {number} start
   * @param {number} end
   */
  playSpan(start, end) {
    this.seek(start);
    this.#until = end;
    return this.play();
  }

  /**
   * The same, or pauses while that plays.
   * @param {number} start
   * @param {number} end
   */
  toggleSpan(start, end) {
    return this.playing && this.time >= start && this.time < end ? this.pause() : this.playSpan(start, end);
  }

  #tick() {
    if (this.#until !== null && this.time >= this.#until) {
      this.#until = null;
      this.pause();
    }
    this.#tell("time");
    if (this.playing) requestAnimationFrame(() => this.#tick());
  }

  /** @param {string} name */
  #tell(name) { this.dispatchEvent(new Event(name)); }
}
