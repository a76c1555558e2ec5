// @ts-check
// Where in the page the fields of an editor stand: in the place of their paragraphs, wherever these go when others
// change the page, and at the same height of the window.

import { all, one } from "../ui/elements.js";
import { placeOf, wordsBefore } from "./paragraphs.js";

/** @typedef {import("./editor.js").Editor} Editor */

const EDITED = "edited"; // what the fields stand for, which is not shown

export class EditedPlace {
  #transcript;
  #root;

  /** @param {import("./transcript.js").Transcript} transcript */
  constructor(transcript) {
    this.#transcript = transcript;
    this.#root = transcript.root;
  }

  get paragraphs() { return all(this.#root, "[data-segment]"); }

  // The number among the paragraphs of the first that is edited.
  get number() { return this.paragraphs.findIndex((each) => each.classList.contains(EDITED)); }

  /**
   * Puts the fields in the place of the paragraphs that they are of.
   * @param {Editor} editor
   */
  mount({ form, standing }) {
    this.clear();
    const { paragraphs } = this;
    const edited = paragraphs.filter(({ dataset }) => standing.some(({ first }) => first === Number(dataset.segment)));
    for (const paragraph of edited) paragraph.classList.add(EDITED);
    const first = edited[0] ?? paragraphs[0];
    if (first.previousElementSibling === form) return; // what is moved loses the focus
    // Its names and buttons are written the page's way, and tell nothing of the way of the turn that they stand in.
    form.dir = "ltr";
    one(form, ".blocks").dir = getComputedStyle(first).direction;
    first.before(form);
  }

  // All paragraphs are shown again.
  clear() { for (const paragraph of all(this.#root, `.${EDITED}`)) paragraph.classList.remove(EDITED); }

  /**
   * The paragraphs of the page that have these texts now, or most of their words.
   * @param {string[]} texts
   * @param {number} near where they stood among the paragraphs
   */
  found(texts, near) {
    const { paragraphs } = this, at = placeOf(paragraphs.map(textOf), texts.map(plain), near);
    return at < 0 ? [] : paragraphs.slice(at, at + texts.length);
  }

  /**
   * Leads to a word of a paragraph, which is to stand at a height of the window.
   * @param {HTMLElement | undefined} paragraph
   * @param {number} word
   * @param {number} top
   */
  land(paragraph, word, top) {
    if (!paragraph) return;
    const words = all(paragraph, ".w");
    this.#transcript.enter(this.#transcript.indexOf(words[Math.min(Math.max(0, word), words.length - 1)]));
    stay(paragraph, top);
  }
}

/**
 * Scrolls so that an element is where it should be in the window.
 * @param {Element | undefined} place
 * @param {number} top
 */
export function stay(place, top) {
  if (place) scrollBy({ top: place.getBoundingClientRect().top - top, behavior: "instant" });
}

/**
 * In which of the paragraphs that are edited the caret stands, and in or after which of its words.
 * @param {import("./blocks.js").Blocks} fields
 */
export function placeOfCaret({ blocks, current, caret }) {
  const before = blocks.slice(0, current).flatMap(({ text }) => text.split("\n")).filter((line) => line.trim()).length;
  const lines = blocks[current].text.slice(0, caret).split("\n");
  const line = lines.pop() ?? "";
  return { paragraph: before + lines.filter((each) => each.trim()).length, word: wordsBefore(line, line.length) - 1 };
}

/**
 * The text of a paragraph of the page, without what is not of it.
 * @param {HTMLElement} paragraph
 */
function textOf(paragraph) {
  const copy = /** @type {HTMLElement} */ (paragraph.cloneNode(true));
  for (const other of all(copy, "button")) other.remove();
  return plain(copy.textContent ?? "");
}

/**
 * With the spaces that people type, in place of those at which no line may end.
 * @param {string} text
 */
function plain(text) { return text.replace(/\s+/gu, " ").trim(); }
