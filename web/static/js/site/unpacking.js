// @ts-check
// An episode as a published page has it: its text plain, its words told by a script of their own. web/site/packing.py
// says how; this makes of both what the app's page has.

import { all } from "../ui/elements.js";

/**
 * @typedef {Pick<EpisodeData, "duration" | "language" | "hash" | "title" | "show" | "url" | "chapters" | "doubtful" | "missing"> & {
 *   version: number, id: string, speakers: string[], kinds: string[], words: string, times: string, sentences: string,
 *   turns: string, peaks: string | null
 * }} Packed
 */

const BASE = 46;
const CLASSES = ["w", "w un", "w in"];
const HALVES = /[\ud800-\udfff]/; // of characters that are two to JavaScript

/**
 * The numbers that a text holds.
 * @param {string} text
 */
export function numbersOf(text) {
  const numbers = new Int32Array(text.length);
  let count = 0, number = 0, worth = 1;
  for (let k = 0; k < text.length; k++) {
    const code = text.charCodeAt(k);
    const digit = code - (code > 92 ? 35 : code > 34 ? 34 : 33); // those before it, without quotation mark and backslash
    number += (digit % BASE) * worth;
    worth *= BASE;
    if (digit >= BASE) continue;
    numbers[count++] = number;
    number = 0;
    worth = 1;
  }
  return numbers.subarray(0, count);
}

/**
 * A number that may be below 0, of one that is not.
 * @param {number} number
 */
export const signed = (number) => (number % 2 ? -(number + 1) / 2 : number / 2);

/**
 * Puts an element around each word of the transcript, and tells what the app's page is told.
 * @param {Packed} packed
 * @param {HTMLElement} root
 * @returns {EpisodeData & {id: string}}
 */
export function unpack(packed, root) {
  const { duration, language, hash, title, show, url, chapters, doubtful, missing, id } = packed;
  const { chars, paragraphs } = putWords(numbersOf(packed.words), root);
  return {
    id, duration, language, hash, title, show, url, chapters, doubtful, missing, chars, paragraphs, file: "",
    ...timesOf(numbersOf(packed.times)), sentences: rangesOf(numbersOf(packed.sentences)), turns: turnsOf(packed),
  };
}

/** @param {Int32Array} told */
function timesOf(told) {
  /** @type {(number | null)[]} */
  const starts = [];
  /** @type {(number | null)[]} */
  const ends = [];
  for (let k = 0, before = 0; k < told.length;) {
    const gap = told[k++];
    if (!gap) {
      starts.push(null);
      ends.push(null);
      continue;
    }
    const start = before + signed(gap - 1);
    before = start + told[k++];
    starts.push(start * 10);
    ends.push(before * 10);
  }
  return { starts, ends };
}

/** @param {Int32Array} told */
function rangesOf(told) {
  const edges = [];
  for (let k = 0, before = 0; k < told.length; k += 2) {
    const start = before + signed(told[k]);
    before = start + told[k + 1];
    edges.push(start, before);
  }
  return edges;
}

/**
 * @param {Packed} packed
 * @returns {EpisodeData["turns"]}
 */
function turnsOf({ turns, speakers, kinds }) {
  const told = numbersOf(turns);
  /** @type {EpisodeData["turns"]} */
  const found = [];
  for (let k = 0, before = 0; k < told.length; k += 4) {
    const first = before + signed(told[k]);
    before = first + told[k + 1];
    found.push([first, before, speakers[told[k + 2] - 1] ?? null, kinds[told[k + 3]]]);
  }
  return found;
}

/**
 * @param {Int32Array} told
 * @param {HTMLElement} root
 */
function putWords(told, root) {
  /** @type {number[]} */
  const chars = [];
  const paragraphs = [];
  let k = 0, before = 0;
  for (const block of all(root, "[data-segment]")) {
    const start = before + signed(told[k]), count = told[k + 1];
    k += 2;
    paragraphs.push(chars.length / 2);
    /** @type {Word[]} */
    const words = [];
    for (let n = 0, at = 0; n < count; n++) {
      let code = told[k++], gap = n ? 1 : 0, length = code >> 1, shownAs = 0, lead = 0, trail = code & 1;
      if (!code) {
        [gap, length, shownAs, lead, trail] = told.slice(k, k += 5);
        [lead, trail] = [signed(lead), signed(trail)];
      }
      words.push({ i: chars.length / 2, from: at + gap, to: at + gap + length, shownAs });
      chars.push(start + at + gap + lead, start + at + gap + length - trail);
      at += gap + length;
    }
    before = start + wrap(block, words);
  }
  return { chars, paragraphs };
}

/**
 * Puts an element around each of a block's words; returns how many characters the block has. No word reaches over the
 * edge of an element.
 * @typedef {{i: number, from: number, to: number, shownAs: number}} Word
 * @param {HTMLElement} block
 * @param {Word[]} words
 */
function wrap(block, words) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  let at = 0, next = 0;
  for (const text of texts) {
    const characters = HALVES.test(text.data) ? [...text.data] : text.data;
    /**
     * @param {number} from
     * @param {number} to
     */
    const part = (from, to) => {
      const found = characters.slice(from - at, to - at);
      return typeof found === "string" ? found : found.join("");
    };
    const end = at + characters.length;
    const pieces = [];
    let done = at;
    for (; next < words.length && words[next].to <= end; next++) {
      const { i, from, to, shownAs } = words[next];
      if (done < from) pieces.push(part(done, from));
      const word = document.createElement("span");
      word.className = CLASSES[shownAs];
      word.dataset.i = String(i);
      word.textContent = part(from, to);
      pieces.push(word);
      done = to;
    }
    if (done < end) pieces.push(part(done, end));
    text.replaceWith(...pieces);
    at = end;
  }
  return at;
}
