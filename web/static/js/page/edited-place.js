// @ts-check
// Where in the page the fields of an editor stand: in the place of their paragraphs, wherever these go when others
// change the page, and at the same height of the window.

import { GoneError, get } from "../ui/api.js";
import { all, one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { aroundOf, placeOf } from "./found-again.js";
import { wordsBefore } from "./paragraphs.js";

/**
 * @typedef {import("./editor.js").Part} Part
 * @typedef {import("./editor.js").Stand} Stand
 * @typedef {import("./found-again.js").Around} Around
 * @typedef {{first: number, stop: number}} Place among the page's paragraphs
 */

const EDITED = "edited"; // what the fields stand for, which is not shown

export class EditedPlace {
  #transcript;
  #root;
  #changes;
  #url;
  #form = /** @type {HTMLElement | null} */ (null);

  /**
   * @param {import("./transcript.js").Transcript} transcript
   * @param {import("./changes.js").Changes} changes
   * @param {string} url of its paragraphs
   */
  constructor(transcript, changes, url) {
    this.#transcript = transcript;
    this.#root = transcript.root;
    this.#changes = changes;
    this.#url = url;
  }

  get paragraphs() { return all(this.#root, "[data-segment]"); }

  // The number among the paragraphs of the first that is edited, or of that before which the fields stand.
  get number() {
    const { paragraphs } = this, form = this.#form;
    const after = paragraphs.findIndex((each) => form && form.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING);
    return after < 0 ? paragraphs.length : after;
  }

  /**
   * Where the paragraphs that were meant are now.
   * @param {Around} around
   * @returns {Place}
   */
  found(around) { return placeOf(this.paragraphs.map(standing), around); }

  /**
   * What stands at a place of the page, as the server has it; where that knows more than the page, this is told first.
   * @param {() => Place} placeNow
   * @returns {Promise<Stand>}
   */
  async stand(placeNow) {
    try {
      return await this.#stand(placeNow());
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
      await this.#changes.ask();
      return this.#stand(placeNow());
    }
  }

  /** @param {Place} place */
  async #stand({ first, stop }) {
    const { paragraphs } = this, around = aroundOf(paragraphs.map(standing), first, stop), [next, last] = [paragraphs[stop], paragraphs[stop - 1]];
    const parts = await Promise.all(paragraphs.slice(first, stop).map((each) => this.#part(each)));
    if (parts.length) return { parts, around, before: parts[0].first };
    return { parts, around, before: next ? Number(next.dataset.segment) : last ? (await this.#part(last)).stop : 0 };
  }

  /**
   * A paragraph as the server has it.
   * @param {HTMLElement} paragraph
   * @returns {Promise<Part>}
   */
  async #part(paragraph) {
    const { text } = standing(paragraph);
    const part = await get(`${this.#url}/${paragraph.dataset.segment}`);
    if (lettersOf(part.text) !== lettersOf(text)) throw new GoneError(t("editing.gone")); // the page is told of it in a moment
    return part;
  }

  /**
   * Puts the fields of an editor in the place of the paragraphs that they are of.
   * @param {HTMLElement} form
   * @param {Place} place
   */
  mount(form, { first, stop }) {
    this.clear();
    this.#form = form;
    const { paragraphs } = this, edited = paragraphs.slice(first, stop);
    for (const paragraph of edited) paragraph.classList.add(EDITED);
    const next = paragraphs[first], last = next ?? paragraphs.at(-1);
    // Its names and buttons are written the page's way, and tell nothing of the way of the turn that they stand in.
    form.dir = "ltr";
    one(form, ".blocks").dir = last ? getComputedStyle(last).direction : "auto";
    const isOver = !edited.length && next?.parentElement?.querySelector("[data-segment]") === next; // not below the name of who goes on
    const place = isOver ? next.closest(".turn") ?? next : next;
    if (place ? place.previousElementSibling === form : this.#root.lastElementChild === form) return; // what is moved loses the focus
    if (place) place.before(form);
    else this.#root.append(form);
  }

  // All paragraphs are shown again.
  clear() { for (const paragraph of all(this.#root, `.${EDITED}`)) paragraph.classList.remove(EDITED); }

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
 * A paragraph of the page, without what is not of it.
 * @param {HTMLElement} paragraph
 */
function standing(paragraph) {
  const copy = /** @type {HTMLElement} */ (paragraph.cloneNode(true));
  for (const other of all(copy, "button")) other.remove();
  const turn = paragraph.closest(".turn");
  const who = `${turn ? turn.classList[1] : "heading"} ${turn?.querySelector(".speaker")?.textContent ?? ""}`;
  return { who, text: plain(copy.textContent ?? "") };
}

/**
 * With the spaces that people type, in place of those at which no line may end.
 * @param {string} text
 */
function plain(text) { return text.replace(/\s+/gu, " ").trim(); }

/** @param {string} text */
function lettersOf(text) { return text.replace(/[^\p{L}\p{N}]/gu, ""); }
