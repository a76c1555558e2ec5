// @ts-check
// Words under a zoomed waveform: what is seen of them, and what hands do there. It moves nothing itself.
//
// Times are milliseconds. Events: "choose" (detail: {time, word, extend}) when a word is pressed, "edge" (detail:
// {word, side, time}) and "body" (detail: {by}) as one is dragged, "drop" when it is let go; "nudge" (detail: {side, by})
// and "step" (detail: {by, extend}) from keys; "pan" (detail: {by}) as the audio is drawn along, "seek" (detail: {time})
// on the line of time, "failed" (detail: {error}) where there is no audio to show.

import { get } from "../ui/api.js";
import { around, one } from "../ui/elements.js";
import { exact, isolated, moment, t } from "../ui/strings.js";
import { STEPS, Waveform, drawBars, followPointer, loudnessAt, placeHandle } from "../ui/waveform.js";
import { edgeAt } from "./geometry.js";

const EDGE = 6; // pixels from an edge at which a mouse takes hold of it
const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]; // milliseconds
const TICK_ROOM = 72; // pixels
const ROW = 22, GAP = 8, FRAME = 12, CUT = 3; // pixels
const ROWS = 3; // of words that are said
const SETTLED = 120; // milliseconds for which one has looked at the same
const MOST_COLUMNS = 3000; // of a spectrogram
const SIDES = /** @type {Side[]} */ (["start", "end"]);

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
 */

export class WordWave extends EventTarget {
  #box;
  #canvas;
  #list;
  #spectrum;
  #drawn;
  #id;
  #textOf;
  /** @type {Seen} */
  #seen = { view: { from: 0, to: 1000 }, asked: null, words: [], unsaid: [], chosen: null, cursor: -1 };
  /** @type {Stretch | null} */
  #sound = null;
  #asked = "";
  #timer = 0;
  #playhead = 0;

