// @ts-check
// The border: what the data is made of. What it does not know it passes over; what does not fit it refuses.

import { fileAt, webAddress } from "./fetching.js";
import { CastError } from "./problem.js";

const FORMAT = "quote-cast", MAJOR = 1;
const LONGEST_TIME = 1e9, MOST = 1e5, LARGEST = 6e7; // milliseconds, items of a list, bytes of the data
const MOST_WORDS = 1e6; // in all, about a hundred hours of talk

/**
 * @typedef {"speech" | "heading" | "note" | "stage"} Kind
 * @typedef {{title: string, start: number, end: number}} Chapter
 * @typedef {{text: string, speaker: string | null, start: number, end: number}} Quote
 * @typedef {{kind: "speech" | "advert" | "jingle", start: number, end: number}} Missing
 * @typedef {{kind: Kind, speaker: number | null, words: string[], first: number, start: number | null}} Paragraph
 *   `first` is the number of its first word in the episode, `start` when it is first said.
 * @typedef {{
 *   title: string, show: string | null, date: string | null, url: string | null, language: string,
 *   direction: "ltr" | "rtl", duration: number, sources: {src: string, type: string | null}[], poor: boolean,
 *   machine: boolean, review: {by: string, on: string, share: number} | null, speakers: string[], chapters: Chapter[],
 *   paragraphs: Paragraph[], quotes: Quote[], missing: Missing[],
 *   starts: (number | null)[], ends: (number | null)[], said: number[],
 * }} Cast `starts` and `ends` are of every word, `said` the words that have them by start
 */

/**
 * An episode of what its file holds.
 * @param {unknown} value
 * @returns {Cast}
 */
export function readCast(value) {
  const cast = record(value, "");
  if (cast.format !== FORMAT) throw new CastError("malformed", "format");
  const major = Number(/^(\d{1,6})\.\d{1,6}$/.exec(text(cast.version, "version"))?.[1] ?? 0);
  if (major > MAJOR) throw new CastError("newer", "version");
  if (major < MAJOR) throw new CastError("malformed", "version");
  const audio = record(cast.audio, "audio");
  const speakers = list(cast.speakers, "speakers").map((each, k) => text(each, `speakers[${k}]`));
  /** @type {(number | null)[]} */
  const starts = [];
  /** @type {(number | null)[]} */
  const ends = [];
  const paragraphs = list(cast.paragraphs, "paragraphs").map((each, k) => readParagraph(each, `paragraphs[${k}]`, speakers.length, starts, ends));
  const said = [...starts.keys()].filter((word) => starts[word] !== null);
  said.sort((a, b) => Number(starts[a]) - Number(starts[b]) || a - b);
  return {
    title: text(cast.title, "title"), show: optional(cast.show, "show"), date: optional(cast.date, "date"),
    url: webAddress(optional(cast.url, "url")), language: text(cast.language, "language"),
    direction: oneOf(/** @type {const} */ (["ltr", "rtl"]), cast.direction, "direction"), duration: time(audio.duration, "audio.duration"),
    sources: list(audio.sources, "audio.sources").map((each, k) => readSource(each, `audio.sources[${k}]`)),
    poor: oneOf(["good", "review", "poor"], cast.verdict, "verdict") === "poor", machine: flag(cast.machine_text, "machine_text"),
    review: readReview(cast.review), speakers, chapters: list(cast.chapters ?? [], "chapters").map((each, k) => readChapter(each, `chapters[${k}]`)),
    quotes: list(cast.quotes ?? [], "quotes").map((each, k) => readQuote(each, `quotes[${k}]`)),
    missing: list(cast.missing ?? [], "missing").map((each, k) => readMissing(each, `missing[${k}]`)),
    paragraphs, starts, ends, said,
  };
}

/**
 * @param {unknown} value
 * @param {string} place
 * @param {number} speakers how many there are
 * @param {(number | null)[]} starts to which its words' are added
 * @param {(number | null)[]} ends
 * @returns {Paragraph}
 */
function readParagraph(value, place, speakers, starts, ends) {
  const paragraph = record(value, place);
  const words = list(paragraph.words, `${place}.words`, MOST_WORDS - starts.length).map((each) => text(each, `${place}.words`));
  const speaker = paragraph.speaker ?? null;
  if (speaker !== null && !(Number.isInteger(speaker) && Number(speaker) >= 0 && Number(speaker) < speakers)) throw new CastError("malformed", `${place}.speaker`);
  const kind = knownOf(/** @type {const} */ (["speech", "heading", "stage"]), paragraph.kind, `${place}.kind`) ?? "note";
  const first = starts.length, start = paragraph.start ?? null;
  if (start === null) {
    for (const lists of [paragraph.starts, paragraph.lengths]) if (lists !== undefined && lists !== null) throw new CastError("malformed", `${place}.start`);
    for (const _ of words) { starts.push(null); ends.push(null); }
  } else {
    const gaps = list(paragraph.starts, `${place}.starts`, MOST_WORDS), lengths = list(paragraph.lengths, `${place}.lengths`, MOST_WORDS);
    if (gaps.length !== words.length || lengths.length !== words.length) throw new CastError("malformed", place);
    let now = time(start, `${place}.start`);
    gaps.forEach((gap, k) => {
      if ((gap === null) !== (lengths[k] === null)) throw new CastError("malformed", `${place}.lengths`);
      if (gap !== null) now = time(Number.isInteger(gap) ? now + Number(gap) : gap, `${place}.starts`);
      starts.push(gap === null ? null : now);
      ends.push(gap === null ? null : now + time(lengths[k], `${place}.lengths`));
    });
  }
  return { kind, speaker: speaker === null ? null : Number(speaker), words, first, start: start === null ? null : Number(start) };
}

