// @ts-check
// Searching all episodes of a show: finds what web/library/search.py finds, in its order.

import { fold } from "../page/fold.js";
import { hasUnspaced, isIn, isNamed, LEAST_BEGUN, QUOTATION_MARKS, readQuery } from "../page/query.js";
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
 * What the terms of a query are in all episodes.
 * @typedef {{query: Query, said: import("./terms.js").Said[], voices: Map<Term, number[]>,
 *   turns: import("./terms.js").Turn[], turnStarts: number[]}} Known
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
 * that stands in quotation marks which are still open: as a whole word nothing might have it.
 * @param {string} typed
 */
export function withoutBegun(typed) {
  const last = /\S*$/u.exec(typed)?.[0] ?? "", folded = fold(last).trim();
  const isOpen = typed.split(QUOTATION_MARKS).length % 2 === 0;
  const isBegun = !hasUnspaced(folded) && (isOpen || [...folded.slice(folded.lastIndexOf(" ") + 1)].length < LEAST_BEGUN);
  return folded && isBegun && !QUOTATION_MARKS.test(last.slice(-1)) ? typed.slice(0, typed.length - last.length) : typed;
}

/**
 * @param {Query} query
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Known>}
 */
async function knownOf(query, parts) {
  const { terms, phrase, pairs } = query;
  const namedBy = (/** @type {Term} */ term) => [...parts.speakers.keys()].filter((n) => isNamed(term, parts.speakers[n][1], pairs));
  const voices = new Map(terms.map((term) => [term, namedBy(term)]));
  const speakers = [...new Set([...voices.values()].flat())];
  const postings = new Postings(parts);
  const [said, spoken] = await Promise.all([
    Promise.all([...terms, ...(phrase ? [phrase] : [])].map((term) => postings.said(term))),
    Promise.all(speakers.map((speaker) => postings.turns(speaker))),
  ]);
  const turns = spoken.flat().sort((one, other) => one.start - other.start || one.word - other.word);
  return { query, said, voices, turns, turnStarts: turns.map(({ start }) => start) };
}

/**
 * @param {Episode} episode
 * @param {Known} known
 * @param {number} most
 * @returns {Found}
 */
function inEpisode(episode, { query, said, voices, turns, turnStarts }, most) {
  const { terms, phrase } = query;
  const elsewhere = terms.filter((term) => !episode.titles.some((title) => isIn(term, title)));
  const inTitle = !elsewhere.length, byShow = inTitle && !terms.every((term) => isIn(term, episode.titles[0]));
  const finder = new Finder(
    new Map(said.map((each) => [each.term, within(each, episode)])),
    new Map(terms.map((term) => [term, new Set(voices.get(term)?.filter((n) => episode.speakers.includes(n)))])),
    turns.slice(lastStarted(turnStarts, episode.start) + 1, lastStarted(turnStarts, episode.end) + 1),
    most,
  );
  /** @type {(sought: Term[], phrase: Term | null) => Found} */
  const foundBy = (sought, phrase) => {
    const [places, total] = placesOf(finder, sought, phrase, most, most);
    const next = (/** @type {number} */ from, /** @type {number} */ to) => placesOf(finder, sought, phrase, most, to)[0].slice(from);
    return { episode, inTitle, byShow, places, total, apart: false, next };
  };
  const found = foundBy(terms, phrase);
  const instead = found.total || elsewhere.length === terms.length ? found : foundBy(elsewhere, null);
  if (instead.total) return instead;
  const firsts = finder.firsts(elsewhere);
  return {
    ...found, places: firsts.slice(0, most), total: firsts.length, apart: firsts.length > 0,
    next: (from, to) => firsts.slice(from, to),
  };
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
  if (!terms.length) return [[], 0];
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
