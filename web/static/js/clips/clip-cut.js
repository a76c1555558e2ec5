// @ts-check
// The cut of a clip: its waveform with the words below, and its two edges, moved by handles, buttons and keys.
//
// Events: "move" while an edge moves, "drop" when it is released, "failed" (detail: the error) if the waveform could not be
// loaded.

import { get } from "../ui/api.js";
import { all, around, one } from "../ui/elements.js";
import { decimal, exact, isolated, t } from "../ui/strings.js";
import { STEPS, Waveform, drawBars, followPointer, loudnessAt, placeHandle } from "../ui/waveform.js";
import { endOf, startOf, wholeMilliseconds } from "./clip-edges.js";

const LONG = 12; // seconds; the view of a longer clip is too coarse to cut in
const ROWS = 3, ROW = 18; // of words, and pixels
const NUDGE = 0.05; // seconds
const SIDES = /** @type {Side[]} */ (["start", "end"]);

/** Return a word without the punctuation around it, for quotation marks. @param {string} text */
const bare = (text) => text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

/** @typedef {"whole" | Side} ViewName the view: the whole clip, or the audio around one edge */

export class ClipCut extends EventTarget {
  #root;
  #box;
  #data;
  #textOf;
  #waveform;
  #view = { from: 0, to: 1 };
  /** @type {Peaks | null} */
  #peaks = null;
  /** @type {number | null} */
  #playhead = null;
  /** @type {ViewName} */
  #shownView = "whole";
  #clip = /** @type {import("./clip-edges.js").ClipDraft} */ (/** @type {unknown} */ (null)); // there is one once the panel is open

