// @ts-check
// A line above the player that says what was done, or what a reader should know; it can be closed, and offer to undo.

import { OutdatedError } from "./api.js";
import { LostError, answering } from "./connection.js";
import { one } from "./elements.js";
import { messageOf, t } from "./strings.js";

const STAYS_MS = 8000;

/** @typedef {{text: string, undo: (() => unknown) | null, does: "undo" | "redo" | "align" | "set", stays: boolean}} Notice */

export class Toast {
  #box;
  #text;
  #undo;
  #timer = 0;
  /** @type {(() => unknown) | null} */
  #undoing = null;
  /** @type {unknown} what is shown: an error, or some object of its own */
  #shown = null;
  /** @type {Notice | null} what comes back after what is shown over it */
  #waiting = null;

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
   * closed, or for another; one that `returns` waits to be closed, and comes back after others. Gives what `hide` knows
   * it by.
   * @param {string} text
   * @param {{undo?: (() => unknown) | null, does?: "undo" | "redo" | "align" | "set", stays?: boolean, returns?: boolean}} [how]
   * @returns {unknown}
   */
  show(text, { undo = null, does = "undo", stays = false, returns = false } = {}) {
    const notice = { text, undo, does, stays: stays || returns };
    if (returns) this.#waiting = notice;
    this.#put(notice);
    return notice;
  }

  /** @param {Notice} notice */
  #put(notice) {
    const { text, undo, does, stays } = notice;
    clearTimeout(this.#timer);
    this.#shown = notice;
    this.#undoing = undo;
    this.#undo.textContent = t(`toast.${does}`);
    this.#undo.hidden = !undo;
    this.#box.hidden = false;
    this.#text.textContent = text;
    if (!stays) this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }

  /**
   * Stays until it is closed; that the connection was lost, until it is back. `align` is what helps where the transcript
   * has to be aligned again. Gives what `hide` knows it by.
   * @param {unknown} error
   * @param {() => unknown} [align]
   * @returns {unknown}
   */
  failed(error, align) {
    const undo = error instanceof OutdatedError && align ? align : null;
    this.show(messageOf(error), { undo, does: "align", stays: true });
    const shown = (this.#shown = error);
    if (error instanceof LostError) answering().then(() => this.hide(shown));
    return shown;
  }

  /**
   * Hides what is shown; of something in particular, only while that is, or waits to come back.
   * @param {unknown} [what]
   */
  hide(what = this.#shown) {
    if (what === this.#waiting) this.#waiting = null;
    if (what !== this.#shown) return;
    if (this.#waiting) return this.#put(this.#waiting);
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
