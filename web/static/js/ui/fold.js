// @ts-check
// Text search: folds letters like `fold` of aligner/normalization, tested with the same table of cases, parses queries, and
// finds terms in a text.

const QUOTATION_MARKS = /["＂“”„‟«»‹›「」『』]/u;
export const UNSPACED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Myanmar}\p{sc=Khmer}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u; // scripts
const SHORTEST_PREFIX = 3; // letters of the shortest prefix that also matches longer words

/** @type {Record<string, string>} */
const APART = {
  œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", ı: "i", ς: "σ", ʼ: "'", "\u0345": "ι", "\u00ad": "", "\u200c": "", "\u200d": "",
};
const TO_PART = new RegExp(`[${Object.keys(APART).join("")}]`, "gu");

/**
 * Return a text in lower-case letters and digits without accents, ligatures or punctuation, its words separated by spaces,
 * also at hyphens and apostrophes.
 * @param {string} text
 */
export function fold(text) {
  const small = text.normalize("NFKD").toLowerCase();
  const apart = small.replace(TO_PART, (letter) => APART[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
  return apart.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

/**
 * Return the terms of a query: words, and phrases in quotation marks.
 * @typedef {{words: string[], isPrefix: boolean, isPart?: boolean}} Term words in a row; `isPrefix`: the last may be the beginning
 *   of a longer word; `isPart`: the first may also be the end of one
 * @param {string} typed
 * @returns {Term[]}
 */
export function termsOf(typed) {
  const pieces = typed.slice(0, 200).split(QUOTATION_MARKS);
  const terms = pieces.flatMap((piece, k) => {
    const texts = (k % 2 ? [piece] : piece.split(/[\s:;,.!?…/()[\]：]+/u)).map(fold).filter(Boolean);
    return texts.map((text) => ({ words: text.split(" "), isPrefix: false }));
  });
  const last = terms[terms.length - 1], isOpen = pieces.length % 2 && fold(pieces[pieces.length - 1]);
  if (last && isOpen) last.isPrefix = last.words[last.words.length - 1].length >= SHORTEST_PREFIX;
  return terms;
}

/**
 * Return where a term occurs in a folded text that begins and ends with a space.
 * @param {string} text
 * @param {Term} term
 * @returns {[start: number, end: number][]}
 */
export function occurrencesOf(text, { words, isPrefix, isPart = false }) {
  const sought = words.join(" ");
  const lead = isPart || UNSPACED.test(sought[0]) ? "" : " ", trail = isPart || isPrefix || UNSPACED.test(sought.slice(-1)) ? "" : " ";
  /** @type {[start: number, end: number][]} */
  const occurrences = [];
  for (let at = text.indexOf(lead + sought + trail); at >= 0; at = text.indexOf(lead + sought + trail, at + 1)) {
    occurrences.push([at + lead.length, at + lead.length + sought.length]);
  }
  return occurrences;
}
