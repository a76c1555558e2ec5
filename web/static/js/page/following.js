// @ts-check
// Keeps the lit word in view while it plays, until the reader scrolls away; a button brings them back.

import { around } from "../ui/elements.js";

const HIGHEST = 0.15, LOWEST = 0.65, RESTING = 0.35; // shares of the height above captions between which the word may be
const SCROLLING_KEYS = new Set(["PageUp", "PageDown", "Home", "End"]);

export class Following {
  #transcript;
  #button;
  #captions;
  #on = true;

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {import("./player.js").Player} player
   * @param {HTMLElement} button
   * @param {HTMLElement} captions
   */
  constructor(transcript, player, button, captions) {
    this.#transcript = transcript;
    this.#captions = captions;
    this.#button = button;
    const away = () => { if (player.playing) this.#set(false); };
    addEventListener("wheel", away, { passive: true });
    addEventListener("mousedown", (event) => { if (event.clientX >= document.documentElement.clientWidth) away(); }); // the scroll bar
    addEventListener("touchmove", (event) => { if (!around(event, ".wave")) away(); }, { passive: true });
    addEventListener("keydown", (event) => { if (SCROLLING_KEYS.has(event.key) && !event.defaultPrevented) away(); });
    transcript.addEventListener("elsewhere", away);
    player.addEventListener("state", () => { if (!player.playing) button.hidden = true; else button.hidden = this.#on; });
    button.addEventListener("click", () => this.back());
  }

  get on() { return this.#on; }

  back() {
    this.#set(true);
    this.show(true);
  }

  // Scrolls where the lit word has left the middle of the page.
  show(always = false) {
    const word = this.#transcript.word(this.#transcript.lit);
    if (!word || !this.#on) return;
    const box = word.getBoundingClientRect();
    const free = this.#captions.hidden ? innerHeight : this.#captions.getBoundingClientRect().top;
    if (!always && box.top > free * HIGHEST && box.bottom < free * LOWEST) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const far = Math.abs(box.top) > 2 * innerHeight;
    scrollBy({ top: box.top - free * RESTING, behavior: calm || far ? "auto" : "smooth" });
  }

  /** @param {boolean} on */
  #set(on) {
    this.#on = on;
    this.#button.hidden = on;
  }
}
