// @ts-check
// Searches the episodes of a published show. The index (web/site/search_index.py) names the passages that have the words;
// what is shown of them, and when it is said, is in the data that each episode is embedded by (docs/embedding.md).

import { fold } from "../page/fold.js";
import { keysOf, labelsOf, placesOf, readTerms } from "./query.js";

const BEFORE = 100, AFTER = 140; // characters around what was found

/**
 * @typedef {import("./query.js").Term} Term
 * @typedef {{name: string, titles: string, passages: number | null, data: string}} Episode `passages` is null where none is searched,
 *   `data` the address of what it is embedded by
 * @typedef {{episodes: Episode[], parts: [first: string, address: string][]}} Head
 * @typedef {{words: string[], kind: string, speaker?: number, start?: number, starts?: (number | null)[], lengths?: (number | null)[]}} Paragraph
 * @typedef {{language: string, speakers: string[], paragraphs: Paragraph[]}} Cast
 *
 * What was found in an episode: passages by number, which of a phrase are yet to be looked at. With `apart` no passage has
 * all of the words.
 * @typedef {{episode: Episode, inTitle: boolean, passages: number[], apart: boolean, terms: Term[], bySpeaker: boolean}} Found
 * @typedef {{start: number | null, speaker: string | null, bySpeaker: boolean, pieces: [text: string, sought: boolean][], fragment: string}} Hit
 */

export class Search {
  #head;
  #load;
  /** @type {number[]} the first passage of each episode */
  #firsts = [];

  /**
   * @param {Head} head
   * @param {(address: string) => Promise<any>} load
   */
  constructor(head, load) {
    this.#head = head;
    this.#load = load;
    let passages = 0;
    for (const episode of head.episodes) {
      this.#firsts.push(passages);
      passages += episode.passages ?? 0;
    }
  }

