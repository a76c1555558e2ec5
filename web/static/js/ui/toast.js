// @ts-check
// A message above the player, which can be closed and may have an undo button.

import { RefusedError } from "./api.js";
import { one } from "./elements.js";
import { messageOf, t } from "./strings.js";

const STAYS_MS = 8000;

export class Toast {
  #box;
  #text;
  #undo;
  #timer = 0;
  #shown = {}; // identifies the message shown, for `hide`
  /** @type {(() => unknown) | null} */
  #undoing = null;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
    this.#text = one(box, "[role=status]");
    this.#undo = one(box, "[data-undo]");
    this.#undo.addEventListener("click", () => { const undo = this.#undoing; this.hide(); undo?.(); });
    one(box, "[data-close]").addEventListener("click", () => this.hide());
    // A message stays while it has the pointer or the focus.
    for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => clearTimeout(this.#timer));
  }

  /**
   * Show a message, with a button that runs `undo` if given, named by `does`; one that `stays` waits to be closed or replaced.
   * Returns its identifier for `hide`.
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
   * Show an error until it is closed; `align` runs if the transcript must be aligned again. Returns like `show`.
   * @param {unknown} error
   * @param {() => unknown} [align]
   */
  failed(error, align) {
    const undo = error instanceof RefusedError && error.refusal.remedy === "align" && align ? align : null;
    return this.show(messageOf(error), { undo, does: "align", stays: true });
  }

  /**
   * Run `work`; show its error if it fails, and return undefined.
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

  /** Hide a message if it is still shown. @param {unknown} [notice] by default any */
  hide(notice = this.#shown) {
    if (notice !== this.#shown) return;
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
