// @ts-check
// The transcript: rows of paragraphs, whose words become elements when needed, and clicks and keys in it.

import { lastStarted } from "../page/sync.js";
import { clock } from "../ui/durations.js";
import { colourOf, h } from "./elements.js";

const STAMPED = 60_000; // milliseconds of one speaker after which a paragraph shows its time again

/**
 * @typedef {import("./data.js").Missing} Missing
 * @typedef {import("./data.js").Paragraph} Paragraph
 * @typedef {import("./passage.js").Shown} Shown
 */

export class Transcript {
  #rows = /** @type {HTMLElement[]} */ ([]); // the shown paragraphs, by their number
  #shown;
  #host;
  #page;
  follows = true; // the spoken word, until the reader scrolls

  /**
   * @param {import("./quote-cast.js").QuoteCast} host
   * @param {Shown} shown
   * @param {import("./view.js").Page} page
   */
  constructor(host, shown, page) {
    this.#shown = shown;
    this.#host = host;
    this.#page = page;
    this.box = this.#build();
    this.box.querySelector("button")?.setAttribute("tabindex", "0");
    this.box.addEventListener("pointerover", ({ target }) => { if (target instanceof Element) this.#spread(target.closest("[data-number]")); });
    this.box.addEventListener("click", (event) => this.#click(event));
    for (const name of ["wheel", "touchmove"]) this.box.addEventListener(name, () => { this.follows = false; }, { passive: true });
  }

  #build() {
    const { episode, passage: { start, end, kind } } = this.#shown;
    const inLanguage = { class: "transcript", lang: episode.language, dir: episode.direction };
    /** @type {HTMLElement} */
    const box = kind === "quote" ? h("blockquote", inLanguage) : h("div", { ...inLanguage, role: "group", "aria-label": this.#page.wording.t("transcript"), tabindex: 0 });
    const missing = kind === "quote" ? [] : episode.missing.filter((each) => each.start < end && each.end > start);
    let speaker = -1, stamped = 0;
    for (const [number, paragraph] of episode.paragraphs.entries()) {
      if (!this.#isShown(paragraph)) continue;
      while (missing.length && paragraph.start !== null && (missing[0].start + missing[0].end) / 2 < paragraph.start) box.append(...missing.splice(0, 1).map((each) => this.#gap(each)));
      const isOther = (paragraph.speaker ?? -2) !== speaker, isLong = (paragraph.start ?? 0) - stamped > STAMPED;
      if (paragraph.kind === "speech" && (isOther || isLong)) {
        speaker = paragraph.speaker ?? -2;
        stamped = paragraph.start ?? stamped;
        box.append(this.#turn(paragraph, isOther));
      } else if (paragraph.kind !== "speech") speaker = -1;
      box.append(this.#row(paragraph, number));
    }
    box.append(...missing.map((each) => this.#gap(each)));
    return box;
  }

  /** @type {(paragraph: Paragraph) => boolean} */
  #isShown({ words, first, start }) {
    const { passage, words: [from, to] } = this.#shown;
    if (passage.kind === "whole") return true;
    if (first >= to || first + words.length <= from) return false;
    return start !== null || passage.kind === "chapter";
  }

  /** @type {(paragraph: Paragraph, isNamed: boolean) => HTMLElement} */
  #turn({ speaker, start }, isNamed) {
    const { episode, passage } = this.#shown;
    const name = speaker === null || !isNamed ? null : episode.speakers[speaker];
    const at = start === null || passage.kind === "quote" ? null : this.#stamp(Math.max(start, passage.start));
    return h("div", { class: `turn ${colourOf(speaker)}` }, name && h("bdi", { class: `name ${colourOf(speaker)}` }, name), at);
  }

  /** @type {(paragraph: Paragraph, number: number) => HTMLElement} */
  #row({ kind, speaker, words, first, start }, number) {
    const { passage, words: [begin, end] } = this.#shown;
    const isUnsaid = kind === "speech" && start === null;
    const [from, to] = passage.kind === "quote" ? [Math.max(0, begin - first), end - first] : [0, words.length];
    const heading = kind === "heading" ? { role: "heading", "aria-level": Math.min(6, this.#page.level + 1) } : {};
    const row = h(kind === "heading" ? "div" : "p", {
      class: `${kind === "speech" ? "paragraph" : kind}${isUnsaid ? " unsaid" : ""} ${colourOf(speaker)}`, "data-number": number,
      "data-from": from, "data-to": to, "data-why": isUnsaid && this.#page.wording.t("unsaid"), ...heading,
    }, words.slice(from, to).join("").trimEnd());
    this.#rows[number] = row;
    return row;
  }

  /** @param {Missing} passage missing from the transcript */
  #gap({ kind, start, end }) {
    const { wording } = this.#page;
    const text = wording.t(kind in { ad: 1, jingle: 1 } ? kind : "speech", { length: clock((end - start) / 1000) });
    return h("p", { class: "missing", lang: wording.language }, h("bdi", {}, text), this.#stamp(start));
  }

  /** @param {number} start */
  #stamp(start) {
    const { wording } = this.#page, time = clock(start / 1000);
    const stamp = h("button", { class: "stamp", type: "button", tabindex: -1, "aria-label": wording.t("from", { time }), lang: wording.language }, time);
    stamp.addEventListener("click", () => this.#host.playFrom(start));
    return stamp;
  }

  /**
   * Put the words of a paragraph into elements, only when needed, since an episode has many.
   * @param {Element | null | undefined} row
   */
  #spread(row) {
    if (!(row instanceof HTMLElement) || row.firstElementChild) return;
    const { number, from, to } = row.dataset, { words, first } = this.#shown.episode.paragraphs[Number(number)];
    const pieces = words.slice(Number(from), Number(to)).flatMap((word, k) => {
      const text = word.trimEnd(); // the highlight ends with the word
      return [h("span", { class: "word", "data-word": first + Number(from) + k }, text), word.slice(text.length)];
    });
    row.replaceChildren(...pieces);
  }

  /** Return the element of a word; null if it is not shown. @param {number} word */
  word(word) {
    const row = this.#rows[lastStarted(this.#shown.firsts, word)];
    this.#spread(row);
    return row?.querySelector(`[data-word="${word}"]`) ?? null;
  }

  /** @param {MouseEvent} event */
  #click({ target, clientX, clientY }) {
    if (!document.getSelection()?.isCollapsed || !(target instanceof Element) || target.closest("button")) return;
    this.#spread(target.closest("[data-number]"));
    const word = this.#root.elementFromPoint(clientX, clientY)?.closest(".word");
    const at = word instanceof HTMLElement ? this.#shown.episode.starts[Number(word.dataset.word)] : null;
    if (at !== null && at !== undefined) this.#host.playFrom(at);
  }

  get #root() { return /** @type {ShadowRoot} */ (this.box.getRootNode()); }

  /** Scroll the transcript, not the page, to a word. @param {Element} word */
  keepInView(word) {
    const { box } = this;
    if (!this.follows || box.scrollHeight <= box.clientHeight) return;
    const top = word.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top > box.clientHeight * 0.1 && top < box.clientHeight * 0.7) return;
    box.scrollBy({ top: top - box.clientHeight * 0.3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** Move the focus by turns; one of their times is the tab stop. @param {number} by */
  step(by) {
    const stamps = [...this.box.querySelectorAll("button")], at = stamps.findIndex((each) => each === this.#root.activeElement);
    const next = stamps[Math.min(Math.max(at < 0 ? 0 : at + by, 0), stamps.length - 1)];
    for (const each of stamps) each.tabIndex = each === next ? 0 : -1;
    next?.focus();
  }
}
