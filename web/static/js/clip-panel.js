// The panel in which a clip is made: its edges, its sound, its shape and wording, what to look at, and its export.

import { fetchBlob, get, send } from "./api.js";
import { cautionLines } from "./cautions.js";
import { edgeAfter, edgeBefore, spokenBeyond, spokenEnds, wordsKept } from "./clip-edges.js";
import { ClipWave } from "./clip-wave.js";
import { Stills } from "./stills.js";
import { announce, decimal, t } from "./strings.js";
import { clock } from "./sync.js";

const PAUSE_MS = 250; // after the last change, before the server is asked
const SHORTEST = 0.2; // seconds of a clip
const LONG = 12; // seconds; from here on the whole is too coarse to cut in

export class ClipPanel {
  #dialog;
  #data;
  #clips;
  #wave;
  #stills;
  #sound = new Audio();
  #base;
  #timer = 0;
  #round = 0;
  #transcript;
  #clip = null;
  #drafts = new Map(); // what was chosen for words, so that closing the panel loses nothing

  constructor(dialog, { data, transcript, player, clips }) {
    this.#dialog = dialog;
    this.#data = data;
    this.#transcript = transcript;
    this.#clips = clips;
    this.#base = `/api/episodes/${data.id}/clips`;
    this.#wave = new ClipWave(dialog.querySelector(".clip-wave"), data, (i) => transcript.word(i).textContent);
    this.#stills = new Stills(dialog.querySelector(".shapes"), dialog.querySelector(".large"), `${this.#base}/still`);
    this.#sound.addEventListener("play", () => player.pause());
    for (const name of ["timeupdate", "play", "pause", "ended"]) this.#sound.addEventListener(name, () => this.#playing());
    this.#listen();
  }

