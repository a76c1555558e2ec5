// @ts-check
// Selecting words with a mouse or finger: the browser's own selection, snapped to words. It keeps its handles and copies
// text, but is invisible: the words themselves are highlighted.

import { around } from "../ui/elements.js";

const CONTROLS = "a, button, summary, label, input, select, dialog, .masthead, .sheet, .player, .review, .captions, .bar, .toast, .editor"; // a click on these does not clear the selection

/** @param {import("./transcript.js").Transcript} transcript */
export function usePointing(transcript) {
  let ours = false; // whether the selection comes from a pointer, not from keys or a link
  /** @type {Selected | null} */
  let was = null;
  const main = transcript.root.closest("main"); // carets outside, in a field or a panel, change no selection

  document.addEventListener("selectionchange", () => {
    const selection = getSelection(), words = wordsOf(selection, transcript);
    if (words) {
      transcript.select(...words);
      ours = true;
    } else if (ours && selection?.isCollapsed && main?.contains(selection.anchorNode)) {
      transcript.select();
    }
  });
  transcript.addEventListener("select", () => { ours = false; });

  // The first click elsewhere only clears the selection; the next one plays from a word.
  transcript.root.addEventListener("pointerdown", () => { was = transcript.selection; });
  document.addEventListener("click", (event) => {
    const isOnWord = transcript.indexOf(event.target) >= 0 && !around(event, ".flag");
    if (event.detail === 0 || !getSelection()?.isCollapsed) return;
    if (isOnWord && was) {
      event.stopPropagation();
      transcript.select();
    } else if (transcript.selection && !isOnWord && !around(event, CONTROLS)) {
      transcript.clearSelection(); // the click was outside text and controls
    }
    was = null;
  }, { capture: true });
}

/**
 * Return the words that a selection touches; null if there are none, or it extends beyond the transcript.
 * @param {Selection | null} selection
 * @param {import("./transcript.js").Transcript} transcript
 * @returns {Words | null}
 */
function wordsOf(selection, transcript) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!transcript.root.contains(range.commonAncestorContainer)) return null;
  // Binary search: words are in document order.
  let first = 0, high = transcript.length;
  while (first < high) {
    const middle = (first + high) >> 1;
    if (range.compareBoundaryPoints(Range.END_TO_START, textOf(transcript.word(middle))) >= 0) first = middle + 1;
    else high = middle;
  }
  let last = first;
  while (last < transcript.length && range.compareBoundaryPoints(Range.START_TO_END, textOf(transcript.word(last))) > 0) last++;
  return first < last ? [first, last] : null;
}

/** Return the range of a word's text, without a flag after it. @param {HTMLElement} word */
function textOf(word) {
  const range = new Range();
  range.selectNodeContents(word.firstChild ?? word);
  return range;
}
