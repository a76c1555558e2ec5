// @ts-check
// Find in the transcript: words that hold what was typed, whatever accents, case and signs, counted and
// stepped through.

import { all, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { fold } from "./fold.js";
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
  /** @type {Words[]} */
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
    for (const button of all(form, "[data-step]")) button.addEventListener("click", () => this.#step(Number(button.dataset.step)));
  }

  focus() {
    this.#input.focus();
    this.#input.select();
  }

  #search() {
    this.#mark(false);
    const text = this.#read();
    const wanted = fold(this.#input.value);
    this.#hits = [];
    for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      this.#hits.push([lastStarted(this.#offsets, at), lastStarted(this.#offsets, at + wanted.length - 1) + 1]);
    }
    this.#at = -1;
    this.#mark(true);
    if (this.#hits.length) this.#step(1);
    else this.#tell();
  }

  // The folded text of all words, made when it is first needed.
  #read() {
    if (this.#text !== null) return this.#text;
    /** @type {string[]} */
    const parts = [];
    let length = 0;
    for (let i = 0; i < this.#transcript.length; i++) {
      this.#offsets.push(length);
      parts.push(fold(this.#transcript.word(i).textContent ?? ""));
      length += parts[i].length + 1;
    }
    this.#text = parts.join(" ");
    return this.#text;
  }

  /** @param {boolean} on */
  #mark(on) {
    for (const [first, last] of this.#hits.slice(0, MOST_MARKED)) {
      for (let i = first; i < last; i++) this.#transcript.word(i).classList.toggle("hit", on);
    }
    if (!on) this.#current(false);
  }

  /** @param {boolean} on */
  #current(on) {
    const [first, last] = this.#hits[this.#at] ?? [0, 0];
    for (let i = first; i < last; i++) this.#transcript.word(i).classList.toggle("current", on);
  }

  /** @param {number} by */
  #step(by) {
    if (!this.#hits.length) return;
    this.#current(false);
    this.#at = (this.#at + by + this.#hits.length) % this.#hits.length;
    this.#current(true);
    this.#transcript.reveal(this.#hits[this.#at][0]);
    this.#tell();
  }

  #tell() {
    const n = this.#hits.length;
    if (!fold(this.#input.value)) this.#count.textContent = "";
    else if (!n) this.#count.textContent = t("find.none");
    else this.#count.textContent = n === 1 ? t("find.one") : t("find.count", { at: this.#at + 1, n });
  }
}
