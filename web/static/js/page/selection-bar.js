// @ts-check
// The bar that stands by the selected words: above them, below where there is no room, at the bottom on a phone.

import { around, byId, one } from "../ui/elements.js";

const GAP = 8; // pixels

export class SelectionBar extends EventTarget {
  #bar;
  #transcript;
  #buttons;

  /**
   * @param {HTMLElement} bar
   * @param {import("./transcript.js").Transcript} transcript
   */
  constructor(bar, transcript) {
    super();
    this.#bar = bar;
    this.#transcript = transcript;
    this.#buttons = [...bar.querySelectorAll("button")];
    transcript.addEventListener("select", () => this.#show());
    // A press on the bar leaves the browser's own selection where it is.
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => this.#pressed(around(event, "button", HTMLButtonElement)));
    bar.addEventListener("keydown", (event) => this.#moved(event));
    transcript.root.addEventListener("keydown", (event) => this.#entered(event));
    addEventListener("scroll", () => this.#place(), { passive: true });
    addEventListener("resize", () => this.#place());
  }

  /**
   * @param {string} name
   * @param {boolean} allowed
   */
  #allow(name, allowed) {
    for (const button of this.#buttons) if (button.dataset.do === name) button.disabled = !allowed;
  }

  /**
   * Whether what needs sound can be done, and whether there is more of the sentence.
   * @param {{sound: boolean, extend: boolean}} what
   */
  allow({ sound, extend }) {
    for (const name of ["play", "clip", "audiogram"]) this.#allow(name, sound);
    this.#allow("extend", extend);
    this.#settle(this.#stop);
  }

  #show() {
    this.#bar.hidden = !this.#transcript.selection;
    if (this.#bar.hidden) return;
    this.allow({ sound: true, extend: true });
    this.#settle(this.#buttons[0]);
    this.#place();
  }

  /** @param {HTMLButtonElement | null} button */
  #pressed(button) {
    if (!button || button.disabled) return;
    this.#settle(button);
    this.dispatchEvent(new CustomEvent("do", { detail: button.dataset.do }));
  }

  /**
   * From the words into the bar by Tab, as if it came right after them; Escape drops the selection.
   * @param {KeyboardEvent} event
   */
  #entered(event) {
    if (!this.#transcript.selection) return;
    if (event.key === "Escape") {
      getSelection()?.removeAllRanges();
      this.#transcript.select();
    } else if (event.key === "Tab" && !event.shiftKey) {
      this.#stop?.focus();
    } else return;
    event.preventDefault();
  }

  get #stop() { return this.#buttons.find((button) => button.tabIndex === 0); }

  /** @param {KeyboardEvent} event */
  #moved(event) {
    const usable = this.#buttons.filter((button) => !button.disabled);
    const at = usable.findIndex((button) => button === document.activeElement);
    /** @type {Record<string, number>} */
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: usable.length - 1 };
    const back = event.key === "Escape" || (event.key === "Tab" && event.shiftKey);
    if (back) this.#transcript.word(this.#transcript.cursor)?.focus({ preventScroll: true });
    else if (event.key in steps) {
      this.#settle(usable[(steps[event.key] + usable.length) % usable.length]);
      this.#stop?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The bar is one tab stop.
   * @param {HTMLButtonElement} [chosen]
   */
  #settle(chosen) {
    const stop = chosen && !chosen.disabled ? chosen : this.#buttons.find((button) => !button.disabled);
    for (const button of this.#buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  #place() {
    if (this.#bar.hidden || !this.#transcript.selection) return;
    const { first, last } = this.#transcript.selection;
    const above = this.#transcript.word(first).getBoundingClientRect();
    const below = this.#transcript.word(last - 1).getBoundingClientRect();
    const { width, height } = this.#bar.getBoundingClientRect();
    const column = this.#transcript.root.getBoundingClientRect();
    const ceiling = one(document, ".masthead").getBoundingClientRect().bottom;
    const floor = byId("player").getBoundingClientRect().top;
    const over = above.top - height - GAP;
    const under = below.bottom + GAP;
    let top = over;
    if (over < ceiling + GAP) top = under + height < floor - GAP ? Math.max(under, ceiling + GAP) : ceiling + GAP;
    else if (over + height > floor - GAP) top = floor - GAP - height;
    const left = Math.min(Math.max(above.left, column.left), Math.max(column.right - width, column.left));
    this.#bar.style.setProperty("--top", `${Math.round(top)}px`);
    this.#bar.style.setProperty("--left", `${Math.round(Math.max(GAP, left))}px`);
  }
}
