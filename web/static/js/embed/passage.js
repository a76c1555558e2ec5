// @ts-check
// Which passage of an episode is shown, and links to its times.

import { readFragment, wordsOfTimes, writeFragment } from "../page/quote-link.js";
import { timeline } from "../page/sync.js";
import { CastError, resolved, timesOf, webAddress } from "./data.js";
import { millisecondsOf } from "./wording.js";

/**
 * @typedef {import("./data.js").Cast} Cast
 * @typedef {{kind: "whole" | "chapter" | "quote", start: number, end: number, title: string | null}} Passage
 * @typedef {{chapter?: string | null, quote?: string | null, start?: string | null, end?: string | null}} Attributes
 * @typedef {{cast: Cast, passage: Passage, words: Words, line: import("../page/sync.js").Timeline, firsts: number[]}} Shown
 *   the part shown: `words` are the first and the one after the last, `firsts` the first word of each paragraph
 */

/** @type {(cast: Cast, attributes: Attributes) => Shown} */
export function shownOf(cast, attributes) {
  const passage = passageOf(cast, attributes);
  const line = timeline(cast.starts, cast.ends);
  return { cast, passage, words: wordsOf(cast, passage), line, firsts: cast.paragraphs.map(({ first }) => first) };
}

/** @type {(cast: Cast, attributes: Attributes) => Passage} */
export function passageOf(cast, { chapter, quote, start, end }) {
  /** @type {Passage | null} */
  let found = { kind: "whole", start: 0, end: cast.duration, title: null };
  if (chapter) found = chapterOf(cast, chapter);
  else if (quote) found = quoteOf(cast, quote);
  else if (start || end) {
    const [from, to] = [start ? millisecondsOf(start) : 0, end ? millisecondsOf(end) : cast.duration];
    found = from === null || to === null ? null : { kind: "quote", start: from, end: Math.min(to, cast.duration), title: null };
  }
  if (!found || !(found.start < found.end)) throw new CastError("nowhere");
  return found;
}

/** @type {(cast: Cast, written: string) => Passage | null} */
function chapterOf({ chapters }, written) {
  const at = written.includes(":") ? millisecondsOf(written) : null;
  const wanted = folded(written).join(" ");
  const chapter = (/^\s*\d+\s*$/.test(written) && chapters[Number(written) - 1])
    || (at !== null && chapters.find(({ start, end }) => start <= at && at < end))
    || chapters.find(({ title }) => folded(title).join(" ") === wanted);
  return chapter ? { kind: "chapter", ...chapter } : null;
}

/**
 * Return a saved quote by its number or some of its words; else the first occurrence of the words.
 * @type {(cast: Cast, written: string) => Passage | null}
 */
function quoteOf(cast, written) {
  const wanted = folded(written);
  if (!wanted.length) return null;
  const saved = /^\s*\d+\s*$/.test(written) ? cast.quotes[Number(written) - 1]
    : cast.quotes.find(({ text }) => ` ${folded(text).join(" ")} `.includes(` ${wanted.join(" ")} `));
  const found = saved ?? wordsSaying(cast, wanted);
  return found ? { kind: "quote", start: found.start, end: found.end, title: null } : null;
}

/** @type {(cast: Cast, wanted: string[]) => {start: number, end: number} | null} */
function wordsSaying(cast, wanted) {
  const parts = cast.paragraphs.flatMap(({ words, first }) => words.flatMap((piece, k) => folded(piece).map((part) => ({ part, word: first + k }))));
  for (let k = 0; k + wanted.length <= parts.length; k++) {
    if (wanted.some((part, n) => parts[k + n].part !== part)) continue;
    const times = timesOf(cast, parts[k].word, parts[k + wanted.length - 1].word + 1);
    if (times) return times;
  }
  return null;
}

/** @type {(of: string) => string[]} the folded words of a text */
const folded = (of) => of.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Return the first word spoken in a passage and the one after the last.
 * @type {(cast: Cast, passage: Passage) => [first: number, last: number]}
 */
export function wordsOf(cast, { kind, start, end }) {
  if (kind === "whole") return [0, cast.starts.length];
  return wordsOfTimes(cast, start / 1000, end / 1000) ?? [0, 0];
}

/** @type {(host: HTMLElement, cast?: Cast) => string | null} the episode's own page, if it has one */
export function episodePageOf(host, cast) {
  const link = host.getAttribute("link");
  return link === null ? cast?.url ?? null : webAddress(resolved(link, document.baseURI)?.href);
}

/** @type {(page: string, start: number, end?: number) => string} a link to a span in seconds */
export function linkInto(page, start, end) {
  return `${page.replace(/#.*$/, "")}#${writeFragment({ start, end: end ?? null, chars: null, version: null })}`;
}

// The time in milliseconds in the page's own address; null if it has none.
export function linkedTime() {
  const start = readFragment(location.hash)?.start ?? null;
  return start && start * 1000;
}

/** @type {(host: HTMLElement) => boolean} whether it is the first whole episode on its page, to which the page's links lead */
export function isFirst(host) {
  return document.querySelector(`${host.localName}:not([chapter], [quote], [start], [end])`) === host;
}
