// @ts-check
// Signing an episode: who stands for it, and what share of its words was looked at.

import { send } from "../ui/api.js";
import { one } from "../ui/elements.js";
import { t } from "../ui/strings.js";
import { lookedAt } from "./looked-at.js";

/** @typedef {import("./looked-at.js").Heard} Heard */

export class Signing {
  #dialog;
  #form;
  #name;
  #data;
  #changes;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {EpisodeData & {id: string}} data
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(dialog, data, changes) {
    this.#dialog = dialog;
    this.#form = one(dialog, "form", HTMLFormElement);
    this.#name = one(dialog, "input", HTMLInputElement);
    this.#data = data;
    this.#changes = changes;
    one(dialog, "[data-do=unsign]").addEventListener("click", () => { dialog.close(); changes.correct({ kind: "unsign" }); });
    one(dialog, "[data-do=cancel]").addEventListener("click", () => dialog.close());
  }

  /**
   * Asks for a name; signs if it is given.
   * @param {Review} review
   * @param {Heard[]} heard
   */
  open(review, heard) {
    const { looked, words } = lookedAt(this.#data, review, heard);
    const share = words ? looked / words : 0, left = review.items.length;
    this.#name.value = review.signature?.who ?? this.#data.who ?? "";
    one(this.#dialog, "[data-part=share]").textContent = t("review.sign.share", { percent: Math.floor(Math.floor(10_000 * share) / 100), looked, words });
    const open = one(this.#dialog, "[data-part=left]");
    open.hidden = !left;
    open.textContent = left ? t(left === 1 ? "review.sign.left.one" : "review.sign.left", { n: left }) : "";
    one(this.#dialog, "[data-do=unsign]").hidden = !review.signature;
    this.#form.onsubmit = () => this.#sign(share);
    this.#dialog.showModal();
  }

  /** @param {number} share */
  async #sign(share) {
    const who = this.#name.value.trim();
    if (this.#data.who === null) {
      this.#data.who = who;
      await send("POST", "/api/name", { name: who }).catch(() => null); // the signature has it all the same
    }
    await this.#changes.correct({ kind: "sign", who, share: Math.floor(share * 10_000) / 10_000 });
  }
}
