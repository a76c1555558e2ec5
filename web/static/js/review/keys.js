// @ts-check
// Keyboard shortcuts of a review, as in subtitle editors.

import { around, byId, one } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";

const CONTROLS = "a, button, summary, input, select, .marking .handle, #transcript .w"; // that have a use for Enter

/** @typedef {{act: string, by?: number}} Action of a key */

/** @type {Record<string, string>} */
const LETTERS = { s: "word", q: "before", w: "after", a: "first", d: "last", e: "edit", r: "loop", t: "now", u: "unspoken", m: "mark", b: "belong", h: "take" };

/**
 * Return a key's action in a review; null if it has none, or the focused control uses the key.
 * @param {Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">} event
 * @param {{inField: boolean, onControl: boolean, letters: boolean}} where `letters`: whether single-letter keys are on
 * @returns {Action | null}
 */
export function actOf({ key, altKey, ctrlKey, metaKey, shiftKey }, { inField, onControl, letters }) {
  if (ctrlKey || metaKey) return null;
  if (key === "F8" && !altKey) return { act: shiftKey ? "previous" : "next" };
  if (inField) return null;
  if (altKey) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
    return step ? { act: "nudge", by: step * (shiftKey ? 50 : 10) } : null;
  }
  if (key === "Enter") return onControl ? null : { act: "accept" };
  const act = letters ? LETTERS[key.toLowerCase()] : undefined;
  return act ? { act } : null;
}

/**
 * Handle keys before the page's own shortcuts; F8 opens a review if none is shown.
 * @param {HTMLElement} panel
 * @param {() => void} open
 * @param {(action: Action) => void} act
 */
export function useReviewKeys(panel, open, act) {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    // On a word, E edits its paragraph.
    if (!panel.hidden && around(event, "#transcript .w") && event.key.toLowerCase() === "e") return;
    const action = actOf(event, {
      inField: around(event, FIELDS) !== null,
      onControl: around(event, CONTROLS) !== null,
      letters: byId("keys-on", HTMLInputElement).checked,
    });
    if (!action || (panel.hidden && event.key !== "F8")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (panel.hidden) return open();
    // The focus leaves a button after these keys, so that Enter accepts again.
    if (around(event, "#review [data-do]")) one(panel, ".word-list").focus({ preventScroll: true });
    act(action);
  }, { capture: true });
}
