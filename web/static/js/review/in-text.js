// @ts-check
// What a review shows in the transcript: the words in question, what a correction has repaired, where speech is lacking.

import { all } from "../ui/elements.js";

const NEAR = 0.5; // seconds between two of the same passage
const REPAIRED_MS = 3000;

export class InText {
  #transcript;
  #timer = 0;

  /** @param {import("../page/transcript.js").Transcript} transcript */
  constructor(transcript) { this.#transcript = transcript; }

  /**
   * Marks words, or nothing.
   * @param {Words | null} words
   */
  mark(words) { this.#transcript.highlight("asked", words ? [{ first: words[0], last: words[1] }] : []); }

  /** @param {ReviewItem} item */
  goTo({ words, start }) {
    const transcript = this.#transcript;
    transcript.leave();
    transcript.landing.to(words ? transcript.word(words[0]) : this.#lacking(start) ?? transcript.word(transcript.wordNear(start)));
  }

  /**
   * Shows for a moment which words have other times.
   * @param {(number | null)[]} before
   * @param {(number | null)[]} after as many
   */
  repaired(before, after) {
    const others = after.flatMap((start, i) => (start === before[i] ? [] : [{ first: i, last: i + 1 }]));
    this.#transcript.highlight("repaired", others);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#transcript.highlight("repaired", []), REPAIRED_MS);
  }

  /**
   * Asks what is to be put into the text, in the place of words where there are some.
   * @param {ReviewItem} item
   */
  putIn({ start, words, printed }) {
    const detail = words && { words, printed };
    this.#lacking(start)?.dispatchEvent(new CustomEvent("asked", { detail, bubbles: true }));
  }

  /**
   * Opens the paragraph of a passage, to be edited.
   * @param {ReviewItem} item
   */
  edit({ words }) { if (words) this.#transcript.word(words[0]).dispatchEvent(new Event("editing", { bubbles: true })); }

  /**
   * The passage of speech that the text lacks from then on.
   * @param {number} start
   */
  #lacking(start) {
    return all(this.#transcript.root, ".missing").find(({ dataset }) => Math.abs(Number(dataset.from) - start) < NEAR);
  }
}
