// @ts-check
// Words under a zoomed waveform: what is seen of them, and what hands do there. It moves nothing itself.
//
// Times are milliseconds. Events: "choose" (detail: {time, word, extend}) when a word is pressed, "edge" (detail:
// {word, side, time}) and "body" (detail: {by}) as one is dragged, "drop" when it is let go; "nudge" (detail: {side, by})
// and "step" (detail: {by, extend}) from keys; "pan" (detail: {by}) as the sound is drawn along, "seek" (detail: {time})
// on the line of time.

import { around, one } from "../ui/elements.js";
import { moment } from "../ui/strings.js";
import { drawWave } from "./drawing.js";
import { edgeAt } from "./geometry.js";
import { writeWords } from "./word-rows.js";

const EDGE = 6; // pixels from an edge at which a mouse takes hold of it
const STILL = { mouse: 3, touch: 8 }; // pixels that are no drag
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]; // milliseconds
const TICK_ROOM = 72; // pixels

/**
 * @typedef {import("./geometry.js").Placed} Placed
 * @typedef {import("./geometry.js").Bounds} Bounds
 * @typedef {Object} Seen
 * @property {Bounds} view
 * @property {Bounds | null} asked the passage that is in question
 * @property {Placed[]} words those that are said
 * @property {{word: number, after: number}[]} unsaid those that nobody says, and when the word before each ends
 * @property {Selected | null} chosen
 * @property {number} cursor the one of them that keys move on
 * @property {Record<Side, string>} told of the edges of what is chosen
 */

export class WordWave extends EventTarget {
  #box;
  #canvas;
  #list;
  #ruler;
  #handles;
  #textOf;
  #tellWord;
  /** @type {Seen} */
  #seen = { view: { from: 0, to: 1000 }, asked: null, words: [], unsaid: [], chosen: null, cursor: -1, told: { start: "", end: "" } };
  /** @type {Stretch | null} */
  #sound = null;
  #playhead = 0;

  /**
   * @param {HTMLElement} box
   * @param {(word: number) => string} textOf
   * @param {(word: number, placed: Placed | null) => string} tellWord a word and its times, for who does not see them
   */
  constructor(box, textOf, tellWord) {
    super();
    this.#box = box;
    this.#canvas = one(box, "canvas", HTMLCanvasElement);
    this.#list = one(box, "[role=listbox]");
    this.#ruler = one(box, ".ruler");
    this.#handles = { start: one(box, '[data-side="start"]'), end: one(box, '[data-side="end"]') };
    this.#textOf = textOf;
    this.#tellWord = tellWord;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    new MutationObserver(() => this.#draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    box.addEventListener("pointerdown", (event) => this.#pressed(event));
    box.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    this.#list.addEventListener("keydown", (event) => this.#walked(event));
    for (const side of /** @type {Side[]} */ (["start", "end"])) {
      this.#handles[side].addEventListener("keydown", (event) => this.#nudged(event, side));
    }
  }

