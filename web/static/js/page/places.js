// @ts-check
// Where what a reader seeks stands in a transcript: words that hold what was typed, whatever accents, case and signs; where
// it stands nowhere so, or has closed quotation marks, its words and phrases near each other, as in web/library/places.py.
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
  const others = whole.length ? whole : together(folded, query, speakersOf(turns, names));
  return [...named, ...others.filter((hit) => !named.some((other) => overlap(hit, other)))];
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
 * Whether two hits share something, each from its first place to its last.
 * @param {Place[]} one
 * @param {Place[]} other
 */
function overlap(one, other) { return one[0][0] < other[other.length - 1][1] && other[0][0] < one[one.length - 1][1]; }

/**
 * Where all terms stand together, in the order of the text, none overlapping another: at each place of the term that is
 * said least the nearest of every other, unless that is in the name of who speaks.
 * @param {string} folded
 * @param {Pick<import("./query.js").Query, "terms" | "pairs">} query
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
    const from = Math.max(reached, place[0] - NEAR, folded.lastIndexOf(ELSEWHERE, place[0]) + 1);
    const other = folded.indexOf(ELSEWHERE, place[1]), to = Math.min(place[1] + NEAR, other < 0 ? Infinity : other);
    const near = others.map(({ places, starts }) => nearest(places, starts, place, from, to));
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
 * @param {import("./query.js").Term} term
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
