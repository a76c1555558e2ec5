// @ts-check
// Where the bar of the selected words stands: beside them, and never on them nor on the names of who says them.

import { all } from "../ui/elements.js";

const GAP = 8; // pixels

/**
 * @typedef {{top: number, bottom: number, left: number, right: number}} Box in the window
 * @typedef {{top: number, bottom: number}} View the part of the window's height that is free
 *
 * @typedef {Object} Situation
 * @property {{width: number, height: number}} size of the bar
 * @property {View} view
 * @property {Box[]} words that are selected and seen, line by line
 * @property {Box[]} names of who says them
 * @property {Box[]} others what is better not covered either
 * @property {{left: number, right: number}} column of text
 * @property {boolean} rightToLeft
 * @property {"above" | "below"} away where the selected words are, if none is seen
 * @property {boolean} growsUp whether the reader moves the beginning of the selection, not its end
 */

/**
 * The top left corner of a bar beside its words: above them, below them, else at an edge of the view; where they fill
 * it, at the edge that is not where the selection grows.
 * @param {Situation} now
 * @returns {{top: number, left: number}}
 */
export function besideWords(now) {
  const { size, view, words, names } = now;
  const highest = view.top + GAP, lowest = view.bottom - GAP - size.height;
  const tops = words.length
    ? [...words.slice(0, 1), ...names].map((box) => box.top - GAP - size.height).concat(Math.max(...words.map((box) => box.bottom)) + GAP)
    : [];
  const edges = now.away === "above" ? [highest, lowest] : [lowest, highest];
  const lefts = leftsIn(now);
  const places = [...tops, ...edges].filter((top) => top >= highest && top <= lowest).flatMap((top) => lefts.map((left) => ({ top, left })));
  return firstFree(places, now) ?? { top: now.growsUp ? lowest : highest, left: lefts[0] };
}

/**
 * At which side of the view a bar stands that is as wide as the window: at the bottom, within reach of a thumb, else at
 * the top. It stays where it `was` while that is free.
 * @param {Situation} now
 * @param {"top" | "bottom"} was
 * @returns {"top" | "bottom"}
 */
export function acrossView(now, was) {
  const top = { top: now.view.top, left: 0 }, bottom = { top: now.view.bottom - now.size.height, left: 0 };
  const free = firstFree(was === "top" ? [top, bottom] : [bottom, top], now);
  return (free ? free === top : !now.growsUp) ? "top" : "bottom";
}

/**
 * The first place at which the bar covers nothing, or nothing that it must not.
 * @param {{top: number, left: number}[]} places
 * @param {Situation} now
 */
function firstFree(places, { size, words, names, others }) {
  /** @param {Box[]} covered */
  const free = (covered) =>
    places.find(({ top, left }) => !covered.some((box) => box.top < top + size.height && box.bottom > top && box.left < left + size.width && box.right > left));
  return free([...words, ...names, ...others]) ?? free([...words, ...names]);
}

/**
 * From the beginning of the first line on, within the column; else at either end of it.
 * @param {Situation} now
 */
function leftsIn({ size, words, column, rightToLeft }) {
  const least = Math.max(GAP, column.left), most = Math.max(column.right - size.width, least);
  const begin = rightToLeft ? (words[0]?.right ?? column.right) - size.width : words[0]?.left ?? column.left;
  return [Math.min(Math.max(begin, least), most), least, most];
}

/**
 * What of the transcript the bar is not to cover: a line of the selected words each, and the lines that name who says
 * them; both only as far as they are seen.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {View} view
 */
export function coveredBy(transcript, view) {
  const { first, last } = transcript.selection ?? { first: 0, last: 0 };
  /** @type {Box[]} */
  const words = [];
  /** @type {Box[]} */
  const names = [];
  /** @type {"above" | "below"} */
  let away = "below";
  // Only blocks that are seen are looked into: those out of view have not been laid out.
  const end = blockOf(transcript, last - 1);
  for (let block = blockOf(transcript, first); block; block = block === end ? null : block.nextElementSibling) {
    const { top, bottom } = block.getBoundingClientRect();
    if (bottom <= view.top) away = "above";
    if (bottom <= view.top || top >= view.bottom) continue;
    for (const name of all(block, ".who")) names.push(name.getBoundingClientRect());
    words.push(...linesOf(block, transcript.word(first), transcript.word(last - 1)));
  }
  const seen = words.filter(({ top, bottom }) => bottom > view.top && top < view.bottom);
  if (!seen.length && words.length) away = words[0].bottom <= view.top ? "above" : "below";
  return { words: seen, names, away };
}

/**
 * The child of the transcript in which a word is.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {number} i
 * @returns {Element | null}
 */
function blockOf(transcript, i) {
  /** @type {Element | null} */
  let block = transcript.word(i);
  while (block && block.parentElement !== transcript.root) block = block.parentElement;
  return block;
}

/**
 * The boxes of the text between two words, those included, as far as it lies in a block.
 * @param {Element} block
 * @param {Element} first
 * @param {Element} last
 */
function linesOf(block, first, last) {
  const range = new Range();
  range.selectNodeContents(block);
  if (block.contains(first)) range.setStartBefore(first);
  if (block.contains(last)) range.setEndAfter(last);
  return [...range.getClientRects()].filter((box) => box.width > 0);
}
