// @ts-check
// What is said, a few words at a time, where the transcript is closed.

import { colourOf, h, languageTag } from "./elements.js";
import { lastStarted } from "../page/sync.js";

/**
 * @typedef {import("./data.js").Cast} Cast
 * @typedef {import("./passage.js").Shown} Shown
 */

const CAPTION = 90; // characters, about two lines on a phone

/**
 * Paragraphs cut to what is read at one glance: the first word of each piece, by sentences where they are short.
 * @param {Cast} cast
 * @returns {number[]}
 */
export function captionsOf({ paragraphs }) {
  /** @type {number[]} */
  const captions = [];
  for (const { words, first } of paragraphs) {
    let from = 0, comma = 0; // the first word of a caption, and of what might be the next one
    const offsets = [0];
    for (const word of words) offsets.push(offsets[offsets.length - 1] + word.length);
    const length = (/** @type {number} */ to) => offsets[to] - offsets[from];
    words.forEach((_, k) => {
      if (k && length(k) > CAPTION / 3 && /[,;:.!?…،؛؟][\s»”")]*$/.test(words[k - 1])) comma = k;
      const isSentence = comma === k && k > from && length(k) > CAPTION / 2 && /[.!?…؟][\s»”")]*$/.test(words[k - 1]);
      if (k && !isSentence && length(k + 1) <= CAPTION) return;
      if (k) from = isSentence || comma <= from ? k : comma;
      captions.push(first + from);
    });
  }
  return captions;
}

export class Caption {
  #k = -1; // which it is that is told
  #shown;
  #captions;

  /** @param {Shown} shown */
  constructor(shown) {
    const { cast } = (this.#shown = shown);
    this.#captions = captionsOf(cast);
    this.box = h("p", { class: "caption", lang: languageTag(cast.language), dir: cast.direction });
  }

  /** @param {boolean} visible */
  show(visible) {
    this.box.hidden = !visible;
    this.#k = -1;
  }

  /**
   * Shows the words around one that is said; whether they are others than before.
   * @param {number} word
   */
  tell(word) {
    if (this.box.hidden || word < 0) return false;
    const k = lastStarted(this.#captions, word);
    if (k === this.#k) return false;
    this.#k = k;
    const { cast, firsts } = this.#shown;
    const { speaker, words, first } = cast.paragraphs[lastStarted(firsts, this.#captions[k])];
    const last = Math.min(first + words.length, this.#captions[k + 1] ?? Infinity);
    const spans = words.slice(this.#captions[k] - first, last - first).flatMap((piece, n) => [h("span", { class: "word", "data-word": this.#captions[k] + n }, piece.trimEnd()), piece.slice(piece.trimEnd().length)]);
    this.box.replaceChildren(...(speaker === null ? [] : [h("bdi", { class: `name ${colourOf(speaker)}` }, cast.speakers[speaker])]), ...spans);
    return true;
  }
}
