// A line above the player that says what was done, or what a reader should know; it can be closed, and offer to undo.

import { t } from "./strings.js";

const STAYS_MS = 8000;

export class Toast {
  #box;
  #text;
  #undo;
  #timer = 0;
  #undoing = null;

  constructor(box) {
    this.#box = box;
    this.#text = box.querySelector("[role=status]");
    this.#undo = box.querySelector("[data-undo]");
    this.#undo.addEventListener("click", () => { const undo = this.#undoing; this.hide(); undo?.(); });
    box.querySelector("[data-close]").addEventListener("click", () => this.hide());
    // Nothing goes away under a pointer or a focus.
    for (const name of ["pointerenter", "focusin"]) box.addEventListener(name, () => clearTimeout(this.#timer));
  }

  // `undo` is what the button does, if there is one; a notice that `stays` waits to be closed.
  show(text, { undo = null, stays = false } = {}) {
    clearTimeout(this.#timer);
    this.#undoing = undo;
    this.#undo.hidden = !undo;
    this.#box.hidden = false;
    this.#text.textContent = text;
    if (!stays) this.#timer = setTimeout(() => this.hide(), STAYS_MS);
  }

  failed(error) { this.show(error.message || t("request.failed"), { stays: true }); }

  hide() {
    clearTimeout(this.#timer);
    this.#box.hidden = true;
    this.#text.textContent = "";
  }
}
