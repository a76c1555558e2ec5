// @ts-check
// The border: what the data is made of. What it does not know it passes over; what does not fit it refuses.

import { CastError, fileAt, webAddress } from "./fetching.js";

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
 *
 * @typedef {(value: any, place: string) => any} Reader gives a value as it is needed, or throws what is wrong with it
 */

/** @type {(isRight: (value: any) => boolean) => Reader} */
const check = (isRight) => (value, place) => {
  if (!isRight(value)) throw new CastError("malformed", place);
  return value;
};
const text = check((value) => typeof value === "string");
const flag = check((value) => typeof value === "boolean");
const share = check((value) => typeof value === "number" && value >= 0 && value <= 1);
const time = check((value) => Number.isInteger(value) && value >= 0 && value <= LONGEST_TIME);
const record = check((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** @type {(read: Reader) => Reader} */
const optional = (read) => (value, place) => (value === null || value === undefined ? null : read(value, place));

/** @type {(read: Reader, most?: number) => Reader} */
const list = (read, most = MOST) => (value, place) => (
  check((each) => Array.isArray(each) && each.length <= most)(value, place).map((/** @type {unknown} */ each, /** @type {number} */ k) => read(each, `${place}[${k}]`))
);

/**
 * An object with those members, and no others.
 * @param {Record<string, Reader>} members
 * @returns {Reader}
 */
const object = (members) => (value, place) => {
  record(value, place);
  return Object.fromEntries(Object.entries(members).map(([name, read]) => [name, read(value[name], place ? `${place}.${name}` : name)]));
};

/**
 * A passage from a start to an end that is not before it, with more members.
 * @param {Record<string, Reader>} members
 * @returns {Reader}
 */
const passage = (members) => (value, place) => {
  const read = object({ ...members, start: time, end: time })(value, place);
  return check(({ start, end }) => start <= end)(read, place);
};

/** @type {(...known: string[]) => Reader} */
const oneOf = (...known) => check((value) => known.includes(value));

/** @type {(instead: string, ...known: string[]) => Reader} of another text, as a later version may have it, `instead` */
const knownOf = (instead, ...known) => (value, place) => (known.includes(text(value, place)) ? value : instead);

const readHead = object({
  title: text, show: optional(text), date: optional(text), url: optional(text), language: text,
  direction: oneOf("ltr", "rtl"), verdict: oneOf("good", "review", "poor"), machine_text: flag, speakers: list(text),
  audio: object({ duration: time, sources: list(object({ src: text, type: optional(text) })) }),
  review: optional(object({ by: text, on: text, share })),
  chapters: optional(list(passage({ title: text }))),
  quotes: optional(list(passage({ text, speaker: optional(text) }))),
  missing: optional(list(passage({ kind: knownOf("speech", "advert", "jingle") }))),
  paragraphs: list(record),
});

/**
 * An episode of what its file holds.
 * @param {any} value
 * @returns {Cast}
 */
export function readCast(value) {
  if (record(value, "").format !== FORMAT) throw new CastError("malformed", "format");
  const major = Number(/^(\d{1,6})\.\d{1,6}$/.exec(text(value.version, "version"))?.[1] ?? 0);
  if (major !== MAJOR) throw new CastError(major > MAJOR ? "newer" : "malformed", "version");
  const { audio, url, verdict, machine_text: machine, chapters, quotes, missing, ...head } = readHead(value, "");
  /** @type {Pick<Cast, "starts" | "ends">} */
  const times = { starts: [], ends: [] };
  const paragraphs = head.paragraphs.map((/** @type {any} */ each, /** @type {number} */ k) => readParagraph(each, `paragraphs[${k}]`, head.speakers.length, times));
  const said = [...times.starts.keys()].filter((word) => times.starts[word] !== null);
  said.sort((a, b) => Number(times.starts[a]) - Number(times.starts[b]) || a - b);
  return {
    ...head, ...audio, ...times, url: webAddress(url), poor: verdict === "poor", machine,
    chapters: chapters ?? [], quotes: quotes ?? [], missing: missing ?? [], paragraphs, said,
  };
}

/**
 * @param {any} value
 * @param {string} place
 * @param {number} speakers how many there are
 * @param {Pick<Cast, "starts" | "ends">} times to which those of its words are added
 * @returns {Paragraph}
 */
function readParagraph(value, place, speakers, { starts, ends }) {
  const words = list(text, MOST_WORDS - starts.length)(value.words, `${place}.words`), first = starts.length;
  const speaker = optional(check((each) => Number.isInteger(each) && each >= 0 && each < speakers))(value.speaker, `${place}.speaker`);
  const kind = knownOf("note", "speech", "heading", "stage")(value.kind, `${place}.kind`);
  const start = optional(time)(value.start, `${place}.start`);
  /** @type {Reader} */
  const each = start === null ? check((none) => none === null || none === undefined) : check((all) => Array.isArray(all) && all.length === words.length);
  const [gaps, lengths] = [each(value.starts, `${place}.starts`), each(value.lengths, `${place}.lengths`)];
  let now = start;
  words.forEach((/** @type {string} */ _, /** @type {number} */ k) => {
    const [gap, length] = [gaps?.[k] ?? null, lengths?.[k] ?? null];
    check(() => (gap === null) === (length === null))(gap, `${place}.lengths`);
    if (gap !== null) now = time(Number.isInteger(gap) ? now + gap : gap, `${place}.starts`);
    starts.push(gap === null ? null : now);
    ends.push(gap === null ? null : now + time(length, `${place}.lengths`));
  });
  return { kind, speaker, words, first, start };
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
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(written);
  } catch {
    throw new CastError("malformed");
  }
  return { cast: readCast(value), base };
}
