// @ts-check
// Search in a published show: words in any order, phrases in quotation marks, and a speaker before a colon. The index
// (web/site/search_index.py) lists the passages with each word; their text and times come from the episode's embed data
// (docs/reference/embed.md).

import { readEmbedData, timesOf } from "../embed/data.js";
import { linkInto } from "../embed/passage.js";
import { UNSPACED, fold, occurrencesOf, termsOf } from "../ui/fold.js";

const BEFORE = 100, AFTER = 140; // characters around a hit

/**
 * @typedef {import("../ui/fold.js").Term} Term
 * @typedef {{name: string, titles: string, passages: number | null, data: string}} Episode `passages` is null if it has no search,
 *   `data` the address of its embed data
 * @typedef {{episodes: Episode[], parts: [first: string, address: string][]}} Index
 * @typedef {{episode: Episode, inTitle: boolean, passages: number[], terms: Term[], bySpeaker: boolean}} Found
 *   the candidates in an episode: numbers of passages, in which phrases are still to be checked
 * @typedef {{start: number | null, speaker: string | null, bySpeaker: boolean, pieces: [text: string, sought: boolean][], fragment: string}} Hit
 */

export class Search {
  #index;
  #load;
  /** @type {number[]} the first passage of each episode */
  #firsts = [];

  /**
   * @param {Index} index
   * @param {(address: string) => Promise<any>} load
   */
  constructor(index, load) {
    this.#index = index;
    this.#load = load;
    let passages = 0;
    for (const episode of index.episodes) {
      this.#firsts.push(passages);
      passages += episode.passages ?? 0;
    }
  }

  /**
   * Return the episodes that match all of a query: in the title first, then in a passage; newest first.
   * @param {string} typed
   * @returns {Promise<Found[]>}
   */
  async find(typed) {
    const whole = termsOf(typed);
    const { terms, voice } = await this.#speaker(typed) ?? { terms: whole, voice: null };
    if (!whole.length) return [];
    const each = await Promise.all(terms.map((term) => this.#passages(term, !voice)));
    const together = this.#byEpisode(allOf(voice ? [voice, ...each] : each));
    const found = this.#index.episodes.map((episode, k) => {
      const isTitled = (/** @type {Term} */ term) => occurrencesOf(` ${episode.titles} `, term).length > 0;
      return { episode, inTitle: whole.every(isTitled), passages: together.get(k) ?? [], terms, bySpeaker: !!voice };
    }).reverse();
    const rank = (/** @type {Found} */ { inTitle, passages }) => (inTitle ? 0 : passages.length ? 1 : 2);
    return found.filter((each) => rank(each) < 2 || each.episode.passages === null).sort((one, other) => rank(one) - rank(other));
  }

