// @ts-check
// The zoomed waveform of a clip: the sound around it, the words under it, two handles to drag or to move by keys.
//
// Events: "drag" (detail: {side, time}) as a handle is dragged, "drop" when it is let go; "nudge" (detail: {side, by})
// by seconds and "step" (detail: {side, by}) by words, from its keys; "sought" (detail: {side}) when one that is out of
// view gets the focus.

import { one } from "../ui/elements.js";
import { isolated } from "../ui/strings.js";
import { endOf, startOf } from "./clip-edges.js";

const BAR = 2, GAP = 1, ROWS = 3, ROW = 18; // pixels
const NUDGE = 0.05; // seconds

/** @type {Side[]} */
const SIDES = ["start", "end"];
/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1 };

export class ClipWave extends EventTarget {
  #box;
  #canvas;
  #handles;
  #data;
  #textOf;
  #view = { from: 0, to: 1 };
  #edges = { start: 0, end: 1 };
  /** @type {Stretch | null} */
  #sound = null;
  /** @type {number | null} */
  #playhead = null;

  /**
   * @param {HTMLElement} box
   * @param {import("./clip-edges.js").Said} data
   * @param {(word: number) => string} textOf
   */
  constructor(box, data, textOf) {
    super();
    this.#box = box;
    this.#canvas = one(box, "canvas", HTMLCanvasElement);
    this.#handles = { start: one(box, '[data-side="start"]'), end: one(box, '[data-side="end"]') };
    this.#data = data;
    this.#textOf = textOf;
    new ResizeObserver(() => this.#draw()).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    for (const side of SIDES) {
      const handle = this.#handles[side];
      handle.addEventListener("pointerdown", (event) => this.#grab(event, side));
      handle.addEventListener("focus", () => { if (handle.classList.contains("out")) this.#tell("sought", { side }); });
      handle.addEventListener("keydown", (event) => this.#press(event, side));
    }
  }

  get view() { return this.#view; }
  get columns() { return Math.max(1, Math.floor(this.#box.clientWidth / (BAR + GAP))); }

  /**
   * Shows what lies between two times.
   * @param {number} from
   * @param {number} to
   */
  look(from, to) {
    this.#view = { from, to };
    this.#draw();
  }

  /** @param {Stretch} sound */
  use(sound) {
    this.#sound = sound;
    this.#draw();
  }

  /**
   * Where the edges are, and what is told of each.
   * @param {Record<Side, number>} edges
   * @param {Record<Side, string>} told
   */
  set({ start, end }, told) {
    this.#edges = { start, end };
    for (const side of SIDES) {
      const handle = this.#handles[side];
      handle.setAttribute("aria-valuenow", this.#edges[side].toFixed(2));
      handle.setAttribute("aria-valuemax", this.#data.duration.toFixed(2));
      handle.setAttribute("aria-valuetext", told[side]);
    }
    this.#draw();
  }

  /**
   * Where the sound is; null while there is none.
   * @param {number | null} time
   */
  play(time) {
    this.#playhead = time;
    this.#draw();
  }

  /** @param {number} time */
  #at(time) { return ((time - this.#view.from) / (this.#view.to - this.#view.from)) * this.#box.clientWidth; }

  /**
   * @param {PointerEvent} event
   * @param {Side} side
   */
  #grab(event, side) {
    event.preventDefault();
    const handle = this.#handles[side];
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const off = event.clientX - this.#box.getBoundingClientRect().left - this.#at(this.#edges[side]);
    const until = new AbortController();
    handle.addEventListener("pointermove", (move) => {
      const x = move.clientX - this.#box.getBoundingClientRect().left - off;
      const time = this.#view.from + (x / this.#box.clientWidth) * (this.#view.to - this.#view.from);
      this.#tell("drag", { side, time });
    }, { signal: until.signal });
    for (const name of ["pointerup", "pointercancel"]) {
      handle.addEventListener(name, () => { until.abort(); this.#tell("drop", { side }); }, { signal: until.signal });
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Side} side
   */
  #press(event, side) {
    const direction = STEPS[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const words = event.shiftKey || event.key.startsWith("Page");
    this.#tell(words ? "step" : "nudge", { side, by: words ? direction : direction * NUDGE });
  }

  /**
   * @param {string} name
   * @param {{side: Side, time?: number, by?: number}} detail
   */
  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (!width || !height) return;
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const style = getComputedStyle(this.#canvas);
    const pen = this.#canvas.getContext("2d");
    if (!pen) return;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const tall = height - ROWS * ROW - 6;
    const [left, right] = [this.#at(this.#edges.start), this.#at(this.#edges.end)];
    pen.fillStyle = style.borderTopColor;
    pen.fillRect(left, 0, right - left, tall);
    for (let x = 0; x < width; x += BAR + GAP) {
      const loud = Math.max(2, this.#loudness(x, width) * (tall - 8));
      pen.fillStyle = x + BAR > left && x < right ? style.caretColor : style.color;
      pen.fillRect(x, (tall - loud) / 2, BAR, loud);
    }
    pen.fillStyle = style.outlineColor;
    if (this.#playhead !== null) pen.fillRect(this.#at(this.#playhead), 0, 1.5, tall);
    this.#write(pen, style, tall + 4);
    for (const side of SIDES) {
      const handle = this.#handles[side];
      const x = this.#at(this.#edges[side]);
      handle.classList.toggle("out", x < -1 || x > width + 1);
      handle.style.setProperty("--x", `${Math.min(Math.max(x, 0), width)}px`);
      handle.style.setProperty("--tall", `${tall}px`);
    }
  }

  /**
   * How loud it is at a pixel, 0 to 1.
   * @param {number} x
   * @param {number} width
   */
  #loudness(x, width) {
    if (!this.#sound?.peaks.length) return 0;
    const { from, to, peaks } = this.#sound;
    const time = this.#view.from + (x / width) * (this.#view.to - this.#view.from);
    return (peaks[Math.floor(((time - from) / (to - from)) * peaks.length)] ?? 0) / 255;
  }

  /**
   * Each word under its sound, on the first row that has room for it; a word that none has is left out.
   * @param {CanvasRenderingContext2D} pen
   * @param {CSSStyleDeclaration} style
   * @param {number} top
   */
  #write(pen, style, top) {
    const reached = new Array(ROWS).fill(-Infinity);
    pen.font = style.font;
    pen.textBaseline = "top";
    for (let i = 0; i < this.#data.starts.length; i++) {
      if (this.#data.starts[i] === null) continue;
      const [start, end] = [startOf(this.#data, i), endOf(this.#data, i)];
      if (end < this.#view.from || start > this.#view.to) continue;
      const x = this.#at(start);
      const row = reached.findIndex((right) => right + 6 <= x);
      const right = x + 3 + pen.measureText(this.#textOf(i)).width;
      if (row < 0 || x < 0 || right > this.#box.clientWidth) continue;
      const middle = (start + end) / 2;
      const inside = middle >= this.#edges.start && middle < this.#edges.end;
      pen.fillStyle = inside ? style.outlineColor : style.color;
      pen.globalAlpha = 0.3;
      pen.fillRect(x, top - 3, 1, row * ROW + 16);
      pen.globalAlpha = 1;
      pen.fillText(isolated(this.#textOf(i)), x + 3, top + row * ROW + 1);
      reached[row] = right;
    }
  }
}
