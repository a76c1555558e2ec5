// @ts-check
// Kept quotes in the text: a line under their words, and after the last of them a flag that leads to the quote in the list.
// Lines of quotes that overlap lie one below the other; the one that is pointed at, here or in the list, is shaded. The
// flag of a quote of which a clip was made says so: the text has no lines for clips, or most passages would have two.

import { spokenEnds, wordsBetween } from "../clips/clip-edges.js";
import { around, detailOf } from "../ui/elements.js";
import { t } from "../ui/strings.js";

/**
 * @typedef {import("./kept.js").Quote} Quote
 * @typedef {{id: string, first: number, last: number}} Place
 */

const LINES = 3; // that are told apart
const LONGEST = 80; // characters of a quote in the name of its flag
const STEP = 14; // pixels from one flag of a word to the next
const SAME = 0.8; // share of words that a clip of a quote has in common with it: what was hesitated about is cut off

/**
 * On which of the lines each of the quotes is, so that those that overlap are on others, as far as there are lines.
 * @template {Place} P
 * @param {P[]} places
 * @returns {P[][]}
 */
export function linesOf(places) {
  /** @type {P[][]} */
  const lines = Array.from({ length: LINES }, () => []);
  for (const place of [...places].sort((a, b) => a.first - b.first || b.last - a.last)) {
    const free = lines.find((line) => (line.at(-1)?.last ?? 0) <= place.first);
    (free ?? lines[LINES - 1]).push(place);
  }
  return lines;
}

/**
 * By how much each of a word's flags is moved, in pixels: one stands after the other, all of them within the column,
 * closer together where it has no room for so many.
 * @param {number} count
 * @param {number} start where the first begins, in pixels from the column's start
 * @param {number} width of a flag
 * @param {number} column the column's width
 */
export function movesOf(count, start, width, column) {
  const step = count > 1 ? Math.max(0, Math.min(STEP, (column - width) / (count - 1))) : 0;
  const over = Math.max(0, start + width + step * (count - 1) - column);
  return Array.from({ length: count }, (_, k) => step * k - over);
}

/**
 * Whether two passages are one, but for a word or two at their ends.
 * @param {Words} one
 * @param {Words} other
 */
export function isSamePassage([first, last], [from, to]) {
  return Math.min(last, to) - Math.max(first, from) >= SAME * (Math.max(last, to) - Math.min(first, from));
}

export class Marks {
  #transcript;
  #kept;
  #clips;
  /** @type {HTMLElement[]} */
  #flags = [];
  /** @type {(Quote & Place)[]} */
  #quotes = [];
  #width = 0;

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {import("./kept.js").Kept} kept
   * @param {import("../clips/clips.js").Clips} clips
   * @param {() => void} openList
   */
  constructor(transcript, kept, clips, openList) {
    this.#transcript = transcript;
    this.#kept = kept;
    this.#clips = clips;
    kept.addEventListener("change", () => this.#show());
    transcript.addEventListener("patched", (event) => { kept.move(detailOf(event)); this.#show(); });
    clips.addEventListener("change", () => this.#tell());
    transcript.root.addEventListener("click", (event) => {
      const flag = around(event, ".flag");
      if (!flag) return;
      event.stopPropagation(); // it is no click on the word
      openList();
      kept.show(flag.dataset.id ?? "");
    }, { capture: true });
    for (const root of [transcript.root, kept.root]) {
      for (const name of ["pointerover", "focusin"]) root.addEventListener(name, (event) => this.#point(around(event, "[data-id]")?.dataset.id));
      for (const name of ["pointerleave", "focusout"]) root.addEventListener(name, () => this.#point());
    }
    // Lines break elsewhere in another width; of what is scrolled past only the height becomes another.
    new ResizeObserver(() => { if (transcript.root.clientWidth !== this.#width) this.#place(); }).observe(transcript.root);
  }

  #show() {
    this.#quotes = this.#kept.quotes.flatMap((quote) => (quote.first === null || quote.last === null ? [] : [{ ...quote, first: quote.first, last: quote.last }]));
    linesOf(this.#quotes).forEach((line, k) => this.#transcript.highlight(`kept-${k}`, line));
    const focused = this.#flags.find((flag) => flag === document.activeElement);
    for (const flag of this.#flags) flag.remove();
    this.#flags = this.#quotes.map((quote) => flagOf(quote));
    this.#quotes.forEach(({ last }, k) => this.#transcript.word(last - 1).append(this.#flags[k]));
    this.#tell();
    this.#place();
    this.#transcript.findGaps();
    this.#point();
    if (!focused) return;
    const same = this.#flags.find((flag) => flag.dataset.id === focused.dataset.id);
    (same ?? this.#transcript.word(this.#transcript.cursor)).focus({ preventScroll: true });
  }

  // What each flag leads to, and whether a clip was made of it.
  #tell() {
    const { data } = this.#transcript;
    const made = this.#clips.shown.flatMap(({ start, end }) => (start === null || end === null ? [] : [wordsBetween(data, start, end)]));
    this.#quotes.forEach(({ first, last, text }, k) => {
      const [said, lastSaid] = spokenEnds(data, first, last);
      const isMade = made.some((words) => words && isSamePassage(words, [said, lastSaid + 1]));
      const flag = this.#flags[k];
      flag.classList.toggle("made", isMade);
      flag.title = t(isMade ? "kept.mark.made" : "kept.mark", { text: text.length > LONGEST ? `${text.slice(0, text.lastIndexOf(" ", LONGEST))}…` : text });
      flag.setAttribute("aria-label", flag.title);
    });
  }

  // A turn shows nothing beyond its edges, and a phone has no room there.
  #place() {
    this.#width = this.#transcript.root.clientWidth;
    for (const flag of this.#flags) flag.style.removeProperty("--moved");
    const ofWords = [...new Set(this.#quotes.map(({ last }) => last))].map((last) => this.#flags.filter((_, k) => this.#quotes[k].last === last));
    const moves = ofWords.map((flags) => {
      const flag = flags[0].getBoundingClientRect(), column = (flags[0].closest(".turn, .chapter") ?? this.#transcript.root).getBoundingClientRect();
      const leftwards = getComputedStyle(flags[0]).direction === "rtl";
      const start = leftwards ? column.right - flag.right : flag.left - column.left;
      return movesOf(flags.length, start, flag.width, column.width);
    });
    ofWords.forEach((flags, k) => flags.forEach((flag, i) => flag.style.setProperty("--moved", `${moves[k][i]}px`)));
  }

  /** @param {string} [id] of what is pointed at */
  #point(id) { this.#transcript.highlight("kept-now", this.#quotes.filter((quote) => quote.id === id)); }
}

/** @param {Quote} quote */
function flagOf({ id }) {
  const flag = document.createElement("button");
  Object.assign(flag, { type: "button", className: "flag", tabIndex: -1 });
  flag.dataset.id = id;
  return flag;
}
