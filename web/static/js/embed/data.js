// @ts-check
// An episode's embed data: loading and validation. All of it is shown as text only; malformed data is refused.

const FORMAT = "quote-cast", MAJOR = 1;
const TIMEOUT_MS = 30_000, MOST_BYTES = 6e7;

/**
 * @typedef {"data" | "malformed" | "nowhere" | "audio" | "jump" | "another" | "unmatched"} Problem
 * @typedef {"speech" | "heading" | "note" | "stage"} Kind
 * @typedef {{title: string, start: number, end: number}} Chapter
 * @typedef {{text: string, speaker: string | null, start: number, end: number}} Quote
 * @typedef {{kind: "speech" | "ad" | "jingle", start: number, end: number}} Missing
 * @typedef {{kind: Kind, speaker: number | null, words: string[], first: number, start: number | null}} Paragraph
 *   `first` is the number of its first word in the episode, `start` the time of its first spoken word.
 * @typedef {{
 *   title: string, show: string | null, date: string | null, url: string | null, language: string,
 *   direction: "ltr" | "rtl", duration: number, sources: {src: string, type: string | null}[], sync: string | null, poor: boolean,
 *   machine: boolean, review: {by: string, on: string, share: number} | null, speakers: string[], chapters: Chapter[],
 *   paragraphs: Paragraph[], quotes: Quote[], missing: Missing[],
 *   starts: (number | null)[], ends: (number | null)[],
 * }} EmbedData `starts` and `ends` have an entry for each word
 */

export class EmbedError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(`quote-cast: ${problem}`);
    this.problem = problem;
  }
}

/** @type {(address: string, base?: string) => URL | null} an address made absolute */
export function resolved(address, base) {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
}

/** @type {(address: unknown) => string | null} an http(s) address for a link, else null */
export function webAddress(address) {
  return typeof address === "string" && /^https?:\/\//i.test(address) && resolved(address) ? address : null;
}

/**
 * Return the episode that an element names or contains, and the base of its audio's addresses. Malformed data throws an
 * error of any type.
 * @param {Element} host
 */
export async function loadEmbedData(host) {
  const src = host.getAttribute("src");
  if (src !== null) {
    const answer = await fetch(src, { credentials: "omit", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
    if (!answer?.ok) throw new EmbedError("data");
    if (Number(answer.headers.get("Content-Length")) > MOST_BYTES) throw new EmbedError("malformed");
    return { episode: readEmbedData(await answer.json()), base: answer.url };
  }
  if (document.readyState === "loading") { // the element's content may not be parsed yet
    await new Promise((read) => document.addEventListener("DOMContentLoaded", read, { once: true }));
  }
  const within = host.querySelector('script[type="application/json"]')?.textContent ?? "";
  return { episode: readEmbedData(JSON.parse(within)), base: document.baseURI };
}

/** @type {(value: any) => EmbedData} the validated episode */
export function readEmbedData(value) {
  if (value?.format !== FORMAT || Number.parseInt(value.version) > MAJOR) throw new EmbedError("malformed");
  const { audio, url, verdict, machine_text: machine, direction, chapters, quotes, missing, ...others } = value;
  /** @type {Pick<EmbedData, "starts" | "ends">} */
  const times = { starts: [], ends: [] };
  const paragraphs = value.paragraphs.map((/** @type {any} */ each) => paragraphOf(each, times));
  return {
    ...others, ...audio, ...times, url: webAddress(url), direction: direction === "rtl" ? "rtl" : "ltr", poor: verdict === "poor",
    machine, chapters: chapters ?? [], quotes: quotes ?? [], missing: missing ?? [], paragraphs, sync: typeof audio.sync === "string" ? audio.sync : null,
  };
}

/**
 * @param {any} paragraph
 * @param {Pick<EmbedData, "starts" | "ends">} times to append those of its words to
 * @returns {Paragraph}
 */
function paragraphOf({ kind, speaker = null, words, start = null, starts, lengths }, times) {
  const first = times.starts.length;
  let now = start;
  words.forEach((/** @type {string} */ _, /** @type {number} */ k) => {
    const gap = starts?.[k] ?? null;
    now += gap ?? 0;
    times.starts.push(gap === null ? null : now);
    times.ends.push(gap === null ? null : now + lengths[k]);
  });
  return { kind: ["speech", "heading", "stage"].includes(kind) ? kind : "note", speaker, words, first, start };
}

/**
 * Return the time span of the words from `first` to before `last`; null if none is spoken.
 * @type {(episode: Pick<EmbedData, "starts" | "ends">, first: number, last: number) => {start: number, end: number} | null}
 */
export function timesOf({ starts, ends }, first, last) {
  const spoken = starts.slice(first, last).filter((start) => start !== null);
  if (!spoken.length) return null;
  return { start: Math.min(...spoken), end: Math.max(...ends.slice(first, last).map(Number)) };
}
