// @ts-check
// Where what is sought stands in all episodes: postings put together to words, phrases, and runs of characters.

import { hasUnspaced, isUnspaced } from "../page/query.js";
import { numbersOf } from "../site/unpacking.js";

/**
 * Every place of a term, in order, also where one overlaps another.
 * @typedef {{term: import("../page/query.js").Term, starts: number[], ends: number[]}} Said
 *
 * From where to where a speaker speaks, and from which word on; whether the passage there has words.
 * @typedef {{speaker: number, start: number, end: number, word: number, given: boolean}} Turn
 *
 * @typedef {{key: string, at: number, begun: boolean}} Part a term of the index, and where in the text it stands
 */

const ABOVE = 2 ** 20; // a part of a folded text has fewer characters

/**
 * @param {import("../page/query.js").Term} term
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Said>}
 */
export async function saidOf(term, parts) {
  const length = [...term.text].length;
  const all = await Promise.all(partsOf(term).map((part) => startsOf(part, parts)));
  const [rarest, ...others] = all.sort((one, other) => one.starts.length - other.starts.length);
  /** @type {Said} */
  const said = { term, starts: [], ends: [] };
  const reached = others.map(() => 0);
  for (let k = 0; k < rarest.starts.length; k++) {
    const start = rarest.starts[k];
    let end = rarest.ends?.[k];
    const everywhere = others.every(({ starts, ends }, n) => {
      while (starts[reached[n]] < start) reached[n]++;
      end ??= ends?.[reached[n]];
      return starts[reached[n]] === start;
    });
    if (!everywhere) continue;
    said.starts.push(start);
    said.ends.push(end ?? start + length);
  }
  return said;
}

/**
 * @param {number} speaker
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<Turn[]>}
 */
export async function turnsOf(speaker, parts) {
  const turns = [];
  for (const [, packed] of await parts.postings(`@${speaker}`)) {
    const told = numbersOf(packed);
    for (let k = 0, start = 0, word = 0; k < told.length; k += 3) {
      start += told[k];
      word += told[k + 2];
      turns.push({ speaker, start, end: start + (told[k + 1] >> 1), word, given: told[k + 1] % 2 === 1 });
    }
  }
  return turns;
}

/**
 * The words of a term; in scripts without spaces their characters, and the spaces after those.
 * @param {import("../page/query.js").Term} term
 * @returns {Part[]}
 */
function partsOf({ text, begun }) {
  const words = text.split(" "), unspaced = isUnspaced(text);
  const parts = [];
  let at = 0;
  for (const [k, word] of words.entries()) {
    const characters = [...word], last = k === words.length - 1;
    if (unspaced && hasUnspaced(word)) {
      if (!last) characters.push(" ");
      for (const [i, each] of characters.entries()) parts.push({ key: `*${each}`, at: at + i, begun: false });
    } else parts.push({ key: word, at, begun: begun && last });
    at += [...word].length + 1;
  }
  return parts;
}

/**
 * Where a term would start for one of its parts to be where it is; and, of what is only begun, where that ends.
 * @param {Part} part
 * @param {import("./parts.js").Parts} parts
 * @returns {Promise<{starts: number[], ends?: number[]}>}
 */
async function startsOf({ key, at, begun }, parts) {
  const found = await parts.postings(key, begun);
  if (!begun) return { starts: found.flatMap(([, packed]) => placesIn(packed).map((place) => place - at)) };
  const places = found.flatMap(([term, packed]) => {
    const { length } = [...term];
    return placesIn(packed).map((place) => place * ABOVE + length);
  });
  const sorted = Float64Array.from(places).sort();
  const starts = [], ends = [];
  for (const each of sorted) {
    const place = Math.floor(each / ABOVE);
    starts.push(place - at);
    ends.push(place + each % ABOVE);
  }
  return { starts, ends };
}

/** @param {string} packed */
function placesIn(packed) {
  const places = numbersOf(packed);
  for (let k = 1; k < places.length; k++) places[k] += places[k - 1];
  return places;
}
