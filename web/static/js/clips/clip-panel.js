// The panel in which a clip is made: its edges, its sound, its shape and wording, what to look at, and its export.

import { fetchBlob, get, send } from "../ui/api.js";
import { cautionLines } from "./cautions.js";
import { ClipDraft, wholeMilliseconds } from "./clip-draft.js";
import { ClipExport } from "./clip-export.js";
import { ClipListening } from "./clip-listening.js";
import { ClipWave } from "./clip-wave.js";
import { Stills } from "./stills.js";
import { decimal, t } from "../ui/strings.js";
import { clock } from "../ui/durations.js";

const PAUSE_MS = 250; // after the last change, before the server is asked
const LONG = 12; // seconds; from here on the whole is too coarse to cut in

export class ClipPanel {
  #dialog;
  #data;
  #transcript;
  #base;
  #wave;
  #stills;
  #listening;
  #export;
  #timer = 0;
  #round = 0; // counts changes
  #asking = false;
  #clip = null;
  #drafts = new Map(); // by their words, so that closing the panel loses nothing

  constructor(dialog, { data, transcript, player, clips }) {
    this.#dialog = dialog;
    this.#data = data;
    this.#transcript = transcript;
    this.#base = `/api/episodes/${data.id}/clips`;
    this.#wave = new ClipWave(dialog.querySelector(".clip-wave"), data, (i) => transcript.word(i).textContent);
    this.#stills = new Stills(dialog.querySelector(".shapes"), dialog.querySelector(".large"), `${this.#base}/still`);
    this.#listening = new ClipListening(this.#button("listen"), this.#part("listen"));
    this.#export = new ClipExport(clips, this.#part("outcome"), dialog.querySelector('[type="submit"]'));
    this.#listening.addEventListener("play", () => player.pause());
    this.#listen();
  }

