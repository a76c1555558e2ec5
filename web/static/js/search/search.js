// @ts-check
// Searching all episodes of a show: finds what web/library/search.py finds, in its order.

import { fold } from "../page/fold.js";
import { calledBy, hasUnspaced, isIn, isNamed, LEAST_BEGUN, namedBy, QUOTATION_MARKS, readQuery } from "../page/query.js";
import { lastStarted } from "../page/sync.js";
import { Finder, inOrder } from "./places.js";
import { Postings } from "./terms.js";

const MOST_HITS = 20; // given of an episode; more are counted
const MANY = 10, HITS_OF_MANY = 5; // episodes from which fewer are given of each
const LEAST_TURNS = 2; // of a speaker that are given, however often the name is said
const MOST_COUNTED = 100_000; // hits in an episode

/**
 * @typedef {import("../page/query.js").Term} Term
 * @typedef {import("./parts.js").Episode} Episode
 * @typedef {import("./places.js").Place} Place
 * @typedef {import("../page/query.js").Query} Query
 *
 * What a query gave in one episode: by its title or show, and in its words; `total` places, not all of them given. With
 * `apart` the words stand nowhere together: the places are the first of each.
 * `next` gives more of the places, from one to another; `byShow` tells an episode whose
 * show's name has some of the terms, and its title only the others.
 * @typedef {{episode: Episode, inTitle: boolean, byShow: boolean, places: Place[], total: number, apart: boolean,
 *   next: (from: number, to: number) => Place[]}} Found
 *
 * What a query is in all episodes: with a name before a colon `rest` follows that, and `by` tells who is meant in each.
 * @typedef {{query: Query, rest: Query, by: Map<Episode, number[]> | null, said: import("./terms.js").Said[],
 *   voices: Map<Term, number[]>, callers: Map<Term, number[]>, turns: import("./terms.js").Turn[],
 *   turnStarts: number[]}} Known
 */

/**
 * The episodes that have all of a query in their title, show, speakers or words, as the app lists them; none where
 * nothing is sought.
 * @param {string} typed
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Found[]>}
 */
export async function search(typed, parts) {
  const query = readQuery(typed);
  if (!query.terms.length) return [];
  const known = await knownOf(query, parts);
  /** @type {Found[]} */
  const all = [];
  for (const episode of parts.episodes) {
    const found = inEpisode(episode, known, all.length < MANY ? MOST_HITS : HITS_OF_MANY);
    if (found.inTitle || found.places.length || episode.unread) all.push(found);
  }
  /** @param {Found} found */
  const rank = ({ inTitle, places, apart }) => Number(!inTitle) * 4 + Number(!places.length) * 2 + Number(apart);
  all.sort((one, other) => rank(one) - rank(other));
  const most = all.length < MANY ? MOST_HITS : HITS_OF_MANY;
  return all.map((found) => ({ ...found, places: found.places.slice(0, most) }));
}

/**
 * A query that is being typed, without a last word of which too little is there to be sought as the beginning of one, or
 * that stands in quotation marks which are still open: as a whole word nothing might have it. What has a colon is whole.
 * @param {string} typed
 */
export function withoutBegun(typed) {
  const last = /\S*$/u.exec(typed)?.[0] ?? "", folded = fold(last).trim();
  const isOpen = typed.split(QUOTATION_MARKS).length % 2 === 0;
  const isBegun = !hasUnspaced(folded) && (isOpen || [...folded.slice(folded.lastIndexOf(" ") + 1)].length < LEAST_BEGUN);
  return folded && isBegun && !QUOTATION_MARKS.test(last.slice(-1)) && !/[:：]$/u.test(last) ? typed.slice(0, typed.length - last.length) : typed;
}

/**
 * @param {Query} query
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Known>}
 */
async function knownOf(query, parts) {
  const label = query.labels.find((each) => namedBy(each, parts.speakers).length);
  const rest = label ? readQuery(label.rest ?? "") : query, { terms, phrase, pairs } = rest;
  const by = label ? new Map(parts.episodes.map((episode) => [episode, meantIn(episode, label, parts)])) : null;
  /** @type {(among: number[], term: Term, wordsOf: (name: import("../page/query.js").Name) => string) => number[]} */
  const having = (among, term, wordsOf) => among.filter((n) => isNamed(term, wordsOf(parts.speakers[n]), pairs));
  const voices = new Map(terms.map((term) => [term, by ? [] : having([...parts.speakers.keys()], term, ([, folded]) => folded)]));
  const callers = new Map(terms.map((term) => [term, having(voices.get(term) ?? [], term, calledBy)]));
  const speakers = [...new Set([...by?.values() ?? voices.values()].flat())];
  const postings = new Postings(parts);
  const [said, spoken] = await Promise.all([
    Promise.all([...terms, ...(phrase ? [phrase] : [])].map((term) => postings.said(term))),
    Promise.all(speakers.map((speaker) => postings.turns(speaker))),
  ]);
  const turns = spoken.flat().sort((one, other) => one.start - other.start || one.word - other.word);
  return { query, rest, by, said, voices, callers, turns, turnStarts: turns.map(({ start }) => start) };
}