  /**
   * The episodes that have all of a query: in their title, then in one passage, then in several; each time the newest first.
   * @param {string} typed
   * @returns {Promise<Found[]>}
   */
  async find(typed) {
    const whole = readTerms(typed);
    const { terms, voice } = await this.#speaker(typed) ?? { terms: whole, voice: null };
    if (!whole.length) return [];
    const each = await Promise.all(terms.map((term) => this.#passages(term, !voice)));
    const together = byEpisode(allOf(voice ? [voice, ...each] : each), this.#firsts);
    const apart = each.map((passages) => byEpisode(voice ? allOf([voice, passages]) : passages, this.#firsts));
    const found = this.#head.episodes.map((episode, k) => {
      /** @param {Term} term */
      const isTitled = (term) => placesOf(` ${episode.titles} `, term).length > 0;
      const first = terms.map((_, n) => (apart[n].get(k) ?? [])[0]);
      const isApart = !together.has(k) && terms.every((term, n) => first[n] !== undefined || isTitled(term));
      const passages = together.get(k) ?? (isApart ? merged([first.filter((passage) => passage !== undefined)]) : []);
      return { episode, inTitle: whole.every(isTitled), passages, apart: isApart && passages.length > 0, terms, bySpeaker: !!voice };
    }).reverse();
    /** @param {Found} found */
    const rank = ({ inTitle, apart, passages }) => (inTitle ? 0 : apart ? 2 : passages.length ? 1 : 3);
    return found.filter((each) => rank(each) < 3 || each.episode.passages === null).sort((one, other) => rank(one) - rank(other));
  }

  /**
   * What is shown of some passages of an episode; of those of a phrase none that have only its words.
   * @param {Found} found
   * @param {number} from
   * @param {number} to
   * @returns {Promise<{hits: Hit[], language: string}>}
   */
  async hits({ episode, passages, terms, apart, bySpeaker }, from, to) {
    /** @type {Cast} */
    const cast = await this.#load(episode.data);
    const hits = passages.slice(from, to).map((passage) => hitOf(cast, passage, terms, { apart, bySpeaker }));
    return { hits: hits.filter((hit) => hit !== null), language: cast.language };
  }

  /**
   * A name before a colon: what they say, and what is sought in it; null where nobody is called so.
   * @param {string} typed
   */
  async #speaker(typed) {
    for (const { name, rest } of labelsOf(typed)) {
      const voice = allOf(await Promise.all(name.map((word) => this.#postings(`@${word}`, false))));
      if (voice.length) return { terms: readTerms(rest), voice };
    }
    return null;
  }

  /**
   * The passages that have all words of a term, in their text or in the name of who speaks.
   * @param {Term} term
   * @param {boolean} alsoVoices
   */
  async #passages({ words, begun }, alsoVoices) {
    /** @type {(mark: string) => Promise<number[][]>} */
    const lists = (mark) => Promise.all(words.flatMap((word, k) => (
      keysOf(word).map((key) => this.#postings(mark + key, begun && key === word && k === words.length - 1))
    )));
    const [said, called] = await Promise.all([lists(""), alsoVoices ? lists("@") : []]);
    return called.length ? merged([allOf(said), allOf(called)]) : allOf(said);
  }

  /**
   * @param {string} term
   * @param {boolean} begun
   */
  async #postings(term, begun) {
    const { parts } = this.#head;
    const first = Math.max(0, parts.findLastIndex(([start]) => start <= term));
    const asked = parts.filter(([start], k) => k === first || (begun && k > first && start.startsWith(term)));
    /** @type {Record<string, number[]>[]} */
    const loaded = await Promise.all(asked.map(([, address]) => this.#load(address)));
    const lists = loaded.flatMap((part) => (
      Object.entries(part).filter(([key]) => (begun ? key.startsWith(term) : key === term)).map(([, gaps]) => summed(gaps))
    ));
    return lists.length === 1 ? lists[0] : merged(lists);
  }
}

/** @param {number[]} gaps */
function summed(gaps) {
  let at = 0;
  return gaps.map((gap) => (at += gap));
}

/** @param {number[][]} lists */
const merged = (lists) => [...new Set(lists.flat())].sort((one, other) => one - other);

/** @param {number[][]} lists */
function allOf(lists) {
  const [shortest, ...others] = [...lists].sort((one, other) => one.length - other.length);
  return others.reduce((left, list) => {
    const there = new Set(list);
    return left.filter((each) => there.has(each));
  }, shortest ?? []);
}

/**
 * Passages by the number of their episode, each counted from the episode's first.
 * @param {number[]} passages
 * @param {number[]} firsts
 */
function byEpisode(passages, firsts) {
  /** @type {Map<number, number[]>} */
  const found = new Map();
  let episode = 0;
  for (const passage of passages) {
    while (episode + 1 < firsts.length && firsts[episode + 1] <= passage) episode++;
    const own = found.get(episode) ?? [];
    found.set(episode, own);
    own.push(passage - firsts[episode]);
  }
  return found;
}

/**
 * A passage as it is shown, around the term that it has least often; null where it lacks a phrase.
 * @param {Cast} cast
 * @param {number} number
 * @param {Term[]} terms
 * @param {{apart: boolean, bySpeaker: boolean}} how
 * @returns {Hit | null}
 */
export function hitOf(cast, number, terms, { apart, bySpeaker }) {
  const paragraph = cast.paragraphs[number];
  if (!paragraph) return null; // the episode was published again, and the show not yet
  const { words } = paragraph;
  const speaker = cast.speakers[paragraph.speaker ?? -1] ?? null;
  /** @type {number[]} the word of each character of the folded text */
  const owners = [0];
  let text = " ";
  for (const [k, word] of words.entries()) {
    const folded = fold(word);
    if (!folded) continue;
    text += `${folded} `;
    while (owners.length < text.length) owners.push(k);
  }
  const marks = terms.map((term) => placesOf(text, term).map(([start, end]) => [owners[start], owners[end - 1] + 1]));
  const isCalled = terms.map((term) => placesOf(` ${fold(speaker ?? "")} `, term).length > 0);
  if (!apart && marks.some((places, k) => !places.length && !isCalled[k])) return null;
  const [[from, to]] = [...marks.filter((places) => places.length).sort((one, other) => one.length - other.length)[0] ?? [[0, 1]]];
  return {
    ...saidIn(cast, number, from, to), speaker, bySpeaker: bySpeaker || isCalled.includes(true),
    pieces: piecesOf(words, marks.flat(), from, to),
  };
}

/**
 * The words around some, in pieces, each with whether it was sought.
 * @param {string[]} words
 * @param {number[][]} marks
 * @param {number} from
 * @param {number} to
 */
function piecesOf(words, marks, from, to) {
  let first = from, last = to;
  for (let room = BEFORE; first > 0 && room > 0; first--) room -= words[first - 1].length;
  for (let room = AFTER; last < words.length && room > 0; last++) room -= words[last].length;
  /** @type {[text: string, sought: boolean][]} */
  const pieces = [[first > 0 ? "… " : "", false]];
  for (let k = first; k < last; k++) {
    const sought = marks.some(([start, end]) => k >= start && k < end), piece = pieces[pieces.length - 1];
    if (piece[1] === sought) piece[0] += words[k];
    else pieces.push([words[k], sought]);
  }
  if (last < words.length) pieces.push(["…", false]);
  return pieces.flatMap(([text, sought]) => /** @type {[string, boolean][]} */ (
    sought ? [[text.trimEnd(), true], [text.slice(text.trimEnd().length), false]] : [[text, false]]
  )).filter(([text]) => text);
}

/**
 * When some words of a paragraph are said, in seconds, and the link to them; of words that nobody says, what follows them.
 * @param {Cast} cast
 * @param {number} number
 * @param {number} from
 * @param {number} to
 */
function saidIn({ paragraphs }, number, from, to) {
  for (const paragraph of paragraphs.slice(number)) {
    const isFirst = paragraph === paragraphs[number], { starts = [], lengths = [] } = paragraph;
    let at = paragraph.start ?? 0, start = null, end = null;
    for (const [k, gap] of starts.entries()) {
      if (gap === null) continue;
      at += gap;
      if (isFirst && k < from) continue;
      if (start !== null && !(isFirst && k < to)) break;
      if (isFirst && k < to) end = at + (lengths[k] ?? 0);
      start ??= at;
    }
    if (start === null) continue;
    const times = [Math.floor(start / 10) / 100, ...(end === null ? [] : [Math.ceil(end / 10) / 100])];
    return { start: start / 1000, fragment: `#t=${times.join()}` };
  }
  return { start: null, fragment: "" };
}
