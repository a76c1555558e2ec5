// @ts-check
// Correcting words by ear and eye: which are looked at and chosen, how they move under the hand, and the corrections that
// come of it. Times are milliseconds, as in the page's data.
//
// Events: "correct" (detail: corrections in order) when hands have come to rest, "chosen" when other words are chosen,
// "shown" when what is seen is, "seek" (detail: seconds), "failed" (detail: the error) where there is no audio to show.

import { detailOf } from "../ui/elements.js";
import { correctionsOf, nearest, unsaidBetween, viewAround, whenSaid, withBodies, withEdge, wordBeyond } from "./geometry.js";
import { numbers } from "./looked-at.js";
import { WordWave } from "./word-wave.js";

/** @typedef {import("./geometry.js").Placed} Placed */

const PER_SECOND = [40, 80, 160, 320, 640]; // pixels
const USUAL = 2; // of them
const AROUND = 4000; // milliseconds beyond what is seen, of which the words may have to make room
const REST = 600; // milliseconds without a key after which a nudge is meant

export class WordEditor extends EventTarget {
  #data;
  #transcript;
  #wave;
  #zoom = USUAL;
  #view = { from: 0, to: 1000 };
  /** @type {import("./geometry.js").Bounds | null} */
  #asked = null;
  #pinned = /** @type {Set<number>} */ (new Set());
  #speech = /** @type {Set<number>} */ (new Set());
  /** @type {Placed[]} as they are */
  #base = [];
  /** @type {Placed[]} as hands have moved them */
  #now = [];
  /** @type {Selected | null} */
  #chosen = null;
  #anchor = -1; // of what is chosen the word that stays, and the one that goes on
  #cursor = -1;
  #rest = 0;

