// @ts-check
// Listening to a clip as it will be exported. Events: "play" as it begins, "time" as it goes on and ends.

import { t } from "../ui/strings.js";

export class ClipListening extends EventTarget {
  #sound = new Audio();
  #button;
  #label;

  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLElement} label
   */
  constructor(button, label) {
    super();
    this.#button = button;
    this.#label = label;
    this.#sound.addEventListener("play", () => this.dispatchEvent(new Event("play")));
    for (const name of ["timeupdate", "play", "pause", "ended"]) this.#sound.addEventListener(name, () => this.#tell());
  }

  // Seconds of the clip while it is heard, else null.
  get time() { return this.#sound.paused || this.#sound.ended ? null : this.#sound.currentTime; }

  stop() { this.#sound.pause(); }

  /**
   * Stops, or plays what `load` gives, unless `stale()` says that it is no longer wanted then.
   * @param {() => Promise<Blob>} load
   * @param {() => boolean} stale
   */
  async toggle(load, stale) {
    if (!this.#sound.paused) return this.stop();
    this.#button.disabled = true;
    try {
      const blob = await load();
      if (stale()) return;
      URL.revokeObjectURL(this.#sound.src);
      this.#sound.src = URL.createObjectURL(blob);
      await this.#sound.play();
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    } finally {
      this.#button.disabled = false;
    }
  }

  #tell() {
    const on = this.time !== null;
    this.#label.textContent = t(on ? "clip.stop" : "clip.listen");
    this.#button.classList.toggle("playing", on);
    this.dispatchEvent(new Event("time"));
    if (on) requestAnimationFrame(() => { if (!this.#sound.paused) this.#tell(); });
  }
}
