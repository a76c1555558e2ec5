// @ts-check
// Find in the transcript: words that hold what was typed, whatever accents, case and signs; where it stands nowhere so, or
// has closed quotation marks, its words and phrases near each other. Hits are counted and stepped through.

import { all, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { fold } from "./fold.js";
import { isQuoting, readQuery, together } from "./query.js";
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
    const text = this.#read(), typed = this.#input.value;
    const whole = isQuoting(typed) ? [] : everyPlace(text, fold(typed));
    const places = whole.length ? whole : together(text, readQuery(typed), this.#speakers);
    this.#hits = places.map((marks) => marks.map((place) => this.#wordsAt(place)));
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

  get #speakers() {
    const names = new Set(all(this.#transcript.root, ".speaker").map((each) => fold(each.textContent ?? "")));
    /** @param {number} place */
    const at = (place) => {
      const turn = this.#transcript.word(lastStarted(this.#offsets, place)).closest(".turn");
      return fold(turn?.querySelector(".speaker")?.textContent ?? "");
    };
    return { names: [...names], at };
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

/**
 * Every place of what was typed, be it within words, none overlapping another.
 * @param {string} text
 * @param {string} wanted folded
 */
function everyPlace(text, wanted) {
  /** @type {import("./query.js").Place[][]} */
  const places = [];
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    places.push([[at, at + wanted.length]]);
  }
  return places;
}
