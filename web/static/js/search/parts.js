// @ts-check
// The parts of the index by which a show is searched, as web/site/search_index.py makes them: each is brought when it is
// first asked for.

import { lastStarted } from "../page/sync.js";
import { numbersOf } from "../site/unpacking.js";

/**
 * @typedef {{name: string, titles: string[], unread?: boolean, language?: string, version?: string, speakers?: number[],
 *   length?: number, blocks?: string}} ToldEpisode what an episode is told by, titles folded
 * @typedef {{version: number, episodes: ToldEpisode[], speakers: [name: string, folded: string][],
 *   terms: [first: string, version: string][], blocks: string[]}} Head
 * @typedef {{from: number, text: string, words: string, passages: string, sentences: string}} Block
 *
 * An episode, and from where to where its places are among those of all.
 * @typedef {{name: string, titles: string[], unread: boolean, language: string, version: string, speakers: number[],
 *   start: number, end: number}} Episode
 */

export class Parts {
  #bring;
  /** @type {Map<string, Promise<any>>} */
  #brought = new Map();
  #head;
  /** @type {number[]} where each block begins */
  #starts = [];
  /** @type {number[]} its first word */
  #words = [];

  /**
   * @param {Head} head
   * @param {(address: string) => Promise<any>} bring gives what the script at an address leaves behind
   */
  constructor(head, bring) {
    this.#head = head;
    this.#bring = bring;
    let start = 0, word = 0;
    this.episodes = head.episodes.map((told) => {
      const lengths = numbersOf(told.blocks ?? "");
      for (let k = 0, at = start + 1; k < lengths.length; k += 2) {
        this.#starts.push(at);
        this.#words.push(word);
        word += lengths[k];
        at += lengths[k + 1];
      }
      const [from, end] = [start, start + (told.length ?? 0)];
      start = end;
      return { unread: false, language: "", version: "", speakers: [], ...told, start: from, end };
    }).reverse(); // the newest first
  }

  /** By number, each with its folded name. */
  get speakers() { return this.#head.speakers; }

  /**
   * The postings of a term, as they are packed; of one that is only begun those of all that it may become.
   * @param {string} term
   * @param {boolean} [begun]
   * @returns {Promise<[term: string, postings: string][]>}
   */
  async postings(term, begun = false) {
    const { terms } = this.#head;
    let first = terms.length - 1;
    while (first > 0 && terms[first][0] > term) first--;
    let end = first + 1;
    while (begun && end < terms.length && terms[end][0].startsWith(term)) end++;
    /** @type {Promise<{terms: string, postings: string}>[]} */
    const asked = terms.slice(first, end).map(([, version], k) => this.#part(`terms-${first + k}`, version));
    return (await Promise.all(asked)).flatMap((part) => {
      const known = part.terms.split(","), packed = part.postings.split(" ");
      const from = begun ? known.findIndex((each) => each.startsWith(term)) : known.indexOf(term);
      if (from < 0) return [];
      let to = from + 1;
      while (begun && to < known.length && known[to].startsWith(term)) to++;
      return known.slice(from, to).map((each, k) => /** @type {[string, string]} */ ([each, packed[from + k]]));
    });
  }

  /**
   * The block that has a place.
   * @param {number} place
   */
  blockAt(place) { return lastStarted(this.#starts, place); }

  /**
   * The block that has a word.
   * @param {number} word
   */
  blockOf(word) { return lastStarted(this.#words, word); }

  /**
   * A block, where it begins, and its first word.
   * @param {number} number
   * @returns {Promise<{block: Block, start: number, word: number}>}
   */
  async block(number) {
    const block = await this.#part(`words-${number}`, this.#head.blocks[number]);
    return { block, start: this.#starts[number], word: this.#words[number] };
  }

  /**
   * @param {string} name
   * @param {string} version
   */
  #part(name, version) {
    const address = `search/${name}-${version}.js`;
    const brought = this.#brought.get(address) ?? this.#bring(address);
    this.#brought.set(address, brought);
    brought.catch(() => this.#brought.delete(address)); // it may be there when it is asked for again
    return brought;
  }
}
