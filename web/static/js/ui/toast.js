// @ts-check
// A line above the player that says what was done, or what a reader should know; it can be closed, and offer to undo.

import { LostError, answering } from "./connection.js";
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
  /** @type {unknown} the error that is shown */
  #shown = null;

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
    this.#shown = null;
    this.#undoing = undo;
    this.#undo.hidden = !undo;
    this.#box.hidden = false;
    this.#text.textContent = text;
    if (!stays) this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }

  /**
   * Stays until it is closed; that the connection was lost, until it is back.
   * @param {unknown} error
   */
  failed(error) {
    this.show(messageOf(error), { stays: true });
    const shown = (this.#shown = error);
    if (error instanceof LostError) answering().then(() => { if (this.#shown === shown) this.hide(); });
  }

  hide() {
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
