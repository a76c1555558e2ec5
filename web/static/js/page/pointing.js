// @ts-check
// Selecting words with a mouse or a finger: the browser's own selection, snapped to words. It keeps its handles and
// keeps copying text, but is not seen: the words themselves show what is selected.

import { around } from "../ui/elements.js";

const KEEPING = "a, button, summary, label, input, select, dialog, .masthead, .sheet, .player, .review, .captions, .bar, .toast, .editor"; // a click there is for what is there

/** @param {import("./transcript.js").Transcript} transcript */
export function usePointing(transcript) {
  let ours = false; // whether what is selected comes from here, not from the keyboard or a link
  let selecting = false;
  /** @type {Selected | null} */
  let was = null;
  const main = transcript.root.closest("main"); // a caret elsewhere, in a field or a panel, is no matter for the words

  document.addEventListener("selectionchange", () => {
    const words = wordsOf(getSelection(), transcript);
    if (words) {
      ours = selecting = true;
      transcript.select(...words);
      selecting = false;
    } else if (ours && getSelection()?.isCollapsed && main?.contains(getSelection()?.anchorNode ?? null)) {
      transcript.select();
    }
  });

  transcript.addEventListener("select", () => { ours = selecting; });

  // The first click elsewhere only drops the selection; it is the next one that plays from a word.
  transcript.root.addEventListener("pointerdown", () => { was = transcript.selection; });
  document.addEventListener("click", (event) => {
    const target = /** @type {Node} */ (event.target);
    const inText = transcript.root.contains(target) && transcript.indexOf(target) >= 0 && !around(event, ".flag");
    if (!inText || !was || event.detail === 0) return;
    if (getSelection()?.isCollapsed) {
      event.stopPropagation();
      transcript.select();
    }
    was = null;
  }, { capture: true });

  // A click beside the text, too, where nothing is to be pressed.
  document.addEventListener("click", (event) => {
    if (event.detail === 0 || !transcript.selection || !getSelection()?.isCollapsed) return;
    if (transcript.indexOf(event.target) < 0 && !around(event, KEEPING)) transcript.drop();
  });
}

/**
 * The words that a selection touches; null where it touches none, or reaches out of the transcript.
 * @param {Selection | null} selection
 * @param {import("./transcript.js").Transcript} transcript
 * @returns {Words | null}
 */
function wordsOf(selection, transcript) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!transcript.root.contains(range.commonAncestorContainer)) return null;
  const first = firstFrom(range, transcript);
  let last = first;
  while (last < transcript.length && touches(range, transcript.word(last))) last++;
  return first < last ? [first, last] : null;
}

/**
 * The first word that the range touches, by halving: words are in the order of the document.
 * @param {Range} range
 * @param {import("./transcript.js").Transcript} transcript
 */
function firstFrom(range, transcript) {
  let low = 0, high = transcript.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (endsBefore(transcript.word(middle), range)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {HTMLElement} word
 * @param {Range} range
 */
function endsBefore(word, range) {
  const text = word.firstChild ?? word; // a flag may come after it
  const length = text instanceof Text ? text.length : 0;
  return range.comparePoint(text, length) < 0 || (range.startContainer === text && range.startOffset >= length);
}

/**
 * @param {Range} range
 * @param {HTMLElement} word
 */
function touches(range, word) {
  const text = word.firstChild ?? word;
  return range.comparePoint(text, 0) < 0 || (range.comparePoint(text, 0) === 0 && !(range.endContainer === text && range.endOffset === 0));
}