/** @type {(value: unknown, place: string) => Chapter} */
function readChapter(value, place) {
  return { title: text(record(value, place).title, `${place}.title`), ...span(value, place) };
}

/** @type {(value: unknown, place: string) => Quote} */
function readQuote(value, place) {
  const quote = record(value, place);
  return { text: text(quote.text, `${place}.text`), speaker: optional(quote.speaker, `${place}.speaker`), ...span(quote, place) };
}

/** @type {(value: unknown, place: string) => Missing} */
function readMissing(value, place) {
  const { kind } = record(value, place);
  return { kind: knownOf(/** @type {const} */ (["advert", "jingle"]), kind, `${place}.kind`) ?? "speech", ...span(value, place) };
}

/** @type {(value: unknown, place: string) => {src: string, type: string | null}} */
function readSource(value, place) {
  const source = record(value, place);
  return { src: text(source.src, `${place}.src`), type: optional(source.type, `${place}.type`) };
}

/** @type {(value: unknown) => Cast["review"]} */
function readReview(value) {
  if (value === null || value === undefined) return null;
  const { by, on, share } = record(value, "review");
  if (typeof share !== "number" || !(share >= 0 && share <= 1)) throw new CastError("malformed", "review.share");
  return { by: text(by, "review.by"), on: text(on, "review.on"), share };
}

/** @type {(value: unknown, place: string) => Record<string, unknown>} */
function record(value, place) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new CastError("malformed", place);
  return /** @type {Record<string, unknown>} */ (value);
}

/** @type {(value: unknown, place: string, most?: number) => unknown[]} */
function list(value, place, most = MOST) {
  if (!Array.isArray(value) || value.length > most) throw new CastError("malformed", place);
  return value;
}

/** @type {(value: unknown, place: string) => string} */
function text(value, place) {
  if (typeof value !== "string") throw new CastError("malformed", place);
  return value;
}

/**
 * One of the values that are known; null where it is another text, as a later version may have it.
 * @template {string} K
 * @param {readonly K[]} known
 * @param {unknown} value
 * @param {string} place
 * @returns {K | null}
 */
function knownOf(known, value, place) {
  const written = text(value, place);
  return known.find((each) => each === written) ?? null;
}

/**
 * @template {string} K
 * @param {readonly K[]} known
 * @param {unknown} value
 * @param {string} place
 * @returns {K}
 */
function oneOf(known, value, place) {
  const found = knownOf(known, value, place);
  if (found === null) throw new CastError("malformed", place);
  return found;
}

/** @type {(value: unknown, place: string) => boolean} */
function flag(value, place) {
  if (typeof value !== "boolean") throw new CastError("malformed", place);
  return value;
}

/** @type {(value: unknown, place: string) => string | null} */
const optional = (value, place) => (value === null || value === undefined ? null : text(value, place));

/** @type {(value: unknown, place: string) => number} */
function time(value, place) {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > LONGEST_TIME) throw new CastError("malformed", place);
  return Number(value);
}

/** @type {(value: unknown, place: string) => {start: number, end: number}} */
function span(value, place) {
  const each = record(value, place), start = time(each.start, `${place}.start`), end = time(each.end, `${place}.end`);
  if (end < start) throw new CastError("malformed", place);
  return { start, end };
}

/**
 * An episode of its file's text.
 * @param {string} written
 */
function castOf(written) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(written);
  } catch {
    throw new CastError("malformed");
  }
  return readCast(value);
}

/**
 * The episode that an element names, or holds, and what the addresses of its sound are seen from.
 * @param {Element} host
 * @param {AbortController} stop by which it is given up
 */
export async function castFor(host, stop) {
  const src = host.getAttribute("src");
  if (src === null && document.readyState === "loading") { // what the element holds is perhaps still to come
    await new Promise((read) => document.addEventListener("DOMContentLoaded", read, { once: true }));
  }
  const within = host.querySelector('script[type="application/json"]');
  let written = within?.textContent ?? "", base = document.baseURI;
  if (src !== null) {
    const { file, address } = await fileAt(new URL(src, base), LARGEST, stop);
    [written, base] = [await file.text(), address];
  }
  if (written.length > LARGEST) throw new CastError("malformed");
  return { cast: castOf(written), base };
}
