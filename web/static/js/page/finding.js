// @ts-check
// Find in the transcript: marks, counts and lists hits with the words around them, and steps through them. Enter and
// Escape move the focus from the field to the hit; arrows step and stay in the field.

import { all, around, byId, one } from "../ui/elements.js";
import { fold, occurrencesOf, termsOf } from "../ui/fold.js";
import { t } from "../ui/strings.js";
import { lastStarted } from "./sync.js";

const MOST_MARKED = 2000; // hits
const MOST_LISTED = 100;
const BESIDE = 6; // words around a hit in the list
const LONGEST = 30; // words of a hit in the list
const QUOTED = /["“”«»].*["“”«»]/u;

/**
 * A folded paragraph: its text begins and ends with a space; `offsets` are the starts of its words, from word number
 * `first` on.
 * @typedef {{speaker: string, first: number, text: string, offsets: number[]}} Passage
 */

/** Return a function that focuses the field. @param {import("./transcript.js").Transcript} transcript */
export function useFinding(transcript) {
  const form = byId("find", HTMLFormElement), input = one(form, "input", HTMLInputElement);
  const phrase = byId("find-phrase", HTMLInputElement);
  const count = one(form, ".count"), list = byId("hits");
  let passages = /** @type {Passage[]} */ ([]); // filled at the first search
  let hits = /** @type {Words[][]} */ ([]); // each of one or several runs of words
  let at = -1;
  let isNew = false; // no key has moved to a hit yet

  /** @param {Words[]} hit @param {string} name @param {boolean} on */
  const mark = (hit, name, on) => {
    for (const [first, last] of hit) {
      for (let i = first; i < last; i++) transcript.word(i).classList.toggle(name, on);
    }
  };
  /** @param {boolean} on whether to mark the current hit */
  const show = (on) => {
    const n = hits.length, button = list.children[at]?.firstElementChild;
    mark(hits[at] ?? [], "current", on);
    if (button) button.ariaCurrent = on ? "true" : null;
    const tally = n > 1 ? t("find.count", { at: at + 1, n }) : t(n ? "find.one" : "find.none");
    count.textContent = fold(input.value) ? tally : "";
  };
  /** Show the hit `by` hits further on. @param {number} by */
  const step = (by) => {
    show(false);
    if (hits.length) at = (at + by + hits.length) % hits.length;
    show(true);
    if (hits.length) transcript.reveal(hits[at][0][0]);
  };
  /** Show the hit `by` hits further on and focus it. @param {number} by */
  const enter = (by) => {
    step(by);
    isNew = false;
    if (hits.length) transcript.enter(hits[at][0][0]);
  };
  const search = () => {
    for (const word of all(transcript.root, ".hit, .current")) word.classList.remove("hit", "current");
    if (!passages.length) passages = passagesOf(transcript);
    hits = hitsOf(passages, input.value, phrase.checked);
    list.replaceChildren(...hits.slice(0, MOST_LISTED).map((hit, k) => rowOf(transcript, hit, k)));
    for (const hit of hits.slice(0, MOST_MARKED)) mark(hit, "hit", true);
  };

  form.addEventListener("input", () => {
    search();
    at = 0;
    isNew = true;
    step(0);
  });
  transcript.addEventListener("patched", () => {
    passages = [];
    if (!input.value) return;
    search();
    at = Math.min(at, hits.length - 1);
    show(true);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); enter(0); });
  input.addEventListener("keydown", (event) => {
    /** @type {Record<string, () => void>} */
    const acts = {
      Enter: () => enter(event.shiftKey ? -1 : Number(!isNew)),
      Escape: () => (hits.length ? enter(0) : transcript.enter(transcript.cursor)),
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
  list.addEventListener("click", (event) => {
    const button = around(event, "button");
    if (button) enter(Number(button.dataset.hit) - at);
  });
  for (const button of all(form, "[data-step]")) button.addEventListener("click", () => step(Number(button.dataset.step)));
  return () => {
    input.focus();
    input.select();
  };
}

/**
 * Return a row of the list: a hit with the words around it.
 * @param {import("./transcript.js").Transcript} transcript
 * @param {Words[]} hit
 * @param {number} k
 */
function rowOf(transcript, hit, k) {
  const first = hit[0][0], last = hit[hit.length - 1][1];
  const from = Math.max(0, first - BESIDE), to = Math.min(transcript.length, last + BESIDE, first + LONGEST);
  const row = document.createElement("li"), button = row.appendChild(document.createElement("button"));
  Object.assign(button, { type: "button", className: "quiet", dir: "auto" });
  button.dataset.hit = String(k);
  for (let i = from; i < to; i++) {
    const isFound = hit.some(([first, last]) => i >= first && i < last), text = transcript.word(i).textContent ?? "";
    button.append(isFound ? Object.assign(document.createElement("mark"), { textContent: text }) : text, " ");
  }
  return row;
}

/** @param {import("./transcript.js").Transcript} transcript @returns {Passage[]} */
function passagesOf({ root, data }) {
  return all(root, "[data-segment]").map((block) => {
    const words = all(block, ".w"), first = Number(words[0]?.dataset.i);
    const speaker = data.turns.find(([, stop]) => first < stop)?.[2] ?? "";
    return passageOf(speaker, first, words.map((word) => word.textContent ?? ""));
  });
}

/**
 * @param {string} speaker
 * @param {number} first
 * @param {string[]} words
 * @returns {Passage}
 */
export function passageOf(speaker, first, words) {
  const passage = { speaker: fold(speaker), first, text: " ", offsets: /** @type {number[]} */ ([]) };
  for (const word of words) {
    passage.offsets.push(passage.text.length);
    passage.text += `${fold(word)} `;
  }
  return passage;
}

/**
 * Return the hits, each of one or several runs of words. "Name: words" searches only that speaker's paragraphs, and
 * "Name:" alone finds the beginning of each.
 * @param {Passage[]} passages
 * @param {string} typed
 * @param {boolean} isPhrase whether to find only whole words in the order typed
 * @returns {Words[][]}
 */
export function hitsOf(passages, typed, isPhrase) {
  for (const { index } of [...typed.matchAll(/[:：]/gu)].reverse()) {
    const name = fold(typed.slice(0, index)), rest = typed.slice(index + 1);
    const theirs = passages.filter(({ speaker }) => name && name.split(" ").every((word) => ` ${speaker} `.includes(` ${word} `)));
    if (theirs.length) return fold(rest) ? occurrencesIn(theirs, rest, isPhrase) : theirs.map(({ first }) => [[first, first + 1]]);
  }
  return fold(typed) ? occurrencesIn(passages, typed, isPhrase) : [];
}

/**
 * Return where the typed text occurs, also within words unless it is a phrase. If it occurs nowhere, or has a phrase in
 * quotation marks, return the paragraphs with all of its words and phrases.
 * @param {Passage[]} passages
 * @param {string} typed
 * @param {boolean} isPhrase
 */
function occurrencesIn(passages, typed, isPhrase) {
  const whole = { words: fold(typed).split(" "), isPrefix: false, isPart: !isPhrase }, terms = termsOf(typed);
  const hits = passages.flatMap((passage) => runsOf(passage, whole).map((run) => [run]));
  if (isPhrase || (hits.length && !QUOTED.test(typed))) return hits;
  return passages.flatMap((passage) => {
    const runs = terms.map((term) => runsOf(passage, term));
    return runs.every((each) => each.length) ? [runs.flat().sort(([one], [other]) => one - other)] : [];
  });
}

/**
 * Return the runs of words in which a term occurs, each once.
 * @param {Passage} passage
 * @param {import("../ui/fold.js").Term} term
 */
function runsOf({ first, text, offsets }, term) {
  const runs = occurrencesOf(text, term).map(([start, end]) => {
    return /** @type {Words} */ ([first + lastStarted(offsets, start), first + lastStarted(offsets, end - 1) + 1]);
  });
  return runs.filter(([from], k) => from !== runs[k - 1]?.[0]);
}
