// @ts-check
// What the panel of a review says: where one is in the queue, why a passage is asked, what can be done with it.

import { all, one } from "../ui/elements.js";
import { t, timeLeft } from "../ui/strings.js";
import { isOpen, workOf } from "./queue.js";

/**
 * Where in the queue a reader is, in words.
 * @param {import("./queue.js").Standing} standing
 */
export const whereIn = ({ items, at }) => t("review.where", { k: at + 1, n: items.length });

export class Showing {
  #panel;

  /** @param {HTMLElement} panel */
  constructor(panel) { this.#panel = panel; }

  /**
   * @param {import("./queue.js").Standing} standing
   * @param {Review | null} review
   */
  queue(standing, review) {
    const { items, shown } = standing, asked = isOpen(standing) ? shown : null;
    const left = t(items.length === 1 ? "review.open.one" : "review.open", { n: items.length });
    const done = t(items.length ? "review.done" : "review.none");
    this.#put("where", asked ? whereIn(standing) : left);
    this.#put("left", items.length ? t("review.left", { time: timeLeft(workOf(items)) }) : "");
    this.#put("reasons", review ? asked?.reasons.join(" ") ?? done : "");
    this.#put("shown", asked?.shown ?? "");
    for (const name of /** @type {const} */ (["printed", "heard"])) {
      this.#put(name, asked?.[name] ?? "");
      one(this.#panel, `[data-part="${name}-line"]`).hidden = !asked?.[name];
    }
    this.#panel.dataset.kind = asked?.kind ?? "";
    this.#kinds(standing, review);
  }

  /**
   * @param {string} name
   * @param {string} text
   */
  #put(name, text) { one(this.#panel, `[data-part="${name}"]`).textContent = text; }

  /**
   * How many there are of each kind; those that are none cannot be chosen.
   * @param {import("./queue.js").Standing} standing
   * @param {Review | null} review
   */
  #kinds({ items, shown }, review) {
    const choice = one(this.#panel, "select", HTMLSelectElement);
    for (const option of choice.options) {
      const n = review?.counts[/** @type {ReviewItem["kind"]} */ (option.value)] ?? 0;
      option.textContent = t(`review.kind.${option.value}`, { n });
      option.disabled = !n;
    }
    if (shown) choice.value = shown.kind;
    choice.disabled = !items.length;
  }

  /**
   * Which buttons are of use.
   * @param {import("./queue.js").Standing} standing
   * @param {{isChosen: boolean, isSaid: boolean, zooms: boolean[], loops: boolean, undoable: boolean, redoable: boolean}} how
   */
  tools(standing, { isChosen, isSaid, zooms: [wider, closer], loops, undoable, redoable }) {
    const { items, shown } = standing, open = isOpen(standing), any = items.length > 0;
    /** @type {Record<string, boolean>} */
    const usable = { undo: undoable, redo: redoable, next: any, previous: any, accept: open, put: open, take: open, keep: open, dismiss: open, neither: open, passage: shown !== null, now: isChosen, unspoken: isChosen, nudge: isSaid, wider, closer };
    for (const button of all(this.#panel, "[data-do]")) {
      const name = button.dataset.do ?? "";
      if (name in usable) /** @type {HTMLButtonElement} */ (button).disabled = !usable[name];
    }
    one(this.#panel, "[data-do=loop]").setAttribute("aria-pressed", String(loops));
    one(this.#panel, "[data-do=all]").hidden = !open || shown?.kind === "draft" || items.filter(({ kind }) => kind === shown?.kind).length < 2;
  }
}

/**
 * Goes to a kind that is chosen, and tells whether by hand: who walks the list by arrows is still in it.
 * @param {HTMLSelectElement} choice
 * @param {(kind: string, byHand: boolean) => void} go
 */
export function useKinds(choice, go) {
  let byHand = false;
  choice.addEventListener("pointerdown", () => { byHand = true; });
  choice.addEventListener("blur", () => { byHand = false; });
  choice.addEventListener("change", () => go(choice.value, byHand));
}

/**
 * The page's address, with the review open or not.
 * @param {boolean} on
 */
export function withReview(on) {
  const address = new URL(location.href);
  if (on) address.searchParams.set("review", "");
  else address.searchParams.delete("review");
  return address.href.replace("review=&", "review&").replace(/review=(?=#|$)/, "review");
}
