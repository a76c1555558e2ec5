// @ts-check
// Find in the transcript: hits of what was typed are marked, counted and stepped through.

import { all, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { fold } from "./fold.js";
import { hitsOf } from "./places.js";
import { lastStarted } from "./sync.js";

const MOST_MARKED = 2000; // hits

export class Finding {
  #transcript;
  #input;
  #count;
  /** @type {string | null} */
  #text = null;
  /** @type {number[]} in the folded text, where each word begins */
  #offsets = [];
  /** @type {Words[][]} each one or several runs of words */
  #hits = [];
  #at = -1;

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {HTMLFormElement} form
   */
  constructor(transcript, form) {
    this.#transcript = transcript;
    this.#input = one(form, "input", HTMLInputElement);
    this.#count = one(form, ".count");
    this.#input.addEventListener("input", () => this.#search());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#step(1); });
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.#step(event.shiftKey ? -1 : 1); }
      else if (event.key === "Escape" && this.#input.value) { this.#input.value = ""; this.#search(); }
    });
    transcript.addEventListener("patched", () => {
      this.#text = null;
      this.#offsets = [];
      if (this.#input.value) this.#search(false);
    });
    for (const button of all(form, "[data-step]")) button.addEventListener("click", () => this.#step(Number(button.dataset.step)));
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  /** @param {boolean} [stepping] to the first hit; else only what is marked is another */
  #search(stepping = true) {
    if (stepping) this.#mark(false);
    else for (const word of all(this.#transcript.root, ".hit, .current")) word.classList.remove("hit", "current");
    const text = this.#read(); // which makes the offsets of turns
    this.#hits = hitsOf(text, this.#input.value, this.#turns).map((marks) => marks.map((place) => this.#wordsAt(place)));
    this.#at = stepping ? -1 : Math.min(this.#at, this.#hits.length - 1);
    this.#mark(true);
    if (!stepping) this.#current(true);
    if (this.#hits.length && stepping) this.#step(1);
    else this.#tell();
  }

  /**
   * @param {import("./query.js").Place} place
   * @returns {Words}
   */
  #wordsAt([start, end]) { return [lastStarted(this.#offsets, start), lastStarted(this.#offsets, end - 1) + 1]; }

  // The folded text of all words, made when it is first needed.
  #read() {
    if (this.#text !== null) return this.#text;
    /** @type {string[]} */
    const parts = [];
    let length = 1;
    for (let i = 0; i < this.#transcript.length; i++) {
      this.#offsets.push(length);
      parts.push(fold(this.#transcript.word(i).textContent ?? ""));
      length += parts[i].length + 1;
    }
    this.#text = ` ${parts.join(" ")} `;
    return this.#text;
  }

  get #turns() {
    const offsets = [...this.#offsets, (this.#text ?? "").length];
    return this.#transcript.data.turns.map(([first, last, speaker]) => ({ speaker, start: offsets[first], end: offsets[last] }));
  }

  /** @param {boolean} on */
  #mark(on) {
    for (const hit of this.#hits.slice(0, MOST_MARKED)) this.#toggle(hit, "hit", on);
    if (!on) this.#current(false);
  }

  /** @param {boolean} on */
  #current(on) {
    this.#toggle(this.#hits[this.#at] ?? [], "current", on);
  }

  /**
   * @param {Words[]} hit
   * @param {string} name
   * @param {boolean} on
   */
  #toggle(hit, name, on) {
    for (const [first, last] of hit) {
      for (let i = first; i < last; i++) this.#transcript.word(i).classList.toggle(name, on);
    }
  }

  /** @param {number} by */
  #step(by) {
    if (!this.#hits.length) return;
    this.#current(false);
    this.#at = (this.#at + by + this.#hits.length) % this.#hits.length;
    this.#current(true);
    this.#transcript.reveal(this.#hits[this.#at][0][0]);
    this.#tell();
  }

  #tell() {
    const n = this.#hits.length;
    if (!fold(this.#input.value)) this.#count.textContent = "";
    else if (!n) this.#count.textContent = t("find.none");
    else this.#count.textContent = n === 1 ? t("find.one") : t("find.count", { at: this.#at + 1, n });
  }
}
