// @ts-check
// What a reader seeks in a transcript: words in any order, phrases in quotation marks, names of who speaks. After a name
// and a colon it is sought in what they say, and nowhere else; other colons only part words. Terms are read as in
// web/library/query.py, held to the same table of cases, and stand together as in web/library/places.py.
//
// Pure functions over a folded text, in which each word stands between spaces. A place is half-open.

import { fold } from "./fold.js";
import { lastStarted } from "./sync.js";

/**
 * Words that stand one after the other, the last perhaps only begun; those in scripts without spaces begin and end
 * anywhere. `sought` is what is looked for in a folded text, `lead` of its characters before the first letter.
 * @typedef {{text: string, begun: boolean, sought: string, lead: number}} Term
 * @typedef {[start: number, end: number]} Place
 * @typedef {{names: string[], at: (place: number) => string}} Speakers all there are, and who speaks at a place; folded
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
const NEAR = 250; // characters on each side of a term within which the others stand together with it

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

/**
 * Where all terms stand together, in the order of the text, none overlapping another: at each place of the term that is
 * said least the nearest of every other, unless that is in the name of who speaks.
 * @param {string} folded
 * @param {Pick<Query, "terms" | "pairs">} query
 * @param {Speakers} speakers
 * @returns {Place[][]}
 */
export function together(folded, { terms, pairs }, speakers) {
  const said = terms.map((term) => {
    const places = placesOf(folded, term);
    return { term, places, starts: places.map(([start]) => start) };
  });
  const unnamed = said.filter(({ term }) => !speakers.names.some((name) => isNamed(term, name, pairs)));
  const sought = unnamed.length ? unnamed : said.filter(({ places }) => places.length);
  const [rarest] = sought.sort((one, other) => one.places.length - other.places.length);
  const others = said.filter((each) => each !== rarest);
  const hits = [];
  let reached = 0;
  for (const place of rarest?.places ?? []) {
    const from = Math.max(reached, place[0] - NEAR);
    const near = others.map(({ places, starts }) => nearest(places, starts, place, from, place[1] + NEAR));
    const speaker = near.includes(null) ? speakers.at(place[0]) : "";
    if (place[0] < reached || near.some((found, k) => !found && !isNamed(others[k].term, speaker, pairs))) continue;
    const marks = [place, ...near.filter((found) => found !== null)].sort((one, other) => one[0] - other[0]);
    hits.push(marks);
    reached = Math.max(...marks.map(([, end]) => end));
  }
  return hits;
}

/**
 * Every place of a term, none overlapping another.
 * @param {string} folded
 * @param {Term} term
 */
function placesOf(folded, { text, begun, sought, lead }) {
  /** @type {Place[]} */
  const places = [];
  for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + lead + text.length)) {
    const start = at + lead, end = start + text.length;
    places.push([start, begun ? folded.indexOf(" ", end) : end]);
  }
  return places;
}

/**
 * The one of ascending places that is nearest to another, between two bounds.
 * @param {Place[]} places
 * @param {number[]} starts theirs
 * @param {Place} place
 * @param {number} low
 * @param {number} high
 * @returns {Place | null}
 */
function nearest(places, starts, [start, end], low, high) {
  const k = lastStarted(starts, start);
  const [before, after] = [places[k], places[k + 1]].map((other) => (other?.[0] >= low && other[1] <= high ? other : null));
  return before && after && after[0] - end < start - before[0] ? after : before ?? after;
}
