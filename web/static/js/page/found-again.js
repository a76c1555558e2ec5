// @ts-check
// Where paragraphs that are edited stand after others changed the page: pure functions. Those beside them tell the place;
// between these they are what has most of their words, and where nothing has they are gone, so that no other is taken
// for them.

/**
 * @typedef {{who: string, text: string}} Standing a paragraph as the page shows it
 * @typedef {{paragraphs: Standing[], first: number, stop: number}} Around some paragraphs in a row, of which those from
 *     `first` to before `stop` are meant; where that is none, the place between two
 */

const BESIDE = 20; // paragraphs on each side by which the place is known: others may have changed some of them too
const MOST = 0.5; // of the words of both
const MORE = 3; // paragraphs into which others may have split one

/**
 * Some of the page's paragraphs, with those beside them.
 * @param {Standing[]} paragraphs
 * @param {number} first
 * @param {number} stop
 * @returns {Around}
 */
export function aroundOf(paragraphs, first, stop) {
  const from = Math.max(0, first - BESIDE);
  return { paragraphs: paragraphs.slice(from, stop + BESIDE), first: first - from, stop: stop - from };
}

/**
 * Which of the page's paragraphs those that were meant are now: the same, or those that have most of their words and
 * not those of others beside them. None where they are gone, or have become one with others: then where they stood.
 * @param {Standing[]} now
 * @param {Around} around
 * @returns {{first: number, stop: number}}
 */
export function placeOf(now, { paragraphs, first, stop }) {
  const stayed = stayedOf(paragraphs, now), own = stayed.slice(first, stop);
  if (own.length && own.every((at, k) => at >= 0 && at === own[0] + k)) return { first: own[0], stop: own[0] + own.length };
  const before = stayed.slice(0, first).findLastIndex((at) => at >= 0);
  const after = stayed.findIndex((at, k) => k >= stop && at >= 0);
  const low = before < 0 ? 0 : stayed[before] + 1, high = after < 0 ? now.length : stayed[after];
  const beside = [...paragraphs.slice(before + 1, first), ...paragraphs.slice(stop, after < 0 ? undefined : after)];
  const [sought, others] = [paragraphs.slice(first, stop), beside].map((list) => list.map(({ text }) => wordsOf(text)));
  const run = likest(now.slice(low, high).map(({ text }) => wordsOf(text)), sought.flat(), others, sought.length + MORE);
  if (run && !run.isOthers) return { first: low + run.first, stop: low + run.stop };
  const place = run ? low + run.stop : before < 0 && after >= 0 ? high : low;
  return { first: place, stop: place };
}

/**
 * The paragraphs in a row that are most like some words, if they are at all, and whether they are of others too.
 * @param {string[][]} paragraphs words of each
 * @param {string[]} sought
 * @param {string[][]} others
 * @param {number} longest
 * @returns {{first: number, stop: number, isOthers: boolean} | null}
 */
function likest(paragraphs, sought, others, longest) {
  let best = null, most = 0;
  for (let first = 0; first < paragraphs.length; first++) {
    for (let stop = first + 1; stop <= Math.min(paragraphs.length, first + longest); stop++) {
      const words = paragraphs.slice(first, stop).flat(), rest = without(words, sought);
      const share = (2 * (words.length - rest.length)) / Math.max(1, words.length + sought.length);
      if (share < MOST || share <= most) continue;
      [best, most] = [{ first, stop, rest }, share];
    }
  }
  if (!best) return null;
  const { first, stop, rest } = best;
  return { first, stop, isOthers: others.some((other) => without(other, rest).length < other.length * MOST) };
}

/**
 * For each of some paragraphs where it stands among others, -1 where it does not: as many as can be, in their order.
 * @param {Standing[]} old
 * @param {Standing[]} now
 */
function stayedOf(old, now) {
  const isSame = (/** @type {number} */ k, /** @type {number} */ at) => old[k].text === now[at].text && old[k].who === now[at].who;
  const most = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1)); // of those from k and from at on
  for (let k = old.length - 1; k >= 0; k--) {
    for (let at = now.length - 1; at >= 0; at--) {
      most[k][at] = isSame(k, at) ? most[k + 1][at + 1] + 1 : Math.max(most[k + 1][at], most[k][at + 1]);
    }
  }
  const stayed = old.map(() => -1);
  for (let k = 0, at = 0; k < old.length && at < now.length;) {
    if (isSame(k, at)) stayed[k++] = at++;
    else if (most[k + 1][at] >= most[k][at + 1]) k++;
    else at++;
  }
  return stayed;
}

/** @param {string} text */
function wordsOf(text) { return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []; }

/**
 * Words, but for as many of each as others have.
 * @param {string[]} words
 * @param {string[]} others
 */
function without(words, others) {
  const left = new Map();
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1);
  return words.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count <= 0;
  });
}
