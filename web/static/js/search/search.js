// @ts-check
// Searching all episodes of a show: finds what web/library/search.py finds, in its order.

import { readQuery } from "../page/query.js";
import { lastStarted } from "../page/sync.js";
import { Finder, inOrder, isIn, isNamed } from "./places.js";
import { saidOf, turnsOf } from "./terms.js";

const MOST_HITS = 20; // given of an episode; more are counted
const MANY = 10, HITS_OF_MANY = 5; // episodes from which fewer are given of each
const LEAST_TURNS = 2; // of a speaker that are given, however often the name is said
const MOST_COUNTED = 100_000; // hits in an episode

/**
 * @typedef {import("../page/query.js").Term} Term
 * @typedef {import("./parts.js").Episode} Episode
 * @typedef {import("./places.js").Place} Place
 * @typedef {{terms: Term[], phrase: Term | null}} Query
 *
 * What a query gave in one episode: by its title or show, and in its words; `total` places, not all of them given. With
 * `apart` the words stand nowhere together: the places are the first of each.
 * @typedef {{episode: Episode, inTitle: boolean, places: Place[], total: number, apart: boolean}} Found
 *
 * What the terms of a query are in all episodes.
 * @typedef {{query: Query, said: import("./terms.js").Said[], voices: Map<Term, number[]>, turns: import("./terms.js").Turn[]}} Known
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
 * @param {Query} query
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Known>}
 */
async function knownOf(query, parts) {
  const { terms, phrase } = query;
  const voices = new Map(terms.map((term) => [term, [...parts.speakers.keys()].filter((n) => isNamed(term, parts.speakers[n][1]))]));
  const speakers = [...new Set([...voices.values()].flat())];
  const [said, turns] = await Promise.all([
    Promise.all([...terms, ...(phrase ? [phrase] : [])].map((term) => saidOf(term, parts))),
    Promise.all(speakers.map((speaker) => turnsOf(speaker, parts))),
  ]);
  return { query, said, voices, turns: turns.flat().sort((one, other) => one.start - other.start || one.word - other.word) };
}

/**
 * @param {Episode} episode
 * @param {Known} known
 * @param {number} most
 * @returns {Found}
 */
function inEpisode(episode, { query, said, voices, turns }, most) {
  const { terms, phrase } = query;
  const elsewhere = terms.filter((term) => !episode.titles.some((title) => isIn(term, title)));
  const found = { episode, inTitle: !elsewhere.length, apart: false };
  const finder = new Finder(
    new Map(said.map((each) => [each.term, within(each, episode)])),
    new Map(terms.map((term) => [term, new Set(voices.get(term)?.filter((n) => episode.speakers.includes(n)))])),
    turns.filter(({ start }) => start > episode.start && start <= episode.end),
    most,
  );
  let [places, total] = placesOf(finder, terms, phrase, most);
  if (!places.length && elsewhere.length < terms.length) [places, total] = placesOf(finder, elsewhere, null, most);
  if (places.length) return { ...found, places, total };
  const firsts = finder.firsts(elsewhere);
  return { ...found, places: firsts.slice(0, most), total: firsts.length, apart: firsts.length > 0 };
}

/**
 * The places to give, and how many there are; where a speaker has that name, the turns among them: a few at least, and
 * more where the name is seldom said.
 * @param {Finder} finder
 * @param {Term[]} terms
 * @param {Term | null} phrase
 * @param {number} most
 * @returns {[places: Place[], total: number]}
 */
function placesOf(finder, terms, phrase, most) {
  if (!terms.length) return [[], 0];
  const turns = finder.turns(terms), [said, total] = finder.places(terms, phrase);
  const given = turns.length ? [...turns.slice(0, LEAST_TURNS), ...said, ...turns.slice(LEAST_TURNS)] : said;
  const places = given.slice(0, most);
  return [turns.length ? places.sort(inOrder) : places, Math.min(total + turns.length, MOST_COUNTED)];
}

/**
 * Where a term is said in an episode.
 * @param {import("./terms.js").Said} said
 * @param {Episode} episode
 */
function within({ term, starts, ends }, { start, end }) {
  const from = lastStarted(starts, start) + 1, to = lastStarted(starts, end) + 1;
  return { term, starts: starts.slice(from, to), ends: ends.slice(from, to) };
}
