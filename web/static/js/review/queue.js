// @ts-check
// The queue of a review, and where in it a reader is while it changes under their hands. Captions that miss a norm are a
// step of their own, after the passages whose words or times may be wrong.

import { get } from "../ui/api.js";

/**
 * @typedef {Record<string, unknown> & {kind: string}} Correction
 * @typedef {Object} Standing which item is shown; one that is `shown` but no longer in the queue stood before number `at`
 * @property {ReviewItem[]} items
 * @property {number} at
 * @property {ReviewItem | null} shown
 */

/**
 * The same passage in another state of the queue; -1 where it is done.
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
 * Where a reader stands once the queue holds other items.
 * @param {Standing} standing
 * @param {ReviewItem[]} items
 * @returns {Standing}
 */
export function renewed({ at, shown }, items) {
  const now = shown ? placeOf(items, shown) : -1;
  return now < 0 ? { items, at: Math.min(at, items.length), shown } : { items, at: now, shown: items[now] };
}

/**
 * Whether what is shown is still to be done.
 * @param {Standing} standing
 */
export const isOpen = ({ items, at, shown }) => shown !== null && items[at] === shown;

/**
 * The next item, or the one before; after the last comes the first.
 * @param {Standing} standing
 * @param {number} step 1 or -1
 * @returns {Standing}
 */
export function stepped(standing, step) {
  const { items, at } = standing;
  if (!items.length) return { items, at: 0, shown: null };
  // What is done has given its place to the next.
  const next = ((step > 0 && !isOpen(standing) ? at : at + step) + items.length) % items.length;
  return { items, at: next, shown: items[next] };
}

/**
 * The review without passages that are settled.
 * @param {Review} review
 * @param {ReviewItem[]} settled
 * @returns {Review}
 */
export function without(review, settled) {
  const items = review.items.filter((item) => placeOf(settled, item) < 0), counts = { ...review.counts };
  for (const { kind } of review.items) counts[kind]--;
  for (const { kind } of items) counts[kind]++;
  return { ...review, items, counts };
}

/**
 * What accepts these items, in one correction: words as they are, audio as settled.
 * @param {ReviewItem[]} items
 */
export function accepting(items) {
  return {
    kind: "accept",
    words: items.flatMap(({ kind, words }) => (words && kind !== "norm" ? [words] : [])),
    settled: items.flatMap(({ kind, start, end }) => {
      const as = { norm: "norm", lacking: "dismissed", otherwise: "dismissed" }[/** @type {string} */ (kind)];
      return as ? [[as, start, end]] : [];
    }),
  };
}

// What a reader settles leaves the queue at once, before the server has taken it, and is there again if that is refused;
// how things are is asked for when nothing is on its way, once for several changes.
//
// Events: "renewed" when the server has told how things are, "failed" (detail: the error).
export class Queue extends EventTarget {
  #url;
  #changes;
  /** @type {Review | null} as the server told it */
  #told = null;
  /** @type {{items: ReviewItem[], history: number}[]} and after how many changes the server has taken it */
  #settled = [];
  #asked = -1; // how things are after so many changes
  #loading = Promise.resolve();
  /** @type {Promise<unknown>} */
  #settling = Promise.resolve();
  #isOfCaptions = false; // which step
  /** @type {Review | null} what is told, without what is settled since */
  review = null;
  /** @type {Standing} */
  standing = { items: [], at: 0, shown: null };

  /**
   * @param {string} id of the episode
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(id, changes) {
    super();
    this.#url = `/api/episodes/${id}/review`;
    this.#changes = changes;
  }

  /**
   * How things are now.
   * @returns {Promise<void>}
   */
  load() {
    const { history } = this.#changes;
    if (this.#asked === history || this.#settled.some((each) => each.history === Infinity)) return this.#loading;
    this.#asked = history;
    return (this.#loading = this.#loading.then(() => (this.#asked === history ? this.#load(history) : undefined)));
  }

  // How things are once all that was settled is taken.
  async upToDate() {
    await this.#settling;
    await this.load();
    return this.review;
  }

  // They are asked for again when they are needed.
  forget() { this.#asked = -1; }

  /** @param {number} history */
  async #load(history) {
    try {
      this.#told = /** @type {Review} */ (await get(this.#url));
    } catch (error) {
      this.forget();
      return void this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
    this.#settled = this.#settled.filter((each) => each.history > history);
    this.#renew();
    this.dispatchEvent(new Event("renewed"));
  }

  #renew() {
    if (!this.#told) return;
    this.review = without(this.#told, this.#settled.flatMap(({ items }) => items));
    this.standing = renewed(this.standing, this.#items);
  }

  get #items() { return this.review?.items.filter(({ kind }) => (kind === "norm") === this.#isOfCaptions) ?? []; }

  // How many captions are left for a step of their own, while this is the other.
  get captionsLeft() { return this.#isOfCaptions ? 0 : this.review?.counts.norm ?? 0; }

  /**
   * Goes to the next passage, or the one before; from a step that is done to the captions.
   * @param {number} step 1 or -1
   */
  step(step) {
    const { items, shown } = this.standing;
    if (!items.length && !shown && this.captionsLeft) this.goTo("norm");
    else this.standing = stepped(this.standing, step);
  }

  /**
   * Goes to the first of a kind, in its step.
   * @param {string} kind
   */
  goTo(kind) {
    this.#isOfCaptions = kind === "norm";
    const items = this.#items, at = items.findIndex((item) => item.kind === kind);
    this.standing = at < 0 ? renewed(this.standing, items) : { items, at, shown: items[at] };
  }

  /**
   * Makes a correction that settles some of them; null where it is refused, and they are not settled.
   * @param {ReviewItem[]} items
   * @param {Correction} correction
   */
  async settle(items, correction) {
    const settled = { items, history: Infinity };
    this.#settled.push(settled);
    this.#renew();
    const made = (this.#settling = this.#changes.correct(correction)), answer = await made;
    if (answer?.change) {
      settled.history = answer.history;
    } else { // refused; or nothing was changed by it, and they are what they were
      this.#settled = this.#settled.filter((each) => each !== settled);
      this.#renew();
      if (answer) this.dispatchEvent(new Event("renewed"));
    }
    this.load();
    return answer;
  }

  /**
   * After a change was undone: stands at the passage that is to be done again by that; false where there is none.
   */
  async comeBack() {
    const before = this.review?.items ?? [];
    await this.load();
    const back = this.review?.items.find((item) => placeOf(before, item) < 0);
    return back !== undefined && this.showAgain(back);
  }

  /**
   * Stands at a passage once more; false where it is done.
   * @param {ReviewItem} item
   */
  showAgain(item) {
    if (placeOf(this.review?.items ?? [], item) < 0) return false;
    this.#isOfCaptions = item.kind === "norm";
    const items = this.#items, at = placeOf(items, item);
    this.standing = { items, at, shown: items[at] };
    return true;
  }

  /**
   * After words have other numbers.
   * @param {(word: number) => number} now
   */
  renumber(now) {
    const settled = this.#settled.flatMap((each) => each.items);
    const items = [...(this.#told?.items ?? []), ...settled, this.standing.shown];
    for (const item of new Set(items)) if (item?.words) item.words = [now(item.words[0]), now(item.words[1] - 1) + 1];
  }
}
