// @ts-check
// Where the arrows lead from a word of the transcript: to words beside it, above and below, and to what stands between
// words and is stepped onto like one: passages that the transcript lacks, and flags of kept quotes.

import { all } from "../ui/elements.js";

/** @typedef {[after: number, button: HTMLElement]} Gap the number of the word after it, and itself */

/** @type {Record<string, number>} */
export const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * All of them in order.
 * @param {HTMLElement} root
 */
export function gapsOf(root) {
  /** @type {Gap[]} */
  const gaps = [];
  let words = 0;
  for (const stop of all(root, ".w, .missing, .flag")) {
    if (stop.classList.contains("w")) words++;
    else gaps.push([words, stop]);
  }
  return gaps;
}

/**
 * The first gap between word number `from` and the word that an arrow leads to, or beyond the first or last word.
 * @param {Gap[]} gaps
 * @param {number} from
 * @param {number} step
 * @param {number} to
 */
export function gapOnTheWay(gaps, from, step, to) {
  if (step > 0) return gaps.find(([after]) => after > from && (after <= to || to === from))?.[1];
  if (step < 0) return gaps.findLast(([after]) => after <= from && (after > to || to === from))?.[1];
  return null;
}

/**
 * The word above or below another, by where both are on the page.
 * @param {HTMLElement[]} words
 * @param {number} index
 * @param {number} step
 */
export function overLine(words, index, step) {
  const from = words[index].getBoundingClientRect();
  const middle = (from.left + from.right) / 2;
  let best = index, distance = Infinity, line = NaN; // none yet
  for (let i = index + step; i >= 0 && i < words.length; i += step) {
    const box = words[i].getBoundingClientRect();
    if (Number.isNaN(line) && Math.abs(box.top - from.top) < from.height / 2) continue;
    if (Number.isNaN(line)) line = box.top;
    if (Math.abs(box.top - line) > box.height / 2) break;
    const off = Math.abs((box.left + box.right) / 2 - middle);
    if (off < distance) [best, distance] = [i, off];
  }
  return best;
}
