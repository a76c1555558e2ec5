// @ts-check
// Makes a page show another state of its episode than it was loaded with, as the server tells what differs (Patch in
// types.d.ts, and web/correcting/patches.py): the words' times and places, the turns that are others, what is told of
// the whole. The reader stays where they are.

import { all, byId } from "../ui/elements.js";
import { freeView } from "./landing.js";

const TOP = ".turn, .chapter, .missing"; // what a patch counts; all else right in the transcript is this page's own

/**
 * @param {import("./reading.js").Reading} reading
 * @param {Patch} patch
 */
export function applyPatch({ data, transcript, wave, captions }, patch) {
  const { root } = transcript, { words } = patch;
  const change = words ? { at: words.at, drop: words.drop, put: words.starts.length } : { at: 0, drop: 0, put: 0 };
  const anchor = anchorOf(transcript, change), isIn = root.contains(document.activeElement);
  if (words) putWords(data, words);
  Object.assign(data, patch.data);
  if (patch.turns) putTurns(root, patch.turns);
  if (patch.parts) putParts(patch.parts);
  if (patch.data.hash) for (const meta of all(document, 'meta[name="transcript"]')) /** @type {HTMLMetaElement} */ (meta).content = patch.data.hash;
  if (!words && !patch.turns && !Object.keys(patch.data).length) return;
  transcript.patched(change);
  if (isIn && !root.contains(document.activeElement)) transcript.enter(transcript.cursor); // what had the focus is gone
  anchor?.();
  wave.redraw();
  captions.changed();
}

/**
 * The words that a correction is of; null where it is of none, or of what the text is.
 * @param {Record<string, unknown> & {kind: string}} correction
 * @returns {Words | null}
 */
export function wordsOf({ kind, word, first, stop }) {
  if (typeof word === "number") return [word, word + 1];
  return typeof first === "number" && typeof stop === "number" && kind !== "text" ? [first, stop] : null;
}

/**
 * How many words but its own are said before a patch, and not after it; none where words give way to others.
 * @param {EpisodeData} data
 * @param {Patch} patch
 * @param {Words} own
 */
export function silencedBy({ starts }, { words }, [first, stop]) {
  if (!words || words.drop !== words.starts.length) return 0;
  const isSilenced = (/** @type {number | null} */ now, /** @type {number} */ word) => now === null && starts[word] !== null && !(word >= first && word < stop);
  return words.starts.filter((now, k) => isSilenced(now, words.at + k)).length;
}

/**
 * @param {EpisodeData} data
 * @param {NonNullable<Patch["words"]>} words
 */
function putWords(data, { at, drop, starts, ends, chars, shift }) {
  const after = data.chars.slice(2 * (at + drop)).map((offset) => offset + shift);
  data.chars = [...data.chars.slice(0, 2 * at), ...chars, ...after];
  data.starts = [...data.starts.slice(0, at), ...starts, ...data.starts.slice(at + drop)];
  data.ends = [...data.ends.slice(0, at), ...ends, ...data.ends.slice(at + drop)];
}

/**
 * @param {HTMLElement} root
 * @param {NonNullable<Patch["turns"]>} turns
 */
function putTurns(root, { at, drop, html, words, segments }) {
  const there = [.../** @type {HTMLCollectionOf<HTMLElement>} */ (root.children)].filter((each) => each.matches(TOP));
  const next = there[at + drop] ?? null;
  if (drop) for (let old = /** @type {Element | null} */ (there[at]); old && old !== next; ) {
    const following = old.nextElementSibling;
    old.remove();
    old = following;
  }
  const made = new DOMParser().parseFromString(html, "text/html").body;
  for (const element of [...made.children]) root.insertBefore(element, next);
  if (words) all(root, ".w").forEach((word, i) => { word.dataset.i = String(i); });
  if (segments) for (const element of there.slice(at + drop)) moveSegments(element, segments);
}

/**
 * @param {HTMLElement} element
 * @param {number} by
 */
function moveSegments(element, by) {
  for (const each of [element, ...all(element, "[data-segment]")]) {
    if (!each.dataset.segment) continue;
    each.dataset.segment = String(Number(each.dataset.segment) + by);
    if (each.id) each.id = `p${each.dataset.segment}`;
  }
}

/**
 * The list of chapters, and what stands below the title.
 * @param {NonNullable<Patch["parts"]>} parts
 */
function putParts({ heading, chapters }) {
  /** @param {string} html */
  const made = (html) => new DOMParser().parseFromString(html, "text/html").body;
  byId("chapters").replaceChildren(...made(chapters).childNodes);
  const head = document.querySelector("main > .heading"), stays = "h1, .show";
  if (!head) return;
  for (const old of [...head.children]) if (!old.matches(stays)) old.remove();
  for (const each of [...(made(heading).firstElementChild?.children ?? [])]) {
    const old = each.matches(stays) ? head.querySelector(each.tagName === "H1" ? "h1" : ".show") : null;
    if (old) old.replaceChildren(...each.childNodes);
    else head.append(each);
  }
}

/**
 * What puts the first word in view back to where it stood in the window.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {{at: number, drop: number, put: number}} change
 */
function anchorOf(transcript, { at, drop, put }) {
  const { top, bottom } = freeView();
  let low = 0, high = transcript.length - 1;
  const isShown = (/** @type {number} */ i) => transcript.word(i).getClientRects().length > 0; // not what is edited
  while (low < high) {
    const middle = (low + high) >> 1;
    let seen = middle;
    while (seen < high && !isShown(seen)) seen++;
    if (transcript.word(seen).getBoundingClientRect().bottom < top) low = Math.min(seen + 1, high);
    else high = middle;
  }
  while (low < transcript.length - 1 && !isShown(low)) low++;
  const word = transcript.word(low);
  const was = word?.getBoundingClientRect().top;
  if (was === undefined || was > bottom || scrollY === 0) return null;
  return () => {
    const now = transcript.word(low < at ? low : low >= at + drop ? low + put - drop : Math.min(low, at + Math.max(put, 1) - 1));
    const off = (now?.getBoundingClientRect().top ?? was) - was;
    if (Math.abs(off) >= 1) scrollBy({ top: off, behavior: "instant" });
  };
}
