// @ts-check
// The content of the frame: heading, controls, chapters, transcript, and who reviewed it.

import { wordAt } from "../page/sync.js";
import { clock } from "../ui/durations.js";
import { h } from "./elements.js";
import { Transcript } from "./transcript.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const FEW = 4; // chapters that are shown unfolded

/**
 * @typedef {import("./passage.js").Shown} Shown
 * @typedef {import("./quote-cast.js").QuoteCast} QuoteCast
 * @typedef {{wording: import("./wording.js").Wording, home: string | null, level: number}} Page
 *   settings from the page around it: language, the episode's own page, heading level
 */

export class View {
  #shown;
  #host;
  #page;
  #frame;
  #lit = -1; // the spoken word
  #seek;
  #time = h("span", { class: "time" });
  #play = h("button", { class: "play", type: "button", "aria-keyshortcuts": "k" });
  #toggle;
  #chapters;

  /**
   * Fill the frame.
   * @param {QuoteCast} host that the controls act on
   * @param {Shown} shown
   * @param {Page} page
   * @param {HTMLElement} frame
   * @param {HTMLElement} status
   */
  constructor(host, shown, page, frame, status) {
    const { episode, passage: { start, end, kind } } = (this.#shown = shown), { wording } = page;
    this.#host = host;
    this.#page = page;
    this.#frame = frame;
    this.transcript = new Transcript(host, shown, page);
    this.#seek = h("input", { class: "seek", type: "range", min: start / 1000, max: end / 1000, step: "any", "aria-label": wording.t("seek") });
    this.#seek.addEventListener("input", () => { host.currentTime = Number(this.#seek.value); });
    this.#play.addEventListener("click", () => this.#togglePlay());
    this.#toggle = kind === "quote" ? null : h("button", { class: "toggle", type: "button", "aria-keyshortcuts": "c" }, wording.t("transcript"));
    this.#toggle?.addEventListener("click", () => this.open(frame.classList.contains("closed")));
    this.#chapters = kind === "whole" && episode.chapters.length > 1 ? this.#chapterList() : null;
    frame.className = `frame ${kind}`;
    frame.dir = episode.direction;
    frame.lang = wording.language;
    frame.setAttribute("aria-label", wording.t("player", { title: episode.title }));
    status.replaceChildren();
    const below = [...this.#controls(), status, this.#chapters], { box } = this.transcript;
    const children = kind === "quote" ? [box, ...this.#headings(), ...below] : [...this.#headings(), ...below, box];
    frame.replaceChildren(...[...children, ...this.#reviewStatus()].filter((child) => child instanceof Element));
    frame.hidden = false;
  }

  #togglePlay() {
    if (this.#host.paused) this.#host.play();
    else this.#host.pause();
  }

  #headings() {
    const { episode, passage } = this.#shown, { wording, home, level } = this.#page;
    const inLanguage = { lang: episode.language };
    const name = h("bdi", {}, episode.title); // isolated: it has its own direction, but the page's alignment
    const title = home ? h("a", { href: home }, name) : name;
    return [
      episode.show || episode.date ? h("p", { class: "show" }, episode.show && h("bdi", inLanguage, episode.show), episode.show && episode.date && " · ", episode.date && h("bdi", {}, wording.day(episode.date))) : null,
      passage.kind === "quote" ? h("p", { class: "from", ...inLanguage }, title) : h("div", { class: "title", role: "heading", "aria-level": level, ...inLanguage }, title),
      passage.title ? h("p", { class: "chapter-title", ...inLanguage }, h("bdi", {}, passage.title)) : null,
    ];
  }

  #controls() {
    const { wording, home } = this.#page, { kind } = this.#shown.passage, host = this.#host;
    const speed = h("select", { class: "speed", "aria-label": wording.t("speed") }, ...SPEEDS.map((rate) => h("option", { value: rate, selected: rate === host.playbackRate }, `${rate.toLocaleString(wording.language)}\u00a0×`)));
    speed.addEventListener("change", () => { host.playbackRate = Number(speed.value); });
    const copy = h("button", { class: "copy", type: "button" }, wording.t(kind === "quote" ? "copy.quote" : "copy.moment"));
    copy.addEventListener("click", () => host.copyLink());
    const whole = kind !== "whole" && home && h("a", { class: "whole", href: home }, wording.t("whole"));
    return [
      h("div", { class: "controls" }, this.#play, this.#seek, this.#time, speed),
      h("div", { class: "bar" }, this.#toggle, copy, whole),
    ];
  }

  #chapterList() {
    const { chapters, direction, language } = this.#shown.episode;
    const list = h("ol", { class: "chapters", dir: direction });
    for (const { title, start } of chapters) {
      const go = h("button", { class: "chapter", type: "button" }, h("span", { class: "stamp" }, clock(start / 1000)), h("span", { lang: language }, h("bdi", {}, title)));
      go.addEventListener("click", () => this.#host.playFrom(start));
      list.append(h("li", {}, go));
    }
    return h("details", { open: chapters.length <= FEW }, h("summary", { class: "toggle-chapters" }, this.#page.wording.t("chapters")), list);
  }

  #reviewStatus() {
    const { review, machine, poor } = this.#shown.episode, { wording } = this.#page;
    let text = wording.t(machine ? "machine" : "timed");
    if (review) {
      const share = Math.floor(Math.round(review.share * 10_000) / 100);
      text = wording.t(share >= 100 ? "reviewed" : "reviewed.part", { who: review.by, day: wording.day(review.on), share: String(share) });
    }
    return [h("p", { class: "review-status" }, h("bdi", {}, text)), poor && h("p", { class: "review-status poor" }, h("bdi", {}, wording.t("poor")))];
  }

  /** @param {boolean} open whether to show the transcript, or only as much as a caption */
  open(open) {
    this.#frame.classList.toggle("closed", !open);
    this.#toggle?.setAttribute("aria-expanded", String(open));
    this.transcript.follows = true;
    this.#mark(this.#lit);
  }

  /** @param {boolean} playing */
  turn(playing) {
    this.#frame.classList.toggle("playing", playing);
    this.#play.setAttribute("aria-label", this.#page.wording.t(playing ? "pause" : "play"));
  }

  /**
   * Show the position, highlight the spoken word, and mark its chapter.
   * @param {number} at a time within the passage
   * @param {boolean} isSpoken whether its speech is heard, or will be
   */
  move(at, isSpoken) {
    const { episode, passage: { start, end, kind }, line } = this.#shown;
    this.#seek.value = String(at / 1000);
    this.#seek.style.setProperty("--played", `${(100 * (at - start)) / (end - start)}%`);
    const since = kind === "quote" ? start : 0;
    const [time, whole] = [at - since, (kind === "whole" ? episode.duration : end) - since];
    const shown = `${clock(time / 1000)} / ${clock(whole / 1000)}`;
    if (this.#time.textContent !== shown) {
      this.#time.textContent = shown;
      this.#seek.setAttribute("aria-valuetext", shown);
      const chapter = episode.chapters.findLastIndex((each) => each.start <= at);
      this.#chapters?.querySelectorAll("button").forEach((each, n) => each.setAttribute("aria-current", String(n === chapter)));
    }
    const lit = !isSpoken || (this.#host.paused && at === start) ? -1 : wordAt(line, at);
    if (lit !== this.#lit) this.#mark((this.#lit = lit));
  }

  /** @param {number} word */
  #mark(word) {
    for (const each of this.transcript.box.querySelectorAll(".lit")) { each.classList.remove("lit"); each.part.remove("lit"); }
    const found = this.transcript.word(word);
    if (!found) return;
    found.classList.add("lit");
    found.part.add("lit");
    this.transcript.keepInView(found);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const host = this.#host, { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof HTMLElement)) return;
    if (target.matches("select, input") && target !== this.#seek) return;
    /** @type {Record<string, () => void>} */
    const keys = { k: () => this.#togglePlay(), j: () => { host.currentTime -= 10; }, l: () => { host.currentTime += 10; } };
    if (this.#toggle) keys.c = () => this.#toggle?.click();
    if (!target.closest("button, a")) keys[" "] = keys.k;
    if (this.transcript.box.contains(target)) Object.assign(keys, { ArrowDown: () => this.transcript.step(1), ArrowUp: () => this.transcript.step(-1) });
    const act = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