/**
 * Who is meant by a name before a colon, of those who speak in an episode.
 * @param {Episode} episode
 * @param {import("../page/query.js").Label} label
 * @param {import("./parts.js").Parts} parts
 */
function meantIn({ speakers }, label, parts) {
  return namedBy(label, speakers.map((n) => parts.speakers[n])).map((k) => speakers[k]);
}

/**
 * @param {Episode} episode
 * @param {Known} known
 * @param {number} most
 * @returns {Found}
 */
function inEpisode(episode, known, most) {
  const { terms, phrase } = known.rest;
  const untitled = known.query.terms.filter((term) => !episode.titles.some((title) => isIn(term, title)));
  const inTitle = !untitled.length, byShow = inTitle && !known.query.terms.every((term) => isIn(term, episode.titles[0]));
  const finder = finderIn(episode, known, most), elsewhere = known.by ? terms : untitled;
  /** @type {(sought: Term[], phrase: Term | null) => Found} */
  const foundBy = (sought, phrase) => {
    const [places, total] = placesOf(finder, sought, phrase, most, most);
    const next = (/** @type {number} */ from, /** @type {number} */ to) => placesOf(finder, sought, phrase, most, to)[0].slice(from);
    return { episode, inTitle, byShow, places, total, apart: false, next };
  };
  const found = foundBy(terms, phrase);
  const isTitled = elsewhere.length > 0 && elsewhere.length < terms.length;
  const instead = !found.total && isTitled ? foundBy(elsewhere, null) : found;
  if (instead.total) return instead;
  const firsts = finder.firsts(elsewhere);
  return {
    ...found, places: firsts.slice(0, most), total: firsts.length, apart: firsts.length > 0,
    next: (from, to) => firsts.slice(from, to),
  };
}

/**
 * @param {Episode} episode
 * @param {Known} known
 * @param {number} many
 */
function finderIn(episode, { said, voices, callers, turns, turnStarts, by }, many) {
  /** @type {(all: Map<Term, number[]>) => Map<Term, Set<number>>} */
  const heard = (all) => new Map([...all].map(([term, speakers]) => [term, new Set(speakers.filter((n) => episode.speakers.includes(n)))]));
  return new Finder({
    said: new Map(said.map((each) => [each.term, within(each, episode)])),
    voices: heard(voices),
    callers: heard(callers),
    turns: turns.slice(lastStarted(turnStarts, episode.start) + 1, lastStarted(turnStarts, episode.end) + 1),
    many,
    by: by ? by.get(episode) ?? [] : null,
  });
}

/**
 * The places to give, and how many there are; where a speaker has that name, the turns among them: a few at least, and
 * more where the name is seldom said; those that are given first in the order of the text.
 * @param {Finder} finder
 * @param {Term[]} terms
 * @param {Term | null} phrase
 * @param {number} most given first
 * @param {number} to
 * @returns {[places: Place[], total: number]}
 */
function placesOf(finder, terms, phrase, most, to) {
  const turns = finder.turns(terms), [said, total] = finder.places(terms, phrase, to);
  const given = turns.length ? [...turns.slice(0, LEAST_TURNS), ...said, ...turns.slice(LEAST_TURNS)] : said;
  const places = turns.length ? [...given.slice(0, most).sort(inOrder), ...given.slice(most)] : given;
  return [places.slice(0, to), Math.min(total + turns.length, MOST_COUNTED)];
}

/**
 * Where a term is said in an episode.
 * @param {import("./terms.js").Said} said
 * @param {Episode} episode
 */
function within({ term, starts, ends }, { start, end }) {
  const from = lastStarted(starts, start) + 1, to = lastStarted(starts, end) + 1;
  return { term, starts: starts.subarray(from, to), ends: ends.subarray(from, to) };
}
