// @ts-check
// Listening to a clip as it will be exported. Events: "play" as it begins, "time" as it goes on and ends.

import { t } from "../ui/strings.js";

export class ClipListening extends EventTarget {
  #sound = new Audio();
  /** @type {HTMLMediaElement} what is heard, or was at last */
  #heard = this.#sound;
  #lead = 0; // seconds before the clip begins in it
  #button;
  #label;

  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} label
   * @param {HTMLVideoElement} video the preview of an audiogram
   */
  constructor(button, label, video) {
    super();
    this.#button = button;
    this.#label = label;
    for (const media of [this.#sound, video]) {
      for (const name of ["timeupdate", "play", "pause", "ended", "emptied"]) {
        media.addEventListener(name, () => { if (media === this.#heard) this.#tell(); });
      }
    }
  }

  // Seconds of the clip while it is heard, else null.
  get time() {
    const { paused, ended, muted, currentTime } = this.#heard;
    return paused || ended || muted ? null : Math.max(0, currentTime - this.#lead);
  }

  stop() {
    this.#heard.pause();
    this.#heard.muted = this.#heard.loop = this.#heard !== this.#sound; // a preview goes on without its sound
  }

  /**
   * Stops, or plays the preview from its beginning.
   * @param {HTMLVideoElement} video
   * @param {number} lead
   */
  async watch(video, lead) {
    if (this.time !== null) return this.stop();
    video.currentTime = 0;
    video.muted = video.loop = false;
    await this.#play(video, lead);
  }

  /**
   * Stops, or plays what `load` gives, unless `stale()` says that it is no longer wanted then.
   * @param {() => Promise<Blob>} load
   * @param {() => boolean} stale
   */
  async toggle(load, stale) {
    if (this.time !== null) return this.stop();
    this.#button.disabled = true;
    try {
      const blob = await load();
      if (stale()) return;
      URL.revokeObjectURL(this.#sound.src);
      this.#sound.src = URL.createObjectURL(blob);
      await this.#play(this.#sound, 0);
    } finally {
      this.#button.disabled = false;
    }
  }

  /**
   * @param {HTMLMediaElement} media
   * @param {number} lead
   */
  async #play(media, lead) {
    this.#heard = media;
    this.#lead = lead;
    try {
      const begun = media.play();
      this.dispatchEvent(new Event("play"));
      await begun;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error; // it was stopped meanwhile
    }
  }

  #tell() {
    if (this.#heard.ended) this.stop();
    const on = this.time !== null;
    this.#label.textContent = t(on ? "clip.stop" : "clip.listen");
    this.#button.classList.toggle("playing", on);
    this.dispatchEvent(new Event("time"));
    if (on) requestAnimationFrame(() => { if (this.time !== null) this.#tell(); });
  }
}
