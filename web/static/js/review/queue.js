// @ts-check
// Where in the queue a reader is, while the queue changes under their hands. Pure functions over its items.

/** @typedef {{items: ReviewItem[], at: number, shown: ReviewItem | null}} Standing which item is shown; one that is `shown` but no longer in the queue stood before number `at` */

/**
 * The same passage in another state of the queue; -1 where it is done.
 * @param {ReviewItem[]} items
 * @param {ReviewItem} sought
 */
export function placeOf(items, sought) {
  return items.findIndex((item) => item.kind === sought.kind && meets(item, sought));
}

/**
 * @param {ReviewItem} one
 * @param {ReviewItem} other
 */
function meets(one, other) {
  if (one.words && other.words) return one.words[0] < other.words[1] && other.words[0] < one.words[1];
  return one.words === other.words && one.start < other.end && other.start < one.end;
}

/**
 * The number that a word has once others have been put in, or taken out, before it.
 * @param {number} word
 * @param {{at: number, drop: number, put: number}} change from word `at` on so many gave way to so many
 */
export function renumbered(word, { at, drop, put }) {
  return word < at ? word : word >= at + drop ? word + put - drop : Math.min(word, at + Math.max(put, 1) - 1);
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
  const to = step > 0 && !isOpen(standing) ? at : at + step;
  const next = (to + items.length) % items.length;
  return { items, at: next, shown: items[next] };
}

/**
 * The first item of a kind from where a reader stands on, else from the beginning.
 * @param {Standing} standing
 * @param {string} kind
 * @returns {Standing}
 */
export function ofKind({ items, at, shown }, kind) {
  const found = [...items.keys()].find((k) => items[k].kind === kind);
  return found === undefined ? { items, at, shown } : { items, at: found, shown: items[found] };
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
 * What accepts these items, in one correction: words as they are, sound as settled.
 * @param {ReviewItem[]} items
 */
export function accepting(items) {
  return {
    kind: "accept",
    words: items.flatMap(({ kind, words }) => (words && kind !== "norm" ? [words] : [])),
    settled: items.flatMap(({ kind, start, end }) => (kind === "norm" ? [["norm", start, end]] : kind === "lacking" || kind === "otherwise" ? [["dismissed", start, end]] : [])),
  };
}

/**
 * What keeps the printed words where something else is said, as saying the same; null of all others.
 * @param {ReviewItem} item
 */
export function asPrinted({ kind, words, start, end }) {
  return kind === "otherwise" && words ? { kind: "paraphrase", first: words[0], stop: words[1], start, end } : null;
}

/**
 * Seconds of work that they are.
 * @param {ReviewItem[]} items
 */
export const workOf = (items) => items.reduce((sum, { work }) => sum + work, 0);