  /**
   * Return the first hits of an episode, without passages that have the words of a phrase but not the phrase.
   * @param {Found} found
   * @param {number} most
   */
  async hits({ episode, passages, terms, bySpeaker }, most) {
    const embedded = readEmbedData(await this.#load(episode.data));
    const hits = passages.slice(0, most).map((passage) => hitOf(embedded, passage, terms, bySpeaker));
    return { hits: hits.filter((hit) => hit !== null), language: embedded.language };
  }

  /** @param {string} typed as "name: words"; returns null if no speaker has that name */
  async #speaker(typed) {
    for (const at of [...typed.matchAll(/[:：]/gu)].map(({ index }) => index).reverse()) {
      const name = fold(typed.slice(0, at)).split(" ").filter(Boolean);
      const voice = allOf(await Promise.all(name.map((word) => this.#postings(`@${word}`, false))));
      if (voice.length) return { terms: termsOf(typed.slice(at + 1)), voice };
    }
    return null;
  }

  /** @type {(term: Term, alsoNames: boolean) => Promise<number[]>} passages with all words of a term, spoken or in the speaker's name */
  async #passages({ words, isPrefix }, alsoNames) {
    const lists = (/** @type {string} */ mark) => Promise.all(words.flatMap((word, k) => (
      keysOf(word).map((key) => this.#postings(mark + key, isPrefix && key === word && k === words.length - 1))
    )));
    const [inText, inNames] = await Promise.all([lists(""), alsoNames ? lists("@") : []]);
    return inNames.length ? merged([allOf(inText), allOf(inNames)]) : allOf(inText);
  }

  /** @type {(term: string, isPrefix: boolean) => Promise<number[]>} passages with a term of the index, or one with that beginning */
  async #postings(term, isPrefix) {
    const { parts } = this.#index, first = parts.findLastIndex(([start]) => start <= term);
    const needed = parts.filter(([start], k) => k === first || (isPrefix && k > first && start.startsWith(term)));
    /** @type {Record<string, number[]>[]} */
    const loaded = await Promise.all(needed.map(([, address]) => this.#load(address)));
    const entries = loaded.flatMap((part) => Object.entries(part)).filter(([key]) => (isPrefix ? key.startsWith(term) : key === term));
    return merged(entries.map(([, gaps]) => {
      let at = 0;
      return gaps.map((gap) => (at += gap));
    }));
  }

  /** Group passages by episode, counted from its first one. @param {number[]} passages */
  #byEpisode(passages) {
    /** @type {Map<number, number[]>} */
    const found = new Map();
    let episode = 0;
    for (const passage of passages) {
      while (this.#firsts[episode + 1] <= passage) episode++;
      found.set(episode, [...(found.get(episode) ?? []), passage - this.#firsts[episode]]);
    }
    return found;
  }
}

/** @type {(word: string) => string[]} the index terms of a word: in scripts without spaces its characters */
const keysOf = (word) => (UNSPACED.test(word) ? [...word].filter((character) => UNSPACED.test(character)) : [word]);

/** @type {(lists: number[][]) => number[]} */
const merged = (lists) => (lists.length === 1 ? lists[0] : [...new Set(lists.flat())].sort((one, other) => one - other));

/** @type {(lists: number[][]) => number[]} */
const allOf = (lists) => lists.map((list) => new Set(list)).reduce((left, list) => left.filter((each) => list.has(each)), lists[0] ?? []);

/**
 * Return a passage as a hit, cut around its rarest term; null if a phrase is not in it.
 * @type {(embedded: import("../embed/data.js").EmbedData, number: number, terms: Term[], bySpeaker: boolean) => Hit | null}
 */
function hitOf(embedded, number, terms, bySpeaker) {
  if (!embedded.paragraphs[number]) return null; // the episode is newer than the show's index
  const { words, first, speaker: who } = embedded.paragraphs[number], speaker = embedded.speakers[who ?? -1] ?? null;
  /** @type {number[]} the word of each character of the folded text */
  const owners = [0];
  let text = " ";
  for (const [k, folded] of words.map(fold).entries()) {
    if (folded) text += `${folded} `;
    while (owners.length < text.length) owners.push(k);
  }
  const marks = terms.map((term) => occurrencesOf(text, term).map(([start, end]) => [owners[start], owners[end - 1] + 1]));
  const isInName = terms.map((term) => occurrencesOf(` ${fold(speaker ?? "")} `, term).length > 0);
  if (marks.some((occurrences, k) => !occurrences.length && !isInName[k])) return null;
  const rarest = marks.filter((occurrences) => occurrences.length).sort((one, other) => one.length - other.length)[0] ?? [[0, 1]];
  const [from, to] = rarest[0], span = timesOf(embedded, first + from, first + to);
  const start = span?.start ?? embedded.starts.slice(first + to).find((each) => each !== null) ?? null; // else the next word with a time
  return {
    start: start === null ? null : start / 1000, fragment: start === null ? "" : linkInto("", start / 1000, span ? span.end / 1000 : undefined),
    speaker, bySpeaker: bySpeaker || isInName.includes(true), pieces: piecesOf(words, marks.flat(), from, to),
  };
}

/** @type {(words: string[], marks: number[][], from: number, to: number) => Hit["pieces"]} the words around the marked ones, in pieces */
function piecesOf(words, marks, from, to) {
  let first = from, last = to;
  for (let room = BEFORE; first > 0 && room > 0; first--) room -= words[first - 1].length;
  for (let room = AFTER; last < words.length && room > 0; last++) room -= words[last].length;
  /** @type {Hit["pieces"]} */
  const pieces = [[first > 0 ? "… " : "", false]];
  let space = "";
  for (let k = first; k < last; k++) {
    const piece = pieces[pieces.length - 1], word = words[k].trimEnd(), sought = marks.some(([start, end]) => k >= start && k < end);
    if (sought === piece[1]) piece[0] += space + word;
    else if (sought) pieces.push([space, false], [word, true]);
    else pieces.push([space + word, false]);
    space = words[k].slice(word.length);
  }
  pieces.push([last < words.length ? `${space}…` : "", false]);
  return pieces.filter(([text]) => text);
}
