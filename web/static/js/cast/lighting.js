// @ts-check
// What is lit at a time: the word that is said, in the transcript or the caption, and its chapter.

import { lastStarted } from "../page/sync.js";

const LINGERING = 300; // a word stays lit over a pause so short, in milliseconds

export class Lighting {
  #shown;
  #player;
  #view;
  #lit = -1;
  #chapter = -1;

  /**
   * @param {import("./passage.js").Shown} shown
   * @param {import("./controls.js").Player} player
   * @param {{transcript: import("./transcript.js").Transcript, caption: import("./captions.js").Caption, controls: import("./controls.js").Controls}} view
   */
  constructor(shown, player, view) {
    this.#shown = shown;
    this.#player = player;
    this.#view = view;
  }

  /** @param {number} now */
  light(now) {
    const { cast: { said, ends, chapters }, passage, times, words: [first, last] } = this.#shown;
    const word = this.#player.paused() && now === passage.start ? -1 : said[lastStarted(times, now)] ?? -1;
    const lit = word >= 0 && now < Number(ends[word]) + LINGERING ? word : -1;
    const opening = passage.kind === "whole" ? said[0] ?? -1 : first; // which is told until a word of the passage is said
    const isTold = first < last && this.#view.caption.tell(first <= word && word < last ? word : opening);
    if (lit !== this.#lit || isTold) this.#mark(lit);
    const chapter = chapters.findLastIndex(({ start }) => start <= now);
    if (chapter === this.#chapter) return;
    this.#chapter = chapter;
    this.#view.controls.markChapter(chapter);
  }

  /** @param {number} word */
  #mark(word) {
    this.#lit = word;
    const { root } = this.#player, { transcript } = this.#view;
    for (const each of root.querySelectorAll(".lit")) { each.classList.remove("lit"); each.part.remove("lit"); }
    const row = transcript.rows[lastStarted(this.#shown.firsts, word)];
    transcript.spread(row ?? null);
    for (const each of root.querySelectorAll(`.word[data-word="${word}"]`)) {
      each.classList.add("lit");
      each.part.add("lit");
      if (row?.contains(each)) transcript.keepInView(each);
    }
  }
}
