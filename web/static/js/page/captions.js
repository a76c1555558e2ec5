// The caption view: the current cue in large type, its speaker, the word being said lit.

import { announce, t } from "../ui/strings.js";
import { lastStarted } from "./sync.js";

const SIZES = [0.75, 1, 1.3, 1.7, 2.2];

export class Captions {
  #panel;
  #box;
  #button;
  #transcript;
  #load = null;
  #cues = null;
  #starts = [];
  #shown = -1;
  #lit = null;
  #now = 0;

  constructor(panel, button, transcript) {
    this.#panel = panel;
    this.#box = panel.querySelector(".caption");
    this.#button = button;
    this.#transcript = transcript;
    button.addEventListener("click", () => this.toggle());
    panel.addEventListener("click", (event) => this.#tool(event.target.closest("[data-caption]")?.dataset.caption));
    this.#size(Number(localStorage.getItem("caption-size") ?? 1));
    this.#contrast(localStorage.getItem("caption-contrast") === "true");
  }

  // Shows the cues that `load` gives when they are first wanted; the view opens if the reader had left it open.
  use(load) {
    this.#load = load;
    if (localStorage.getItem("captions") === "true") this.toggle();
  }

  async toggle() {
    const open = this.#panel.hidden;
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-pressed", open);
    localStorage.setItem("captions", open);
    if (!open) return;
    if (this.#cues) return this.show(this.#now);
    try {
      this.#cues = await this.#load();
      this.#starts = this.#cues.map((cue) => cue.start);
      this.show(this.#now);
    } catch {
      announce(t("captions.none"));
      this.#box.textContent = t("captions.none");
    }
  }

  show(seconds) {
    this.#now = seconds;
    if (this.#panel.hidden || !this.#cues) return;
    const k = lastStarted(this.#starts, seconds * 1000);
    const now = k >= 0 && seconds * 1000 < this.#cues[k].end ? k : -1;
    if (now !== this.#shown) this.#render(now);
    this.#light(this.#transcript.lit);
  }

  #render(k) {
    this.#shown = k;
    this.#box.replaceChildren();
    if (k < 0) return;
    let speaker = null;
    for (const line of this.#cues[k].lines) {
      const row = document.createElement("div");
      if (line.speaker && line.speaker !== speaker) {
        const name = row.appendChild(document.createElement("span"));
        name.className = "speaker";
        name.textContent = line.speaker;
        speaker = line.speaker;
      }
      if (line.lead) row.append(`${line.lead} `);
      for (const [text, word] of line.words) {
        const [, before, said] = /^(\s*)(.*)$/s.exec(text);
        row.append(before); // the box of the lit word begins with the word
        const span = row.appendChild(document.createElement("span"));
        span.textContent = said;
        if (word !== null) span.dataset.word = word;
      }
      this.#box.append(row);
    }
  }

  #light(word) {
    const next = word < 0 ? null : this.#box.querySelector(`[data-word="${word}"]`);
    if (next === this.#lit) return;
    this.#lit?.classList.remove("lit");
    next?.classList.add("lit");
    this.#lit = next;
  }

  #tool(name) {
    const size = Number(localStorage.getItem("caption-size") ?? 1);
    if (name === "close") { this.toggle(); this.#button.focus(); }
    if (name === "smaller") this.#size(size - 1);
    if (name === "larger") this.#size(size + 1);
    if (name === "contrast") this.#contrast(!this.#panel.classList.contains("contrast"));
  }

  #size(step) {
    const k = Math.min(Math.max(step, 0), SIZES.length - 1);
    localStorage.setItem("caption-size", k);
    this.#panel.style.setProperty("--caption-size", SIZES[k]);
  }

  #contrast(on) {
    localStorage.setItem("caption-contrast", on);
    this.#panel.classList.toggle("contrast", on);
    this.#panel.querySelector('[data-caption="contrast"]').setAttribute("aria-pressed", on);
  }
}
