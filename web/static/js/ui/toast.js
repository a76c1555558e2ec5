// @ts-check
// A line above the player that says what was done, or what a reader should know; it can be closed, and offer to undo.

import { one } from "./elements.js";
import { messageOf } from "./strings.js";

const STAYS_MS = 8000;

export class Toast {
  #box;
  #text;
  #undo;
  #timer = 0;
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
   * `undo` is what the button does, if there is one; a notice that `stays` waits to be closed.
   * @param {string} text
   * @param {{undo?: (() => unknown) | null, stays?: boolean}} [how]
   */
  show(text, { undo = null, stays = false } = {}) {
    clearTimeout(this.#timer);
    this.#undoing = undo;
    this.#undo.hidden = !undo;
    this.#box.hidden = false;
    this.#text.textContent = text;
    if (!stays) this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }

  /** @param {unknown} error */
  failed(error) { this.show(messageOf(error), { stays: true }); }

  hide() {
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
