// @ts-check
// The preview that moves: the beginning of the audiogram as the server renders it, soon the whole of it. It plays without
// its sound as soon as it is there, unless the reader wants no motion; with its sound when it is listened to.

import { fetchBlob, send } from "../ui/api.js";
import { one } from "../ui/elements.js";
import { decimal, t } from "../ui/strings.js";

const FIRST = 10; // seconds that are there in a moment
const LONGEST = 90; // seconds that the server makes

export class ClipMoving {
  #video;
  #button;
  #part;
  #url;
  #asking = new AbortController();
  #isMaking = false; // on the server

  /**
   * @param {HTMLElement} root
   * @param {string} url of the episode's clips
   */
  constructor(root, url) {
    const page = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#video = one(root, "video", HTMLVideoElement);
    this.#button = one(root, '[data-do="move"]', HTMLButtonElement);
    this.#part = one(root, '[data-part="part"]');
    this.#url = `${url}/moving/${page}`;
    this.#button.addEventListener("click", () => this.#toggle());
    this.#video.addEventListener("click", () => this.#toggle());
    for (const name of ["play", "pause", "emptied"]) this.#video.addEventListener(name, () => this.#tell());
  }

  // What is to be listened to; null where it is not there, or not the whole of the clip.
  get whole() { return this.#video.dataset.moving === "whole" ? this.#video : null; }

  // Ends what the server makes, and shows nothing.
  clear() {
    this.#asking.abort();
    if (this.#isMaking) send("DELETE", this.#url).catch(() => {}); // else it ends by itself soon
    const video = this.#video;
    video.hidden = this.#button.hidden = this.#part.hidden = true;
    delete video.dataset.moving;
    if (!video.src) return;
    URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.load();
  }

  /**
   * Shows an audiogram of so many seconds; `stale()` says that another one is wanted meanwhile.
   * @param {Export} wanted
   * @param {number} duration
   * @param {() => boolean} stale
   */
  async show(wanted, duration, stale) {
    const { signal } = (this.#asking = new AbortController());
    this.#isMaking = true;
    try {
      for (const seconds of duration > FIRST ? [FIRST, LONGEST] : [LONGEST]) {
        const blob = await fetchBlob(`${this.#url}?seconds=${seconds}`, { ...wanted, format: "mp3" }, signal);
        if (stale() || signal.aborted) return;
        await this.#put(blob, signal);
        if (signal.aborted) return;
        this.#video.dataset.moving = duration > seconds ? "part" : "whole";
        this.#part.hidden = duration <= LONGEST;
        this.#part.textContent = t("clip.moving.part", { n: decimal(seconds, 0) });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (!signal.aborted) this.#isMaking = false;
    }
  }

  /**
   * Shows a video, which goes on where the one before it was.
   * @param {Blob} blob
   * @param {AbortSignal} signal
   */
  async #put(blob, signal) {
    const video = this.#video;
    const before = video.src ? { time: video.currentTime, plays: !video.paused } : null;
    if (before) URL.revokeObjectURL(video.src);
    video.muted = video.loop = true;
    video.src = URL.createObjectURL(blob);
    await new Promise((ready) => {
      for (const name of ["loadeddata", "error"]) video.addEventListener(name, ready, { once: true, signal });
      signal.addEventListener("abort", ready);
    });
    if (signal.aborted) return;
    if (before) video.currentTime = before.time;
    video.hidden = this.#button.hidden = false;
    if (before?.plays ?? !matchMedia("(prefers-reduced-motion: reduce)").matches) this.#play();
    this.#tell();
  }

  #toggle() {
    if (this.#video.paused) this.#play();
    else this.#video.pause();
  }

  #play() { this.#video.play().catch(() => {}); } // where the browser wants a press, there is a button

  #tell() {
    one(this.#button, "span").textContent = t(this.#video.paused ? "clip.move" : "clip.hold");
    this.#button.classList.toggle("playing", !this.#video.paused);
  }
}
