// @ts-check
// Words under a zoomed waveform: the view, the selection, moving words by pointer or keys, and the resulting corrections.
// Times are milliseconds, as in the page's data.
//
// Events: "correct" (detail: corrections in order) when a movement ends, "chosen" when the selection changes, "shown" after
// drawing, "seek" (detail: seconds), "failed" (detail: the error) if the waveform could not be loaded.

import { get } from "../ui/api.js";
import { around, one } from "../ui/elements.js";
import { announce, exact, isolated, moment, t } from "../ui/strings.js";
import { STEPS, Waveform, drawBars, followPointer, loudnessAt, placeHandle } from "../ui/waveform.js";
import { correctionsOf, nearest, unspokenBetween, viewAround, timesOf, withWordsMoved, withEdgeMoved, wordBeyond } from "./geometry.js";
import { numbers } from "./mark-reviewed.js";

/** @typedef {import("./geometry.js").Placed} Placed */

const PER_SECOND = [40, 80, 160, 320, 640]; // pixels
const USUAL = 2; // index of the default zoom
const AROUND = 4000; // milliseconds beyond the view in which words may have to move
const REST = 600; // milliseconds without a key after which nudges are saved
const STILL_MS = 120; // milliseconds that a view must stay before its waveform is loaded
const TICKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]; // milliseconds
const TICK_ROOM = 72; // pixels
const ROW = 22, GAP = 8, FRAME = 12, CUT = 3; // pixels
const ROWS = 3; // of spoken words
const MOST_COLUMNS = 3000; // of a spectrogram
const LEAST = 100; // milliseconds of a marked passage
const SIDES = /** @type {Side[]} */ (["start", "end"]);

export class WordEditor extends EventTarget {
  #data;
  #transcript;
  #box;
  #list;
  #spectrum;
  #canvas;
  #waveform;
  #zoom = USUAL;
  #view = { from: 0, to: 1000 };
  /** @type {import("./geometry.js").Bounds | null} the passage under review */
  #inQuestion = null;
  #pinned = /** @type {Set<number>} */ (new Set());
  #speech = /** @type {Set<number>} */ (new Set());
  /** @type {Placed[]} the words as saved */
  #base = [];
  /** @type {Placed[]} the words as moved by hand */
  #now = [];
  /** @type {Selected | null} */
  #chosen = null;
  /** @type {import("./geometry.js").Bounds | null} the passage being marked, which then has the handles */
  #marked = null;
  #anchor = -1; // the fixed end of the selection, and `#cursor` the moving one
  #cursor = -1;
  #rest = 0;
  #playhead = 0;
  /** @type {Peaks | null} */
  #loudness = null;
  #query = ""; // of the request for it
  #loadTimer = 0;

