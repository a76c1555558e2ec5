// @ts-check
// The transcript on the page: which word is lit, which are selected, and the cursor that moves over words.
//
// Words are the elements .w in order, data-i their numbers. Selections are half-open, {first, last}.
// Events: "select" when the selection changed, "from" (detail: word number) when a reader wants to hear from a word,
// "clicked" (detail: word number) when they click one, "elsewhere" when they look at another place than where the sound
// is, "patched" (detail: {at, drop, put}) when from a number on so many words have given way to so many others.

import { all } from "../ui/elements.js";
import { freeView, Landing } from "./landing.js";
import { lastStarted, spokenNear, timeline, wordAt } from "./sync.js";

/** @typedef {[after: number, button: HTMLElement]} Gap the number of the word after it, and itself */

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Transcript extends EventTarget {
  #words;
  #line;
  #lit = -1;
  #cursor = -1;
  #anchor = -1;
  #gaps; // what stands between words and is stepped onto like one: [number of the word after it, its button]

  /**
   * @param {HTMLElement} root
   * @param {EpisodeData} data
   */
  constructor(root, data) {
    super();
    this.root = root;
    this.data = data;
    /** @type {Selected | null} */
    this.selection = null;
    this.landing = new Landing(root);
    this.#words = all(root, ".w");
    this.#gaps = gapsOf(root);
    this.#line = timeline(data.starts, data.ends);
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => this.#pressed(event));
    root.addEventListener("focusin", (event) => this.#focused(event));
    this.#put(spokenNear(data.starts, 0));
  }

  // After something has been put between words, or taken away.
  findGaps() { this.#gaps = gapsOf(this.root); }

  /**
   * After words of the data and of the page have given way to others: the cursor and the selection stay on their words,
   * or as near as they can. Tells "patched".
   * @param {NewWords} change
   */
  patched(change) {
    const moved = (/** @type {number} */ i) => renumbered(i, change);
    const { selection } = this, focused = this.#words[this.#cursor] === document.activeElement;
    this.select();
    this.#words[this.#lit]?.classList.remove("lit");
    this.#words[this.#cursor]?.removeAttribute("tabindex");
    this.#words = all(this.root, ".w");
    this.#line = timeline(this.data.starts, this.data.ends);
    this.#anchor = this.#lit = -1;
    this.findGaps();
    const cursor = Math.min(moved(this.#cursor), this.#words.length - 1);
    this.#cursor = -1;
    this.#put(cursor);
    if (selection) this.select(moved(selection.first), Math.min(moved(selection.last - 1) + 1, this.#words.length));
    if (focused) this.#words[cursor]?.focus({ preventScroll: true });
    this.dispatchEvent(new CustomEvent("patched", { detail: change }));
  }

  get length() { return this.#words.length; }
  get lit() { return this.#lit; }
  get cursor() { return this.#cursor; }

  /** @param {number} i */
  word(i) { return this.#words[i]; }

  /**
   * The number of the word that a node lies in; -1 where it lies in none.
   * @param {EventTarget | null} node
   */
  indexOf(node) {
    const element = node instanceof Element ? node : node instanceof Node ? node.parentElement : null;
    const word = element?.closest(".w");
    return word instanceof HTMLElement && this.root.contains(word) ? Number(word.dataset.i) : -1;
  }

  /**
   * Lights the word that is said at `seconds`; returns its number where that has changed, else -1.
   * @param {number} seconds
   */
  follow(seconds) {
    const now = wordAt(this.#line, seconds * 1000);
    if (now === this.#lit) return -1;
    this.#words[this.#lit]?.classList.remove("lit");
    this.#words[now]?.classList.add("lit");
    this.#lit = now;
    return now;
  }

  /**
   * The number of the word that was said last at `seconds`, or will be first; -1 where none has a time.
   * @param {number} seconds
   */
  wordNear(seconds) {
    const { words, starts } = this.#line;
    return words[Math.max(0, lastStarted(starts, seconds * 1000))] ?? -1;
  }

  /**
   * The first word that is seen below a height of the window, found by halving: what is edited is not seen.
   * @param {number} height
   */
  wordBelow(height) {
    const isShown = (/** @type {number} */ i) => this.#words[i].getClientRects().length > 0;
    let low = 0, high = this.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      let seen = middle;
      while (seen < high && !isShown(seen)) seen++;
      if (this.#words[seen].getBoundingClientRect().bottom < height) low = Math.min(seen + 1, high);
      else high = middle;
    }
    while (low < this.length - 1 && !isShown(low)) low++;
    return low;
  }

  /**
   * When the word, or the next that is said, begins; null where none is.
   * @param {number} i
   */
  startOf(i) {
    const near = spokenNear(this.data.starts, i);
    return near < 0 ? null : Number(this.data.starts[near]) / 1000;
  }

  /**
   * Selects the words from `first` to before `last`; nothing without them.
   * @param {number} [first]
   * @param {number} [last]
   */
  select(first, last) {
    const next = first === undefined || last === undefined || first >= last ? null : { first, last };
    const before = this.selection;
    if (before?.first === next?.first && before?.last === next?.last) return;
    if (before) for (let i = before.first; i < before.last; i++) this.#words[i].classList.remove("sel", "last");
    if (next) for (let i = next.first; i < next.last; i++) this.#words[i].classList.add("sel");
    if (next) this.#words[next.last - 1].classList.add("last");
    if (!next) this.#anchor = -1;
    if (CSS.highlights) this.highlight("quote", next ? [next] : []);
    this.selection = next;
    this.dispatchEvent(new Event("select"));
  }

  drop() {
    getSelection()?.removeAllRanges();
    this.select();
  }

  /**
   * Marks the text of some words, punctuation between them included, with the style of that name: `::highlight(name)`,
   * or where the browser has none, the class.
   * @param {string} name
   * @param {Selected[]} places
   */
  highlight(name, places) {
    if (CSS.highlights) return void CSS.highlights.set(name, new Highlight(...places.flatMap((place) => this.#rangesOf(place))));
    for (const word of all(this.root, `.${name}`)) word.classList.remove(name);
    for (const { first, last } of places) for (const word of this.#words.slice(first, last)) word.classList.add(name);
  }

  /**
   * A range for each paragraph of it.
   * @param {Selected} place
   */
  #rangesOf({ first, last }) {
    const ranges = [];
    let range = new Range();
    let block = null;
    for (const word of this.#words.slice(first, last)) {
      const own = word.closest("p, h2");
      if (own !== block) {
        range = new Range();
        range.setStartBefore(word);
        ranges.push(range);
      }
      range.setEndAfter(word);
      block = own;
    }
    return ranges;
  }

  /**
   * Brings a word into view.
   * @param {number} i
   */
  reveal(i) {
    this.landing.to(this.#words[i]);
    this.leave();
  }

  /**
   * Puts the cursor on a word, and the focus, where it stands.
   * @param {number} i
   */
  enter(i) {
    this.#put(i);
    this.#words[i]?.focus({ preventScroll: true });
  }

  /**
   * Puts the cursor on a word, so that the next Tab into the transcript leads there.
   * @param {number} i
   */
  point(i) { this.#put(i); }

  // Who looks at another place than where the sound is.
  leave() { this.dispatchEvent(new Event("elsewhere")); }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const i = this.indexOf(event.target);
    if (i < 0 || event.detail > 1 || !getSelection()?.isCollapsed || event.shiftKey) return;
    this.enter(i); // it is in view, and may be clicked again
    this.#anchor = -1;
    this.dispatchEvent(new CustomEvent("clicked", { detail: i }));
  }

  /** @param {number} i */
  #tellFrom(i) { this.dispatchEvent(new CustomEvent("from", { detail: i })); }

  /**
   * The cursor is the transcript's one tab stop.
   * @param {number} i
   */
  #put(i, focus = false) {
    if (i < 0 || i >= this.#words.length) return;
    this.#words[this.#cursor]?.removeAttribute("tabindex");
    this.#cursor = i;
    this.#words[i].tabIndex = 0;
    if (focus) this.#words[i].focus();
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const i = this.indexOf(event.target);
    if (i < 0) return;
    if (i !== this.#cursor) this.#put(i);
    // By keys from elsewhere on the page, to where blocks have not had their height yet.
    const { top, bottom } = freeView(), box = this.#words[i].getBoundingClientRect();
    if (this.#words[i].matches(":focus-visible") && (box.top < top || box.bottom > bottom)) this.landing.to(this.#words[i]);
    else if (!this.landing.holds(this.#words[i])) this.landing.release();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const gap = this.#gaps.find(([, button]) => button === event.target);
    if (gap) return this.#leave(gap[0], event);
    if (this.indexOf(event.target) < 0) return;
    if (event.key === "Enter") {
      event.preventDefault();
      return this.#tellFrom(this.#cursor);
    }
    const to = this.#moved(event.key);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.dispatchEvent(new Event("elsewhere"));
    const between = event.shiftKey ? null : gapOnTheWay(this.#gaps, this.#cursor, STEPS[event.key], to);
    if (between) return between.focus();
    if (event.shiftKey && this.#anchor < 0) this.#anchor = this.#cursor;
    this.#put(to, true);
    if (event.shiftKey) this.select(Math.min(this.#anchor, to), Math.max(this.#anchor, to) + 1);
    else this.#anchor = -1;
  }

  /**
   * From a gap, before word number `after`, back into the words, or on to the next gap at the same place.
   * @param {number} after
   * @param {KeyboardEvent} event
   */
  #leave(after, event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = this.#gaps[this.#gaps.findIndex(([, button]) => button === event.target) + step];
    if (next?.[0] === after) next[1].focus();
    else this.#put(step > 0 ? after : after - 1, true);
  }

  /**
   * The word that a key leads to; null for other keys.
   * @param {string} key
   */
  #moved(key) {
    const turn = this.data.turns.find(([first, last]) => this.#cursor >= first && this.#cursor < last);
    switch (key) {
      case "ArrowLeft": return Math.max(0, this.#cursor - 1);
      case "ArrowRight": return Math.min(this.#words.length - 1, this.#cursor + 1);
      case "ArrowUp": return overLine(this.#words, this.#cursor, -1);
      case "ArrowDown": return overLine(this.#words, this.#cursor, 1);
      case "Home": return turn ? turn[0] : 0;
      case "End": return turn ? turn[1] - 1 : this.#words.length - 1;
      default: return null;
    }
  }
}

/**
 * The number that a word has once words gave way to others; the nearest that is left where it is gone itself.
 * @param {number} word
 * @param {NewWords} change
 */
export function renumbered(word, { at, drop, put }) {
  return word < at ? word : word >= at + drop ? word + put - drop : Math.min(word, at + Math.max(put, 1) - 1);
}

/**
 * All that stands between words and is stepped onto like one, in order: passages that the transcript lacks, and flags of
 * kept quotes.
 * @param {HTMLElement} root
 */
function gapsOf(root) {
  /** @type {Gap[]} */
  const gaps = [];
  let words = 0;
  for (const stop of all(root, ".w, .missing, .flag")) {
    if (stop.classList.contains("w")) words++;
    else gaps.push([words, stop]);
  }
  return gaps;
}

/**
 * The first gap between word number `from` and the word that an arrow leads to, or beyond the first or last word.
 * @param {Gap[]} gaps
 * @param {number} from
 * @param {number} step
 * @param {number} to
 */
function gapOnTheWay(gaps, from, step, to) {
  if (step > 0) return gaps.find(([after]) => after > from && (after <= to || to === from))?.[1];
  if (step < 0) return gaps.findLast(([after]) => after <= from && (after > to || to === from))?.[1];
  return null;
}

/**
 * The word above or below another, by where both are on the page.
 * @param {HTMLElement[]} words
 * @param {number} index
 * @param {number} step
 */
function overLine(words, index, step) {
  const from = words[index].getBoundingClientRect();
  const middle = (from.left + from.right) / 2;
  let best = index, distance = Infinity, line = NaN; // none yet
  for (let i = index + step; i >= 0 && i < words.length; i += step) {
    const box = words[i].getBoundingClientRect();
    if (Number.isNaN(line) && Math.abs(box.top - from.top) < from.height / 2) continue;
    if (Number.isNaN(line)) line = box.top;
    if (Math.abs(box.top - line) > box.height / 2) break;
    const off = Math.abs((box.left + box.right) / 2 - middle);
    if (off < distance) [best, distance] = [i, off];
  }
  return best;
}
