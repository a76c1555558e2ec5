// @ts-check
// The queue of a review, and the reader's position in it while it changes. Captions that miss a guideline are a second step,
// after the passages whose words or times may be wrong.

import { get } from "../ui/api.js";

/**
 * @typedef {import("../page/changes.js").Correction} Correction
 * @typedef {Object} Position of the reader: the item shown; if it is no longer in the queue, it was before number `at`
 * @property {ReviewItem[]} items
 * @property {number} at
 * @property {ReviewItem | null} shown
 */

/**
 * Return the index of the same passage in a new queue; -1 if it is done.
 * @param {ReviewItem[]} items
 * @param {ReviewItem} sought
 */
export function placeOf(items, { kind, words, start, end }) {
  return items.findIndex((item) => {
    if (item.kind !== kind) return false;
    if (item.words && words) return item.words[0] < words[1] && words[0] < item.words[1];
    return item.words === words && item.start < end && start < item.end;
  });
}

/**
 * Return the reader's position after the queue changed.
 * @param {Position} position
 * @param {ReviewItem[]} items
 * @returns {Position}
 */
export function positionAfter({ at, shown }, items) {
  const now = shown ? placeOf(items, shown) : -1;
  return now < 0 ? { items, at: Math.min(at, items.length), shown } : { items, at: now, shown: items[now] };
}

/** Return whether the item shown is still in the queue. @param {Position} position */
export const isOpen = ({ items, at, shown }) => shown !== null && items[at] === shown;

/**
 * Move to the next or previous item; the first follows the last.
 * @param {Position} position
 * @param {number} step 1 or -1
 * @returns {Position}
 */
export function positionStepped(position, step) {
  const { items, at } = position;
  if (!items.length) return { items, at: 0, shown: null };
  // The next item took the place of one that is done.
  const next = ((step > 0 && !isOpen(position) ? at : at + step) + items.length) % items.length;
  return { items, at: next, shown: items[next] };
}

/** Return the correction that accepts items: their words as they are, passages of audio as annotations. @param {ReviewItem[]} items */
export function accepting(items) {
  return {
    kind: "accept",
    words: items.flatMap(({ kind, words }) => (words && kind !== "norm" ? [words] : [])),
    annotations: items.flatMap(({ kind, start, end }) => {
      const as = { norm: "norm", untranscribed: "dismissed", otherwise: "dismissed" }[/** @type {string} */ (kind)];
      return as ? [[as, start, end]] : [];
    }),
  };
}

// A decided item leaves the queue at once; the queue is loaded again when no correction is pending.
//
// Events: "loaded" when the queue was loaded, "failed" (detail: the error).
export class Queue extends EventTarget {
  #url;
  #changes;
  #pending = 0; // corrections being saved
  #loaded = -1; // the revision of the loaded queue
  #loading = Promise.resolve();
  /** @type {Promise<unknown>} */
  #deciding = Promise.resolve();
  #isOfCaptions = false; // whether in the second step
  /** @type {Review | null} */
  review = null;
  /** @type {Position} */
  position = { items: [], at: 0, shown: null };

  /** @param {string} id of the episode @param {import("../page/changes.js").Changes} changes */
  constructor(id, changes) {
    super();
    this.#url = `/api/episodes/${id}/review`;
    this.#changes = changes;
  }

  /** Load the queue. */
  load() {
    const { revision } = this.#changes;
    if (!this.#pending && this.#loaded !== revision) {
      this.#loaded = revision;
      this.#loading = this.#load(revision);
    }
    return this.#loading;
  }

  /** Return the review after all corrections are saved. */
  async upToDate() {
    await this.#deciding;
    await this.load();
    return this.review;
  }

  /** @param {number} revision */
  async #load(revision) {
    try {
      const review = await get(this.#url);
      if (this.#loaded !== revision) return; // it is loaded again
      if (this.#pending) return void (this.#loaded = -1);
      this.#use(review);
      this.dispatchEvent(new Event("loaded"));
    } catch (error) {
      this.#loaded = -1;
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** @param {Review} review */
  #use(review) {
    this.review = review;
    this.position = positionAfter(this.position, this.#items);
  }

  get #items() { return this.review?.items.filter(({ kind }) => (kind === "norm") === this.#isOfCaptions) ?? []; }

  /** The number of captions left for the second step, during the first. */
  get captionsLeft() { return this.#isOfCaptions ? 0 : this.review?.counts.norm ?? 0; }

  /**
   * Go to the next or previous passage; from a finished first step to the captions.
   * @param {number} step 1 or -1
   */
  step(step) {
    const { items, shown } = this.position;
    if (!items.length && !shown && this.captionsLeft) this.goTo("norm");
    else this.position = positionStepped(this.position, step);
  }

  /** Go to the first passage of a kind. @param {string} kind */
  goTo(kind) {
    const item = this.review?.items.find((each) => each.kind === kind);
    if (item) this.showAgain(item);
  }

  /**
   * Save a correction that decides some items; null if the server refuses it, and they are back.
   * @param {ReviewItem[]} items
   * @param {Correction} correction
   */
  async decide(items, correction) {
    this.#pending++;
    if (this.review) {
      const left = this.review.items.filter((item) => placeOf(items, item) < 0), counts = { ...this.review.counts };
      for (const { kind } of this.review.items) counts[kind]--;
      for (const { kind } of left) counts[kind]++;
      this.#use({ ...this.review, items: left, counts });
    }
    const answer = await (this.#deciding = this.#changes.correct(correction));
    this.#pending--;
    if (!answer?.change) this.#loaded = -1;
    const renewal = this.load();
    if (!answer) await renewal;
    return answer;
  }

  /** After an undo, go to the passage that is open again; false if there is none. */
  async goToReopened() {
    const before = this.review?.items ?? [];
    await this.load();
    const back = this.review?.items.find((item) => placeOf(before, item) < 0);
    return back !== undefined && this.showAgain(back);
  }

  /** Go to a passage; false if it is done. @param {ReviewItem} item */
  showAgain(item) {
    if (placeOf(this.review?.items ?? [], item) < 0) return false;
    this.#isOfCaptions = item.kind === "norm";
    const items = this.#items, at = placeOf(items, item);
    this.position = { items, at, shown: items[at] };
    return true;
  }

  /** Renumber words. @param {(word: number) => number} now */
  renumber(now) {
    const items = new Set([...(this.review?.items ?? []), this.position.shown]);
    for (const item of items) if (item?.words) item.words = [now(item.words[0]), now(item.words[1] - 1) + 1];
  }
}