  /**
   * @param {HTMLElement} box
   * @param {EpisodeData & {id: string}} data
   * @param {import("../page/transcript.js").Transcript} transcript
   */
  constructor(box, data, transcript) {
    super();
    this.#data = data;
    this.#transcript = transcript;
    this.#box = box;
    this.#list = one(box, "[role=listbox]");
    this.#spectrum = one(box, ".spectrum");
    this.#canvas = one(box, "canvas", HTMLCanvasElement);
    this.#waveform = new Waveform(this.#canvas, (board) => this.#paint(board));
    box.addEventListener("pointerdown", (event) => this.#pressed(event));
    box.addEventListener("keydown", (event) => this.#stepped(event));
    new ResizeObserver(() => { if (box.clientWidth) this.#showView(this.#view.from); }).observe(box); // it has no width while closed
  }

  get chosen() { return this.#chosen; }
  get focusable() { return this.#list; }
  get view() { return this.#view; }

  get marked() { return this.#marked; }
  set marked(bounds) {
    this.#marked = bounds && { from: Math.round(Math.max(0, bounds.from)), to: Math.round(Math.min(this.#duration, bounds.to)) };
    this.#show();
  }

  /** @param {number} word */
  textOf(word) { return (this.#transcript.word(word)?.firstChild?.textContent ?? "").trim(); }

  /** Take over which words are pinned, and which are speech. @param {Review} review */
  use({ pinned, speech }) {
    this.#pinned = new Set(numbers(pinned));
    this.#speech = new Set(numbers(speech));
    this.refresh();
  }

  /** Show a passage, and select a word of it. @param {ReviewItem} item */
  open({ start, end, words }) {
    this.commit();
    this.#inQuestion = { from: start * 1000, to: end * 1000 };
    this.#chosen = words ? { first: words[0], last: words[0] + 1 } : null;
    this.#anchor = this.#cursor = words ? words[0] : -1;
    this.#lookAround(start * 1000, end * 1000);
    this.#fire("chosen");
  }

  /** Renumber words. @param {(word: number) => number} now */
  renumber(now) {
    if (this.#chosen) this.#chosen = { first: now(this.#chosen.first), last: now(this.#chosen.last - 1) + 1 };
    [this.#anchor, this.#cursor] = [now(this.#anchor), now(this.#cursor)];
    this.reset();
  }

  /** Show the words' saved times, unless words are being moved. */
  refresh() {
    if (!this.#isMoved) this.reset();
  }

  /** Discard unsaved movements. */
  reset() {
    clearTimeout(this.#rest);
    this.#read();
    this.#show();
  }

  /**
   * The times of the selected words in seconds; for words not spoken, of the gap for them; else of the passage.
   * @returns {[start: number, end: number] | null}
   */
  get span() {
    if (!this.#chosen) return this.#inQuestion && [this.#inQuestion.from / 1000, this.#inQuestion.to / 1000];
    const spoken = this.#now.filter(({ word }) => this.#isChosen(word));
    if (spoken.length) return [spoken[0].start / 1000, spoken[spoken.length - 1].end / 1000];
    const { start, end } = timesOf(this.#data, this.#chosen.first);
    return [start / 1000, Math.max(start, Math.min(end, this.#view.to, this.#duration)) / 1000];
  }

  /** @param {number | null} word @param {boolean} [extend] */
  choose(word, extend = false) {
    if (word === null) return;
    this.commit();
    if (!extend || this.#anchor < 0) this.#anchor = word;
    this.#cursor = word;
    this.#chosen = { first: Math.min(this.#anchor, word), last: Math.max(this.#anchor, word) + 1 };
    this.#reveal(word);
    this.#fire("chosen");
  }

  /** Bring a word of the transcript into view, and select it unless it is selected. @param {number} word */
  lookAt(word) {
    if (this.#isChosen(word)) this.#reveal(word);
    else if (this.#data.starts[word] !== null || this.#speech.has(word)) this.choose(word);
  }

  /**
   * Select the next or previous word of speech.
   * @param {number} by
   * @param {boolean} [extend]
   */
  step(by, extend = false) {
    const middle = this.#base[nearest(this.#base, (this.#view.from + this.#view.to) / 2)];
    this.choose(wordBeyond(this.#data, this.#speech, this.#chosen ? this.#cursor : middle?.word ?? 0, by), extend);
  }

  /**
   * Move the selected words, or an edge of them; saved after a rest.
   * @param {number} by
   * @param {Side | null} [side]
   */
  nudge(by, side = null) {
    clearTimeout(this.#rest);
    if (side) this.#moveHandle(side, Number(this.#handleAt(side)) + by, this.#now);
    else this.#moveBodies(by, this.#now);
    if (!side && this.span) announce(exact(this.span[0])); // screen readers read the value of a handle
    this.#rest = setTimeout(() => this.commit(), REST);
  }

  /** @param {number} step */
  zoom(step) {
    const middle = this.span ? (this.span[0] + this.span[1]) * 500 : (this.#view.from + this.#view.to) / 2;
    this.#zoom = Math.min(Math.max(this.#zoom + step, 0), PER_SECOND.length - 1);
    this.#showView(middle - this.#length / 2);
  }

  get zooms() { return [this.#zoom > 0, this.#zoom < PER_SECOND.length - 1]; }

  /**
   * Show the audio position, and turn the page when playback leaves the view.
   * @param {number} seconds
   * @param {boolean} playing
   */
  play(seconds, playing) {
    const time = seconds * 1000;
    if (playing && time >= this.#view.to && time < this.#view.to + 1000) this.#showView(time - this.#length * 0.1);
    if (time === this.#playhead) return;
    this.#playhead = time;
    this.#waveform.draw();
  }

  /** @param {HTMLElement} button that shows or hides the spectrogram */
  toggleSpectrum(button) {
    this.#spectrum.hidden = !this.#spectrum.hidden;
    button.setAttribute("aria-pressed", String(!this.#spectrum.hidden));
    this.#loadWaveform();
  }

  /** Save the moved words. */
  commit() {
    clearTimeout(this.#rest);
    const corrections = this.#chosen ? correctionsOf(this.#base, this.#now, this.#chosen) : [];
    this.#base = this.#now; // the next movement starts from here
    if (corrections.length) this.#fire("correct", corrections);
  }

  /** @param {string} name @param {unknown} [detail] */
  #fire(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  get #width() { return this.#box.clientWidth; }
  get #length() { return (this.#width / PER_SECOND[this.#zoom]) * 1000 || 1000; }
  get #isMoved() { return this.#now !== this.#base; }
  get #duration() { return this.#data.duration * 1000; }

  /** @param {number | null} word */
  #isChosen(word) { return word !== null && this.#chosen !== null && word >= this.#chosen.first && word < this.#chosen.last; }

  /** @param {number} time */
  #at(time) { return ((time - this.#view.from) / (this.#view.to - this.#view.from)) * this.#width; }

  /** @param {number} x from the window's edge */
  #timeAt(x) { return this.#view.from + this.#milliseconds(x - this.#box.getBoundingClientRect().left); }

  /** @param {number} pixels */
  #milliseconds(pixels) { return (pixels / this.#width) * (this.#view.to - this.#view.from); }

  /** @param {number} start @param {number} end */
  #lookAround(start, end) { this.#showView(viewAround(start, end, this.#length, this.#duration).from); }

  /** @param {number} from */
  #showView(from) {
    const start = Math.round(Math.max(0, Math.min(from, this.#duration - this.#length)));
    this.#view = { from: start, to: Math.round(start + Math.min(this.#length, this.#duration)) };
    if (!this.#isMoved) this.#read();
    this.#show();
    clearTimeout(this.#loadTimer);
    this.#loadTimer = setTimeout(() => this.#loadWaveform(), STILL_MS);
  }

  /** @param {number} word */
  #reveal(word) {
    const { start, end, isSpoken } = timesOf(this.#data, word), { from, to } = this.#view;
    if (isSpoken ? start >= from && end <= to : start < to && end > from) this.#show();
    else this.#lookAround(start, isSpoken ? end : start);
  }

  #read() {
    const { starts, ends } = this.#data, { from, to } = this.#view;
    /** @type {Placed[]} */
    const words = [];
    for (let word = 0; word < starts.length; word++) {
      const start = starts[word], end = ends[word];
      if (start === null || end === null || end < from - AROUND || start > to + AROUND) continue;
      words.push({ word, start, end, pinned: this.#pinned.has(word) });
    }
    this.#base = this.#now = words;
  }

  /**
   * Move an edge of the marked passage, else of the selected words.
   * @param {Side} side
   * @param {number} time
   * @param {Placed[]} from
   */
  #moveHandle(side, time, from) {
    if (this.#marked) {
      const { from: start, to: end } = this.#marked;
      if (side === "start") this.marked = { from: Math.min(time, end - LEAST), to: end };
      else this.marked = { from: start, to: Math.max(time, start + LEAST) };
      return;
    }
    const k = from.findIndex(({ word }) => word === this.#edge(side)?.word);
    if (k >= 0) this.#moved(withEdgeMoved(from, k, side, time, { from: 0, to: this.#duration }));
  }

  /** @param {number} by @param {Placed[]} from */
  #moveBodies(by, from) {
    const first = from.findIndex(({ word }) => this.#isChosen(word)), last = from.findLastIndex(({ word }) => this.#isChosen(word)) + 1;
    if (first >= 0) this.#moved(withWordsMoved(from, first, last, by, { from: 0, to: this.#duration }));
  }

  /** @param {Placed[]} words */
  #moved(words) {
    this.#now = words;
    this.#show();
  }

  /** @param {PointerEvent} event */
  #pressed(event) {
    if (event.button !== 0 || around(event, "button")) return;
    event.preventDefault();
    const time = this.#timeAt(event.clientX), isMouse = event.pointerType === "mouse";
    if (around(event, ".ruler")) {
      this.#fire("seek", time / 1000);
      return followPointer(this.#box, event, (move) => this.#fire("seek", this.#timeAt(move.clientX) / 1000));
    }
    const option = around(event, "[role=option]"), handle = around(event, ".handle");
    (handle ?? this.#list).focus({ preventScroll: true });
    if (handle) return this.#dragHandle(event, /** @type {Side} */ (handle.dataset.side));
    if (this.#marked && isMouse && !option) return this.#drawMark(event, time);
    const word = option ? Number(option.dataset.word) : this.#now.find(({ start, end }) => time >= start && time < end)?.word ?? null;
    const isChosen = this.#isChosen(word), choose = () => this.choose(word ?? this.#base[nearest(this.#base, time)]?.word ?? null, event.shiftKey);
    if (isMouse && word !== null && !isChosen) choose();
    const isBody = word !== null && (isChosen || isMouse) && this.#now.some((each) => each.word === word);
    let last = event.clientX;
    followPointer(this.#box, event, (move) => {
      if (isBody) this.#moveBodies(this.#milliseconds(move.clientX - event.clientX), this.#base);
      else this.#showView(this.#view.from + this.#milliseconds(last - move.clientX));
      last = move.clientX;
    }, (moved) => {
      if (moved && isBody) this.commit();
      if (!moved && (isChosen || !isMouse)) choose();
    });
  }

  /** @param {PointerEvent} event @param {Side} side */
  #dragHandle(event, side) {
    const at = Number(this.#handleAt(side));
    followPointer(this.#box, event, (move) => {
      this.#moveHandle(side, at + this.#milliseconds(move.clientX - event.clientX), this.#base);
    }, (moved) => { if (moved) this.commit(); });
  }

  /** Mark a new passage. @param {PointerEvent} event @param {number} start time under the pointer */
  #drawMark(event, start) {
    followPointer(this.#box, event, ({ clientX }) => {
      const by = this.#milliseconds(clientX - event.clientX);
      if (Math.abs(by) >= LEAST) this.marked = { from: Math.min(start, start + by), to: Math.max(start, start + by) };
    });
  }

  /** @param {KeyboardEvent} event */
  #stepped(event) {
    const by = STEPS[event.key], side = /** @type {Side | undefined} */ (around(event, ".handle[data-side]")?.dataset.side);
    if (!by || event.altKey || event.ctrlKey || event.metaKey || (!side && !/^Arrow(Left|Right)$/.test(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (side) this.nudge(by * (event.shiftKey ? 50 : 10), side);
    else this.step(by, event.shiftKey);
  }

  /** Return the word at an edge of the selection, if it is spoken. @param {Side} side */
  #edge(side) {
    const chosen = this.#chosen;
    return this.#now.find(({ word }) => chosen && word === (side === "start" ? chosen.first : chosen.last - 1));
  }

  #show() {
    this.#write();
    this.#measure();
    this.#placeHandles();
    this.#waveform.draw();
    this.#fire("shown");
  }

  // Draws each word under its audio, on one of a few rows; words that are not spoken have a row of their own, at the gap for
  // them.
  #write() {
    const { from, to } = this.#view, chosen = this.#chosen, pen = this.#canvas.getContext("2d");
    if (!pen) return;
    const seen = this.#now.filter(({ start, end }) => end > from && start < to), ofSeen = seen.map(({ word }) => word);
    if (chosen) ofSeen.push(chosen.first, chosen.last);
    const between = { first: Math.min(...ofSeen), last: Math.max(...ofSeen) };
    const unspoken = unspokenBetween(this.#data, this.#speech, between, from, chosen);
    const spoken = seen.map(({ word, start, end, pinned }, k) => {
      const text = isolated(this.textOf(word)), x = Math.max(this.#at(start), 0), row = word % ROWS;
      const name = t(pinned ? "review.word.pinned" : "review.word", { word: text, start: exact(start / 1000), end: exact(end / 1000) });
      const element = option(word, text, pinned ? "pinned" : "", [x, row, this.#at(end) - x], name);
      const next = seen.find((each, j) => j > k && each.word % ROWS === row);
      if (next) element.style.setProperty("--room", `${Math.max(0, this.#at(next.start) - x - CUT)}px`); // longer text is cut off
      return element;
    });
    let reached = 0;
    pen.font = getComputedStyle(this.#list).font;
    const unspokenOptions = unspoken.map(({ word, after }) => {
      const text = isolated(this.textOf(word)), x = Math.max(this.#at(after), reached);
      reached = x + pen.measureText(text).width + FRAME + GAP;
      return option(word, text, "unsaid", [x, ROWS, 0], t("review.word.unsaid", { word: text }));
    });
    const options = [...spoken, ...unspokenOptions].sort((one, other) => Number(one.dataset.word) - Number(other.dataset.word));
    this.#list.replaceChildren(...options);
    this.#list.style.setProperty("--rows", String(unspoken.length ? ROWS + 1 : ROWS));
    this.#list.removeAttribute("aria-activedescendant");
    for (const each of options) {
      const word = Number(each.dataset.word), isChosen = this.#isChosen(word);
      each.setAttribute("aria-selected", String(isChosen));
      if (!isChosen || word !== this.#cursor) continue;
      each.classList.add("current");
      this.#list.setAttribute("aria-activedescendant", each.id);
    }
  }

  // Draws the time line below.
  #measure() {
    const { from, to } = this.#view;
    const step = TICKS.find((each) => this.#at(from + each) >= TICK_ROOM) ?? TICKS[TICKS.length - 1];
    const ticks = [];
    for (let time = Math.ceil(from / step) * step; time < to && this.#at(time) < this.#width - 40; time += step) {
      const tick = document.createElement("span");
      tick.textContent = moment(time / 1000, step < 1000 ? 1 : 0);
      tick.style.setProperty("--x", `${this.#at(time)}px`);
      ticks.push(tick);
    }
    one(this.#box, ".ruler").replaceChildren(...ticks);
  }

  /** @param {Side} side */
  #handleAt(side) { return this.#marked ? this.#marked[side === "start" ? "from" : "to"] : this.#edge(side)?.[side] ?? null; }

  #placeHandles() {
    this.#box.classList.toggle("marking", this.#marked !== null);
    for (const side of SIDES) {
      const handle = one(this.#box, `[data-side="${side}"]`), at = this.#handleAt(side), word = this.#edge(side)?.word;
      if (at === null && handle === document.activeElement) this.#list.focus({ preventScroll: true });
      handle.hidden = at === null;
      if (at === null) continue;
      const time = exact(at / 1000), text = this.#marked ? time : t("review.edge", { time, word: this.textOf(word ?? -1) });
      handle.setAttribute("aria-label", t(`review.${this.#marked ? "mark" : "edge"}.${side}`));
      placeHandle(handle, this.#at(at), this.#width, at / 1000, text);
    }
    const layer = one(this.#box, ".marked"), [left, right] = SIDES.map((side) => Math.min(Math.max(this.#at(this.#handleAt(side) ?? 0), 0), this.#width));
    layer.hidden = !this.#marked;
    layer.style.setProperty("--left", `${left}px`);
    layer.style.setProperty("--wide", `${right - left}px`);
  }

  // Loads the loudness of the view, and its spectrogram, a mask on the text colour so that it fits each theme.
  async #loadWaveform() {
    const [from, to] = [this.#view.from / 1000, this.#view.to / 1000], span = `from=${from}&to=${to}`, { id } = this.#data;
    if (!this.#spectrum.hidden) {
      const columns = Math.max(1, Math.min(MOST_COLUMNS, this.#width));
      this.#spectrum.setAttribute("aria-label", t("review.spectrum", { start: exact(from), end: exact(to) }));
      this.#spectrum.style.setProperty("--picture", `url("/episodes/${id}/spectrogram?${span}&columns=${columns}")`);
    }
    const query = `${span}&columns=${this.#waveform.bars}`;
    if (query === this.#query) return;
    this.#query = query;
    try {
      const loudness = await get(`/api/episodes/${id}/stretch?${query}`);
      if (query === this.#query) this.#loudness = loudness;
      this.#waveform.draw();
    } catch (error) {
      this.#query = "";
      this.#fire("failed", error);
    }
  }

  /** @param {import("../ui/waveform.js").Board} board */
  #paint(board) {
    const { pen, style, width, height } = board, { from, to } = this.#view, inQuestion = this.#inQuestion;
    const tall = Math.min(height, Number.parseFloat(style.getPropertyValue("--wave")) || height); // a spectrogram lies below
    const [first, last] = SIDES.map((side) => this.#edge(side));
    const [left, right] = first && last ? [this.#at(first.start), this.#at(last.end)] : [NaN, NaN];
    if (inQuestion) {
      const wide = Math.max(2, this.#at(inQuestion.to) - this.#at(inQuestion.from));
      pen.fillStyle = style.borderTopColor;
      pen.fillRect(this.#at(inQuestion.from), 0, wide, tall);
      pen.fillStyle = style.caretColor;
      pen.fillRect(this.#at(inQuestion.from), height - 2, wide, 2); // above a spectrogram
    }
    const loudness = (/** @type {number} */ share) => loudnessAt(this.#loudness, (from + share * (to - from)) / 1000);
    drawBars(board, tall, loudness, (x) => x + 2 > left && x < right);
    pen.fillStyle = style.color;
    pen.globalAlpha = 0.45;
    for (const { start, end } of this.#now) for (const edge of [start, end]) pen.fillRect(this.#at(edge) - 0.5, 0, 1, height);
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
 * @param {string} name for screen readers
 */
function option(word, text, kind, [x, row, wide], name) {
  const element = document.createElement("div");
  Object.assign(element, { id: `word-${word}`, role: "option", className: kind, textContent: text });
  element.dataset.word = String(word);
  element.setAttribute("aria-label", name);
  element.style.setProperty("--x", `${x}px`);
  element.style.setProperty("--y", `${row * ROW}px`);
  element.style.setProperty("--wide", `${Math.max(wide, 2)}px`);
  return element;
}
