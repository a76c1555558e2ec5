// @ts-check
// What is searched for in a published show: words in any order, phrases in quotation marks, and before a colon who says
// them. Everything is folded: small letters without accents, œ as oe.

import { fold } from "../page/fold.js";

const QUOTATION_MARKS = /["＂“”„‟«»‹›「」『』]/u, COLON = /[:：]/gu, DIGIT = /\p{Nd}/u;
const UNSPACED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Myanmar}\p{sc=Khmer}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;
const LONGEST_QUERY = 200; // characters
const LEAST_BEGUN = 3; // letters of a word that may be only begun

/**
 * Words that stand one after the other, the last perhaps only begun.
 * @typedef {{words: string[], begun: boolean}} Term
 */

/**
 * @param {string} typed
 * @returns {Term[]}
 */
export function readTerms(typed) {
  const pieces = [...typed].slice(0, LONGEST_QUERY).join("").split(QUOTATION_MARKS);
  const terms = pieces.flatMap((piece, k) => {
    const texts = (k % 2 ? [piece] : piece.split(/[\s:;,.!?…/()[\]：]+/u)).map(fold).filter(Boolean);
    return texts.map((text) => ({ words: text.split(" "), begun: false }));
  });
  const last = terms[terms.length - 1], isOpen = pieces.length % 2 && fold(pieces[pieces.length - 1]);
  if (last && isOpen) last.begun = [...last.words[last.words.length - 1]].length >= LEAST_BEGUN;
  return terms;
}

/**
 * What may be the name of who speaks, the longest first, and what follows it.
 * @param {string} typed
 * @returns {{name: string[], rest: string}[]}
 */
export function labelsOf(typed) {
  const colons = [...typed.matchAll(COLON)].map(({ index }) => index);
  return colons.reverse().flatMap((at) => {
    if (DIGIT.test(typed[at - 1] ?? "") && DIGIT.test(typed[at + 1] ?? "")) return []; // as in 3:15
    const name = fold(typed.slice(0, at));
    return name ? [{ name: name.split(" "), rest: typed.slice(at + 1) }] : [];
  });
}

/**
 * By what the index knows a word: in scripts without spaces its characters, for there words begin anywhere.
 * @param {string} word
 */
export const keysOf = (word) => (UNSPACED.test(word) ? [...word].filter((character) => UNSPACED.test(character)) : [word]);

/**
 * Where a term stands in a folded text that begins and ends with a space.
 * @param {string} text
 * @param {Term} term
 * @returns {[start: number, end: number][]}
 */
export function placesOf(text, { words, begun }) {
  const sought = words.join(" ");
  const lead = UNSPACED.test(sought[0]) ? "" : " ", trail = begun || UNSPACED.test(sought.slice(-1)) ? "" : " ";
  /** @type {[start: number, end: number][]} */
  const places = [];
  for (let at = text.indexOf(lead + sought + trail); at >= 0; at = text.indexOf(lead + sought + trail, at + 1)) {
    places.push([at + lead.length, at + lead.length + sought.length]);
  }
  return places;
}
