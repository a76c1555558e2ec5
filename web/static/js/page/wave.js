// @ts-check
// The waveform: the whole episode across the player, to see where one is and to go elsewhere. Ticks above are chapters,
// lines below passages in doubt, plates speech that is missing from the transcript.

import { clock } from "../ui/durations.js";
import { one } from "../ui/elements.js";
import { isolated } from "../ui/strings.js";
import { Waveform, drawBars, followPointer } from "../ui/waveform.js";

const QUIET = 0.05, LOUD = 0.95; // of the columns so many are as low as a bar can be, or lower
const MOST_TAKEN = 0.6; // of the loudness of speech: what never pauses is no silence where it is a little quieter

export class Wave {
  #box;
  #there;
  #player;
  #data;
  #drawn;
  /** @type {ArrayLike<number>} */
  #peaks = [];
  /** @type {number[]} the loudness of each column, 0 to 1 */
  #levels = [];
  #column = -1;

  /**
   * @param {HTMLElement} box
   * @param {import("./player.js").Player} player
   * @param {EpisodeData} data
   */
  constructor(box, player, data) {
    this.#box = box;
    this.#there = one(box, ".there");
    this.#player = player;
    this.#data = data;
    this.#drawn = new Waveform(one(box, "canvas", HTMLCanvasElement), (board) => this.#paint(board));
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
    this.#levels = [];
    this.redraw();
  }

  // After its data has become another.
  redraw() { this.#drawn.draw(); }

  show() {
    const { time } = this.#player, now = Math.floor(time);
    if (this.#columnOf(time) !== this.#column) this.redraw();
    if (this.#box.getAttribute("aria-valuenow") === String(now)) return;
    this.#box.setAttribute("aria-valuenow", String(now));
    this.#box.setAttribute("aria-valuetext", clock(now));
  }

  /** @param {number} time */
  #columnOf(time) { return Math.floor((time / this.#data.duration) * this.#box.clientWidth); }

  /**
   * The time at which a pointer is.
   * @param {PointerEvent} event
   */
  #timeAt({ clientX }) {
    const { left, width } = this.#box.getBoundingClientRect();
    return Math.min(Math.max((clientX - left) / width, 0), 1) * this.#data.duration;
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
    this.#player.seek(this.#timeAt(event));
    followPointer(this.#box, event, (move) => this.#player.seek(this.#timeAt(move)));
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

  /** @param {import("../ui/waveform.js").Board} board */
  #paint(board) {
    const { pen, style, width, height } = board, { chapters, doubtful, missing, duration } = this.#data;
    /** @param {number} milliseconds */
    const at = (milliseconds) => (milliseconds / 1000 / duration) * width;
    const columns = this.#drawn.columns;
    if (this.#levels.length !== columns) this.#levels = levelsOf(this.#peaks, columns);
    this.#column = this.#columnOf(this.#player.time);
    pen.fillStyle = style.borderTopColor;
    for (const [start, end] of missing) pen.fillRect(at(start), 0, Math.max(2, at(end - start)), height);
    drawBars(board, height, (share) => this.#levels[Math.floor(share * columns)] ?? 0, (x) => x < this.#column);
    pen.fillStyle = style.outlineColor;
    for (const [, start] of chapters) if (start !== null) pen.fillRect(at(start), 0, 1, 6);
    for (const [start, end] of doubtful) pen.fillRect(at(start), height - 2, Math.max(2, at(end - start)), 1);
    pen.fillRect(this.#column, 0, 1, height);
  }
}

/**
 * How loud each of so many equal parts is, 0 to 1: the root mean square of its peaks, of which the highest alone would be
 * as high wherever somebody speaks, spread so that speech and pauses can be told.
 * @param {ArrayLike<number>} peaks
 * @param {number} columns
 */
export function levelsOf(peaks, columns) {
  const levels = Array.from({ length: columns }, (_, k) => {
    const first = Math.floor((k / columns) * peaks.length);
    const last = Math.min(peaks.length, Math.max(first + 1, Math.floor(((k + 1) / columns) * peaks.length)));
    let sum = 0;
    for (let i = first; i < last; i++) sum += peaks[i] ** 2;
    return last > first ? Math.sqrt(sum / (last - first)) : 0;
  });
  const sorted = [...levels].sort((one, other) => one - other);
  const [low, loud] = [QUIET, LOUD].map((share) => sorted[Math.floor(share * (columns - 1))]);
  const quiet = Math.min(low, MOST_TAKEN * loud);
  return levels.map((level) => Math.min(Math.max((level - quiet) / (loud - quiet || 1), 0), 1));
}
