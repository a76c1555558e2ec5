// @ts-check
// The caption view: the current cue in large type, its speaker, the word being said lit.

import { around, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { ReaderError, announce, t } from "../ui/strings.js";
import { lastStarted } from "./sync.js";

/**
 * @typedef {{speaker: string | null, lead: string | null, words: [text: string, word: number | null][]}} CueLine
 * @typedef {{start: number, end: number, lines: CueLine[]}} Cue times in milliseconds
 */

const SIZES = [0.75, 1, 1.3, 1.7, 2.2];

function rememberedSize() {
  const size = Number(always.read("caption-size") ?? 1);
  return size in SIZES ? size : 1;
}

export class Captions {
  #panel;
  #box;
  #button;
  #transcript;
  /** @type {() => Cue[] | Promise<Cue[]>} */
  #load = () => [];
  /** @type {Cue[] | null} */
  #cues = null;
  /** @type {number[]} */
  #starts = [];
  #shown = -1; // NaN: of earlier ones
  #stale = false;
  /** @type {Element | null} */
  #lit = null;
  #now = 0;

  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} button
   * @param {import("./transcript.js").Transcript} transcript
   */
  constructor(panel, button, transcript) {
    this.#panel = panel;
    this.#box = one(panel, ".caption");
    this.#button = button;
    this.#transcript = transcript;
    button.addEventListener("click", () => this.toggle());
    panel.addEventListener("click", (event) => this.#tool(around(event, "[data-caption]")?.dataset.caption));
    this.#size(rememberedSize());
    this.#contrast(always.read("caption-contrast") === "true");
  }

  /**
   * Shows the cues that `load` gives when they are first wanted; the view opens if the reader had left it open.
   * @param {() => Cue[] | Promise<Cue[]>} load
   */
  use(load) {
    this.#load = load;
    if (always.read("captions") === "true") this.toggle();
  }

  async toggle() {
    const open = this.#panel.hidden;
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-pressed", String(open));
    always.write("captions", String(open));
    if (!open) return;
    if (this.#cues) return this.show(this.#now);
    await this.#read();
  }

  // After words have become others: the cues are asked for again, at once if they are seen.
  changed() {
    this.#stale = true;
    if (this.#panel.hidden || !this.#cues) this.#cues = null;
    else this.#read();
  }

  async #read() {
    this.#stale = false;
    try {
      const cues = await this.#load();
      if (this.#stale) return; // they are asked for again
      this.#cues = cues;
      this.#starts = cues.map((cue) => cue.start);
      this.#shown = NaN;
      this.show(this.#now);
    } catch (error) {
      const why = error instanceof ReaderError ? error.message : t("captions.none");
      announce(why);
      this.#box.textContent = why;
    }
  }

  /** @param {number} seconds */
  show(seconds) {
    this.#now = seconds;
    if (this.#panel.hidden || !this.#cues) return;
    const k = lastStarted(this.#starts, seconds * 1000);
    const now = k >= 0 && seconds * 1000 < this.#cues[k].end ? k : -1;
    if (now !== this.#shown) this.#render(now, this.#cues[now]?.lines ?? []);
    this.#light(this.#transcript.lit);
  }

  /**
   * @param {number} k
   * @param {CueLine[]} lines
   */
  #render(k, lines) {
    this.#shown = k;
    this.#box.replaceChildren();
    let speaker = null;
    for (const line of lines) {
      const row = document.createElement("div");
      if (line.speaker && line.speaker !== speaker) {
        const name = row.appendChild(document.createElement("span"));
        name.className = "speaker";
        name.textContent = line.speaker;
        speaker = line.speaker;
      }
      if (line.lead) row.append(`${line.lead} `);
      for (const [text, word] of line.words) {
        const said = text.trimStart();
        row.append(text.slice(0, text.length - said.length)); // the box of the lit word begins with the word
        const span = row.appendChild(document.createElement("span"));
        span.textContent = said;
        if (word !== null) span.dataset.word = String(word);
      }
      this.#box.append(row);
    }
  }

  /** @param {number} word */
  #light(word) {
    const next = word < 0 ? null : this.#box.querySelector(`[data-word="${word}"]`);
    if (next === this.#lit) return;
    this.#lit?.classList.remove("lit");
    next?.classList.add("lit");
    this.#lit = next;
  }

  /** @param {string} [name] */
  #tool(name) {
    const size = rememberedSize();
    if (name === "close") { this.toggle(); this.#button.focus(); }
    if (name === "smaller") this.#size(size - 1);
    if (name === "larger") this.#size(size + 1);
    if (name === "contrast") this.#contrast(!this.#panel.classList.contains("contrast"));
  }

  /** @param {number} step */
  #size(step) {
    const k = Math.min(Math.max(step, 0), SIZES.length - 1);
    always.write("caption-size", String(k));
    this.#panel.style.setProperty("--caption-size", String(SIZES[k]));
  }

  /** @param {boolean} on */
  #contrast(on) {
    always.write("caption-contrast", String(on));
    this.#panel.classList.toggle("contrast", on);
    one(this.#panel, '[data-caption="contrast"]').setAttribute("aria-pressed", String(on));
  }
}
