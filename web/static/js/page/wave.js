// @ts-check
// The waveform: the whole episode across the player, to see where one is and to go elsewhere. Ticks above are chapters,
// lines below stretches in doubt, plates speech that the transcript lacks.

import { clock } from "../ui/durations.js";
import { one } from "../ui/elements.js";
import { isolated } from "../ui/strings.js";

const BAR = 2, GAP = 1; // pixels

export class Wave {
  #box;
  #canvas;
  #there;
  #player;
  #data;
  /** @type {ArrayLike<number> | null} */
  #peaks = null;
  #column = -1;

  /**
   * @param {HTMLElement} box
   * @param {import("./player.js").Player} player
   * @param {EpisodeData} data
   */
  constructor(box, player, data) {
    this.#box = box;
    this.#canvas = one(box, "canvas", HTMLCanvasElement);
    this.#there = one(box, ".there");
    this.#player = player;
    this.#data = data;
    new ResizeObserver(() => this.#draw()).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    box.addEventListener("pointerdown", (event) => this.#grab(event));
    box.addEventListener("keydown", (event) => this.#press(event));
    box.addEventListener("pointermove", (event) => this.#tell(event));
    for (const name of ["pointerleave", "pointercancel"]) box.addEventListener(name, () => { this.#there.hidden = true; });
  }

  /**
   * Shows loudness: peaks from 0 to 255 over the whole episode. Without them the line is flat.
   * @param {ArrayLike<number>} peaks
   */
  use(peaks) {
    this.#peaks = peaks;
    this.#draw();
  }

  // After its data has become another.
  redraw() { this.#draw(); }

  show() {
    const column = Math.floor((this.#player.time / this.#data.duration) * this.#box.clientWidth);
    if (column !== this.#column) this.#draw();
    const now = Math.floor(this.#player.time);
    if (this.#box.getAttribute("aria-valuenow") !== String(now)) {
      this.#box.setAttribute("aria-valuenow", String(now));
      this.#box.setAttribute("aria-valuetext", clock(now));
    }
  }

  /**
   * The time at which a pointer is.
   * @param {PointerEvent} event
   */
  #timeAt({ clientX }) {
    const box = this.#box.getBoundingClientRect();
    return Math.min(Math.max((clientX - box.left) / box.width, 0), 1) * this.#data.duration;
  }

  /**
   * Shows the time under the pointer, and the chapter.
   * @param {PointerEvent} event
   */
  #tell(event) {
    const time = this.#timeAt(event);
    const chapter = this.#data.chapters.findLast(([, start]) => start !== null && start <= time * 1000);
    this.#there.textContent = chapter ? `${clock(time)} · ${isolated(chapter[0])}` : clock(time);
    this.#there.hidden = false;
    const { left, width } = this.#box.getBoundingClientRect();
    const room = Math.max(0, width - this.#there.offsetWidth);
    const at = event.clientX - left - this.#there.offsetWidth / 2;
    this.#there.style.setProperty("--left", `${Math.round(Math.min(Math.max(at, 0), room))}px`);
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    /** @param {PointerEvent} e */
    const to = (e) => this.#player.seek(this.#timeAt(e));
    this.#box.setPointerCapture(event.pointerId);
    to(event);
    const until = new AbortController();
    this.#box.addEventListener("pointermove", to, { signal: until.signal });
    for (const name of ["pointerup", "pointercancel"]) this.#box.addEventListener(name, () => until.abort(), { once: true });
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -60, PageUp: 60 };
    const to = event.key === "Home" ? 0 : event.key === "End" ? this.#data.duration : this.#player.time + steps[event.key];
    if (Number.isNaN(to)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#player.seek(to);
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (!width || !height) return;
    const scale = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
      this.#canvas.width = Math.round(width * scale);
      this.#canvas.height = Math.round(height * scale);
    }
    const style = getComputedStyle(this.#canvas);
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    this.#column = Math.floor((this.#player.time / this.#data.duration) * width);
    this.#drawMissing(context, width, height, style.borderTopColor);
    for (let x = 0; x < width; x += BAR + GAP) {
      const tall = Math.max(2, this.#loudness(x / width, (x + BAR + GAP) / width) * (height - 8));
      context.fillStyle = x < this.#column ? style.caretColor : style.color;
      context.fillRect(x, (height - tall) / 2, BAR, tall);
    }
    context.fillStyle = style.outlineColor;
    for (const [, start] of this.#data.chapters) if (start !== null) context.fillRect(this.#at(start, width), 0, 1, 6);
    for (const [start, end] of this.#data.doubtful) {
      context.fillRect(this.#at(start, width), height - 2, Math.max(2, this.#at(end - start, width)), 1);
    }
    context.fillRect(this.#column, 0, 1, height);
  }

  /**
   * Speech that the transcript lacks lies on a plate.
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   * @param {string} colour
   */
  #drawMissing(context, width, height, colour) {
    context.fillStyle = colour;
    for (const [start, end] of this.#data.missing) {
      const from = this.#at(start, width);
      context.fillRect(from, 0, Math.max(2, this.#at(end, width) - from), height);
    }
  }

  /**
   * @param {number} milliseconds
   * @param {number} width
   */
  #at(milliseconds, width) { return (milliseconds / 1000 / this.#data.duration) * width; }

  /**
   * The loudest peak between two shares of the episode, 0 to 1.
   * @param {number} from
   * @param {number} to
   */
  #loudness(from, to) {
    if (!this.#peaks) return 0;
    const first = Math.floor(from * this.#peaks.length), last = Math.max(first + 1, Math.floor(to * this.#peaks.length));
    let most = 0;
    for (let k = first; k < last && k < this.#peaks.length; k++) most = Math.max(most, this.#peaks[k]);
    return most / 255;
  }
}