  get width() { return this.#box.clientWidth; }
  get list() { return this.#list; }

  /** @param {Seen} seen */
  show(seen) {
    this.#seen = seen;
    writeWords(this.#list, seen, { at: (time) => this.#at(time), textOf: this.#textOf, tellWord: this.#tellWord });
    this.#measure();
    this.#place();
    this.#draw();
  }

  /** @param {Stretch | null} sound */
  use(sound) {
    this.#sound = sound;
    this.#draw();
  }

  /** @param {number} time */
  play(time) {
    if (time === this.#playhead) return;
    this.#playhead = time;
    this.#draw();
  }

  redraw() { this.#draw(); }

  /** @param {number} time */
  #at(time) { return ((time - this.#seen.view.from) / (this.#seen.view.to - this.#seen.view.from)) * this.width; }

  /** @param {number} x from the window's edge */
  #timeAt(x) { return this.#seen.view.from + this.#milliseconds(x - this.#box.getBoundingClientRect().left); }

  /** @param {number} pixels */
  #milliseconds(pixels) { return (pixels / this.width) * (this.#seen.view.to - this.#seen.view.from); }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} [detail]
   */
  #tell(name, detail = {}) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0 || around(event, "button")) return;
    event.preventDefault();
    const handle = around(event, ".handle"), time = this.#timeAt(event.clientX);
    if (around(event, ".ruler")) {
      this.#tell("seek", { time });
      return this.#drag(event, (move) => this.#tell("seek", { time: this.#timeAt(move.clientX) }));
    }
    const { words, chosen } = this.#seen;
    const isMouse = event.pointerType === "mouse";
    /** @type {{k: number, side: Side} | null} */
    let edge = isMouse && !around(event, "[role=option]") ? edgeAt(words, time, this.#milliseconds(EDGE)) : null;
    if (handle && chosen) {
      handle.focus();
      const side = /** @type {Side} */ (handle.dataset.side);
      edge = { k: words.findIndex(({ word }) => word === (side === "start" ? chosen.first : chosen.last - 1)), side };
    } else {
      this.#list.focus({ preventScroll: true });
    }
    if (edge) return this.#dragEdge(event, edge);
    const option = around(event, "[role=option]");
    const word = option ? Number(option.dataset.word) : words.find(({ start, end }) => time >= start && time < end)?.word ?? null;
    const isChosen = word !== null && chosen !== null && word >= chosen.first && word < chosen.last;
    if (isMouse && word !== null && !isChosen) this.#tell("choose", { time, word, extend: event.shiftKey });
    const isBody = word !== null && (isChosen || isMouse) && words.some((each) => each.word === word);
    let last = event.clientX;
    this.#drag(event, (move) => {
      if (isBody) this.#tell("body", { by: this.#milliseconds(move.clientX - event.clientX) });
      else this.#tell("pan", { by: this.#milliseconds(last - move.clientX) });
      last = move.clientX;
    }, (moved) => {
      if (moved && isBody) this.#tell("drop");
      if (!moved && (isChosen || !isMouse)) this.#tell("choose", { time, word, extend: event.shiftKey });
    });
  }

  /**
   * @param {PointerEvent} event
   * @param {{k: number, side: Side}} edge
   */
  #dragEdge(event, { k, side }) {
    const placed = this.#seen.words[k];
    if (!placed) return;
    const { word } = placed, off = event.clientX - this.#at(placed[side]);
    const { chosen } = this.#seen;
    if (!chosen || (side === "start" ? chosen.first : chosen.last - 1) !== word) this.#tell("choose", { time: placed[side], word, extend: false });
    this.#drag(event, (move) => {
      this.#tell("edge", { word, side, time: this.#seen.view.from + this.#milliseconds(move.clientX - off) });
    }, (moved) => { if (moved) this.#tell("drop"); });
  }

  /**
   * @param {PointerEvent} event
   * @param {(move: PointerEvent) => void} along
   * @param {(moved: boolean) => void} [after] whether it was a drag at all
   */
  #drag(event, along, after = () => {}) {
    let moved = false;
    const still = STILL[event.pointerType === "mouse" ? "mouse" : "touch"];
    const until = new AbortController();
    this.#box.setPointerCapture(event.pointerId);
    this.#box.addEventListener("pointermove", (move) => {
      if (move.pointerId !== event.pointerId) return;
      moved ||= Math.abs(move.clientX - event.clientX) > still;
      if (moved) along(move);
    }, { signal: until.signal });
    for (const name of ["pointerup", "pointercancel"]) {
      this.#box.addEventListener(name, () => { until.abort(); after(moved); }, { signal: until.signal });
    }
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    const by = event.shiftKey ? event.deltaY : event.deltaX;
    if (!by) return;
    event.preventDefault();
    this.#tell("pan", { by: this.#milliseconds(by) });
  }

  /** @param {KeyboardEvent} event */
  #walked(event) {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell("step", { by, extend: event.shiftKey });
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Side} side
   */
  #nudged(event, side) {
    const by = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.#tell("nudge", { side, by: by * (event.shiftKey ? 50 : 10) });
  }

  // The line of time below.
  #measure() {
    const { from, to } = this.#seen.view;
    const step = TICKS.find((each) => this.#at(from + each) >= TICK_ROOM) ?? TICKS[TICKS.length - 1];
    const ticks = [];
    for (let time = Math.ceil(from / step) * step; time < to; time += step) {
      const tick = document.createElement("span");
      tick.textContent = moment(time / 1000, step < 1000 ? 1 : 0);
      tick.style.setProperty("--x", `${this.#at(time)}px`);
      if (this.#at(time) < this.width - 40) ticks.push(tick);
    }
    this.#ruler.replaceChildren(...ticks);
  }

  // The handles at the edges of what is chosen.
  #place() {
    const { words, chosen, told } = this.#seen;
    const first = words.find(({ word }) => word === chosen?.first), last = words.find(({ word }) => word === (chosen?.last ?? 0) - 1);
    const edges = { start: first?.start, end: last?.end };
    for (const side of /** @type {Side[]} */ (["start", "end"])) {
      const handle = this.#handles[side], time = edges[side];
      if (time === undefined && handle === document.activeElement) this.#list.focus({ preventScroll: true });
      handle.hidden = time === undefined;
      if (time === undefined) continue;
      const x = this.#at(time);
      handle.classList.toggle("out", x < -1 || x > this.width + 1);
      handle.style.setProperty("--x", `${Math.min(Math.max(x, 0), this.width)}px`);
      handle.setAttribute("aria-valuenow", (time / 1000).toFixed(2));
      handle.setAttribute("aria-valuetext", told[side]);
    }
  }

  #draw() {
    const at = (/** @type {number} */ time) => this.#at(time);
    drawWave(this.#canvas, { ...this.#seen, sound: this.#sound, playhead: this.#playhead, at });
  }
}
