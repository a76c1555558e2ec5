// @ts-check
// Where the terms of a query stand in the words of an episode: as one phrase, together, or each by itself. The twin of
// web/library/places.py, over postings instead of a text, and held to find the same.

import { lastStarted } from "../page/sync.js";

const NEAR = 250; // characters on each side of a term within which the others stand together with it
const MOST_LOOKED_AT = 300_000; // terms near which others are looked for
const MOST_COUNTED = 100_000; // hits in an episode
const NOWHERE = { starts: new Int32Array(), ends: new Int32Array() };

/**
 * @typedef {import("../page/query.js").Term} Term
 * @typedef {import("../page/query.js").Place} Range
 * @typedef {import("./terms.js").Said} Said
 * @typedef {import("./terms.js").Turn} Turn
 *
 * Where something was found: what of it was sought; or, by the name of who speaks alone, where the turn begins.
 * @typedef {{at: number, marks: Range[], word: number, bySpeaker: boolean}} Place
 */

export class Finder {
  #said;
  #voices;
  #turns;
  #turnStarts;
  #many;

  /**
   * @param {Map<Term, Said>} said in this episode
   * @param {Map<Term, Set<number>>} voices the speakers of the episode of whose name a term is a part
   * @param {Turn[]} turns theirs, in order
   * @param {number} many places of a phrase, more than which are counted alone
   */
  constructor(said, voices, turns, many) {
    this.#said = said;
    this.#voices = voices;
    this.#turns = turns;
    this.#turnStarts = turns.map(({ start }) => start);
    this.#many = many;
  }

  /**
   * The first places, and how many there are: those of the phrase, then those where the terms stand together or are in
   * the name of who says the others. Where the phrase alone has many, only it is counted.
   * @param {Term[]} terms
   * @param {Term | null} phrase
   * @param {number} most places to give
   * @returns {[places: Place[], total: number]}
   */
  places(terms, phrase, most) {
    const only = terms.length === 1 ? terms[0] : null;
    const whole = phrase ?? only;
    const taken = whole ? this.#ranges(whole, Math.max(this.#many + 1, most)) : [];
    const given = taken.slice(0, most).map((range) => placeOf([range], false));
    if (whole && (whole === only || taken.length > this.#many)) return [given, this.#count(whole, stepOf(whole))];
    let total = taken.length;
    for (const marks of this.#together(terms, taken)) {
      if (total >= MOST_COUNTED) break;
      if (given.length < most) given.push(placeOf(marks, marks.length < terms.length));
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
    const named = this.#turns.filter(({ speaker, given }) => given && terms.every((term) => this.#voices.get(term)?.has(speaker)));
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
      const [range] = this.#ranges(term, 1);
      const first = range ? placeOf([range], false) : this.turns([term])[0];
      if (!first) return [];
      found.push(first);
    }
    return found.sort(inOrder);
  }

  /**
   * @param {Term[]} terms
   * @param {Range[]} taken
   * @returns {Generator<Range[]>}
   */
  *#together(terms, taken) {
    const said = new Map(terms.map((term) => [term, this.#count(term, lengthOf(term))])); // spaces are not shared
    /** @type {(one: Term, other: Term) => number} */
    const byCount = (one, other) => (said.get(one) ?? 0) - (said.get(other) ?? 0);
    const unnamed = terms.filter((term) => !this.#voices.get(term)?.size).sort(byCount);
    if (unnamed.length && !said.get(unnamed[0])) return;
    const others = [...terms].sort(byCount);
    const places = (unnamed.length ? unnamed.slice(0, 1) : terms).flatMap((term) => {
      const near = others.filter((other) => other !== term);
      return this.#ranges(term).map((range) => ({ range, near }));
    });
    places.sort(({ range: one }, { range: other }) => byPlace(one, other));
    let reached = 0;
    for (const { range, near } of places.slice(0, Math.floor(MOST_LOOKED_AT / terms.length))) {
      if (range[0] < reached || overlaps(range, taken)) continue;
      const marks = this.#around(range, near, reached);
      if (!marks) continue;
      const [[start], [, end]] = [marks[0], marks[marks.length - 1]];
      if (overlaps([start, end], taken)) continue;
      yield marks;
      reached = end;
    }
  }

  /**
   * The range and the nearest of each other term that is said beside it, in order; null where one is neither beside it
   * nor in the name of who speaks.
   * @param {Range} range
   * @param {Term[]} others
   * @param {number} reached
   */
  #around(range, others, reached) {
    const marks = [range];
    for (const other of others) {
      const near = this.#nearest(other, range, Math.max(reached, range[0] - NEAR), range[1] + NEAR);
      if (near) marks.push(near);
      else if (!this.#voices.get(other)?.has(this.#speakerAt(range[0]) ?? -1)) return null;
    }
    return marks.sort(byPlace);
  }

  /**
   * The place nearest to another, or the same, that lies between `low` and `high`.
   * @param {Term} term
   * @param {Range} range
   * @param {number} low
   * @param {number} high
   * @returns {Range | null}
   */
  #nearest(term, [start, end], low, high) {
    const { starts, ends } = this.#saidOf(term);
    const { lead } = term, length = lengthOf(term);
    const k = lastStarted(starts, start - 1) + 1; // the first that is not before it
    const after = k < starts.length && starts[k] - lead + length <= high ? starts[k] - lead : -1;
    let b = k - 1;
    while (b >= 0 && starts[b] - lead + length > start) b--;
    const before = b >= 0 && starts[b] - lead >= low ? starts[b] - lead : -1;
    if (after < 0 || (before >= 0 && start - before < after - end)) return before < 0 ? null : [starts[b], ends[b]];
    return [starts[k], ends[k]];
  }

  /** @param {number} place */
  #speakerAt(place) {
    const turn = this.#turns[lastStarted(this.#turnStarts, place)];
    return turn && place < turn.end ? turn.speaker : null;
  }

  /**
   * The first places of a term, none overlapping another.
   * @param {Term} term
   * @param {number} [most]
   */
  #ranges(term, most = MOST_LOOKED_AT) {
    const { starts, ends } = this.#saidOf(term);
    const step = stepOf(term);
    /** @type {Range[]} */
    const ranges = [];
    for (let k = 0, free = 0; k < starts.length && ranges.length < most; k++) {
      if (starts[k] < free) continue;
      ranges.push([starts[k], ends[k]]);
      free = starts[k] + step;
    }
    return ranges;
  }

  /**
   * How many places of a term there are, each so far from the one before.
   * @param {Term} term
   * @param {number} step
   */
  #count(term, step) {
    let count = 0, free = 0;
    for (const start of this.#saidOf(term).starts) {
      if (start < free) continue;
      count++;
      free = start + step;
    }
    return Math.min(count, MOST_COUNTED);
  }

  /** @param {Term} term */
  #saidOf(term) { return this.#said.get(term) ?? NOWHERE; }
}

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

/** @param {Term} term */
const lengthOf = ({ sought }) => [...sought].length;

/**
 * How far after one the next may begin, which may share its space.
 * @param {Term} term
 */
const stepOf = ({ text, lead }) => lead + [...text].length;

/**
 * Whether a range shares something with one of others that are in order.
 * @param {Range} range
 * @param {Range[]} taken
 */
function overlaps(range, taken) {
  const last = taken.findLast(([start]) => start <= range[1]);
  return last !== undefined && last[1] > range[0];
}
