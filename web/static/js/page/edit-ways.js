// @ts-check
// The ways to open a paragraph for editing: a double click, E on its word, and a button beside the paragraph that is
// pointed at or has the focus, so that the text stays free of controls; on a narrow page it is over the turn. Who asks
// for it elsewhere on the page has the word tell "editing".

import { around, byId } from "../ui/elements.js";
import { FIELDS } from "../ui/keys.js";

const PARAGRAPH = "[data-segment]";
const WIDE = matchMedia("(min-width: 800px)"); // from here on there is room beside the text
const CLICKS_MS = 500; // what systems count as one click and another: a third one selects the paragraph
const FREE = 6; // pixels above a line of text into which flags reach
const ABOVE = 36; // pixels over a paragraph that stands under no name

/** @typedef {(paragraph: HTMLElement, chars?: Words) => void} Open with the characters of the whole text that are selected */

/**
 * @param {import("./transcript.js").Transcript} transcript
 * @param {HTMLButtonElement} button
 * @param {Open} open
 */
export function useWaysIn(transcript, button, open) {
  /** @param {number} word @param {boolean} selected */
  const openAt = (word, selected) => {
    const paragraph = around(transcript.word(word), PARAGRAPH), [start, end] = transcript.data.chars.slice(2 * word, 2 * word + 2);
    if (paragraph) open(paragraph, [start, selected ? end : start]);
  };
  useDoubleClick(transcript, (word) => openAt(word, true));
  transcript.root.addEventListener("editing", (event) => openAt(transcript.indexOf(event.target), false));
  transcript.root.addEventListener("keydown", (event) => {
    const word = transcript.indexOf(event.target);
    if (event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || word < 0) return;
    if (!byId("keys-on", HTMLInputElement).checked || around(event, FIELDS)) return;
    event.preventDefault();
    openAt(word, false);
  });
  return useButton(button, transcript.root, open);
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} root the transcript
 * @param {(paragraph: HTMLElement) => void} open
 */
function useButton(button, root, open) {
  /** @type {HTMLElement | null} */
  let paragraph = null;
  const main = /** @type {HTMLElement} */ (button.offsetParent ?? root.parentElement);
  const place = () => {
    if (!paragraph?.isConnected || !paragraph.checkVisibility()) return void (button.hidden = true);
    const turn = around(paragraph, ".turn"), who = turn?.querySelector(".who");
    const box = (WIDE.matches ? paragraph : who ?? paragraph).getBoundingClientRect();
    button.hidden = false;
    // Where it stands over the text, it ends above the first line, at whose end a flag may be.
    const above = WIDE.matches ? 0 : who ? Math.max(0, button.offsetHeight + FREE - box.height) : ABOVE;
    button.classList.toggle("leftwards", getComputedStyle(turn ?? paragraph).direction === "rtl");
    button.style.setProperty("--top", `${Math.round(box.top - main.getBoundingClientRect().top - above)}px`);
  };
  /** @param {HTMLElement | null} next */
  const show = (next) => {
    paragraph = next;
    place();
  };
  for (const name of ["pointerover", "focusin"]) {
    root.addEventListener(name, (event) => { const next = around(event, PARAGRAPH); if (next) show(next); });
  }
  main.addEventListener("pointerleave", () => { if (!root.contains(document.activeElement) && document.activeElement !== button) show(null); });
  new ResizeObserver(place).observe(root);
  button.addEventListener("click", () => { if (paragraph) open(paragraph); });
  return { hide: () => show(null) };
}

/**
 * Opens at a word that is clicked twice, unless a third click or a drag says that more is to be selected.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {(word: number) => void} open
 */
function useDoubleClick(transcript, open) {
  let timer = 0;
  for (const name of ["pointerdown", "keydown", "copy"]) document.addEventListener(name, () => clearTimeout(timer), { capture: true });
  transcript.root.addEventListener("dblclick", (event) => {
    const word = transcript.indexOf(event.target);
    if (word < 0 || around(event, ".flag") || event.shiftKey) return;
    timer = window.setTimeout(() => {
      const { first, last } = transcript.selection ?? { first: word, last: word + 1 };
      if (first === word && last === word + 1) open(word);
    }, CLICKS_MS);
  });
}
