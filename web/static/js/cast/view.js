// @ts-check
// What is within the frame: an episode's head, its controls, caption and transcript, and how far it can be trusted.

import { Caption } from "./captions.js";
import { Controls } from "./controls.js";
import { h, languageTag } from "./elements.js";
import { lastStarted } from "../page/sync.js";
import { Transcript } from "./transcript.js";

const LINGERING = 300; // a word stays lit over a pause so short, in milliseconds

/**
 * @typedef {import("./passage.js").Shown} Shown
 * @typedef {{wording: import("./wording.js").Wording, home: string | null, level: number}} Page
 *   what it takes of the page around it: the language, the episode's own page, the level of its title
 */

export class View {
  #shown;
  #player;
  #page;
  #lit = -1; // the word that is said
  #chapter = -1;

  /**
   * @param {Shown} shown
   * @param {import("./controls.js").Player} player
   * @param {Page} page
   */
  constructor(shown, player, page) {
    this.#shown = shown;
    this.#player = player;
    this.#page = page;
    this.controls = new Controls(shown, player, page.wording);
    this.caption = new Caption(shown);
    this.transcript = new Transcript(shown, player, page);
  }

  /**
   * Puts all of it into the frame, in its order.
   * @param {HTMLElement} frame
   * @param {HTMLElement} status
   */
  fill(frame, status) {
    const { controls, caption, transcript } = this, { cast, passage: { kind } } = this.#shown, { wording } = this.#page;
    frame.className = `frame ${kind}`;
    frame.dir = cast.direction;
    frame.lang = wording.language;
    frame.setAttribute("aria-label", wording.t("player", { title: cast.title }));
    status.replaceChildren();
    const heads = this.#heads(), below = [...controls.rows(this.#page.home), status];
    const children = kind === "quote" ? [transcript.box, ...heads, ...below] : [...heads, ...below, caption.box, controls.chapters, transcript.box];
    frame.replaceChildren(...[...children, ...this.#standing()].filter((child) => child instanceof Element));
    frame.hidden = false;
  }

  #heads() {
    const { cast, passage } = this.#shown, { wording, home, level } = this.#page;
    const tongue = { lang: languageTag(cast.language) };
    const name = h("bdi", {}, cast.title); // it runs its own way, and stands where the others do
    const title = home ? h("a", { href: home }, name) : name;
    return [
      cast.show || cast.date ? h("p", { class: "show" }, cast.show && h("bdi", tongue, cast.show), cast.show && cast.date && " · ", cast.date && h("bdi", {}, wording.day(cast.date))) : null,
      passage.kind === "quote" ? h("p", { class: "from", ...tongue }, title) : h("div", { class: "title", role: "heading", "aria-level": level, ...tongue }, title),
      passage.title ? h("p", { class: "chapter-title", ...tongue }, h("bdi", {}, passage.title)) : null,
    ];
  }

  #standing() {
    const { review, machine, poor } = this.#shown.cast, { wording } = this.#page;
    let told = wording.t(machine ? "machine" : "timed");
    if (review) {
      const share = Math.floor(Math.round(review.share * 10_000) / 100);
      told = wording.t(share >= 100 ? "reviewed" : "reviewed.part", { who: review.by, day: wording.day(review.on), share: String(share) });
    }
    return [h("p", { class: "standing" }, h("bdi", {}, told)), poor && h("p", { class: "standing poor" }, h("bdi", {}, wording.t("poor")))];
  }

  /** @param {boolean} open whether the transcript is seen, or captions in its place */
  open(open) {
    this.transcript.box.hidden = !open;
    this.caption.show(!open);
    this.controls.toggle?.setAttribute("aria-expanded", String(open));
  }

  /** @param {number} at a time within the passage */
  move(at) {
    this.controls.move(at);
    this.light(at);
  }

  /**
   * Lights the word that is said, in the transcript or the caption, and marks its chapter.
   * @param {number} now
   */
  light(now) {
    const { cast: { said, ends, chapters }, passage, times, words: [first, last] } = this.#shown;
    const word = this.#player.paused() && now === passage.start ? -1 : said[lastStarted(times, now)] ?? -1;
    const lit = word >= 0 && now < Number(ends[word]) + LINGERING ? word : -1;
    const opening = passage.kind === "whole" ? said[0] ?? -1 : first; // which is told until a word of the passage is said
    const isTold = first < last && this.caption.tell(first <= word && word < last ? word : opening);
    if (lit !== this.#lit || isTold) this.#mark(lit);
    const chapter = chapters.findLastIndex(({ start }) => start <= now);
    if (chapter !== this.#chapter) this.controls.markChapter((this.#chapter = chapter));
  }

  /** @param {number} word */
  #mark(word) {
    this.#lit = word;
    const { root } = this.#player, row = this.transcript.rows[lastStarted(this.#shown.firsts, word)];
    for (const each of root.querySelectorAll(".lit")) { each.classList.remove("lit"); each.part.remove("lit"); }
    this.transcript.spread(row ?? null);
    for (const each of root.querySelectorAll(`.word[data-word="${word}"]`)) {
      each.classList.add("lit");
      each.part.add("lit");
      if (row?.contains(each)) this.transcript.keepInView(each);
    }
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { cast, passage } = this.#shown, { controls: { seek, toggle }, transcript } = this, player = this.#player;
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof HTMLElement)) return;
    if (target.localName === "select" || (target.localName === "input" && target !== seek)) return;
    const within = transcript.box.contains(target), small = passage.end - passage.start < 60_000 ? 1000 : 5000;
    const by = (/** @type {number} */ ms) => () => player.seek(player.now() + ms);
    const word = (/** @type {number} */ right) => () => transcript.stepWord(cast.direction === "rtl" ? -right : right); // the arrows go where they point
    /** @type {Record<string, () => void>} */
    const keys = { k: () => player.toggle(), j: by(-10_000), l: by(10_000) };
    if (toggle) keys.c = () => player.toggleTranscript();
    if (!target.closest("button, a")) keys[" "] = keys.k;
    if (within) Object.assign(keys, { ArrowDown: () => transcript.step(1), ArrowUp: () => transcript.step(-1), ArrowRight: word(1), ArrowLeft: word(-1) });
    if (target === seek) Object.assign(keys, { ArrowRight: by(small), ArrowUp: by(small), ArrowLeft: by(-small), ArrowDown: by(-small), PageUp: by(6 * small), PageDown: by(-6 * small) });
    const act = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
