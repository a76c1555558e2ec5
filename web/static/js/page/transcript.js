// @ts-check
// The words of the transcript: which one is highlighted, which are selected, and the cursor that keys move.
//
// Words are the elements .w in order, data-i their numbers. Selections are half-open, {first, last}.
// Events: "select" when the selection changed, "from" (detail: word number) to play from a word, "clicked" (detail: word
// number), "edit" (detail: {place, instead}) to edit the paragraph of a word, or to insert missing speech at an element, perhaps
// instead of words; "patched" (detail: {at, removed, inserted}) when `inserted` words replaced `removed` ones from number
// `at` on.

import { all, around, byId } from "../ui/elements.js";
import { Following, freeView } from "./following.js";
import { lastStarted, spokenNear, timeline, wordAt } from "./sync.js";

const BETWEEN = ".missing, .flag"; // elements between words, which arrow keys also reach

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Transcript extends EventTarget {
  #words;
  #line;
  #lit = -1;
  #cursor = -1;
  /** @type {HTMLElement | null} the word with the cursor, the transcript's only tab stop */
  #tabStop = null;
  #anchor = -1; // the word from which Shift and arrows select, or -1

  /** @param {EpisodeData} data @param {import("./player.js").Player} player */
  constructor(data, player) {
    super();
    const root = (this.root = byId("transcript"));
    this.data = data;
    /** @type {Selected | null} */
    this.selection = null;
    const spoken = () => this.#words[this.#lit] ?? this.#words[this.wordNear(player.time)];
    this.following = new Following(root, player, spoken);
    this.#words = all(root, ".w");
    this.#line = timeline(data.starts, data.ends);
    root.addEventListener("click", (event) => this.#clicked(event));
    root.addEventListener("keydown", (event) => this.#pressed(event));
    root.addEventListener("focusin", (event) => this.#focused(event));
    this.#moveCursor(spokenNear(data.starts, 0));
  }

  /**
   * Read the words again after some were replaced; the cursor and the selection stay on their words. Fires "patched".
   * @param {NewWords} change
   */
  patched(change) {
    const { selection } = this, now = (/** @type {number} */ i) => renumbered(i, change);
    this.select();
    this.#words[this.#lit]?.classList.remove("lit");
    this.#words = all(this.root, ".w");
    this.#line = timeline(this.data.starts, this.data.ends);
    this.#lit = -1;
    this.#moveCursor(Math.min(now(this.#cursor), this.length - 1));
    if (selection) this.select(now(selection.first), Math.min(now(selection.last - 1) + 1, this.length));
    this.dispatchEvent(new CustomEvent("patched", { detail: change }));
  }

  get length() { return this.#words.length; }
  get lit() { return this.#lit; }
  get cursor() { return this.#cursor; }

  /** @param {number} i */
  word(i) { return this.#words[i]; }

  /** Return the number of the word that contains a node; -1 for none. @param {EventTarget | null} node */
  indexOf(node) {
    const word = around(node instanceof Text ? node.parentElement : node, ".w");
    return word && this.root.contains(word) ? Number(word.dataset.i) : -1;
  }

  /**
   * Highlight the word spoken at `seconds`; returns its number if it changed, else -1.
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
   * Return the number of the last word spoken before `seconds`, else of the first one after; -1 if none has a time.
   * @param {number} seconds
   */
  wordNear(seconds) {
    const { words, starts } = this.#line;
    return words[Math.max(0, lastStarted(starts, seconds * 1000))] ?? -1;
  }

  /** Return the start of a word, or of the next spoken one; null if there is none. @param {number} i */
  startOf(i) {
    const near = spokenNear(this.data.starts, i);
    return near < 0 ? null : Number(this.data.starts[near]) / 1000;
  }

  /**
   * Select the words from `first` to before `last`, or none.
   * @param {number} [first]
   * @param {number} [last]
   */
  select(first, last) {
    const next = first === undefined || last === undefined || first >= last ? null : { first, last };
    const before = this.selection;
    if (before?.first === next?.first && before?.last === next?.last) return;
    if (before) for (const word of this.#words.slice(before.first, before.last)) word.classList.remove("sel");
    if (next) for (const word of this.#words.slice(next.first, next.last)) word.classList.add("sel");
    if (!next) this.#anchor = -1;
    this.highlight("quote", next ? [next] : []);
    this.selection = next;
    this.dispatchEvent(new Event("select"));
  }

  clearSelection() {
    getSelection()?.removeAllRanges();
    this.select();
  }

  /**
   * Style runs of words and the punctuation between them by `::highlight(name)`.
   * @param {string} name
   * @param {Selected[]} runs
   */
  highlight(name, runs) {
    CSS.highlights?.set(name, new Highlight(...runs.flatMap((run) => this.#rangesOf(run))));
  }

  /** Return a range for each paragraph of a run of words. @param {Selected} run */
  #rangesOf({ first, last }) {
    /** @type {Map<Element | null, Range>} */
    const ranges = new Map();
    for (const word of this.#words.slice(first, last)) {
      const block = word.closest("p, h2"), range = ranges.get(block) ?? new Range();
      if (!ranges.has(block)) range.setStartBefore(word);
      range.setEndAfter(word);
      ranges.set(block, range);
    }
    return [...ranges.values()];
  }

  /** Scroll a word into view and put the cursor there. @param {number} i */
  reveal(i) {
    this.#moveCursor(i);
    this.following.to(this.#words[i]);
  }

  /** Put the cursor and the focus on a word. @param {number} i */
  enter(i) {
    this.#moveCursor(i);
    this.#words[i]?.focus({ preventScroll: true });
  }

  /**
   * Ask for the editor of a word's paragraph, or for the dialog of missing speech.
   * @param {HTMLElement} place
   * @param {import("./untranscribed.js").Instead | null} [instead]
   */
  edit(place, instead = null) { this.dispatchEvent(new CustomEvent("edit", { detail: { place, instead } })); }

  // Stops following the audio.
  leave() { this.following.leave(); }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const i = this.indexOf(event.target);
    if (i < 0 || event.detail > 1 || !getSelection()?.isCollapsed || event.shiftKey) return;
    this.enter(i); // without scrolling, since it may be clicked again
    this.#anchor = -1;
    this.dispatchEvent(new CustomEvent("clicked", { detail: i }));
  }

  /** @param {number} i */
  #moveCursor(i) {
    const word = this.#words[i];
    if (!word) return;
    this.#cursor = i;
    if (word === this.#tabStop) return; // changing tabindex would lose the focus
    this.#tabStop?.removeAttribute("tabindex");
    this.#tabStop = word;
    word.tabIndex = 0;
  }

  /** @param {FocusEvent} event */
  #focused(event) {
    const i = this.indexOf(event.target);
    if (i < 0) return;
    this.#moveCursor(i);
    // Tab may lead to blocks that have no exact height yet.
    const word = this.#words[i], { top, bottom } = freeView(), box = word.getBoundingClientRect();
    if (word.matches(":focus-visible") && (box.top < top || box.bottom > bottom)) this.following.to(word);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = around(event, BETWEEN) ?? (this.indexOf(event.target) < 0 ? null : this.#words[this.#cursor]);
    const isWord = here?.matches(".w");
    if (isWord && event.key === "Enter") {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("from", { detail: this.#cursor }));
    }
    if (here && event.key.toLowerCase() === "e" && byId("keys-on", HTMLInputElement).checked) {
      event.preventDefault();
      this.edit(here);
    }
    const to = here && this.#targetOf(here, event);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
    if (event.shiftKey && this.#anchor < 0) this.#anchor = this.#cursor;
    if (!event.shiftKey) this.#anchor = -1;
    if (to.matches(".w")) this.#moveCursor(Number(to.dataset.i));
    to.focus();
    if (event.shiftKey) this.select(Math.min(this.#anchor, this.#cursor), Math.max(this.#anchor, this.#cursor) + 1);
  }

  /**
   * Return the word, or the element between words, that a key leads to; null for other keys.
   * @param {HTMLElement} here
   * @param {KeyboardEvent} event
   */
  #targetOf(here, { key, shiftKey }) {
    const words = this.#words, step = STEPS[key], isAside = key === "ArrowLeft" || key === "ArrowRight";
    if (here.matches(BETWEEN) || (isAside && !shiftKey)) {
      const stops = all(this.root, `.w, ${BETWEEN}`);
      return step ? stops[stops.indexOf(here) + step] ?? here : null;
    }
    if (step) return isAside ? words[this.#cursor + step] ?? here : words[overLine(words, this.#cursor, step)];
    const [first, last] = this.data.turns.find(([, stop]) => this.#cursor < stop) ?? [0, this.length];
    return key === "Home" ? words[first] : key === "End" ? words[last - 1] : null;
  }
}

/**
 * Return the number of a word after words were replaced; if it is gone, of the nearest one left.
 * @param {number} word
 * @param {NewWords} change
 */
export function renumbered(word, { at, removed, inserted }) {
  return word < at ? word : word >= at + removed ? word + inserted - removed : Math.min(word, at + Math.max(inserted, 1) - 1);
}

/**
 * Return the word above or below another on the page.
 * @param {HTMLElement[]} words
 * @param {number} index
 * @param {number} step
 */
function overLine(words, index, step) {
  const from = words[index].getBoundingClientRect(), middle = (from.left + from.right) / 2;
  let best = index, distance = Infinity, line = NaN; // the top of the next line
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
