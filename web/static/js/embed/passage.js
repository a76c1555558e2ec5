// @ts-check
// Which passage of an episode is shown, and links to its times.

import { readFragment, wordsOfTimes, writeFragment } from "../page/quote-link.js";
import { timeline } from "../page/sync.js";
import { EmbedError, resolved, timesOf, webAddress } from "./data.js";
import { millisecondsOf } from "./wording.js";

/**
 * @typedef {import("./data.js").EmbedData} EmbedData
 * @typedef {{kind: "whole" | "chapter" | "quote", start: number, end: number, title: string | null}} Passage
 * @typedef {{chapter?: string | null, quote?: string | null, start?: string | null, end?: string | null}} Attributes
 * @typedef {{episode: EmbedData, passage: Passage, words: Words, line: import("../page/sync.js").Timeline, firsts: number[]}} Shown
 *   the part shown: `words` are the first and the one after the last, `firsts` the first word of each paragraph
 */

/** @type {(episode: EmbedData, attributes: Attributes) => Shown} */
export function shownOf(episode, attributes) {
  const passage = passageOf(episode, attributes);
  const line = timeline(episode.starts, episode.ends);
  return { episode, passage, words: wordsOf(episode, passage), line, firsts: episode.paragraphs.map(({ first }) => first) };
}

/** @type {(episode: EmbedData, attributes: Attributes) => Passage} */
export function passageOf(episode, { chapter, quote, start, end }) {
  /** @type {Passage | null} */
  let found = { kind: "whole", start: 0, end: episode.duration, title: null };
  if (chapter) found = chapterOf(episode, chapter);
  else if (quote) found = quoteOf(episode, quote);
  else if (start || end) {
    const [from, to] = [start ? millisecondsOf(start) : 0, end ? millisecondsOf(end) : episode.duration];
    found = from === null || to === null ? null : { kind: "quote", start: from, end: Math.min(to, episode.duration), title: null };
  }
  if (!found || !(found.start < found.end)) throw new EmbedError("nowhere");
  return found;
}

/** @type {(episode: EmbedData, written: string) => Passage | null} */
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
 * @type {(episode: EmbedData, written: string) => Passage | null}
 */
function quoteOf(episode, written) {
  const wanted = folded(written);
  if (!wanted.length) return null;
  const saved = /^\s*\d+\s*$/.test(written) ? episode.quotes[Number(written) - 1]
    : episode.quotes.find(({ text }) => ` ${folded(text).join(" ")} `.includes(` ${wanted.join(" ")} `));
  const found = saved ?? firstOccurrence(episode, wanted);
  return found ? { kind: "quote", start: found.start, end: found.end, title: null } : null;
}

/** @type {(episode: EmbedData, wanted: string[]) => {start: number, end: number} | null} */
function firstOccurrence(episode, wanted) {
  const parts = episode.paragraphs.flatMap(({ words, first }) => words.flatMap((piece, k) => folded(piece).map((part) => ({ part, word: first + k }))));
  for (let k = 0; k + wanted.length <= parts.length; k++) {
    if (wanted.some((part, n) => parts[k + n].part !== part)) continue;
    const times = timesOf(episode, parts[k].word, parts[k + wanted.length - 1].word + 1);
    if (times) return times;
  }
  return null;
}

/** @type {(of: string) => string[]} the folded words of a text */
const folded = (of) => of.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Return the first word spoken in a passage and the one after the last.
 * @type {(episode: EmbedData, passage: Passage) => [first: number, last: number]}
 */
export function wordsOf(episode, { kind, start, end }) {
  if (kind === "whole") return [0, episode.starts.length];
  return wordsOfTimes(episode, start / 1000, end / 1000) ?? [0, 0];
}

/** @type {(host: HTMLElement, episode?: EmbedData) => string | null} the episode's own page, if it has one */
export function episodePageOf(host, episode) {
  const link = host.getAttribute("link");
  return link === null ? episode?.url ?? null : webAddress(resolved(link, document.baseURI)?.href);
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
