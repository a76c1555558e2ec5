// @ts-check
// Keys of a review, as editors of subtitles know them.

/** @type {Record<string, string>} */
const LETTERS = { s: "word", q: "before", w: "after", e: "first", d: "last", t: "now", u: "unspoken" };

/**
 * What a key does in a review; null where it does nothing, or belongs to what has the focus.
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 * @param {{inField: boolean, onControl: boolean, letters: boolean}} where whether single letters are for us at all
 * @returns {{act: string, by?: number} | null}
 */
export function actOf({ key, altKey, ctrlKey, metaKey, shiftKey }, { inField, onControl, letters }) {
  if (ctrlKey || metaKey) return null;
  if (key === "F8" && !altKey) return { act: shiftKey ? "previous" : "next" };
  if (inField) return null;
  if (altKey) {
    const step = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
    return step ? { act: "nudge", by: step * (shiftKey ? 50 : 10) } : null;
  }
  if (key === "Enter") return onControl ? null : { act: "accept" };
  const act = letters && key.length === 1 ? LETTERS[key.toLowerCase()] : undefined;
  return act ? { act } : null;
}
