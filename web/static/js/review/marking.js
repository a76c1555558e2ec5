// @ts-check
// A stretch of the sound that a reader marks between two handles: as an advert or a jingle that nobody has found, or as
// where words belong. It is drawn on the waveform, or moved by its handles, with a mouse, a finger or keys.
//
// Times are milliseconds. Event: "shown" whenever it is another, or none.

import { all, around, one } from "../ui/elements.js";
import { exact } from "../ui/strings.js";

const LEAST = 100; // milliseconds of a stretch
const STEP = 10, STRIDE = 50;
const STILL = 3; // pixels that are no drag
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const SIDES = /** @type {Side[]} */ (["start", "end"]);

/** @typedef {import("./geometry.js").Bounds} Bounds */

export class Marking extends EventTarget {
  #box;
  #layer;
  #handles;
  #editor;
  #duration;
  /** @type {Bounds | null} */
  #bounds = null;

  /**
   * @param {HTMLElement} box of the waveform
   * @param {import("./word-editor.js").WordEditor} editor which says what is looked at
   * @param {number} duration seconds
   */
  constructor(box, editor, duration) {
    super();
    this.#box = box;
    this.#layer = one(box, ".marked");
    this.#handles = all(this.#layer, ".handle");
    this.#editor = editor;
    this.#duration = duration * 1000;
    editor.addEventListener("shown", () => this.#place());
    box.addEventListener("pointerdown", (event) => this.#pressed(event), { capture: true });
    this.#layer.addEventListener("keydown", (event) => this.#stepped(event));
  }

  /** Whether a stretch is being marked, from and to which second; null where none is. */
  get span() { return this.#bounds && /** @type {[number, number]} */ ([this.#bounds.from / 1000, this.#bounds.to / 1000]); }

  /** @param {Bounds} bounds to begin with */
  begin({ from, to }) {
    const end = Math.min(Math.max(to, from + LEAST), this.#duration);
    this.#use({ from: Math.max(0, Math.min(from, end - LEAST)), to: end });
    this.#handles[0].focus({ preventScroll: true });
  }

  end() { this.#use(null); }

  /** @param {Bounds | null} bounds */
  #use(bounds) {
    this.#bounds = bounds && { from: Math.round(bounds.from), to: Math.round(bounds.to) };
    this.#layer.hidden = !bounds;
    this.#box.classList.toggle("marking", bounds !== null);
    this.#place();
    this.dispatchEvent(new Event("shown"));
  }

  #place() {
    if (!this.#bounds) return;
    const { from, to } = this.#editor.view, width = this.#box.clientWidth;
    const at = SIDES.map((side) => ((this.#time(side) - from) / (to - from)) * width);
    const [left, right] = at.map((x) => Math.min(Math.max(x, 0), width));
    this.#layer.style.setProperty("--left", `${left}px`);
    this.#layer.style.setProperty("--wide", `${right - left}px`);
    SIDES.forEach((side, k) => {
      const handle = this.#handles[k], time = this.#time(side) / 1000;
      handle.classList.toggle("out", at[k] < -1 || at[k] > width + 1);
      handle.style.setProperty("--x", `${k ? right : left}px`);
      handle.setAttribute("aria-valuenow", time.toFixed(2));
      handle.setAttribute("aria-valuetext", exact(time));
    });
  }

  /** @param {Side} side */
  #time(side) { return this.#bounds ? this.#bounds[side === "start" ? "from" : "to"] : 0; }

  /**
   * @param {Side} side
   * @param {number} time
   */
  #move(side, time) {
    if (!this.#bounds) return;
    const { from, to } = this.#bounds;
    if (side === "start") this.#use({ from: Math.min(Math.max(0, time), to - LEAST), to });
    else this.#use({ from, to: Math.max(Math.min(this.#duration, time), from + LEAST) });
  }

  /** @param {number} x from the window's edge */
  #timeAt(x) {
    const { from, to } = this.#editor.view, { left } = this.#box.getBoundingClientRect();
    return from + ((x - left) / this.#box.clientWidth) * (to - from);
  }

  // A handle is taken hold of; or, with a mouse, another stretch is drawn. What a finger does beside them is not for us.
  /** @param {PointerEvent} event */
  #pressed(event) {
    if (!this.#bounds || event.button !== 0) return;
    const handle = around(event, ".marked .handle"), isDrawn = event.pointerType === "mouse" && around(event, "canvas");
    if (!handle && !isDrawn) return;
    event.preventDefault();
    event.stopPropagation();
    (handle ?? this.#handles[0]).focus({ preventScroll: true });
    const side = /** @type {Side} */ (handle?.dataset.mark), from = this.#timeAt(event.clientX);
    const off = handle ? from - this.#time(side) : 0;
    this.#drag(event, (move) => {
      const time = this.#timeAt(move.clientX);
      if (handle) this.#move(side, time - off);
      else if (Math.abs(time - from) >= LEAST) this.#use({ from: Math.max(0, Math.min(from, time)), to: Math.min(this.#duration, Math.max(from, time)) });
    });
  }

  /**
   * @param {PointerEvent} event
   * @param {(move: PointerEvent) => void} along
   */
  #drag(event, along) {
    const until = new AbortController(), { signal } = until;
    let moved = false;
    this.#box.setPointerCapture(event.pointerId);
    this.#box.addEventListener("pointermove", (move) => {
      if (move.pointerId !== event.pointerId) return;
      moved ||= Math.abs(move.clientX - event.clientX) > STILL;
      if (moved) along(move);
    }, { signal });
    for (const name of ["pointerup", "pointercancel"]) this.#box.addEventListener(name, () => until.abort(), { signal });
  }

  /** @param {KeyboardEvent} event */
  #stepped(event) {
    const by = STEPS[/** @type {keyof typeof STEPS} */ (event.key)], handle = around(event, ".handle");
    if (!by || !handle || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const side = /** @type {Side} */ (handle.dataset.mark);
    this.#move(side, this.#time(side) + by * (event.shiftKey ? STRIDE : STEP));
  }
}

/**
 * The silence of words around a moment: from the end of the last before it to the start of the next; null within a word.
 * @param {Pick<EpisodeData, "starts" | "ends" | "duration">} data
 * @param {number} time
 * @returns {Bounds | null}
 */
export function wordless({ starts, ends, duration }, time) {
  let from = 0, to = duration * 1000;
  for (let word = 0; word < starts.length; word++) {
    const start = starts[word], end = ends[word];
    if (start === null || end === null) continue;
    if (end <= time) from = Math.max(from, end);
    else if (start >= time) to = Math.min(to, start);
    else return null;
  }
  return { from, to };
}
