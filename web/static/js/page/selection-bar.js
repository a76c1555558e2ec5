// @ts-check
// The bar beside the selected words: above them, else below, else at an edge of the view; on a phone at the bottom, or at
// the top if it would cover them.
//
// Event "do" (detail: the name of the pressed button).

import { all, around, byId } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";
import { t } from "../ui/strings.js";
import { COVERS, freeView } from "./following.js";
import { toSentence } from "./sync.js";

const OTHER_COVERS = COVERS.filter((cover) => cover !== ".bar");
const GAP = 8; // pixels

/** Say how many words are selected. @param {number} n */
export const selected = (n) => t(n === 1 ? "bar.selected.one" : "bar.selected", { n });

export class SelectionBar extends EventTarget {
  #bar = byId("selection-bar");
  #buttons = [...this.#bar.querySelectorAll("button")];
  #transcript;

  /** @param {import("./transcript.js").Transcript} transcript */
  constructor(transcript) {
    super();
    this.#transcript = transcript;
    const bar = this.#bar;
    transcript.addEventListener("select", () => this.#show());
    // A press on the bar keeps the browser's selection.
    for (const name of ["pointerdown", "mousedown"]) bar.addEventListener(name, (event) => event.preventDefault());
    bar.addEventListener("click", (event) => this.#pressed(around(event, "button", HTMLButtonElement)));
    bar.addEventListener("keydown", (event) => this.#moved(event));
    transcript.root.addEventListener("keydown", (event) => this.#entered(event));
    addEventListener("keydown", (event) => this.#dropped(event));
    const covers = new ResizeObserver(() => this.#place());
    for (const cover of all(document, [...OTHER_COVERS, "#transcript"].join())) covers.observe(cover);
    addEventListener("scroll", () => this.#place(), { passive: true });
    addEventListener("resize", () => this.#place());
  }

  /** Enable or disable the buttons that need audio. @param {boolean} allowed */
  allowSound(allowed) {
    for (const name of ["play", "clip"]) this.#allow(name, allowed, t("caution.not-said", { detail: "" }));
  }

  // A disabled button's tip says why it is disabled.
  /** @param {string} name @param {boolean} allowed @param {string} why */
  #allow(name, allowed, why) {
    const button = this.#buttons.find((each) => each.dataset.do === name);
    if (!allowed && button?.matches(":focus")) this.#usable.find((each) => each !== button)?.focus(); // a disabled button would lose it
    if (button) Object.assign(button, { disabled: !allowed, title: allowed ? button.ariaLabel : why });
  }

  #show() {
    const { selection, data } = this.#transcript;
    this.#bar.hidden = !selection;
    if (!selection) return;
    const { first, last } = toSentence(data.sentences, selection);
    this.#allow("extend", first < selection.first || last > selection.last, t("bar.whole"));
    this.allowSound(true);
    this.#place();
  }

  /** @param {HTMLButtonElement | null} button */
  #pressed(button) {
    const { selection, data } = this.#transcript;
    if (!button || button.disabled || !selection) return;
    if (button.dataset.do !== "extend") return void this.dispatchEvent(new CustomEvent("do", { detail: button.dataset.do }));
    const { first, last } = toSentence(data.sentences, selection);
    getSelection()?.removeAllRanges();
    this.#transcript.select(first, last);
  }

  /** Move from the words into the bar by Tab, as if it followed them. @param {KeyboardEvent} event */
  #entered(event) {
    if (event.key !== "Tab" || event.shiftKey || !this.#bar.checkVisibility()) return;
    this.#usable[0]?.focus();
    event.preventDefault();
  }

  /** Clear the selection by Escape, unless a field or dialog uses it. @param {KeyboardEvent} event */
  #dropped(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.#transcript.selection) return;
    if (around(event, FIELDS) || document.querySelector("dialog[open]")) return;
    this.#transcript.clearSelection();
    event.preventDefault();
  }

  get #usable() { return this.#buttons.filter((button) => !button.disabled); }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    const usable = this.#usable, n = usable.length, at = usable.findIndex((button) => button === document.activeElement);
    const next = at + 1, before = at - 1 + n;
    const to = { ArrowRight: next, ArrowDown: next, ArrowLeft: before, ArrowUp: before, Home: 0, End: n - 1 }[event.key];
    const isBack = event.key === "Escape" || (event.key === "Tab" && event.shiftKey && at === 0);
    if (isBack) this.#transcript.enter(this.#transcript.cursor);
    else if (to !== undefined) usable[to % n].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #place() {
    const { selection, root } = this.#transcript;
    if (this.#bar.hidden || !selection) return;
    const view = freeView(OTHER_COVERS), column = root.getBoundingClientRect(), { width, height } = this.#bar.getBoundingClientRect();
    const [word, end] = [selection.first, selection.last - 1].map((i) => this.#transcript.word(i));
    const [first, last] = [word, end].map((each) => each.getBoundingClientRect());
    const words = { top: first.top, bottom: last.bottom }, who = word.closest(".turn")?.querySelector(".who");
    const covered = [words, ...(who ? [who.getBoundingClientRect()] : [])]; // the words, and their speaker's name
    const isAcross = width >= document.documentElement.clientWidth - 1, gap = isAcross ? 0 : GAP;
    const highest = view.top + gap, lowest = view.bottom - gap - height;
    const beside = isAcross ? [] : [...covered.map((box) => box.top - gap - height), words.bottom + gap];
    const edges = isAcross || words.top > view.bottom ? [lowest, highest] : [highest, lowest];
    const free = [...beside, ...edges].filter((top) => top >= highest && top <= lowest)
      .find((top) => covered.every((box) => top >= box.bottom || top + height <= box.top));
    const top = free ?? highest; // if the words fill the view: most selections grow downwards
    const start = getComputedStyle(word).direction === "rtl" ? first.right - width : first.left;
    const left = isAcross ? 0 : Math.max(GAP, column.left, Math.min(start, column.right - width));
    this.#bar.dataset.side = top === highest ? "top" : "bottom";
    this.#bar.style.setProperty("--top", `${Math.round(top)}px`);
    this.#bar.style.setProperty("--left", `${Math.round(left)}px`);
  }
}
