// @ts-check
// Find in the transcript: hits of what was typed are marked, counted, listed with what stands around them, and stepped
// through. Enter and Escape lead from the field to the hit, where the next key acts; arrows step and stay in the field.

import { all, around, byId, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { fold } from "./fold.js";
import { hitsOf } from "./places.js";
import { lastStarted } from "./sync.js";

const MOST_MARKED = 2000; // hits
const MOST_LISTED = 100;
const BESIDE = 6; // words around a hit in the list

export class Finding {
  #transcript;
  #input;
  #phrase;
  #count;
  #list;
  /** @type {string | null} */
  #text = null;
  /** @type {number[]} in the folded text, where each word begins */
  #offsets = [];
  /** @type {Words[][]} each one or several runs of words */
  #hits = [];
  #at = -1;
  #isNew = false; // no key has led to a hit yet

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {HTMLFormElement} form
   */
  constructor(transcript, form) {
    this.#transcript = transcript;
    this.#input = one(form, "input", HTMLInputElement);
    this.#phrase = byId("find-phrase", HTMLInputElement);
    this.#count = one(form, ".count");
    this.#list = byId("hits");
    form.addEventListener("input", () => this.#search());
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#enter(); });
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("click", (event) => {
      const button = around(event, "button");
      if (button) this.#enter(Number(button.dataset.hit) - this.#at);
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

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    /** @type {Record<string, () => void>} */
    const acts = {
      Enter: () => this.#enter(event.shiftKey ? -1 : Number(!this.#isNew)),
      Escape: () => this.#enter(),
      ArrowDown: () => this.#step(1),
      ArrowUp: () => this.#step(-1),
    };
    if (!acts[event.key] || (event.key === "Escape" && !this.#hits.length)) return; // the browser clears the field
    event.preventDefault();
    acts[event.key]();
  }

  // What is sought: as a phrase, in the marks of one.
  get #sought() {
    const { value } = this.#input;
    return this.#phrase.checked && fold(value) ? `“${value.replace(/[«»“”"]/gu, " ")}”` : value;
  }

  /** @param {boolean} [stepping] to the first hit; else only what is marked is another */
  #search(stepping = true) {
    if (stepping) this.#mark(false);
    else for (const word of all(this.#transcript.root, ".hit, .current")) word.classList.remove("hit", "current");
    const text = this.#read(); // which makes the offsets of turns
    this.#hits = hitsOf(text, this.#sought, this.#turns).map((marks) => marks.map((place) => this.#wordsAt(place)));
    this.#isNew = stepping;
    this.#list.replaceChildren(...this.#hits.slice(0, MOST_LISTED).map((hit, k) => this.#row(hit, k)));
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
    const button = this.#list.children[this.#at]?.firstElementChild;
    if (on) button?.setAttribute("aria-current", "true");
    else button?.removeAttribute("aria-current");
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

  /**
   * A hit in the list, with the words around it.
   * @param {Words[]} hit
   * @param {number} k
   */
  #row(hit, k) {
    const from = Math.max(0, hit[0][0] - BESIDE), to = Math.min(this.#transcript.length, (hit.at(-1)?.[1] ?? 0) + BESIDE);
    const row = document.createElement("li"), button = row.appendChild(document.createElement("button"));
    Object.assign(button, { type: "button", className: "quiet", dir: "auto" });
    button.dataset.hit = String(k);
    for (let i = from; i < to; i++) {
      const isFound = hit.some(([first, last]) => i >= first && i < last), text = this.#transcript.word(i).textContent ?? "";
      button.append(isFound ? Object.assign(document.createElement("mark"), { textContent: text }) : text, " ");
    }
    return row;
  }

  /**
   * Leads to a hit so many on, where the next key acts.
   * @param {number} [by]
   */
  #enter(by = 0) {
    this.#step(by);
    this.#isNew = false;
    if (this.#hits.length) this.#transcript.enter(this.#hits[this.#at][0][0]);
  }

  /** @param {number} by */
  #step(by) {
    if (!this.#hits.length) return;
    this.#current(false);
    this.#at = (this.#at + by + this.#hits.length) % this.#hits.length;
    this.#current(true);
    this.#transcript.point(this.#hits[this.#at][0][0]);
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
