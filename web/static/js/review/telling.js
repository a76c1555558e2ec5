// @ts-check
// Words and their times, for who does not see them.

import { exact, t } from "../ui/strings.js";

/** @typedef {import("./geometry.js").Placed} Placed */

/**
 * @param {string} text
 * @param {Placed | null} placed null where nobody says it
 */
export function tellWord(text, placed) {
  if (!placed) return t("review.word.unsaid", { word: text });
  const times = { word: text, start: exact(placed.start / 1000), end: exact(placed.end / 1000) };
  return t(placed.pinned ? "review.word.pinned" : "review.word", times);
}

/**
 * @param {string} text
 * @param {Placed | undefined} placed
 * @param {Side} side
 */
export function tellEdge(text, placed, side) {
  return placed ? t("review.edge", { time: exact(placed[side] / 1000), word: text }) : "";
}