  // Opens for words; `shape` makes it an audiogram.
  open({ first, last }, shape = "") {
    const key = `${first}-${last}`;
    if (!this.#drafts.has(key)) this.#drafts.set(key, this.#fresh(first, last));
    this.#clip = this.#drafts.get(key);
    const { start, end } = this.#clip.shown;
    this.#field("shape").value = shape;
    this.#field("text").value = this.#clip.text ?? "";
    this.#part("outcome").replaceChildren();
    this.#part("cautions").replaceChildren();
    this.#stills.clear();
    this.#dialog.showModal();
    this.#look(end - start > LONG ? "start" : "whole");
    this.#changed(0);
  }

  #fresh(first, last) {
    const [said, lastSaid] = spokenEnds(this.#data, first, last);
    const shown = { start: this.#data.starts[said] / 1000, end: this.#data.ends[lastSaid] / 1000 };
    return { first, last, start: null, end: null, text: null, asked: [first, last], shown };
  }

  #part(name) { return this.#dialog.querySelector(`[data-part="${name}"]`); }
  #field(name) { return this.#dialog.querySelector("form").elements[name]; }

  #listen() {
    const form = this.#dialog.querySelector("form");
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#export(); });
    form.addEventListener("change", (event) => { if (event.target.name !== "text") this.#changed(0); });
    this.#field("text").addEventListener("input", ({ target }) => { this.#clip.text = target.value; this.#changed(); });
    this.#dialog.addEventListener("click", (event) => this.#clicked(event));
    this.#dialog.addEventListener("close", () => this.#closed());
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
    if (button.dataset.do === "edges") this.#reset();
    if (button.dataset.do === "wording") { this.#clip.text = null; this.#changed(0); }
  }

  #reset() {
    const [first, last] = this.#clip.asked;
    Object.assign(this.#clip, { first, last, start: null, end: null });
    this.#changed(0);
  }

  #nudge(side, by) { this.#move(side, this.#clip.shown[side] + by); }

  #step(side, by) {
    const [first, last] = spokenEnds(this.#data, this.#clip.first, this.#clip.last);
    const word = spokenBeyond(this.#data, side === "start" ? first : last, by);
    if (side === "start" ? word > last : word < first) return;
    this.#move(side, side === "start" ? edgeBefore(this.#data, word) : edgeAfter(this.#data, word));
  }

  // From here on the edges are the reader's own.
  #move(side, time) {
    const { shown } = this.#clip;
    const [low, high] = side === "start" ? [0, shown.end - SHORTEST] : [shown.start + SHORTEST, this.#data.duration];
    shown[side] = Math.min(Math.max(time, low), high);
    [this.#clip.start, this.#clip.end] = [shown.start, shown.end];
    [this.#clip.first, this.#clip.last] = wordsKept(this.#data, [this.#clip.first, this.#clip.last], shown.start, shown.end);
    const { from, to } = this.#wave.view;
    if (shown[side] < from || shown[side] > to) this.#look(side);
    this.#show();
    this.#changed();
  }

  #wanted() {
    const { first, last, start, end, text } = this.#clip;
    const shape = this.#field("shape").value || null;
    const lufs = this.#field("lufs").value === "" ? null : Number(this.#field("lufs").value);
    const edges = start === null ? {} : { start: round(start), end: round(end) };
    const format = this.#field("format").value;
    return { first, last, ...edges, shape, format, lufs, tighten: this.#field("tighten").checked, text: shape ? text : null };
  }

  #changed(after = PAUSE_MS) {
    clearTimeout(this.#timer);
    this.#round++;
    this.#sound.pause();
    Object.assign(this.#clip, { length: null, printed: null });
    this.#show();
    this.#timer = setTimeout(() => this.#ask(this.#round), after);
  }

  async #ask(round) {
    const wanted = this.#wanted();
    const stale = () => round !== this.#round || !this.#dialog.open;
    try {
      const preview = await send("POST", `${this.#base}/preview`, wanted);
      if (stale()) return;
      this.#clip.shown = { start: preview.start, end: preview.end };
      Object.assign(this.#clip, { length: preview.duration, printed: preview.text });
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
    const { first, last, shown, start } = this.#clip;
    const shape = this.#field("shape").value;
    this.#dialog.dataset.kind = shape || "sound";
    this.#part("quote").textContent = this.#clip.printed ?? this.#quoted(first, last);
    this.#part("length").textContent = t("clip.length", { n: decimal(this.#clip.length ?? shown.end - shown.start, 1) });
    for (const side of ["start", "end"]) this.#part(side).textContent = exactly(shown[side]);
    this.#dialog.querySelector('[data-do="edges"]').disabled = start === null;
    this.#dialog.querySelector('[data-do="wording"]').disabled = this.#clip.text === null;
    const [said, lastSaid] = spokenEnds(this.#data, first, last);
    this.#wave.set(shown.start, shown.end, {
      start: t("clip.starts", { time: exactly(shown.start), word: this.#textOf(said) }),
      end: t("clip.ends", { time: exactly(shown.end), word: this.#textOf(lastSaid) }),
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
    const [from, to] = [Math.max(0, near[0]), Math.min(this.#data.duration, near[1])];
    this.#wave.look(from, to);
    this.#show();
    try {
      const query = new URLSearchParams({ from: round(from), to: round(to), columns: this.#wave.columns });
      this.#wave.use(await get(`/api/episodes/${this.#data.id}/stretch?${query}`));
    } catch (error) {
      this.#fail(error);
    }
  }

  async #hear() {
    if (!this.#sound.paused) return this.#sound.pause();
    const button = this.#dialog.querySelector('[data-do="listen"]');
    button.disabled = true;
    try {
      const round = this.#round;
      const blob = await fetchBlob(`${this.#base}/sound`, this.#wanted());
      if (round !== this.#round || !this.#dialog.open) return;
      URL.revokeObjectURL(this.#sound.src);
      this.#sound.src = URL.createObjectURL(blob);
      await this.#sound.play();
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(error);
    } finally {
      button.disabled = false;
    }
  }

  #playing() {
    const on = !this.#sound.paused && !this.#sound.ended;
    this.#part("listen").textContent = t(on ? "clip.stop" : "clip.listen");
    this.#dialog.querySelector('[data-do="listen"]').classList.toggle("playing", on);
    // Where pauses were tightened, the clip's time is not the episode's.
    this.#wave.play(on && !this.#field("tighten").checked ? this.#clip.shown.start + this.#sound.currentTime : null);
    if (on) requestAnimationFrame(() => { if (!this.#sound.paused) this.#playing(); });
  }

  async #export() {
    const button = this.#dialog.querySelector('[type="submit"]');
    const outcome = this.#part("outcome");
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", t("clip.exporting"));
    outcome.replaceChildren(bar);
    button.disabled = true;
    const round = this.#clip;
    try {
      const [{ job, clip }] = await this.#clips.make([this.#wanted()], ({ done, total }) => {
        if (total) bar.value = Math.min(1, done / total);
      });
      if (round === this.#clip) outcome.replaceChildren(clip ? this.#download(clip) : failure({ message: job.message || t("clips.cancelled") }));
    } catch (error) {
      outcome.replaceChildren(failure(error));
    } finally {
      button.disabled = false;
    }
  }

  #download(clip) {
    const link = document.createElement("a");
    link.className = "button";
    link.href = `${this.#clips.file(clip, clip.name)}?download`;
    link.textContent = t("clip.download", { name: clip.name });
    announce(t("clips.ready"));
    // What was found by listening to the result joins what was known before.
    this.#part("cautions").replaceChildren(...cautionLines(clip.cautions));
    return link;
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#round++;
    this.#sound.pause();
  }
}

function failure({ message }) {
  const line = document.createElement("p");
  line.className = "problem";
  line.setAttribute("role", "alert");
  line.textContent = message;
  return line;
}

function round(seconds) { return Math.round(seconds * 1000) / 1000; }

// m:ss.cc
function exactly(seconds) {
  const hundredths = Math.round(seconds * 100);
  return `${clock(Math.floor(hundredths / 100))}.${String(hundredths % 100).padStart(2, "0")}`;
}
