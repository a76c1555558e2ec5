// @ts-check
// Where the terms of a query stand in the words of an episode: said by whom others of them name, as one phrase, together,
// or each by itself. The twin of web/search/places.py, over postings instead of a text, and held to find the same.

import { lastStarted } from "../page/sync.js";
import { countOf, lengthOf, nearest, rangesOf, saidIn, stepOf } from "./terms.js";

const NEAR = 250; // characters on each side of a term within which the others stand together with it
const MOST_LOOKED_AT = 300_000; // terms near which others are looked for
const MOST_COUNTED = 100_000; // hits in an episode

/**
 * @typedef {import("../page/query.js").Term} Term
 * @typedef {import("../page/query.js").Place} Range
 * @typedef {import("./terms.js").Said} Said
 * @typedef {import("./terms.js").Turn} Turn
 *
 * What is sought in an episode: where each term is said; of whose name each is a part, and who is called by it; the turns
 * of those who are named, in order; places of a phrase, more than which are counted alone. With `by` it is sought only in
 * what those speakers say, each place in one turn.
 * @typedef {{said: Map<Term, Said>, voices: Map<Term, Set<number>>, callers: Map<Term, Set<number>>, turns: Turn[],
 *   many: number, by: number[] | null}} Sought
 *
 * All that is said, or what one speaker says, and from where to where.
 * @typedef {{said: Map<Term, Said>, turns?: {start: number, end: number}[], turnStarts?: number[]}} Text
 *
 * Where something was found: what of it was sought; or, by the name of who speaks alone, where the turn begins.
 * @typedef {{at: number, marks: Range[], word: number, bySpeaker: boolean}} Place
 */

export class Finder {
  #sought;
  #turnStarts;
  /** @type {Text[]} */
  #texts;

  /** @param {Sought} sought */
  constructor(sought) {
    this.#sought = sought;
    this.#turnStarts = sought.turns.map(({ start }) => start);
    this.#texts = sought.by ? sought.by.map((speaker) => this.#saidBy(speaker)) : [{ said: sought.said }];
  }

  /**
   * The first places, and how many there are: those where somebody whom some of the terms name says the others, then
   * those of the phrase, then those where the terms stand together or are in the name of who says the others. Where the
   * phrase alone has many, only it is counted, and what stands before it.
   * @param {Term[]} terms
   * @param {Term | null} phrase
   * @param {number} most places to give
   * @returns {[places: Place[], total: number]}
   */
  places(terms, phrase, most) {
    const { many, by } = this.#sought;
    const only = terms.length === 1 ? terms[0] : null, whole = phrase ?? only;
    const named = this.#byNamed(terms).slice(0, MOST_COUNTED);
    const given = named.slice(0, most).map((marks) => placeOf(marks, true));
    let total = named.length, taken = named.map(rangeOf);
    if (whole) {
      const [free, count] = this.#free(whole, taken, Math.max(many + 1, most));
      given.push(...free.slice(0, Math.max(0, most - given.length)).map((range) => placeOf([range], by !== null)));
      total = Math.min(total + count, MOST_COUNTED);
      if (whole === only || free.length > many) return [given, total];
      taken = [...taken, ...free].sort(byPlace);
    }
    for (const marks of this.#everywhere(terms, taken)) {
      if (total >= MOST_COUNTED) break;
      if (given.length < most) given.push(placeOf(marks, by !== null || marks.length < terms.length));
      total++;
    }
    return [given, total];
  }

  /**
   * Where someone begins to speak whose name has all the terms.
   * @param {Term[]} terms
   * @returns {Place[]}
   */
  turns(terms) {
    const { turns, voices, by } = this.#sought;
    /** @param {number} speaker */
    const isMeant = (speaker) => (!by || by.includes(speaker)) && terms.every((term) => voices.get(term)?.has(speaker));
    const named = turns.filter(({ speaker, given }) => given && isMeant(speaker));
    return named.map(({ start, word }) => ({ at: start, marks: [], word, bySpeaker: true }));
  }

  /**
   * The first place of each term, in the order of the text; none at all where one is nowhere.
   * @param {Term[]} terms
   * @returns {Place[]}
   */
  firsts(terms) {
    const found = [];
    for (const term of terms) {
      const ranges = this.#texts.flatMap(({ said }) => rangesOf(said.get(term), 1)).sort(byPlace);
      const first = ranges.length ? placeOf([ranges[0]], this.#sought.by !== null) : this.turns([term])[0];
      if (!first) return [];
      found.push(first);
    }
    return found.sort(inOrder);
  }

  /**
   * The first places of a term that nothing has taken, and how many there are.
   * @param {Term} term
   * @param {Range[]} taken
   * @param {number} most
   * @returns {[free: Range[], count: number]}
   */
  #free(term, taken, most) {
    const said = this.#texts.map((text) => text.said.get(term));
    if (said.length === 1 && !taken.length) return [rangesOf(said[0], most), countOf(said[0], stepOf)];
    const free = said.flatMap((each) => rangesOf(each, MOST_COUNTED)).filter((range) => !overlaps(range, taken));
    return [free.sort(byPlace).slice(0, most), free.length];
  }

