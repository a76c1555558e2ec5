// @ts-check
// Where what a reader seeks stands in a transcript: words that hold what was typed, whatever accents, case and signs; where
// it stands nowhere so, or has closed quotation marks, its words and phrases near each other, as in web/search/places.py.
// What somebody says who is named comes first; after a name and a colon nothing else counts.
//
// Pure functions over a folded text, in which each word stands between spaces. A place is half-open.

import { fold } from "./fold.js";
import { calledBy, isNamed, isQuoting, namedBy, readQuery } from "./query.js";
import { lastStarted } from "./sync.js";

const NEAR = 250; // characters on each side of a term within which the others stand together with it
const ELSEWHERE = "\0"; // a character of what others say
const NOBODY = { names: [], at: () => "" };

/**
 * @typedef {import("./query.js").Place} Place
 * @typedef {{speaker: string | null, start: number, end: number}} Turn with the space after it
 * @typedef {{names: string[], at: (place: number) => string}} Speakers all there are, and who speaks at a place; folded
 */

/**
 * The hits of what was typed, each one or several places; those in the order of the text that are found in one way.
 * @param {string} folded
 * @param {string} typed
 * @param {Turn[]} turns in order
 * @returns {Place[][]}
 */
export function hitsOf(folded, typed, turns) {
  const speakers = [...new Set(turns.flatMap(({ speaker }) => speaker ?? []))];
  /** @type {import("./query.js").Name[]} */
  const names = speakers.map((name) => [name, fold(name)]);
  const query = readQuery(typed), label = query.labels.find((each) => namedBy(each, names).length);
  if (label) return saidAfter(label, folded, turns, namedBy(label, names).map((k) => speakers[k]));
  const { terms, pairs } = query;
  const named = names.map((name) => {
    const rest = terms.filter((term) => !isNamed(term, name[1], pairs));
    const isCalled = rest.length > 0 && terms.some((term) => !rest.includes(term) && isNamed(term, calledBy(name), pairs));
    return isCalled ? together(saidBy(name[0], folded, turns), { terms: rest, pairs: [] }, NOBODY) : [];
  }).flat().sort(byPlace);
  const whole = isQuoting(typed) ? [] : everyPlace(folded, fold(typed));
  const others = whole.filter((hit) => !overlaps(hit, named));
  return [...named, ...(whole.length ? others : together(folded, query, speakersOf(turns, names), named))];
}

/**
 * Where the speakers who are meant by a label say what follows it; where nothing does, where they begin to speak.
 * @param {import("./query.js").Label} label
 * @param {string} folded
 * @param {Turn[]} turns
 * @param {string[]} speakers
 */
function saidAfter({ rest }, folded, turns, speakers) {
  const query = readQuery(rest ?? "");
  if (!query.terms.length) {
    const theirs = turns.filter(({ speaker, start, end }) => speaker !== null && speakers.includes(speaker) && end > start);
    return theirs.map(({ start }) => [/** @type {Place} */ ([start, Math.max(start + 1, folded.indexOf(" ", start))])]);
  }
  const texts = speakers.map((speaker) => saidBy(speaker, folded, turns));
  const whole = isQuoting(rest ?? "") ? [] : texts.flatMap((text) => everyPlace(text, fold(rest ?? "")));
  const found = whole.length ? whole : texts.flatMap((text) => together(text, query, NOBODY));
  return found.sort(byPlace);
}

/**
 * The text with everything that others say in it hidden, so that each place is where it was.
 * @param {string} speaker
 * @param {string} folded
 * @param {Turn[]} turns
 */
function saidBy(speaker, folded, turns) {
  let text = "";
  for (const { start, end } of turns.filter((turn) => turn.speaker === speaker && turn.end > turn.start)) {
    const from = Math.max(text.length, start - 1); // with the spaces on both sides
    text += ELSEWHERE.repeat(from - text.length) + folded.slice(from, end);
  }
  return text + ELSEWHERE.repeat(Math.max(0, folded.length - text.length));
}

/**
 * @param {Turn[]} turns
 * @param {import("./query.js").Name[]} names
 * @returns {Speakers}
 */
function speakersOf(turns, names) {
  const starts = turns.map(({ start }) => start);
  /** @param {number} place */
  const at = (place) => {
    const turn = turns[lastStarted(starts, place)];
    return turn?.speaker && place < turn.end ? fold(turn.speaker) : "";
  };
  return { names: names.map(([, folded]) => folded), at };
}

