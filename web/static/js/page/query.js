// @ts-check
// What a reader seeks in a transcript: words in any order, phrases in quotation marks, names of who speaks. After a name
// and a colon it is sought in what they say, and nowhere else; other colons only part words. Terms are read as in
// web/search/query.py, held to the same table of cases.
//
// They are sought in a folded text, in which each word stands between spaces. A place is half-open.

import { fold } from "./fold.js";

/**
 * Words that stand one after the other, the last perhaps only begun; those in scripts without spaces begin and end
 * anywhere. `sought` is what is looked for in a folded text, `lead` of its characters before the first letter.
 * @typedef {{text: string, begun: boolean, sought: string, lead: number}} Term
 * @typedef {[start: number, end: number]} Place
 *
 * What stands before a colon, folded, and what follows it: null where the colon is within, so that it may be of a name
 * that holds one. A name is as it is shown, and folded.
 * @typedef {{text: string, rest: string | null}} Label
 * @typedef {[name: string, folded: string]} Name
 *
 * What is sought, each once; the whole as it was typed, null where that has one word or marks of quotation; the
 * neighbours of which one is a single letter, an initial perhaps; and the names that may be meant by what stands before a
 * colon, the longest first.
 * @typedef {{terms: Term[], phrase: Term | null, pairs: Term[], labels: Label[]}} Query
 */

export const QUOTATION_MARKS = /["＂“”„‟«»‹›「」『』]/u; // no single ones, which are apostrophes too
const COLON = /[:：]/gu, DIGIT = /\p{Nd}/u;
const BETWEEN_WORDS = /[\s:;,.!?…/()[\]]+/u;
// Thai to Myanmar, Khmer, kana, Han and their extensions, as in aligner/typography/characters.py.
const UNSPACED = new RegExp(
  "[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff"
  + "\\uf900-\\ufaff\\uff66-\\uff9f\\u{20000}-\\u{3ffff}]", "gu",
);
const LONGEST_QUERY = 200; // characters
export const LEAST_BEGUN = 3; // letters of a word that may be only begun

/**
 * Whether a phrase stands in closed quotation marks, and is sought as it is.
 * @param {string} query
 */
export const isQuoting = (query) => query.split(QUOTATION_MARKS).length > 2;

/**
 * @param {string} query
 * @returns {Query}
 */
export function readQuery(query) {
  const typed = [...query].slice(0, LONGEST_QUERY).join("");
  /** @type {Map<string, Term>} */
  const terms = new Map();
  /** @type {Term[]} */
  const read = [];
  const pieces = typed.split(QUOTATION_MARKS);
  for (const [k, piece] of pieces.entries()) {
    const quoted = k % 2 === 1;
    const words = (quoted ? [piece] : piece.split(BETWEEN_WORDS)).map(fold).filter(Boolean);
    for (const [i, text] of words.entries()) {
      const term = termOf(text, !quoted && k === pieces.length - 1 && i === words.length - 1);
      terms.set(`${text} ${term.begun}`, term);
      read.push(term);
    }
  }
  const phrase = read.length > 1 && pieces.length === 1 ? termOf(read.map(({ text }) => text).join(" "), true) : null;
  const pairs = read.slice(1).flatMap(({ text, begun }, k) => {
    const isInitial = [read[k].text, text].some((each) => [...each].length === 1);
    return isInitial ? [termOf(`${read[k].text} ${text}`, begun)] : [];
  });
  return { terms: [...terms.values()], phrase, pairs, labels: labelsOf(typed) };
}

/** @param {string} typed */
function labelsOf(typed) {
  /** @type {Map<string, string | null>} */
  const rests = new Map();
  let at = 0;
  for (const [k, piece] of typed.split(QUOTATION_MARKS).entries()) {
    for (const { index } of k % 2 === 0 ? piece.matchAll(COLON) : []) {
      if (DIGIT.test(piece[index - 1]) && DIGIT.test(piece[index + 1])) continue; // as in 3:15
      const label = fold(typed.slice(0, at + index));
      if (!rests.has(label)) rests.set(label, typed.slice(at + index + 1));
    }
    at += piece.length + 1;
  }
  const whole = fold(typed);
  if (rests.size && !rests.has(whole)) rests.set(whole, null);
  return [...rests].reverse().flatMap(([text, rest]) => (text ? [{ text, rest }] : []));
}

/**
 * The numbers of the names that a label means: whoever is called just so, else whose name has all of its words.
 * @param {Label} label
 * @param {Name[]} names
 */
export function namedBy({ text, rest }, names) {
  /** @param {(folded: string) => boolean} isMeant */
  const those = (isMeant) => {
    /** @type {(each: Name, k: number) => number[]} */
    const meant = ([name, folded], k) => ((rest !== null || name.search(COLON) >= 0) && isMeant(folded) ? [k] : []);
    return names.flatMap(meant);
  };
  const exact = those((folded) => folded === text);
  if (exact.length) return exact;
  const begun = termOf(text, true).sought.trimStart(), words = text.split(" ").map((word) => termOf(word, false));
  return those((folded) => (rest === null ? `${folded} `.startsWith(begun) : words.every((word) => isIn(word, folded))));
}

/**
 * The words of a name by which somebody is called, folded: none in small letters, as "de" or "von", unless all are.
 * @param {Name} name
 */
export function calledBy([name, folded]) {
  return fold(name.split(/\s+/u).filter((word) => !/^\p{Lowercase}/u.test(word)).join(" ")) || folded;
}

/**
 * @param {string} text folded
 * @param {boolean} last whether more of it may be typed
 * @returns {Term}
 */
function termOf(text, last) {
  const words = text.split(" ");
  const unspaced = isUnspaced(text);
  const [startsWithin, endsWithin] = [words[0], words[words.length - 1]].map((word) => unspaced && hasUnspaced(word));
  const begun = last && !endsWithin && [...words[words.length - 1]].length >= LEAST_BEGUN;
  const lead = startsWithin ? "" : " ", trail = endsWithin || begun ? "" : " ";
  return { text, begun, sought: `${lead}${text}${trail}`, lead: lead.length };
}

/**
 * Whether a text holds more than one character of a script without spaces.
 * @param {string} text
 */
export const isUnspaced = (text) => (text.match(UNSPACED) ?? []).length > 1;

/**
 * Whether a text holds a character of a script without spaces.
 * @param {string} text
 */
export const hasUnspaced = (text) => text.search(UNSPACED) >= 0;

/**
 * Whether a term stands in a folded text.
 * @param {Term} term
 * @param {string} folded
 */
export const isIn = ({ sought }, folded) => ` ${folded} `.includes(sought);

/**
 * Whether a term is a name, or a part of one; a single letter, which may be a label, only beside another.
 * @param {Term} term
 * @param {string} folded
 * @param {Term[]} pairs
 */
export function isNamed(term, folded, pairs) {
  if ([...term.text].length > 1) return isIn(term, folded);
  return pairs.some((pair) => pair.text.split(" ").includes(term.text) && isIn(pair, folded));
}
