// @ts-check
// The transcript: its rows, their words once they are needed, and what is done in it.

import { colourOf, h, languageTag } from "./elements.js";
import { lastStarted } from "../page/sync.js";
import { clock } from "./wording.js";

const STAMPED = 60_000; // milliseconds of one voice, after which a paragraph has its time again

/**
 * @typedef {import("./data.js").Missing} Missing
 * @typedef {import("./data.js").Paragraph} Paragraph
 * @typedef {import("./passage.js").Shown} Shown
 * @typedef {import("./controls.js").Player} Player
 */

export class Transcript {
  /** @type {HTMLElement[]} */
  rows = []; // the paragraphs that are shown, by their places in the text
  #shown;
  #player;
  #page;

  /**
   * @param {Shown} shown
   * @param {Player} player
   * @param {import("./view.js").Page} page
   */
  constructor(shown, player, page) {
    this.#shown = shown;
    this.#player = player;
    this.#page = page;
    this.box = this.#made();
  }

  #made() {
    const { cast, passage: { start, end, kind } } = this.#shown;
    const tongue = { class: "transcript", lang: languageTag(cast.language), dir: cast.direction };
    /** @type {HTMLElement} */
    const box = kind === "quote" ? h("blockquote", tongue) : h("div", { ...tongue, role: "group", "aria-label": this.#page.wording.t("transcript"), tabindex: 0 });
    const missing = kind === "quote" ? [] : cast.missing.filter((each) => each.start < end && each.end > start);
    let speaker = -1, stamped = 0;
    for (const [number, paragraph] of cast.paragraphs.entries()) {
      if (!this.#isShown(paragraph)) continue;
      while (missing.length && paragraph.start !== null && (missing[0].start + missing[0].end) / 2 < paragraph.start) box.append(this.#lacking(missing.shift()));
      const isOther = (paragraph.speaker ?? -2) !== speaker, isLong = (paragraph.start ?? 0) - stamped > STAMPED;
      if (paragraph.kind === "speech" && (isOther || isLong)) {
        speaker = paragraph.speaker ?? -2;
        stamped = paragraph.start ?? stamped;
        box.append(this.#turn(paragraph, isOther));
      } else if (paragraph.kind !== "speech") speaker = -1;
      box.append(this.#row(paragraph, number));
    }
    for (const each of missing) box.append(this.#lacking(each));
    const first = box.querySelector("button");
    if (first) first.tabIndex = 0;
    box.addEventListener("pointerover", ({ target }) => { if (target instanceof Element) this.spread(target.closest("[data-number]")); });
    box.addEventListener("click", (event) => this.#click(event));
    for (const name of ["wheel", "touchmove"]) box.addEventListener(name, () => { this.#player.follows = false; }, { passive: true });
    return box;
  }

  /** @type {(paragraph: Paragraph) => boolean} */
  #isShown({ kind, words, first, start }) {
    const { cast: { starts }, passage, words: [from, to] } = this.#shown;
    if (passage.kind === "whole") return true;
    if (first >= to || first + words.length <= from) return false;
    return start !== null || passage.kind === "chapter" || (kind === "speech" && starts.slice(first, first + words.length).some((each) => each !== null));
  }

  /** @type {(paragraph: Paragraph, isNamed: boolean) => HTMLElement} */
  #turn({ speaker, start, first }, isNamed) {
    const { cast, passage } = this.#shown;
    const name = speaker === null || !isNamed ? null : cast.speakers[speaker];
    const at = start === null || passage.kind === "quote" ? null : this.#stamp(Math.max(start, passage.start), first);
    return h("div", { class: `turn ${colourOf(speaker)}` }, name && h("bdi", { class: `name ${colourOf(speaker)}` }, name), at);
  }

  /** @type {(paragraph: Paragraph, number: number) => HTMLElement} */
  #row({ kind, speaker, words, first, start }, number) {
    const { passage, words: [begin, end] } = this.#shown;
    const isUnsaid = kind === "speech" && start === null;
    const [from, to] = [Math.max(0, begin - first), end - first];
    const shown = passage.kind === "quote" ? words.slice(from, to) : words;
    const heading = kind === "heading" ? { role: "heading", "aria-level": Math.min(6, this.#page.level + 1) } : {};
    const row = h(kind === "heading" ? "div" : "p", {
      class: `${kind === "speech" ? "paragraph" : kind}${isUnsaid ? " unsaid" : ""} ${colourOf(speaker)}`, "data-number": number,
      "data-first": first + (passage.kind === "quote" ? from : 0), "data-why": isUnsaid && this.#page.wording.t("unsaid"), ...heading,
    }, shown.join("").trimEnd());
    this.rows[number] = row;
    return row;
  }

  /** @param {Missing | undefined} passage */
  #lacking(passage) {
    const { wording } = this.#page, { kind, start, end } = passage ?? { kind: "speech", start: 0, end: 0 };
    return h("p", { class: "missing", lang: wording.language }, h("bdi", {}, wording.t(kind, { length: clock(end - start) })), this.#stamp(start));
  }

  /**
   * @param {number} start
   * @param {number} [word]
   */
  #stamp(start, word) {
    const { wording } = this.#page;
    const stamp = h("button", { class: "stamp", type: "button", tabindex: -1, "data-start": start, "data-word": word, "aria-label": wording.t("from", { time: clock(start) }), lang: wording.language }, clock(start));
    stamp.addEventListener("click", () => { this.#player.seek(start); this.#player.play(); });
    stamp.addEventListener("focus", () => {
      for (const each of this.#stamps) each.tabIndex = each === stamp ? 0 : -1; // one of them is in the order of tabs
    });
    return stamp;
  }

  get #stamps() { return [...this.box.querySelectorAll("button")]; }

  /**
   * Puts the words of a paragraph into elements of their own, once they are needed: an episode has many.
   * @param {Element | null} row
   */
  spread(row) {
    if (!row || row.firstElementChild || !(row instanceof HTMLElement)) return;
    const { cast, passage, words: [, end] } = this.#shown;
    const { words, first } = cast.paragraphs[Number(row.dataset.number)];
    const from = Math.max(0, Number(row.dataset.first) - first);
    const to = Math.min(words.length, passage.kind === "quote" ? end - first : Infinity);
    const spread = document.createDocumentFragment();
    for (let k = from; k < to; k++) {
      const said = words[k].trimEnd(); // what is lit ends with the word
      spread.append(h("span", { class: "word", "data-word": first + k }, said), words[k].slice(said.length));
    }
    row.replaceChildren(spread);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { target, clientX, clientY } = event;
    if (this.#player.selected || !(target instanceof Element) || target.closest("button")) return;
    this.spread(target.closest("[data-number]"));
    const word = this.#player.root.elementFromPoint(clientX, clientY)?.closest(".word");
    const at = word instanceof HTMLElement ? this.#shown.cast.starts[Number(word.dataset.word)] : null;
    if (at === null || at === undefined) return;
    this.#player.seek(at);
    this.#player.play();
  }

  // Scrolls the transcript alone, never the page, until the reader scrolls it.
  /** @param {Element} word */
  keepInView(word) {
    const { box } = this;
    if (!this.#player.follows || this.#player.paused() || box.scrollHeight <= box.clientHeight) return;
    const top = word.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top > box.clientHeight * 0.1 && top < box.clientHeight * 0.7) return;
    box.scrollBy({ top: top - box.clientHeight * 0.3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** @param {number} by turns */
  step(by) {
    const stamps = this.#stamps, at = stamps.findIndex((each) => each === this.#player.root.activeElement);
    stamps[Math.min(Math.max(at < 0 ? 0 : at + by, 0), stamps.length - 1)]?.focus();
  }

  /** @param {number} by words that are said */
  stepWord(by) {
    const { times } = this.#shown;
    const k = lastStarted(times, this.#player.now());
    const at = times[Math.min(Math.max(k + by, 0), times.length - 1)];
    if (at !== undefined) this.#player.seek(at);
  }
}
