// @ts-check
// The queue of a review, and where in it a reader is while it changes. Captions that miss a norm are a step of their own,
// after the passages whose words or times may be wrong.

import { get } from "../ui/api.js";

/**
 * @typedef {import("../page/changes.js").Correction} Correction
 * @typedef {Object} Existing which item is shown; one that is `shown` but no longer in the queue stood before number `at`
 * @property {ReviewItem[]} items
 * @property {number} at
 * @property {ReviewItem | null} shown
 */

/**
 * Find the same passage in another state of the queue; -1 where it is done.
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
 * Return where a reader stands once the queue holds other items.
 * @param {Existing} standing
 * @param {ReviewItem[]} items
 * @returns {Existing}
 */
export function renewed({ at, shown }, items) {
  const now = shown ? placeOf(items, shown) : -1;
  return now < 0 ? { items, at: Math.min(at, items.length), shown } : { items, at: now, shown: items[now] };
}

/** Whether what is shown is still to be done. @param {Existing} standing */
export const isOpen = ({ items, at, shown }) => shown !== null && items[at] === shown;

/**
 * Go to the next item, or the one before; after the last comes the first.
 * @param {Existing} standing
 * @param {number} step 1 or -1
 * @returns {Existing}
 */
export function stepped(standing, step) {
  const { items, at } = standing;
  if (!items.length) return { items, at: 0, shown: null };
  // What is done has given its place to the next.
  const next = ((step > 0 && !isOpen(standing) ? at : at + step) + items.length) % items.length;
  return { items, at: next, shown: items[next] };
}

/** Return the correction that accepts these items: words as they are, passages of audio as annotations. @param {ReviewItem[]} items */
export function accepting(items) {
  return {
    kind: "accept",
    words: items.flatMap(({ kind, words }) => (words && kind !== "norm" ? [words] : [])),
    annotations: items.flatMap(({ kind, start, end }) => {
      const as = { norm: "norm", lacking: "dismissed", otherwise: "dismissed" }[/** @type {string} */ (kind)];
      return as ? [[as, start, end]] : [];
    }),
  };
}

// What a reader settles leaves the queue at once; how things are is asked when no correction is on its way any more.
//
// Events: "renewed" when the server has answered how things are, "failed" (detail: the error).
export class Queue extends EventTarget {
  #url;
  #changes;
  #pending = 0; // corrections on their way
  #loaded = -1; // the number of changes after which it was asked how things are
  #loading = Promise.resolve();
  /** @type {Promise<unknown>} */
  #settling = Promise.resolve();
  #isOfCaptions = false; // which step
  /** @type {Review | null} */
  review = null;
  /** @type {Existing} */
  standing = { items: [], at: 0, shown: null };

  /** @param {string} id of the episode @param {import("../page/changes.js").Changes} changes */
  constructor(id, changes) {
    super();
    this.#url = `/api/episodes/${id}/review`;
    this.#changes = changes;
  }

  /** Ask how things are now. */
  load() {
    const { history } = this.#changes;
    if (!this.#pending && this.#loaded !== history) {
      this.#loaded = history;
      this.#loading = this.#load(history);
    }
    return this.#loading;
  }

  /** Return how things are once all that was settled is saved. */
  async upToDate() {
    await this.#settling;
    await this.load();
    return this.review;
  }

  /** @param {number} history */
  async #load(history) {
    try {
      const review = await get(this.#url);
      if (this.#loaded !== history) return; // it is asked for again
      if (this.#pending) return void (this.#loaded = -1);
      this.#use(review);
      this.dispatchEvent(new Event("renewed"));
    } catch (error) {
      this.#loaded = -1;
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** @param {Review} review */
  #use(review) {
    this.review = review;
    this.standing = renewed(this.standing, this.#items);
  }

  get #items() { return this.review?.items.filter(({ kind }) => (kind === "norm") === this.#isOfCaptions) ?? []; }

  /** How many captions are left for a step of their own, while this is the other. */
  get captionsLeft() { return this.#isOfCaptions ? 0 : this.review?.counts.norm ?? 0; }

  /**
   * Go to the next passage, or the one before; from a step that is done to the captions.
   * @param {number} step 1 or -1
   */
  step(step) {
    const { items, shown } = this.standing;
    if (!items.length && !shown && this.captionsLeft) this.goTo("norm");
    else this.standing = stepped(this.standing, step);
  }

  /** Go to the first of a kind, in its step. @param {string} kind */
  goTo(kind) {
    const item = this.review?.items.find((each) => each.kind === kind);
    if (item) this.showAgain(item);
  }

  /**
   * Make a correction that settles some items; null where it is refused, and they are there again.
   * @param {ReviewItem[]} items
   * @param {Correction} correction
   */
  async settle(items, correction) {
    this.#pending++;
    if (this.review) {
      const left = this.review.items.filter((item) => placeOf(items, item) < 0), counts = { ...this.review.counts };
      for (const { kind } of this.review.items) counts[kind]--;
      for (const { kind } of left) counts[kind]++;
      this.#use({ ...this.review, items: left, counts });
    }
    const answer = await (this.#settling = this.#changes.correct(correction));
    this.#pending--;
    if (!answer?.change) this.#loaded = -1;
    const renewal = this.load();
    if (!answer) await renewal;
    return answer;
  }

  /** Once a change was undone, go to the passage that it asks again; false where there is none. */
  async comeBack() {
    const before = this.review?.items ?? [];
    await this.load();
    const back = this.review?.items.find((item) => placeOf(before, item) < 0);
    return back !== undefined && this.showAgain(back);
  }

  /** Go to a passage; false where it is done. @param {ReviewItem} item */
  showAgain(item) {
    if (placeOf(this.review?.items ?? [], item) < 0) return false;
    this.#isOfCaptions = item.kind === "norm";
    const items = this.#items, at = placeOf(items, item);
    this.standing = { items, at, shown: items[at] };
    return true;
  }

  /** Give words other numbers. @param {(word: number) => number} now */
  renumber(now) {
    const items = new Set([...(this.review?.items ?? []), this.standing.shown]);
    for (const item of items) if (item?.words) item.words = [now(item.words[0]), now(item.words[1] - 1) + 1];
  }
}