  /**
   * @param {HTMLElement} box
   * @param {string} id of the episode
   * @param {(word: number) => string} textOf
   */
  constructor(box, id, textOf) {
    super();
    this.#box = box;
    this.#id = id;
    this.#textOf = textOf;
    this.#canvas = one(box, "canvas", HTMLCanvasElement);
    this.#list = one(box, "[role=listbox]");
    this.#spectrum = one(box, ".spectrum");
    this.#drawn = new Waveform(this.#canvas, (board) => this.#paint(board));
    box.addEventListener("pointerdown", (event) => this.#pressed(event));
    box.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    box.addEventListener("keydown", (event) => this.#stepped(event));
  }

  get width() { return this.#box.clientWidth; }
  get list() { return this.#list; }

  /** @param {Seen} seen */
  show(seen) {
    const { from, to } = this.#seen.view;
    this.#seen = seen;
    this.#write();
    this.#measure();
    this.#placeHandles();
    this.#drawn.draw();
    if (this.#asked && from === seen.view.from && to === seen.view.to) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), SETTLED);
  }

  /** @param {number} time */
  play(time) {
    if (time === this.#playhead) return;
    this.#playhead = time;
    this.#drawn.draw();
  }

  /**
   * Shows the frequencies, or hides them.
   * @param {HTMLElement} button that does it
   */
  toggleSpectrum(button) {
    this.#spectrum.hidden = !this.#spectrum.hidden;
    button.setAttribute("aria-pressed", String(!this.#spectrum.hidden));
    this.#ask();
  }

  // Asks for the loudness of what is seen; and for its spectrogram, which masks the colour of text, so that it is of
  // every theme.
  async #ask() {
    const [from, to] = [this.#seen.view.from / 1000, this.#seen.view.to / 1000], span = `from=${from}&to=${to}`;
    if (!this.#spectrum.hidden) {
      const columns = Math.max(1, Math.min(MOST_COLUMNS, this.width));
      this.#spectrum.setAttribute("aria-label", t("review.spectrum", { start: exact(from), end: exact(to) }));
      this.#spectrum.style.setProperty("--picture", `url("/episodes/${this.#id}/spectrogram?${span}&columns=${columns}")`);
    }
    const query = `${span}&columns=${this.#drawn.columns}`;
    if (query === this.#asked) return;
    this.#asked = query;
    try {
      const sound = await get(`/api/episodes/${this.#id}/stretch?${query}`);
      if (query === this.#asked) this.#sound = sound;
      this.#drawn.draw();
    } catch (error) {
      this.#asked = "";
      this.#tell("failed", { error });
    }
  }

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
    const time = this.#timeAt(event.clientX), isMouse = event.pointerType === "mouse";
    if (around(event, ".ruler")) {
      this.#tell("seek", { time });
      return followPointer(this.#box, event, (move) => this.#tell("seek", { time: this.#timeAt(move.clientX) }));
    }
    const { words, chosen } = this.#seen, option = around(event, "[role=option]"), handle = around(event, ".handle");
    (handle ?? this.#list).focus({ preventScroll: true });
    const side = /** @type {Side | undefined} */ (handle?.dataset.side);
    const held = side ? this.#edge(side) : null;
    const near = !side && isMouse && !option ? edgeAt(words, time, this.#milliseconds(EDGE)) : null;
    if (side && held) return this.#dragEdge(event, held, side);
    if (near) return this.#dragEdge(event, words[near.k], near.side);
    const word = option ? Number(option.dataset.word) : words.find(({ start, end }) => time >= start && time < end)?.word ?? null;
    const isChosen = word !== null && chosen !== null && word >= chosen.first && word < chosen.last;
    const choose = () => this.#tell("choose", { time, word, extend: event.shiftKey });
    if (isMouse && word !== null && !isChosen) choose();
    const isBody = word !== null && (isChosen || isMouse) && words.some((each) => each.word === word);
    let last = event.clientX;
    followPointer(this.#box, event, (move) => {
      if (isBody) this.#tell("body", { by: this.#milliseconds(move.clientX - event.clientX) });
      else this.#tell("pan", { by: this.#milliseconds(last - move.clientX) });
      last = move.clientX;
    }, (moved) => {
      if (moved && isBody) this.#tell("drop");
      if (!moved && (isChosen || !isMouse)) choose();
    });
  }

  /**
   * @param {PointerEvent} event
   * @param {Placed} placed
   * @param {Side} side
   */
  #dragEdge(event, placed, side) {
    const { word, [side]: begun } = placed;
    if (this.#edge(side)?.word !== word) this.#tell("choose", { time: begun, word, extend: false });
    followPointer(this.#box, event, (move) => {
      this.#tell("edge", { word, side, time: begun + this.#milliseconds(move.clientX - event.clientX) });
    }, (moved) => { if (moved) this.#tell("drop"); });
  }

  /** @param {WheelEvent} event */
  #wheeled(event) {
    const by = event.shiftKey ? event.deltaY : event.deltaX;
    if (!by) return;
    event.preventDefault();
    this.#tell("pan", { by: this.#milliseconds(by) });
  }

  /** @param {KeyboardEvent} event */
  #stepped(event) {
    const by = STEPS[event.key], side = around(event, ".handle[data-side]")?.dataset.side;
    if (!by || event.altKey || event.ctrlKey || event.metaKey || (!side && !/^Arrow(Left|Right)$/.test(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (side) this.#tell("nudge", { side, by: by * (event.shiftKey ? 50 : 10) });
    else this.#tell("step", { by, extend: event.shiftKey });
  }

  /**
   * The word at an edge of what is chosen, where somebody says it.
   * @param {Side} side
   */
  #edge(side) {
    const { words, chosen } = this.#seen;
    return words.find(({ word }) => chosen && word === (side === "start" ? chosen.first : chosen.last - 1));
  }

  #placeHandles() {
    for (const side of SIDES) {
      const handle = one(this.#box, `[data-side="${side}"]`), placed = this.#edge(side);
      if (!placed && handle === document.activeElement) this.#list.focus({ preventScroll: true });
      handle.hidden = !placed;
      if (!placed) continue;
      const time = placed[side] / 1000, text = t("review.edge", { time: exact(time), word: this.#textOf(placed.word) });
      placeHandle(handle, this.#at(placed[side]), this.width, time, text);
    }
  }

  // The line of time below.
  #measure() {
    const { from, to } = this.#seen.view;
    const step = TICKS.find((each) => this.#at(from + each) >= TICK_ROOM) ?? TICKS[TICKS.length - 1];
    const ticks = [];
    for (let time = Math.ceil(from / step) * step; time < to && this.#at(time) < this.width - 40; time += step) {
      const tick = document.createElement("span");
      tick.textContent = moment(time / 1000, step < 1000 ? 1 : 0);
      tick.style.setProperty("--x", `${this.#at(time)}px`);
      ticks.push(tick);
    }
    one(this.#box, ".ruler").replaceChildren(...ticks);
  }

  // Each word under its audio, on the first row that has room; those that nobody says have a row of their own, from where
  // they would be said.
  #write() {
    const { words, unsaid, chosen, cursor, view } = this.#seen, pen = this.#canvas.getContext("2d");
    if (!pen) return;
    pen.font = getComputedStyle(this.#list).font;
    const reached = new Array(ROWS + 1).fill(-Infinity), ends = /** @type {{made: HTMLElement, x: number}[]} */ ([]);
    const said = words.filter(({ start, end }) => end > view.from && start < view.to).map((placed) => {
      const text = isolated(this.#textOf(placed.word)), x = Math.max(this.#at(placed.start), 0);
      const free = reached.findIndex((right, row) => row < ROWS && right + GAP <= x);
      const row = free < 0 ? reached.indexOf(Math.min(...reached.slice(0, ROWS))) : free;
      ends[row]?.made.style.setProperty("--room", `${Math.max(0, x - ends[row].x - CUT)}px`); // what has no room is cut
      const times = { word: text, start: exact(placed.start / 1000), end: exact(placed.end / 1000) };
      const name = t(placed.pinned ? "review.word.pinned" : "review.word", times);
      reached[row] = x + pen.measureText(text).width;
      const made = option(placed.word, text, placed.pinned ? "pinned" : "", [x, row, this.#at(placed.end) - x], name);
      ends[row] = { made, x };
      return made;
    });
    const lost = unsaid.map(({ word, after }) => {
      const text = isolated(this.#textOf(word)), x = Math.max(this.#at(after), reached[ROWS] + GAP, 0);
      reached[ROWS] = x + pen.measureText(text).width + FRAME;
      return option(word, text, "unsaid", [x, ROWS, 0], t("review.word.unsaid", { word: text }));
    });
    const options = [...said, ...lost].sort((one, other) => Number(one.dataset.word) - Number(other.dataset.word));
    this.#list.replaceChildren(...options);
    this.#list.style.setProperty("--rows", String(unsaid.length ? ROWS + 1 : ROWS));
    this.#list.removeAttribute("aria-activedescendant");
    for (const each of options) {
      const word = Number(each.dataset.word), isChosen = chosen !== null && word >= chosen.first && word < chosen.last;
      each.setAttribute("aria-selected", String(isChosen));
      if (!isChosen || word !== cursor) continue;
      each.classList.add("current");
      this.#list.setAttribute("aria-activedescendant", each.id);
    }
  }

  /** @param {import("../ui/waveform.js").Board} board */
  #paint(board) {
    const { pen, style, width, height } = board, { view, asked, words } = this.#seen;
    const tall = Math.min(height, Number.parseFloat(style.getPropertyValue("--wave")) || height); // a spectrogram lies below
    const [first, last] = SIDES.map((side) => this.#edge(side));
    const [left, right] = first && last ? [this.#at(first.start), this.#at(last.end)] : [NaN, NaN];
    if (asked) {
      const wide = Math.max(2, this.#at(asked.to) - this.#at(asked.from));
      pen.fillStyle = style.borderTopColor;
      pen.fillRect(this.#at(asked.from), 0, wide, tall);
      pen.fillStyle = style.caretColor;
      pen.fillRect(this.#at(asked.from), height - 2, wide, 2); // over a spectrogram, which it would hide
    }
    const loudness = (/** @type {number} */ share) => loudnessAt(this.#sound, (view.from + share * (view.to - view.from)) / 1000);
    drawBars(board, tall, loudness, (x) => x + 2 > left && x < right);
    pen.fillStyle = style.color;
    pen.globalAlpha = 0.45;
    for (const { start, end } of words) for (const edge of [start, end]) pen.fillRect(this.#at(edge) - 0.5, 0, 1, height);
    pen.globalAlpha = 1;
    pen.fillStyle = style.caretColor;
    if (first && last) for (const x of [left, right]) pen.fillRect(x - 1, 0, 2, height);
    pen.fillStyle = style.outlineColor;
    pen.fillRect(this.#at(this.#playhead) - 0.75, 0, 1.5, height);
  }
}

/**
 * @param {number} word
 * @param {string} text
 * @param {string} kind
 * @param {[x: number, row: number, wide: number]} place
 * @param {string} name for those who do not see it
 */
function option(word, text, kind, [x, row, wide], name) {
  const made = document.createElement("div");
  Object.assign(made, { id: `said-${word}`, role: "option", className: kind, textContent: text });
  made.dataset.word = String(word);
  made.setAttribute("aria-label", name);
  made.style.setProperty("--x", `${x}px`);
  made.style.setProperty("--y", `${row * ROW}px`);
  made.style.setProperty("--wide", `${Math.max(wide, 2)}px`);
  return made;
}