  /**
   * What one speaker says.
   * @param {number} speaker
   * @returns {Text}
   */
  #saidBy(speaker) {
    /** @type {{start: number, end: number}[]} */
    const turns = [];
    for (const turn of this.#sought.turns) {
      const last = turns[turns.length - 1];
      if (turn.speaker !== speaker) continue;
      if (last?.end === turn.start) last.end = turn.end; // what stands between has no words
      else turns.push({ start: turn.start, end: turn.end });
    }
    const said = new Map();
    for (const [term, all] of this.#sought.said) said.set(term, saidIn(all, turns));
    return { said, turns, turnStarts: turns.map(({ start }) => start) };
  }

  /**
   * Where those who are called by some of the terms say all the others.
   * @param {Term[]} terms
   * @returns {Range[][]}
   */
  #byNamed(terms) {
    const { voices, callers, by } = this.#sought;
    if (by) return [];
    const speakers = [...new Set(terms.flatMap((term) => [...callers.get(term) ?? []]))];
    const found = speakers.map((speaker) => {
      const rest = terms.filter((term) => !voices.get(term)?.has(speaker));
      return rest.length ? [...this.#together(this.#saidBy(speaker), rest, new Map(), [])] : [];
    });
    return found.flat().sort((one, other) => byPlace(one[0], other[0]));
  }

  /**
   * @param {Term[]} terms
   * @param {Range[]} taken
   * @returns {Iterable<Range[]>}
   */
  #everywhere(terms, taken) {
    const { voices, by } = this.#sought;
    const found = this.#texts.map((text) => this.#together(text, terms, by ? new Map() : voices, taken));
    if (found.length === 1) return found[0];
    return found.flatMap((each) => [...each]).sort((one, other) => byPlace(one[0], other[0]));
  }

  /**
   * @param {Text} text
   * @param {Term[]} terms
   * @param {Map<Term, Set<number>>} voices
   * @param {Range[]} taken
   * @returns {Generator<Range[]>}
   */
  *#together(text, terms, voices, taken) {
    const said = new Map(terms.map((term) => [term, countOf(text.said.get(term), lengthOf)])); // spaces are not shared
    /** @type {(one: Term, other: Term) => number} */
    const byCount = (one, other) => (said.get(one) ?? 0) - (said.get(other) ?? 0);
    const unnamed = terms.filter((term) => !voices.get(term)?.size).sort(byCount);
    if (unnamed.length && !said.get(unnamed[0])) return;
    const others = [...terms].sort(byCount);
    const places = (unnamed.length ? unnamed.slice(0, 1) : terms).flatMap((term) => {
      const near = others.filter((other) => other !== term);
      return rangesOf(text.said.get(term), MOST_LOOKED_AT).map((range) => ({ range, near }));
    });
    places.sort(({ range: one }, { range: other }) => byPlace(one, other));
    let reached = 0;
    for (const { range, near } of places.slice(0, Math.floor(MOST_LOOKED_AT / terms.length))) {
      if (range[0] < reached || overlaps(range, taken)) continue;
      const marks = this.#around(text, range, near, voices, reached);
      if (!marks) continue;
      const [start, end] = rangeOf(marks);
      if (overlaps([start, end], taken)) continue;
      yield marks;
      reached = end;
    }
  }

  /**
   * The range and the nearest of each other term that is said beside it, in order; null where one is neither beside it
   * nor in the name of who speaks.
   * @param {Text} text
   * @param {Range} range
   * @param {Term[]} others
   * @param {Map<Term, Set<number>>} voices
   * @param {number} reached
   */
  #around({ said, turns, turnStarts }, range, others, voices, reached) {
    const marks = [range], turn = turns?.[lastStarted(turnStarts ?? [], range[0])];
    const low = Math.max(reached, range[0] - NEAR, (turn?.start ?? 1) - 1);
    const high = Math.min(range[1] + NEAR, turn?.end ?? Infinity);
    for (const other of others) {
      const near = nearest(said.get(other), range, low, high);
      if (near) marks.push(near);
      else if (!voices.get(other)?.has(this.#speakerAt(range[0]) ?? -1)) return null;
    }
    return marks.sort(byPlace);
  }

  /** @param {number} place */
  #speakerAt(place) {
    const turn = this.#sought.turns[lastStarted(this.#turnStarts, place)];
    return turn && place < turn.end ? turn.speaker : null;
  }
}

/**
 * From where to where marks that are in order are.
 * @param {Range[]} marks
 * @returns {Range}
 */
function rangeOf(marks) { return [marks[0][0], marks[marks.length - 1][1]]; }

/**
 * Places in the order of the text: of those that begin with one word, a turn first.
 * @param {Place} one
 * @param {Place} other
 */
export const inOrder = (one, other) => one.at - other.at || Number(one.marks.length > 0) - Number(other.marks.length > 0);

/**
 * @param {Range[]} marks
 * @param {boolean} bySpeaker
 * @returns {Place}
 */
function placeOf(marks, bySpeaker) { return { at: marks[0][0], marks, word: -1, bySpeaker }; }

/**
 * @param {Range} one
 * @param {Range} other
 */
function byPlace(one, other) { return one[0] - other[0] || one[1] - other[1]; }

/**
 * Whether a range shares something with one of others that are in order.
 * @param {Range} range
 * @param {Range[]} taken
 */
function overlaps(range, taken) {
  const last = taken.findLast(([start]) => start <= range[1]);
  return last !== undefined && last[1] > range[0];
}