  // Opens for words; `shape` makes it an audiogram.
  open({ first, last }, shape = "") {
    const key = `${first}-${last}`;
    if (!this.#drafts.has(key)) this.#drafts.set(key, new ClipDraft(this.#data, first, last));
    this.#clip = this.#drafts.get(key);
    const { start, end } = this.#clip.shown;
    this.#field("shape").value = shape;
    this.#field("text").value = this.#clip.text ?? "";
    this.#export.clear();
    this.#part("cautions").replaceChildren();
    this.#stills.clear();
    this.#dialog.showModal();
    this.#look(end - start > LONG ? "start" : "whole");
    this.#changed(0);
  }

  #part(name) { return this.#dialog.querySelector(`[data-part="${name}"]`); }
  #field(name) { return this.#dialog.querySelector("form").elements[name]; }
  #button(name) { return this.#dialog.querySelector(`[data-do="${name}"]`); }

  #listen() {
    const form = this.#dialog.querySelector("form");
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#make(); });
    form.addEventListener("change", (event) => { if (event.target.name !== "text") this.#changed(0); });
    this.#field("text").addEventListener("input", ({ target }) => { this.#clip.text = target.value; this.#changed(); });
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#listening.addEventListener("time", () => this.#playing());
    this.#wave.addEventListener("drag", ({ detail }) => this.#move(detail.side, detail.time));
    this.#wave.addEventListener("sought", ({ detail }) => this.#look(detail.side));
    this.#wave.addEventListener("drop", () => this.#changed(0));
    this.#wave.addEventListener("nudge", ({ detail }) => this.#nudge(detail.side, detail.by));
    this.#wave.addEventListener("step", ({ detail }) => this.#step(detail.side, detail.by));
  }

  #clicked(event) {
    if (event.target === this.#dialog) return this.#dialog.close();
    const button = event.target.closest("button");
    if (!button) return;
    const { side, nudge, step, look } = button.dataset;
    if (nudge) this.#nudge(side, Number(nudge));
    if (step) this.#step(side, Number(step));
    if (look) this.#look(look);
    if (button.dataset.do === "close") this.#dialog.close();
    if (button.dataset.do === "listen") this.#hear();
    if (button.dataset.do === "edges") { this.#clip.reset(); this.#changed(0); }
    if (button.dataset.do === "wording") { this.#clip.text = null; this.#changed(0); }
  }

  #nudge(side, by) { this.#move(side, this.#clip.shown[side] + by); }

  #step(side, by) {
    const time = this.#clip.stepped(side, by);
    if (time !== null) this.#move(side, time);
  }

  #move(side, time) {
    this.#clip.move(side, time);
    const { from, to } = this.#wave.view;
    if (this.#clip.shown[side] < from || this.#clip.shown[side] > to) this.#look(side);
    this.#changed();
  }

  #wanted() {
    const shape = this.#field("shape").value || null;
    const lufs = this.#field("lufs").value === "" ? null : Number(this.#field("lufs").value);
    const [format, tighten] = [this.#field("format").value, this.#field("tighten").checked];
    return { ...this.#clip.wanted, shape, format, lufs, tighten, text: shape ? this.#clip.text : null };
  }

  #changed(after = PAUSE_MS) {
    clearTimeout(this.#timer);
    this.#round++;
    this.#listening.stop();
    this.#clip.unsettle();
    this.#show();
    this.#timer = setTimeout(() => this.#ask(), after);
  }

  // One question at a time, or the server would still be at work on what is long past.
  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    let round;
    do {
      round = this.#round;
      await this.#preview(() => round !== this.#round || !this.#dialog.open);
    } while (round !== this.#round && this.#dialog.open);
    this.#asking = false;
  }

  async #preview(stale) {
    const wanted = this.#wanted();
    try {
      const preview = await send("POST", `${this.#base}/preview`, wanted);
      if (stale()) return;
      this.#clip.settle(preview);
      if (this.#clip.text === null && preview.wording !== null) this.#field("text").value = preview.wording;
      this.#part("cautions").replaceChildren(...cautionLines(preview.cautions));
      this.#part("problem").hidden = true;
      this.#show();
      await this.#stills.show(wanted, stale);
    } catch (error) {
      if (!stale()) this.#fail(error);
    }
  }

  #fail(error) {
    this.#part("problem").hidden = false;
    this.#part("problem").textContent = error.message;
  }

  #show() {
    const { first, last, shown, length, printed } = this.#clip;
    this.#dialog.dataset.kind = this.#field("shape").value || "sound";
    this.#part("quote").textContent = printed ?? this.#quoted(first, last);
    this.#part("length").textContent = t("clip.length", { n: decimal(length ?? shown.end - shown.start, 1) });
    for (const side of ["start", "end"]) this.#part(side).textContent = clock(shown[side], 2);
    this.#button("edges").disabled = !this.#clip.isMoved;
    this.#button("wording").disabled = this.#clip.text === null;
    const [said, lastSaid] = this.#clip.ends;
    this.#wave.set(shown.start, shown.end, {
      start: t("clip.starts", { time: clock(shown.start, 2), word: this.#textOf(said) }),
      end: t("clip.ends", { time: clock(shown.end, 2), word: this.#textOf(lastSaid) }),
    });
  }

  #textOf(i) { return this.#transcript.word(i).textContent; }

  // The words as they stand on the page, until the server has said how they will be printed.
  #quoted(first, last) {
    const range = document.createRange();
    range.setStartBefore(this.#transcript.word(first));
    range.setEndAfter(this.#transcript.word(last - 1));
    const copy = range.cloneContents();
    for (const other of copy.querySelectorAll(".who, .missing, .chapter, .note")) other.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  async #look(name) {
    const { start, end } = this.#clip.shown;
    for (const button of this.#dialog.querySelectorAll("[data-look]")) button.setAttribute("aria-pressed", String(button.dataset.look === name));
    const margin = Math.max(0.6, (end - start) * 0.12);
    const near = { whole: [start - margin, end + margin], start: [start - 2, start + 3], end: [end - 3, end + 2] }[name];
    const [from, to] = [Math.max(0, near[0]), Math.min(this.#data.duration, near[1])].map(wholeMilliseconds);
    this.#wave.look(from, to);
    this.#show();
    try {
      const query = new URLSearchParams({ from, to, columns: this.#wave.columns });
      this.#wave.use(await get(`/api/episodes/${this.#data.id}/stretch?${query}`));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #hear() {
    const round = this.#round;
    try {
      const load = () => fetchBlob(`${this.#base}/sound`, this.#wanted());
      await this.#listening.toggle(load, () => round !== this.#round || !this.#dialog.open);
    } catch (error) {
      this.#fail(error);
    }
  }

  #playing() {
    const { time } = this.#listening;
    // Where pauses were tightened, the clip's time is not the episode's.
    this.#wave.play(time === null || this.#field("tighten").checked ? null : this.#clip.shown.start + time);
  }

  async #make() {
    const made = this.#clip;
    const clip = await this.#export.run(this.#wanted(), () => made !== this.#clip);
    // What was found by listening to the result joins what was known before.
    if (clip) this.#part("cautions").replaceChildren(...cautionLines(clip.cautions));
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#round++;
    this.#listening.stop();
  }
}