  /**
   * @param {HTMLElement} box
   * @param {EpisodeData & {id: string}} data
   * @param {import("../page/transcript.js").Transcript} transcript
   */
  constructor(box, data, transcript) {
    super();
    this.#data = data;
    this.#transcript = transcript;
    this.#wave = new WordWave(box, data.id, (word) => this.textOf(word));
    /** @type {Record<string, (detail: any) => void>} */
    const acts = {
      choose: ({ time, word, extend }) => this.choose(word ?? this.#base[nearest(this.#base, time)]?.word ?? null, extend),
      edge: ({ word, side, time }) => this.#moveEdge(word, side, time, this.#base),
      body: ({ by }) => this.#moveBodies(by, this.#base),
      drop: () => this.commit(),
      nudge: ({ side, by }) => this.nudge(by, side),
      step: ({ by, extend }) => this.step(by, extend),
      pan: ({ by }) => this.#look(this.#view.from + by),
      seek: ({ time }) => this.#tell("seek", time / 1000),
      failed: ({ error }) => this.#tell("failed", error),
    };
    for (const name in acts) this.#wave.addEventListener(name, (event) => acts[name](detailOf(event)));
    new ResizeObserver(() => { if (box.clientWidth) this.#look(this.#view.from); }).observe(box); // none while it is closed
  }

  get chosen() { return this.#chosen; }
  get focusable() { return this.#wave.list; }
  get view() { return this.#view; }

  /** @param {number} word */
  textOf(word) { return (this.#transcript.word(word)?.firstChild?.textContent ?? "").trim(); }

  /**
   * What was pinned, and what is speech.
   * @param {Review} review
   */
  use({ pinned, speech }) {
    this.#pinned = new Set(numbers(pinned));
    this.#speech = new Set(numbers(speech));
    this.refresh();
  }

  /**
   * Looks at a passage, and chooses a word of it.
   * @param {ReviewItem} item
   */
  open({ start, end, words }) {
    this.commit();
    this.#asked = { from: start * 1000, to: end * 1000 };
    this.#chosen = words ? { first: words[0], last: words[0] + 1 } : null;
    this.#anchor = this.#cursor = words ? words[0] : -1;
    this.#lookAround(start * 1000, end * 1000);
    this.#tell("chosen");
  }

  /**
   * After words have given way to others, and have other numbers.
   * @param {(word: number) => number} now
   */
  renumber(now) {
    if (this.#chosen) this.#chosen = { first: now(this.#chosen.first), last: now(this.#chosen.last - 1) + 1 };
    [this.#anchor, this.#cursor] = [now(this.#anchor), now(this.#cursor)];
    this.reset();
  }

  // After the words' times have become others. What is under the hand stays there until it is let go.
  refresh() {
    if (!this.#isMoved) this.reset();
  }

  // What hands have moved is not so.
  reset() {
    clearTimeout(this.#rest);
    this.#read();
    this.#show();
  }

  /**
   * When what is chosen is said, in seconds; where nobody says it, where it would be. The passage where nothing is.
   * @returns {[start: number, end: number] | null}
   */
  get span() {
    if (!this.#chosen) return this.#asked && [this.#asked.from / 1000, this.#asked.to / 1000];
    const { first, last } = this.#chosen, said = this.#now.filter(({ word }) => word >= first && word < last);
    if (said.length) return [said[0].start / 1000, said[said.length - 1].end / 1000];
    const before = this.#now.findLast(({ word }) => word < first), after = this.#now.find(({ word }) => word >= last);
    const [start, end] = [before?.end ?? this.#view.from, after?.start ?? this.#view.to];
    return [start / 1000, Math.max(start, end) / 1000];
  }

  /**
   * @param {number | null} word
   * @param {boolean} [extend]
   */
  choose(word, extend = false) {
    if (word === null) return;
    this.commit();
    if (!extend || this.#anchor < 0) this.#anchor = word;
    this.#cursor = word;
    this.#chosen = { first: Math.min(this.#anchor, word), last: Math.max(this.#anchor, word) + 1 };
    this.#reveal(word);
    this.#tell("chosen");
  }

  /**
   * Brings a word of the transcript into view, and chooses it unless it is among those chosen.
   * @param {number} word
   */
  lookAt(word) {
    if (this.#chosen && word >= this.#chosen.first && word < this.#chosen.last) this.#reveal(word);
    else if (this.#data.starts[word] !== null || this.#speech.has(word)) this.choose(word);
  }

  /**
   * To the next word of speech, or the one before.
   * @param {number} by
   * @param {boolean} [extend]
   */
  step(by, extend = false) {
    const middle = this.#base[nearest(this.#base, (this.#view.from + this.#view.to) / 2)];
    this.choose(wordBeyond(this.#data, this.#speech, this.#chosen ? this.#cursor : middle?.word ?? 0, by), extend);
  }

  /**
   * Moves what is chosen, or an edge of it, and says so once hands rest.
   * @param {number} by
   * @param {Side | null} [side]
   */
  nudge(by, side = null) {
    if (!this.#chosen) return;
    clearTimeout(this.#rest);
    const word = side === "start" ? this.#chosen.first : this.#chosen.last - 1;
    const placed = this.#now.find((each) => each.word === word);
    if (!side) this.#moveBodies(by, this.#now);
    else if (placed) this.#moveEdge(word, side, placed[side] + by, this.#now);
    this.#rest = setTimeout(() => this.commit(), REST);
  }

  /** @param {number} step */
  zoom(step) {
    const middle = this.span ? (this.span[0] + this.span[1]) * 500 : (this.#view.from + this.#view.to) / 2;
    this.#zoom = Math.min(Math.max(this.#zoom + step, 0), PER_SECOND.length - 1);
    this.#look(middle - this.#length / 2);
  }

  get zooms() { return [this.#zoom > 0, this.#zoom < PER_SECOND.length - 1]; }

  /**
   * Shows where the audio is, and turns over like a page where it plays on beyond what is seen.
   * @param {number} seconds
   * @param {boolean} playing
   */
  play(seconds, playing) {
    const time = seconds * 1000;
    if (playing && time >= this.#view.to && time < this.#view.to + 1000) this.#look(time - this.#length * 0.1);
    this.#wave.play(time);
  }

  /** @param {HTMLElement} button that does it */
  toggleSpectrum(button) { this.#wave.toggleSpectrum(button); }

  // Sends what hands have moved.
  commit() {
    clearTimeout(this.#rest);
    const corrections = this.#chosen ? correctionsOf(this.#base, this.#now, this.#chosen) : [];
    this.#base = this.#now; // what is done next is done from here
    if (corrections.length) this.#tell("correct", corrections);
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { detail })); }

  get #length() { return (this.#wave.width / PER_SECOND[this.#zoom]) * 1000 || 1000; }
  get #isMoved() { return this.#now !== this.#base; }
  get #duration() { return this.#data.duration * 1000; }

  /**
   * @param {number} start
   * @param {number} end
   */
  #lookAround(start, end) { this.#look(viewAround(start, end, this.#length, this.#duration).from); }

  /** @param {number} from */
  #look(from) {
    const start = Math.round(Math.max(0, Math.min(from, this.#duration - this.#length)));
    this.#view = { from: start, to: Math.round(start + Math.min(this.#length, this.#duration)) };
    if (!this.#isMoved) this.#read();
    this.#show();
  }

  /** @param {number} word */
  #reveal(word) {
    const { start, end, isSaid } = whenSaid(this.#data, word), { from, to } = this.#view;
    if (isSaid ? start >= from && end <= to : start < to && end > from) this.#show();
    else this.#lookAround(start, isSaid ? end : start);
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

  #show() {
    const { from, to } = this.#view, chosen = this.#chosen;
    const seen = this.#now.filter(({ start, end }) => end > from && start < to).map(({ word }) => word);
    if (chosen) seen.push(chosen.first, chosen.last);
    const between = { first: Math.min(...seen), last: Math.max(...seen) };
    const unsaid = unsaidBetween(this.#data, this.#speech, between, from, chosen);
    this.#wave.show({ view: this.#view, asked: this.#asked, words: this.#now, unsaid, chosen, cursor: this.#cursor });
    this.#tell("shown");
  }

  /**
   * @param {number} word
   * @param {Side} side
   * @param {number} time
   * @param {Placed[]} from
   */
  #moveEdge(word, side, time, from) {
    const k = from.findIndex((each) => each.word === word);
    if (k >= 0) this.#moved(withEdge(from, k, side, time, { from: 0, to: this.#duration }));
  }

  /**
   * @param {number} by
   * @param {Placed[]} from
   */
  #moveBodies(by, from) {
    const isChosen = (/** @type {Placed} */ { word }) => this.#chosen !== null && word >= this.#chosen.first && word < this.#chosen.last;
    const first = from.findIndex(isChosen), last = from.findLastIndex(isChosen) + 1;
    if (first >= 0) this.#moved(withBodies(from, first, last, by, { from: 0, to: this.#duration }));
  }

  /** @param {Placed[]} words */
  #moved(words) {
    this.#now = words;
    this.#show();
  }
}