  /**
   * @param {HTMLElement} root
   * @param {EpisodeData & {id: string}} data
   * @param {(word: number) => string} textOf
   */
  constructor(root, data, textOf) {
    super();
    this.#root = root;
    this.#box = one(root, ".clip-wave");
    this.#data = data;
    this.#textOf = textOf;
    this.#waveform = new Waveform(one(root, "canvas", HTMLCanvasElement), (board) => this.#paint(board));
    root.addEventListener("click", (event) => this.#clicked(around(event, "button")));
    for (const side of SIDES) {
      const handle = this.#handle(side);
      handle.setAttribute("aria-valuemax", data.duration.toFixed(2));
      handle.addEventListener("pointerdown", (event) => this.#grab(event, side));
      handle.addEventListener("focus", () => { if (handle.classList.contains("out")) this.#showView(side); });
      handle.addEventListener("keydown", (event) => this.#press(event, side));
    }
  }

  /** Show and cut another clip. @param {import("./clip-edges.js").ClipDraft} clip */
  use(clip) {
    this.#clip = clip;
    this.#showView(clip.shown.end - clip.shown.start > LONG ? "start" : "whole");
  }

  // Shows the clip's present state.
  show() {
    const { isMoved, length, shown } = this.#clip;
    one(this.#root, '[data-part="length"]').textContent = t("clip.length", { n: decimal(length ?? shown.end - shown.start, 1) });
    for (const side of SIDES) one(this.#root, `output[data-part="${side}"]`).textContent = exact(shown[side]);
    one(this.#root, '[data-do="edges"]', HTMLButtonElement).disabled = !isMoved;
    this.#waveform.draw();
  }

  /** Show the playback position; null while paused. @param {number | null} time */
  play(time) {
    this.#playhead = time === null ? null : this.#clip.shown.start + time;
    this.#waveform.draw();
  }

  // Loads the waveform again.
  again() { this.#showView(this.#shownView); }

  /** @param {Side} side */
  #handle(side) { return one(this.#box, `[data-side="${side}"]`); }

  /**
   * @param {number} time
   * @param {number} width
   */
  #at(time, width) { return ((time - this.#view.from) / (this.#view.to - this.#view.from)) * width; }

  /** @param {HTMLElement | null} button */
  #clicked(button) {
    const { step, view } = button?.dataset ?? {};
    if (step) this.#step(/** @type {Side} */ (button?.dataset.side), Number(step));
    if (view) this.#showView(/** @type {ViewName} */ (view));
    if (button?.dataset.do !== "edges") return;
    this.#clip.reset();
    this.dispatchEvent(new Event("drop"));
  }

  /**
   * @param {PointerEvent} event
   * @param {Side} side
   */
  #grab(event, side) {
    event.preventDefault();
    this.#handle(side).focus();
    const start = this.#clip.shown[side], { from, to } = this.#view, scale = (to - from) / this.#box.clientWidth;
    const along = (/** @type {PointerEvent} */ move) => this.#move(side, start + (move.clientX - event.clientX) * scale);
    followPointer(this.#handle(side), event, along, (moved) => { if (moved) this.dispatchEvent(new Event("drop")); });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Side} side
   */
  #press(event, side) {
    const direction = STEPS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.shiftKey || event.key.startsWith("Page")) this.#step(side, direction);
    else this.#move(side, this.#clip.shown[side] + direction * NUDGE);
  }

  /**
   * Move an edge by words.
   * @param {Side} side
   * @param {number} by
   */
  #step(side, by) {
    const time = this.#clip.stepped(side, by);
    if (time !== null) this.#move(side, time);
  }

  /**
   * @param {Side} side
   * @param {number} time
   */
  #move(side, time) {
    this.#clip.move(side, time);
    const { from, to } = this.#view, now = this.#clip.shown[side];
    if (now < from || now > to) this.#showView(side);
    this.dispatchEvent(new Event("move"));
  }

  /** @param {ViewName} view */
  async #showView(view) {
    this.#shownView = view;
    const { start, end } = this.#clip.shown;
    for (const button of all(this.#root, "[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === view));
    const margin = Math.max(0.6, (end - start) * 0.12);
    const near = { whole: [start - margin, end + margin], start: [start - 2, start + 3], end: [end - 3, end + 2] }[view];
    const [from, to] = [Math.max(0, near[0]), Math.min(this.#data.duration, near[1])].map(wholeMilliseconds);
    this.#view = { from, to };
    this.show();
    if (!this.#box.clientWidth) return; // it is folded; unfolding loads it
    try {
      this.#peaks = await get(`/api/episodes/${this.#data.id}/stretch?from=${from}&to=${to}&columns=${this.#waveform.bars}`);
      this.#waveform.draw();
    } catch (error) {
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** @param {import("../ui/waveform.js").Board} board */
  #paint(board) {
    if (!this.#clip) return;
    const { pen, style, width, height } = board, { from, to } = this.#view, { start, end } = this.#clip.shown;
    const tall = height - ROWS * ROW - 6, [left, right] = [this.#at(start, width), this.#at(end, width)];
    pen.fillStyle = style.borderTopColor;
    pen.fillRect(left, 0, right - left, tall);
    drawBars(board, tall, (share) => loudnessAt(this.#peaks, from + share * (to - from)), (x) => x + 2 > left && x < right);
    pen.fillStyle = style.outlineColor;
    if (this.#playhead !== null) pen.fillRect(this.#at(this.#playhead, width), 0, 1.5, tall);
    this.#write(board, tall + 4);
    SIDES.forEach((side, k) => {
      const handle = this.#handle(side), time = this.#clip.shown[side], word = bare(this.#textOf(this.#clip.ends[k]));
      handle.style.setProperty("--tall", `${tall}px`);
      placeHandle(handle, this.#at(time, width), width, time, t(`clip.${side}s`, { time: exact(time), word }));
    });
  }

  /**
   * Draw each word under its audio, on the first row with room; omit words that fit on none.
   * @param {import("../ui/waveform.js").Board} board
   * @param {number} top
   */
  #write({ pen, style, width }, top) {
    const reached = new Array(ROWS).fill(-Infinity), { shown } = this.#clip;
    pen.font = style.font;
    pen.textBaseline = "top";
    for (let i = 0; i < this.#data.starts.length; i++) {
      if (this.#data.starts[i] === null) continue;
      const [start, end] = [startOf(this.#data, i), endOf(this.#data, i)];
      if (end < this.#view.from || start > this.#view.to) continue;
      const x = this.#at(start, width), row = reached.findIndex((right) => right + 6 <= x);
      const right = x + 3 + pen.measureText(this.#textOf(i)).width;
      if (row < 0 || x < 0 || right > width) continue;
      const middle = (start + end) / 2;
      pen.fillStyle = middle >= shown.start && middle < shown.end ? style.outlineColor : style.color;
      pen.globalAlpha = 0.3;
      pen.fillRect(x, top - 3, 1, row * ROW + 16);
      pen.globalAlpha = 1;
      pen.fillText(isolated(this.#textOf(i)), x + 3, top + row * ROW + 1);
      reached[row] = right;
    }
  }
}
