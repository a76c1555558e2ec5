// @ts-check
// A line above the player that says what was done, or what a reader should know; it can be closed, and offer to undo.

import { RefusedError } from "./api.js";
import { one } from "./elements.js";
import { messageOf, t } from "./strings.js";

const STAYS_MS = 8000;

export class Toast {
  #box;
  #text;
  #undo;
  #timer = 0;
  #shown = {}; // the notice by which `hide` knows what is shown
  /** @type {(() => unknown) | null} */
  #undoing = null;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
    this.#text = one(box, "[role=status]");
    this.#undo = one(box, "[data-undo]");
    this.#undo.addEventListener("click", () => { const undo = this.#undoing; this.hide(); undo?.(); });
    one(box, "[data-close]").addEventListener("click", () => this.hide());
    // Nothing goes away under a pointer or a focus.
    for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => clearTimeout(this.#timer));
  }

  /**
   * `undo` is what the button does, if there is one, and `does` what it is called; a notice that `stays` waits to be
   * closed, or for another. Returns what `hide` knows it by.
   * @param {string} text
   * @param {{undo?: (() => unknown) | null, does?: "undo" | "redo" | "align", stays?: boolean}} [how]
   */
  show(text, { undo = null, does = "undo", stays = false } = {}) {
    clearTimeout(this.#timer);
    this.#undoing = undo;
    this.#undo.textContent = t(`toast.${does}`);
    this.#undo.hidden = !undo;
    this.#box.hidden = false;
    this.#text.textContent = text;
    if (!stays) this.#timer = setTimeout(() => this.hide(), STAYS_MS);
    this.#shown = {};
    return this.#shown;
  }

  /**
   * Show an error until it is closed, as `show`; `align` is what helps if the transcript has to be aligned again.
   * @param {unknown} error
   * @param {() => unknown} [align]
   */
  failed(error, align) {
    const undo = error instanceof RefusedError && error.refusal.mend === "align" && align ? align : null;
    return this.show(messageOf(error), { undo, does: "align", stays: true });
  }

  /**
   * Run some work; show the error if it fails, and return undefined.
   * @template T
   * @param {() => Promise<T> | T} work
   */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.failed(error);
    }
  }

  /** Hide a notice, if it is the one that is shown. @param {unknown} [notice] any without */
  hide(notice = this.#shown) {
    if (notice !== this.#shown) return;
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
