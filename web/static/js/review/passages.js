// @ts-check
// The queue of a review while it is worked on. What a reader settles leaves it at once, before the server has taken it,
// and is there again if that is refused; how things are is asked for when nothing is on its way, once for several changes.
//
// Events: "renewed" when the server has told how things are, "back" (detail: {standing, words}) when a passage is to be
// done again, and which words of it were set, if any; "failed" (detail: the error).

import { get } from "../ui/api.js";
import { detailOf } from "../ui/elements.js";
import { placeOf, renewed, without } from "./queue.js";
import { wordsOf } from "../page/changes.js";

/** @typedef {{items: ReviewItem[], history: number}} Settled and after how many changes the server has taken it */

export class Passages extends EventTarget {
  #url;
  #changes;
  /** @type {Review | null} */
  #told = null;
  /** @type {Settled[]} */
  #settled = [];
  #asked = -1; // how things are after so many changes
  #loading = Promise.resolve();
  /** @type {Promise<unknown>} */
  #settling = Promise.resolve();
  /** @type {Map<number, ReviewItem>} the passage at which each change was made, by the change's id */
  #madeAt = new Map();
  /** @type {Review | null} what is told, without what is settled since */
  review = null;
  /** @type {import("./queue.js").Standing} */
  standing = { items: [], at: 0, shown: null };

  /**
   * @param {string} id of the episode
   * @param {import("../page/changes.js").Changes} changes
   */
  constructor(id, changes) {
    super();
    this.#url = `/api/episodes/${id}/review`;
    this.#changes = changes;
    changes.addEventListener("changed", (event) => this.#changed(detailOf(event)));
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

  /** @param {{change: Change | null, mine: boolean}} told */
  #changed({ change, mine }) {
    const { shown } = this.standing;
    if (mine && change && shown && !this.#madeAt.has(change.id)) this.#madeAt.set(change.id, shown);
  }

  #renew() {
    if (!this.#told) return;
    this.review = without(this.#told, this.#settled.flatMap(({ items }) => items));
    this.standing = renewed(this.standing, this.review.items);
  }

  /**
   * Makes a correction that settles some of them; null where it is refused, and they are not settled.
   * @param {ReviewItem[]} items
   * @param {Record<string, unknown> & {kind: string}} correction
   */
  async settle(items, correction) {
    const settled = { items, history: Infinity };
    this.#settled.push(settled);
    this.#renew();
    const made = (this.#settling = this.#changes.correct(correction)), answer = await made;
    if (answer?.change) {
      settled.history = answer.history;
      this.#madeAt.set(answer.change.id, items[0]);
    } else { // refused; or nothing was changed by it, and they are what they were
      this.#settled = this.#settled.filter((each) => each !== settled);
      this.#renew();
      if (answer) this.dispatchEvent(new Event("renewed"));
    }
    this.load();
    return answer;
  }

  /**
   * Makes a correction at the passage that is shown; undoing it leads back there, wherever one has gone meanwhile.
   * @param {Record<string, unknown> & {kind: string}} correction
   */
  async correct(correction) {
    const { shown } = this.standing, answer = await this.#changes.correct(correction);
    if (answer?.change && shown) this.#madeAt.set(answer.change.id, shown);
    return answer;
  }

  /**
   * To the passage at which a change was made that is undone. Tells "back" where it is in the queue again.
   * @param {Change} change
   */
  async comeBack({ id, what }) {
    const item = this.#madeAt.get(id), words = wordsOf(what);
    await this.load();
    if (!item || placeOf(this.standing.items, item) < 0) return;
    const standing = this.at(item), asked = standing.shown?.words;
    const isOfIt = words && asked && words[0] < asked[1] && asked[0] < words[1];
    this.dispatchEvent(new CustomEvent("back", { detail: { standing, words: isOfIt ? words : null } }));
  }

  /**
   * Where one stands at a passage; as now where it is done.
   * @param {ReviewItem} item
   * @returns {import("./queue.js").Standing}
   */
  at(item) {
    const { items } = this.standing, at = placeOf(items, item);
    return at < 0 ? this.standing : { items, at, shown: items[at] };
  }

  /**
   * After words have other numbers.
   * @param {(word: number) => number} now
   */
  renumber(now) {
    const items = [...(this.#told?.items ?? []), ...this.#settled.flatMap((each) => each.items), ...this.#madeAt.values(), this.standing.shown];
    for (const item of new Set(items)) if (item?.words) item.words = [now(item.words[0]), now(item.words[1] - 1) + 1];
  }
}