/**
 * Every place of what was typed, be it within words, none overlapping another.
 * @param {string} text
 * @param {string} wanted folded
 */
function everyPlace(text, wanted) {
  /** @type {Place[][]} */
  const places = [];
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    places.push([[at, at + wanted.length]]);
  }
  return places;
}

/** @type {(one: Place[], other: Place[]) => number} */
const byPlace = ([[one]], [[other]]) => one - other;

/**
 * Whether a hit shares something with one of others, each from its first place to its last.
 * @param {Place[]} hit
 * @param {Place[][]} taken in order
 */
function overlaps(hit, taken) {
  const before = taken.findLast(([[start]]) => start <= hit[hit.length - 1][1]);
  return before !== undefined && before[before.length - 1][1] > hit[0][0];
}

/**
 * Where all terms stand together, in the order of the text, none overlapping another: at each place of the term that is
 * said least, of those that are in nobody's name, the nearest of every other, unless that is in the name of who speaks.
 * @param {string} folded
 * @param {Pick<import("./query.js").Query, "terms" | "pairs">} query
 * @param {Speakers} speakers
 * @param {Place[][]} [taken] hits that are none of these
 * @returns {Place[][]}
 */
export function together(folded, { terms, pairs }, speakers, taken = []) {
  /** @param {import("./query.js").Term} term */
  const countOf = ({ sought }) => folded.split(sought).length - 1; // spaces are not shared
  const said = terms.map((term) => ({ term, count: countOf(term) })).sort((one, other) => one.count - other.count);
  const unnamed = said.filter(({ term }) => !speakers.names.some((name) => isNamed(term, name, pairs)));
  const places = (unnamed.length ? unnamed.slice(0, 1) : said).flatMap(({ term }) => {
    const others = terms.filter((other) => other !== term);
    return placesOf(folded, term).map((place) => ({ place, others }));
  });
  places.sort(({ place: one }, { place: other }) => one[0] - other[0] || one[1] - other[1]);
  const hits = [];
  let reached = 0;
  for (const { place, others } of places) {
    if (place[0] < reached || overlaps([place], taken)) continue;
    const near = others.map((term) => nearest(folded, term, place, reached));
    const speaker = near.includes(null) ? speakers.at(place[0]) : "";
    if (near.some((found, k) => !found && !isNamed(others[k], speaker, pairs))) continue;
    const marks = [place, ...near.filter((found) => found !== null)].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    if (overlaps(marks, taken)) continue;
    hits.push(marks);
    reached = marks[marks.length - 1][1];
  }
  return hits;
}

/**
 * Every place of a term, none overlapping another.
 * @param {string} folded
 * @param {import("./query.js").Term} term
 */
function placesOf(folded, term) {
  const { text, sought, lead } = term;
  /** @type {Place[]} */
  const places = [];
  for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + lead + text.length)) {
    places.push(placeAt(folded, term, at));
  }
  return places;
}

/**
 * The place of a term that is nearest to another, or the same; null where none is near after what was reached.
 * @param {string} folded
 * @param {import("./query.js").Term} term
 * @param {Place} place
 * @param {number} reached
 * @returns {Place | null}
 */
function nearest(folded, term, [start, end], reached) {
  const { sought, lead } = term;
  const low = Math.max(reached, start - NEAR, folded.lastIndexOf(ELSEWHERE, start) + 1), from = Math.min(low, start - lead);
  const near = folded.slice(from, end + NEAR).split(ELSEWHERE, 1)[0];
  const after = near.indexOf(sought, start - lead - from), last = start - from - sought.length;
  const before = last < low - from ? -1 : near.lastIndexOf(sought, last);
  const isBefore = before >= low - from && (after < 0 || start - from - before < after - (end - from));
  if (isBefore || after >= 0) return placeAt(folded, term, from + (isBefore ? before : after));
  return null;
}

/**
 * @param {string} folded
 * @param {import("./query.js").Term} term
 * @param {number} at where it is found
 * @returns {Place}
 */
function placeAt(folded, { text, begun, lead }, at) {
  const start = at + lead, end = start + text.length;
  return [start, begun ? folded.indexOf(" ", end) : end];
}
