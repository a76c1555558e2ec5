// @ts-check
// Buttons and slider, and the list of chapters.

import { h, icon, languageTag } from "./elements.js";
import { clock } from "./wording.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const FEW = 4; // chapters, which are shown without being asked for

/**
 * @typedef {import("./passage.js").Shown} Shown
 * @typedef {import("./wording.js").Wording} Wording
 * @typedef {{
 *   root: ShadowRoot, follows: boolean, selected: [first: number, last: number] | null, now(): number, paused(): boolean, rate(): number,
 *   play(): void, toggle(): void, seek(ms: number): void, setRate(rate: number): void, copy(): void, toggleTranscript(): void,
 * }} Player what a reader's hands do with it: whether the transcript `follows`, until it is scrolled, which words are `selected`
 */

export class Controls {
  #shown;
  #wording;

  /**
   * @param {Shown} shown
   * @param {Player} player
   * @param {Wording} wording
   */
  constructor(shown, player, wording) {
    this.#shown = shown;
    this.#wording = wording;
    const { start, end, kind } = shown.passage;
    this.play = h("button", { class: "play", type: "button", "aria-keyshortcuts": "k" }, icon("plays", "M8 5v14l11-7z"), icon("pauses", "M7 5h4v14H7zm6 0h4v14h-4z"));
    this.seek = h("input", { class: "seek", type: "range", min: start / 1000, max: end / 1000, step: "any", "aria-label": wording.t("seek") });
    this.time = h("span", { class: "time" });
    this.speed = h("select", { class: "speed", "aria-label": wording.t("speed") }, ...SPEEDS.map((rate) => h("option", { value: rate }, `${rate.toLocaleString(wording.language)}\u00a0×`)));
    this.copy = h("button", { class: "copy", type: "button" });
    this.toggle = kind === "quote" ? null : h("button", { class: "toggle", type: "button", "aria-keyshortcuts": "c" }, wording.t("transcript"));
    this.play.addEventListener("click", () => player.toggle());
    this.seek.addEventListener("input", () => player.seek(Number(this.seek.value) * 1000));
    this.speed.value = String(player.rate());
    this.speed.addEventListener("change", () => player.setRate(Number(this.speed.value)));
    this.copy.addEventListener("mousedown", (event) => event.preventDefault()); // else the selection would go
    this.copy.addEventListener("click", () => player.copy());
    this.toggle?.addEventListener("click", () => player.toggleTranscript());
    this.chapters = this.#chapters(player);
  }

  /** @param {string | null} home the episode's own page */
  rows(home) {
    const whole = this.#shown.passage.kind !== "whole" && home && h("a", { class: "whole", href: home }, this.#wording.t("whole"));
    return [
      h("div", { class: "controls" }, this.play, this.seek, this.time, this.speed),
      h("div", { class: "bar" }, this.toggle, this.#chapterToggle(this.chapters), this.copy, whole),
    ];
  }

  /** @param {Player} player */
  #chapters(player) {
    const { cast, passage } = this.#shown;
    if (passage.kind !== "whole" || cast.chapters.length < 2) return null;
    const list = h("ol", { class: "chapters", "aria-label": this.#wording.t("chapters"), dir: cast.direction });
    for (const { title, start } of cast.chapters) {
      const go = h("button", { class: "chapter", type: "button" }, h("span", { class: "stamp" }, clock(start)), h("span", { lang: languageTag(cast.language) }, h("bdi", {}, title)));
      go.addEventListener("click", () => { player.seek(start); player.play(); });
      list.append(h("li", {}, go));
    }
    return list;
  }

  /** @param {HTMLElement | null} chapters */
  #chapterToggle(chapters) {
    if (!chapters) return null;
    const toggle = h("button", { class: "toggle-chapters", type: "button" }, this.#wording.t("chapters"));
    const open = (/** @type {boolean} */ open) => { chapters.hidden = !open; toggle.setAttribute("aria-expanded", String(open)); };
    toggle.addEventListener("click", () => open(Boolean(chapters.hidden)));
    open(chapters.childElementCount <= FEW);
    return toggle;
  }

  /** @param {number} current */
  markChapter(current) {
    [...(this.chapters?.querySelectorAll("button") ?? [])].forEach((each, n) => each.setAttribute("aria-current", String(n === current)));
  }

  /** @param {boolean} playing */
  turn(playing) { this.play.setAttribute("aria-label", this.#wording.t(playing ? "pause" : "play")); }

  /** @param {number} at a time within the passage */
  move(at) {
    const { cast, passage: { start, end, kind } } = this.#shown;
    this.seek.value = String(at / 1000);
    this.seek.style.setProperty("--played", `${(100 * (at - start)) / (end - start)}%`);
    const since = kind === "quote" ? start : 0;
    const [time, whole] = [at - since, (kind === "whole" ? cast.duration : end) - since];
    const shown = `${clock(time)} / ${clock(whole)}`;
    if (this.time.textContent === shown) return;
    this.time.textContent = shown;
    this.seek.setAttribute("aria-valuetext", this.#wording.t("of", { time: this.#wording.spoken(time), whole: this.#wording.spoken(whole) }));
  }
}
