// @ts-check
// The bar that stands by the selected words: above them, below where there is no room, at the bottom on a phone; never on
// them nor on the names of who says them.

import { all, around } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { t } from "../ui/strings.js";
import { COVERS, freeView } from "./landing.js";
import { toSentence } from "./sync.js";

const OTHER_COVERS = COVERS.filter((cover) => cover !== ".bar");
const GAP = 8; // pixels
const PASSING = ".toast, #follow, #preparing"; // what stands in the view for a while

/**
 * What is said of so many selected words.
 * @param {number} n
 */
export const selected = (n) => t(n === 1 ? "bar.selected.one" : "bar.selected", { n });

export class SelectionBar extends EventTarget {
  #bar;
  #transcript;
  #buttons;
  /** @type {"top" | "bottom"} where it stands across the view */
  #side = "bottom";

  /**
   * @param {HTMLElement} bar
   * @param {import("./transcript.js").Transcript} transcript
   */
  constructor(bar, transcript) {
    super();
    this.#bar = bar;
    this.#transcript = transcript;
    this.#buttons = [...bar.querySelectorAll("button")];
    transcript.addEventListener("select", () => this.#show());
    // A press on the bar leaves the browser's own selection where it is.
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => this.#pressed(around(event, "button", HTMLButtonElement)));
    bar.addEventListener("keydown", (event) => this.#moved(event));
    transcript.root.addEventListener("keydown", (event) => this.#entered(event));
    addEventListener("keydown", (event) => this.#dropped(event));
    addEventListener("scroll", () => this.#place(), { passive: true });
    addEventListener("resize", () => this.#place());
    // What covers the page comes and goes; a sheet slides.
    const covers = new ResizeObserver(() => this.#place());
    for (const cover of all(document, [...OTHER_COVERS, "#transcript"].join())) covers.observe(cover);
    const sheets = new MutationObserver(() => this.#place());
    for (const sheet of all(document, ".sheet")) sheets.observe(sheet, { attributeFilter: ["data-open"] });
    document.addEventListener("transitionend", () => this.#place());
  }

  /**
   * A button that can do nothing now says why not instead of what it does.
   * @param {string} name
   * @param {boolean} allowed
   * @param {string} why
   */
  #allow(name, allowed, why) {
    for (const button of this.#buttons) {
      if (button.dataset.do !== name) continue;
      button.disabled = !allowed;
      button.title = allowed ? button.ariaLabel ?? "" : why;
    }
  }

  /**
   * Whether what needs sound can be done.
   * @param {boolean} allowed
   */
  allowSound(allowed) {
    for (const name of ["play", "clip"]) this.#allow(name, allowed, t("caution.not-said", { detail: "" }));
    this.#settle(this.#stop);
  }

  #show() {
    const { selection, data } = this.#transcript;
    this.#bar.hidden = !selection;
    if (!selection) return void (this.#side = "bottom");
    const { first, last } = toSentence(data.sentences, selection);
    this.#allow("extend", first < selection.first || last > selection.last, t("bar.whole"));
    this.allowSound(true);
    this.#settle(this.#buttons[0]);
    this.#place();
  }

  /** @param {HTMLButtonElement | null} button */
  #pressed(button) {
    if (!button || button.disabled) return;
    this.#settle(button);
    this.dispatchEvent(new CustomEvent("do", { detail: button.dataset.do }));
  }

  /**
   * From the words into the bar by Tab, as if it came right after them.
   * @param {KeyboardEvent} event
   */
  #entered(event) {
    if (event.key !== "Tab" || event.shiftKey || !this.#bar.checkVisibility()) return;
    this.#stop?.focus();
    event.preventDefault();
  }

  /**
   * Escape drops the selection from anywhere on the page, unless a sheet, a dialog or a field has a use for it.
   * @param {KeyboardEvent} event
   */
  #dropped(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.#transcript.selection) return;
    if (around(event, FIELDS) || document.querySelector("dialog[open]")) return;
    this.#transcript.drop();
    event.preventDefault();
  }

  get #stop() { return this.#buttons.find((button) => button.tabIndex === 0); }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    const usable = this.#buttons.filter((button) => !button.disabled);
    const at = usable.findIndex((button) => button === document.activeElement);
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: usable.length - 1 };
    const back = event.key === "Escape" || (event.key === "Tab" && event.shiftKey);
    if (back) this.#transcript.word(this.#transcript.cursor)?.focus({ preventScroll: true });
    else if (event.key in steps) {
      this.#settle(usable[(steps[event.key] + usable.length) % usable.length]);
      this.#stop?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The bar is one tab stop.
   * @param {HTMLButtonElement} [chosen]
   */
  #settle(chosen) {
    const stop = chosen && !chosen.disabled ? chosen : this.#buttons.find((button) => !button.disabled);
    for (const button of this.#buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #place() {
    const { selection, root, cursor } = this.#transcript;
    if (this.#bar.hidden || !selection) return;
    const view = freeView(OTHER_COVERS);
    const column = root.getBoundingClientRect();
    const size = this.#bar.getBoundingClientRect();
    const now = {
      ...coveredBy(this.#transcript, view), size, view, column, growsUp: growsUp(selection, cursor),
      rightToLeft: getComputedStyle(this.#transcript.word(selection.first)).direction === "rtl",
      others: all(document, PASSING).map((each) => each.getBoundingClientRect()),
    };
    const isAcross = size.width >= document.documentElement.clientWidth - 1;
    if (isAcross) this.#side = this.#bar.dataset.side = acrossView(now, this.#side);
    const { top, left } = isAcross ? { top: this.#side === "top" ? view.top : view.bottom - size.height, left: 0 } : besideWords(now);
    this.#bar.style.setProperty("--top", `${Math.round(top)}px`);
    this.#bar.style.setProperty("--left", `${Math.round(left)}px`);
  }
}

/**
 * Whether the reader moves the beginning of what is selected: with a pointer, or else with keys.
 * @param {Selected} selection
 * @param {number} cursor
 */
function growsUp({ first, last }, cursor) {
  const ours = getSelection();
  if (!ours || ours.isCollapsed || !ours.rangeCount) return cursor === first && last - first > 1;
  const { startContainer, startOffset } = ours.getRangeAt(0);
  return ours.focusNode === startContainer && ours.focusOffset === startOffset;
}

/**
 * @typedef {{top: number, bottom: number, left: number, right: number}} Box in the window
 * @typedef {{top: number, bottom: number}} View the part of the window's height that is free
 *
 * @typedef {Object} Situation
 * @property {{width: number, height: number}} size of the bar
 * @property {View} view
 * @property {Box[]} words that are selected and seen, line by line
 * @property {Box[]} names of who says them
 * @property {Box[]} others what is better not covered either
 * @property {{left: number, right: number}} column of text
 * @property {boolean} rightToLeft
 * @property {"above" | "below"} away where the selected words are, if none is seen
 * @property {boolean} growsUp whether the reader moves the beginning of the selection, not its end
 */

/**
 * The top left corner of a bar beside its words: above them, below them, else at an edge of the view; where they fill
 * it, at the edge that is not where the selection grows.
 * @param {Situation} now
 * @returns {{top: number, left: number}}
 */
function besideWords(now) {
  const { size, view, words, names } = now;
  const highest = view.top + GAP, lowest = view.bottom - GAP - size.height;
  const tops = words.length
    ? [...words.slice(0, 1), ...names].map((box) => box.top - GAP - size.height).concat(Math.max(...words.map((box) => box.bottom)) + GAP)
    : [];
  const edges = now.away === "above" ? [highest, lowest] : [lowest, highest];
  const lefts = leftsIn(now);
  const places = [...tops, ...edges].filter((top) => top >= highest && top <= lowest).flatMap((top) => lefts.map((left) => ({ top, left })));
  return firstFree(places, now) ?? { top: now.growsUp ? lowest : highest, left: lefts[0] };
}

/**
 * At which side of the view a bar stands that is as wide as the window: at the bottom, within reach of a thumb, else at
 * the top. It stays where it `was` while that is free.
 * @param {Situation} now
 * @param {"top" | "bottom"} was
 * @returns {"top" | "bottom"}
 */
function acrossView(now, was) {
  const top = { top: now.view.top, left: 0 }, bottom = { top: now.view.bottom - now.size.height, left: 0 };
  const free = firstFree(was === "top" ? [top, bottom] : [bottom, top], now);
  return (free ? free === top : !now.growsUp) ? "top" : "bottom";
}

/**
 * The first place at which the bar covers nothing, or nothing that it must not.
 * @param {{top: number, left: number}[]} places
 * @param {Situation} now
 */
function firstFree(places, { size, words, names, others }) {
  /** @param {Box[]} covered */
  const free = (covered) =>
    places.find(({ top, left }) => !covered.some((box) => box.top < top + size.height && box.bottom > top && box.left < left + size.width && box.right > left));
  return free([...words, ...names, ...others]) ?? free([...words, ...names]);
}

/**
 * From the beginning of the first line on, within the column; else at either end of it.
 * @param {Situation} now
 */
function leftsIn({ size, words, column, rightToLeft }) {
  const least = Math.max(GAP, column.left), most = Math.max(column.right - size.width, least);
  const begin = rightToLeft ? (words[0]?.right ?? column.right) - size.width : words[0]?.left ?? column.left;
  return [Math.min(Math.max(begin, least), most), least, most];
}

/**
 * What of the transcript the bar is not to cover: a line of the selected words each, and the lines that name who says
 * them; both only as far as they are seen.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {View} view
 */
function coveredBy(transcript, view) {
  const { first, last } = transcript.selection ?? { first: 0, last: 0 };
  /** @type {Box[]} */
  const words = [];
  /** @type {Box[]} */
  const names = [];
  /** @type {"above" | "below"} */
  let away = "below";
  // Only blocks that are seen are looked into: those out of view have not been laid out.
  const end = blockOf(transcript, last - 1);
  for (let block = blockOf(transcript, first); block; block = block === end ? null : block.nextElementSibling) {
    const { top, bottom } = block.getBoundingClientRect();
    if (bottom <= view.top) away = "above";
    if (bottom <= view.top || top >= view.bottom) continue;
    for (const name of all(block, ".who")) names.push(name.getBoundingClientRect());
    words.push(...linesOf(block, transcript.word(first), transcript.word(last - 1)));
  }
  const seen = words.filter(({ top, bottom }) => bottom > view.top && top < view.bottom);
  if (!seen.length && words.length) away = words[0].bottom <= view.top ? "above" : "below";
  return { words: seen, names, away };
}

/**
 * The child of the transcript in which a word is.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {number} i
 * @returns {Element | null}
 */
function blockOf(transcript, i) {
  /** @type {Element | null} */
  let block = transcript.word(i);
  while (block && block.parentElement !== transcript.root) block = block.parentElement;
  return block;
}

/**
 * The boxes of the text between two words, those included, as far as it lies in a block.
 * @param {Element} block
 * @param {Element} first
 * @param {Element} last
 */
function linesOf(block, first, last) {
  const range = new Range();
  range.selectNodeContents(block);
  if (block.contains(first)) range.setStartBefore(first);
  if (block.contains(last)) range.setEndAfter(last);
  return [...range.getClientRects()].filter((box) => box.width > 0);
}
