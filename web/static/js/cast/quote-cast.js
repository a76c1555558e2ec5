// @ts-check
// <quote-cast src="episode.cast.json">: an episode, a chapter or a quote of it, played in step with its transcript on any
// web page. This file is all that it needs; docs/embedding.md says how it is used, and what the data is.
//
// It asks for nothing but its data and its sound, keeps nothing, and sets no text as HTML. It makes no inline style and
// evaluates nothing, so that it works where a page allows neither. Times are whole milliseconds; those of the methods
// and events, as those of <audio>, are seconds.

const FORMAT = "quote-cast", MAJOR = 1;
const LINGERING = 300; // a word stays lit over a pause so short, in milliseconds
const NEAR = "300px"; // from the window, where it begins to load
const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
const LONGEST_TIME = 1e9, MOST = 1e5, LARGEST = 6e7; // milliseconds, items of a list, bytes of the data
const MOST_WORDS = 1e6; // in all, about a hundred hours of talk
const PATIENCE = 30_000; // milliseconds within which an answer begins and each of its pieces comes
const CAPTION = 90; // characters, about two lines on a phone
const STAMPED = 60_000; // milliseconds of one voice, after which a paragraph has its time again
const FEW = 4; // chapters, which are shown without being asked for
const COLOURS = 8;
const LARGEST_SOUND = 2e8; // bytes that are held in memory: three hours at 128 kbit/s
const NEAR_ENOUGH = 0.1; // seconds between where a sound can be sought in and where it should be
const LINK = /^#t=(\d{1,7}(?:\.\d{1,6})?)(?:,|&|$)/; // a copied one's end
const SCHEMES = new Set(["http:", "https:", "file:", "blob:", "data:"]); // that a sound may have

export const STRINGS = {
  en: {
    player: "Player: {title}", play: "Play", pause: "Pause", seek: "Position", speed: "Speed", chapters: "Chapters",
    transcript: "Transcript", from: "Play from {time}", of: "{time} of {whole}", minutes: "{m} min {s} s", seconds: "{s} s",
    copy: "Copy link", "copy.moment": "Copy link to this moment", "copy.quote": "Copy link to this quote",
    "copy.selection": "Copy link to the selected words", copied: "Link copied", here: "Copy this link:",
    whole: "Whole episode", speech: "Not transcribed ({length})", advert: "Advert ({length})", jingle: "Jingle ({length})",
    unsaid: "not in the sound", reviewed: "Transcript reviewed by {who}, {day}",
    "reviewed.part": "Transcript reviewed by {who}, {day}, with a look at {share}% of the words",
    machine: "Machine-made text, not reviewed", timed: "Machine-timed, not reviewed",
    poor: "The times of this transcript are poor: words may light up when nobody says them.",
    "error.data": "The transcript cannot be loaded.", "error.malformed": "The transcript’s file is damaged.",
    "error.newer": "The transcript’s file was made by a newer version of quotecast: this page needs the newer quote-cast.js.",
    "error.nowhere": "What should be shown here is not in this episode.", "error.sound": "The sound cannot be played.",
    loading: "This sound comes only as a whole: it is being loaded…",
    "error.jump": "The sound cannot be played from there: it comes only as a whole, and cannot be loaded so.",
  },
  fr: {
    player: "Lecteur\u00a0: {title}", play: "Lire", pause: "Pause", seek: "Position", speed: "Vitesse", chapters: "Chapitres",
    transcript: "Transcription", from: "Lire à partir de {time}", of: "{time} sur {whole}", minutes: "{m} min {s} s", seconds: "{s} s",
    copy: "Copier le lien", "copy.moment": "Copier le lien vers ce moment", "copy.quote": "Copier le lien vers cette citation",
    "copy.selection": "Copier le lien vers les mots sélectionnés", copied: "Lien copié", here: "Copiez ce lien\u00a0:",
    whole: "Tout l’épisode", speech: "Non transcrit ({length})", advert: "Publicité ({length})", jingle: "Jingle ({length})",
    unsaid: "pas dans le son", reviewed: "Transcription relue par {who}, {day}",
    "reviewed.part": "Transcription relue par {who}, {day}, après examen de {share}\u00a0% des mots",
    machine: "Texte produit par une machine, non relu", timed: "Calé par une machine, non relu",
    poor: "Le calage de cette transcription est mauvais\u00a0: des mots peuvent s’allumer quand personne ne les dit.",
    "error.data": "La transcription ne peut pas être chargée.", "error.malformed": "Le fichier de la transcription est endommagé.",
    "error.newer": "Le fichier de la transcription vient d’une version plus récente de quotecast\u00a0: il faut à cette page le quote-cast.js plus récent.",
    "error.nowhere": "Ce qui devrait être montré ici n’est pas dans cet épisode.", "error.sound": "Le son ne peut pas être lu.",
    loading: "Ce son n’est envoyé qu’en entier\u00a0: il est en cours de chargement…",
    "error.jump": "Le son ne peut pas être lu à partir de là\u00a0: il n’est envoyé qu’en entier, et ne peut pas être chargé ainsi.",
  },
};

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
 * @typedef {{kind: "whole" | "chapter" | "quote", start: number, end: number, title: string | null}} Passage
 * @typedef {{chapter?: string | null, quote?: string | null, start?: string | null, end?: string | null}} Asked
 * @typedef {"data" | "malformed" | "newer" | "nowhere" | "sound" | "jump"} Problem
 */

// What keeps an episode from being shown; `place` is where in the data.
export class CastError extends Error {
  /**
   * @param {Problem} problem
   * @param {string} [place]
   */
  constructor(problem, place = "") {
    super(`quote-cast: ${problem}${place && ` at ${place}`}`);
    this.problem = problem;
    this.place = place;
  }
}

// --- The border: what the data is made of. What it does not know it passes over; what does not fit it refuses.

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
 * An address that a link may have: of the web, and no script.
 * @param {string | null} address
 */
function webAddress(address) {
  return address && /^https?:\/\//i.test(address) && resolved(address) ? address : null;
}

/**
 * The whole address of one that is seen from another; null where it is none.
 * @param {string} address
 * @param {string} [base]
 */
function resolved(address, base) {
  try {
    return new URL(address, base);
  } catch {
    return null;
  }
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
 * The file that an address answers with, and its last address where that led on. Nobody need wait for it without end, nor hold
 * what has none.
 * @param {URL | string} address
 * @param {number} most bytes
 * @param {AbortController} stop by which it is given up
 */
export async function fileAt(address, most, stop) {
  /** @type {<T>(coming: Promise<T>) => Promise<T>} */
  const waitFor = async (coming) => {
    const timer = setTimeout(() => stop.abort(new CastError("data", "no answer")), PATIENCE);
    return coming.finally(() => clearTimeout(timer));
  };
  try {
    const answer = await waitFor(fetch(address, { credentials: "omit", signal: stop.signal }));
    if (!answer.ok) throw new CastError("data", String(answer.status));
    if (Number(answer.headers.get("Content-Length")) > most) throw new CastError("malformed", `more than ${most} bytes`);
    const reader = answer.body?.getReader();
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const pieces = [];
    for (let size = 0; reader;) {
      const { done, value } = await waitFor(reader.read());
      if (done) break;
      size += value.length;
      if (size > most) throw new CastError("malformed", `more than ${most} bytes`);
      pieces.push(value);
    }
    return { file: new Blob(pieces, { type: answer.headers.get("Content-Type") ?? "" }), address: answer.url || String(address) };
  } finally {
    stop.abort(); // what is too much is not asked for any longer
  }
}

// --- What of an episode is shown

/**
 * @param {Cast} cast
 * @param {Asked} asked as the attributes say it
 * @returns {Passage}
 */
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

/** @type {(cast: Cast, asked: string) => Passage | null} */
function chapterOf({ chapters }, asked) {
  const at = asked.includes(":") ? millisecondsOf(asked) : null;
  const wanted = folded(asked).join(" ");
  const chapter = (/^\s*\d+\s*$/.test(asked) && chapters[Number(asked) - 1])
    || (at !== null && chapters.find(({ start, end }) => start <= at && at < end))
    || chapters.find(({ title }) => folded(title).join(" ") === wanted);
  return chapter ? { kind: "chapter", ...chapter } : null;
}

/**
 * A kept quote by its number or by words of it; else these words, wherever they are.
 * @type {(cast: Cast, asked: string) => Passage | null}
 */
function quoteOf(cast, asked) {
  const wanted = folded(asked).join(" ");
  const kept = /^\s*\d+\s*$/.test(asked) ? cast.quotes[Number(asked) - 1]
    : cast.quotes.find((each) => wanted && ` ${folded(each.text).join(" ")} `.includes(` ${wanted} `));
  const found = kept ?? (wanted && wordsSaying(cast, wanted));
  return found ? { kind: "quote", start: found.start, end: found.end, title: null } : null;
}

/** @type {(cast: Cast, wanted: string) => {start: number, end: number} | null} */
function wordsSaying({ paragraphs, starts, ends }, wanted) {
  let all = " ";
  /** @type {number[]} */
  const offsets = [];
  /** @type {number[]} */
  const words = [];
  for (const { words: pieces, first } of paragraphs) {
    pieces.forEach((piece, k) => {
      const parts = folded(piece);
      if (!parts.length) return;
      offsets.push(all.length);
      words.push(first + k);
      all += `${parts.join(" ")} `;
    });
  }
  for (let at = all.indexOf(` ${wanted} `); at >= 0; at = all.indexOf(` ${wanted} `, at + 1)) {
    const first = words[lastStarted(offsets, at + 1)], last = words[lastStarted(offsets, at + wanted.length)];
    const told = timesOf({ starts, ends }, first, last + 1);
    if (told) return told;
  }
  return null;
}

/**
 * When the first of some words that follow each other begins and the last ends; null where none of them is said.
 * @param {Pick<Cast, "starts" | "ends">} cast
 * @param {number} first
 * @param {number} last the one after them
 */
function timesOf({ starts, ends }, first, last) {
  let start = Infinity, end = 0;
  for (let word = first; word < last; word++) {
    const from = starts[word];
    if (from === null) continue;
    start = Math.min(start, from);
    end = Math.max(end, Number(ends[word]));
  }
  return start < Infinity ? { start, end } : null;
}

/**
 * The words of a text without case, accents and marks.
 * @param {string} of
 */
const folded = (of) => of.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * The first word of a passage and the one after its last: those that are said in it, and what stands between them.
 * @param {Cast} cast
 * @param {Passage} passage
 * @returns {[first: number, last: number]}
 */
export function wordsOf({ starts, ends }, { kind, start, end }) {
  if (kind === "whole") return [0, starts.length];
  let first = Infinity, last = 0;
  starts.forEach((from, word) => {
    const middle = from === null ? -1 : (from + Number(ends[word])) / 2;
    if (middle < start || middle >= end) return;
    first = Math.min(first, word);
    last = word + 1;
  });
  return first < last ? [first, last] : [0, 0];
}

/**
 * Milliseconds of a time as people write it, "83.5" or "1:23.5"; null of what is none.
 * @param {string} written
 */
export function millisecondsOf(written) {
  const found = /^\s*(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,6})?)\s*$/.exec(written);
  if (!found) return null;
  return Math.round((Number(found[1] ?? 0) * 3600 + Number(found[2] ?? 0) * 60 + Number(found[3].replace(",", "."))) * 1000);
}

/**
 * m:ss, or h:mm:ss from an hour on; cut, as players do.
 * @param {number} ms
 */
export function clock(ms) {
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const two = String(s).padStart(2, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${two}` : `${m}:${two}`;
}

/**
 * The position of the last of ascending `times` that is not after `now`; -1 where all are.
 * @param {number[]} times
 * @param {number} now
 */
function lastStarted(times, now) {
  let low = 0, high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Paragraphs cut to what is read at one glance: the first word of each piece, by sentences where they are short.
 * @param {Cast} cast
 * @returns {number[]}
 */
export function captionsOf({ paragraphs }) {
  /** @type {number[]} */
  const captions = [];
  for (const { words, first } of paragraphs) {
    let from = 0, comma = 0; // the first word of a caption, and of what might be the next one
    const offsets = [0];
    for (const word of words) offsets.push(offsets[offsets.length - 1] + word.length);
    const length = (/** @type {number} */ to) => offsets[to] - offsets[from];
    words.forEach((_, k) => {
      if (k && length(k) > CAPTION / 3 && /[,;:.!?…،؛؟][\s»”")]*$/.test(words[k - 1])) comma = k;
      const isSentence = comma === k && k > from && length(k) > CAPTION / 2 && /[.!?…؟][\s»”")]*$/.test(words[k - 1]);
      if (k && !isSentence && length(k + 1) <= CAPTION) return;
      if (k) from = isSentence || comma <= from ? k : comma;
      captions.push(first + from);
    });
  }
  return captions;
}

// --- How it looks. Nothing of the page's own style reaches in, but for the variables --quote-cast-…; ::part reaches all parts.

const STYLE = `
:host { all: initial; display: block; color-scheme: inherit; }
:host([hidden]) { display: none; }
/* A container has no width of its own: where it is as wide as its content, in a dialog or beside a text, it has this space between
   two points, or what there is. */
:host::before { content: ". ."; display: block; height: 0; overflow: hidden; visibility: hidden; font-size: 15px; word-spacing: 40em; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([theme="auto"]) { color-scheme: light dark; }
.frame {
  all: initial; color-scheme: inherit; display: block; container-type: inline-size; box-sizing: border-box;
  --paper: var(--quote-cast-paper, light-dark(#fbfaf7, #16171a)); --ink: var(--quote-cast-ink, light-dark(#1c1b19, #ece9e2));
  --muted: var(--quote-cast-muted, light-dark(#5e5a52, #a8a49a)); --rule: var(--quote-cast-rule, light-dark(#ddd8ce, #34353a));
  --accent: var(--quote-cast-accent, light-dark(#b3401f, #ff9466)); --on-accent: var(--quote-cast-on-accent, light-dark(#ffffff, #1c1b19));
  --lit: var(--quote-cast-lit, light-dark(#ffe9a8, #5c4a12)); --warn: light-dark(#8a5a00, #f0b84a);
  --sans: var(--quote-cast-font, system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif);
  --serif: var(--quote-cast-text-font, ui-serif, Charter, "Iowan Old Style", "Source Serif Pro", Georgia, serif);
  padding: var(--quote-cast-padding, 16px); border: 1px solid var(--rule); border-radius: var(--quote-cast-radius, 8px);
  background: var(--paper); color: var(--ink); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
@supports not (color: light-dark(#000, #fff)) {
  .frame {
    --paper: var(--quote-cast-paper, #fbfaf7); --ink: var(--quote-cast-ink, #1c1b19); --muted: var(--quote-cast-muted, #5e5a52);
    --rule: var(--quote-cast-rule, #ddd8ce); --accent: var(--quote-cast-accent, #b3401f); --on-accent: var(--quote-cast-on-accent, #fff);
    --lit: var(--quote-cast-lit, #ffe9a8); --warn: #8a5a00;
  }
}
.frame[dir="rtl"] { direction: rtl; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
p, ol, blockquote { margin: 0; padding: 0; }
.muted, .show, .standing, .status, .stamp, .time { color: var(--muted); }
.show, .standing, .status { font-size: 13px; }
.title { font: 600 24px/1.25 var(--serif); text-wrap: balance; }
.chapter-title { font: 19px/1.4 var(--serif); }
a { color: var(--accent); text-underline-offset: 3px; }
.title a { color: inherit; text-decoration-color: var(--rule); }
.title a, .from a, .bar a { display: inline-flex; align-items: center; min-height: 44px; }
button, select, summary, input { font: inherit; color: inherit; }
button, select, summary { min-width: 44px; min-height: 44px; cursor: pointer; }
button, select { margin: 0; padding: 0 8px; border: 1px solid transparent; border-radius: 6px; background: none; }
button:hover, select:hover, summary:hover { border-color: var(--rule); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.controls { display: flex; align-items: center; gap: 4px 12px; margin-block: 8px; direction: ltr; }
.play { flex: none; display: grid; place-items: center; width: 44px; padding: 0; border-radius: 50%; background: var(--accent); color: var(--on-accent); }
.play svg { width: 24px; height: 24px; fill: currentColor; }
.play .pauses, .playing .play .plays { display: none; }
.playing .play .pauses { display: block; }
.time { flex: none; white-space: nowrap; }
.seek { flex: 1; min-width: 0; height: 44px; margin: 0; appearance: none; background: none; cursor: pointer; border-radius: 4px; }
.seek::-webkit-slider-runnable-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--rule) 0); }
.seek::-moz-range-track { height: 4px; border-radius: 2px; background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--rule) 0); }
.seek::-webkit-slider-thumb { appearance: none; width: 16px; height: 16px; margin-top: -6px; border: 0; border-radius: 50%; background: var(--accent); }
.seek::-moz-range-thumb { width: 16px; height: 16px; border: 0; border-radius: 50%; background: var(--accent); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; }
.bar button { border-color: var(--rule); }
.bar button[aria-expanded]::before { content: "▸\\fe0e"; display: inline-block; width: 1.2em; }
.bar button[aria-expanded="true"]::before { content: "▾\\fe0e"; }
.frame[dir="rtl"] .bar button[aria-expanded="false"]::before { content: "◂\\fe0e"; }
.status { margin-block: 8px; }
.status:empty { display: none; }
.status input { width: 100%; min-height: 44px; border: 1px solid var(--rule); border-radius: 6px; padding: 0 8px; background: none; }
.caption { min-height: 3em; margin-block: 8px; font: 19px/1.5 var(--serif); text-wrap: pretty; }
.chapters { margin-block: 8px 0; padding: 0; list-style: none; columns: 18em; }
.chapters button { display: grid; grid-template-columns: auto 1fr; gap: 8px; align-items: baseline; width: 100%; padding-block: 10px; text-align: start; break-inside: avoid; }
.chapters .stamp { min-width: 3.5em; }
.chapters [aria-current="true"] { font-weight: 600; }
.chapters [aria-current="true"] .stamp { color: var(--accent); }
.transcript {
  position: relative; max-height: var(--quote-cast-height, 24rem); overflow: auto; margin-block: 12px; border-block: 1px solid var(--rule);
  padding: 4px 8px 12px; font: var(--quote-cast-text-size, 19px)/1.6 var(--serif); scrollbar-color: var(--muted) transparent;
}
.transcript > *, blockquote { max-width: 66ch; }
.quote .transcript { max-height: none; overflow: visible; border: 0; padding: 0; margin-block: 8px; }
.quote .paragraph { font-size: 1.2em; line-height: 1.45; text-wrap: pretty; }
.quote .show { margin-block-start: 16px; }
.quote .from { margin-block: -8px -12px; }
.quote .turn:first-child { margin-block-start: 0; }
.turn { display: flex; align-items: center; gap: 8px; margin-block-start: 12px; font: 15px/1.5 var(--sans); }
.name { color: var(--speaker, inherit); font-weight: 600; }
.caption .name { font: 600 15px/1.5 var(--sans); margin-inline-end: 8px; }
.paragraph { padding-inline-start: 12px; border-inline-start: 3px solid var(--speaker, transparent); }
.paragraph + .paragraph { padding-block-start: 8px; }
.heading { font: 600 1.1em/1.35 var(--sans); margin-block: 24px 4px; }
.note, .stage, .unsaid { color: var(--muted); font-style: italic; padding-block: 4px; }
.unsaid::after { content: " [" attr(data-why) "]"; font: 13px/1 var(--sans); }
.missing { display: flex; align-items: center; gap: 8px; margin-block: 8px; border-block: 1px dashed var(--rule); font: 15px/1.5 var(--sans); color: var(--muted); }
.stamp { flex: none; white-space: nowrap; font: 13px/1.5 var(--sans); font-variant-numeric: tabular-nums; }
.word { cursor: pointer; border-radius: 4px; }
.word:hover { text-decoration: underline; text-decoration-color: var(--rule); text-underline-offset: 4px; }
.lit { background: var(--lit); box-shadow: 0 0 0 2px var(--lit); }
.standing { margin-block-start: 8px; }
.poor { color: var(--warn); }
.poor::before { content: "⚠\\fe0e\\00a0"; }
.c0 { --speaker: light-dark(#1f5f8b, #7cc0f0); } .c1 { --speaker: light-dark(#8a3b12, #f3a37a); }
.c2 { --speaker: light-dark(#2f6b3c, #8fd3a0); } .c3 { --speaker: light-dark(#6b3e99, #c7a6f2); }
.c4 { --speaker: light-dark(#8c2f5d, #f19bc2); } .c5 { --speaker: light-dark(#4a5a12, #c3d16b); }
.c6 { --speaker: light-dark(#0b6a6a, #6fd6d1); } .c7 { --speaker: light-dark(#7a4a00, #e8be6a); }
@container (max-width: 479px) {
  .controls { flex-wrap: wrap; }
  .seek { order: -1; flex: 1 0 100%; }
  .time { flex: 1; }
  .title { font-size: 19px; }
  .caption, .transcript { font-size: var(--quote-cast-text-size, 17px); }
}
@media (prefers-reduced-motion: no-preference) { .lit { transition: background-color 120ms; } }
@media (forced-colors: active) {
  .seek { appearance: auto; }
  .play { forced-color-adjust: none; background: ButtonText; color: ButtonFace; }
  .lit { forced-color-adjust: none; background: Highlight; color: HighlightText; box-shadow: none; }
}
@media print { /* on paper, whatever the theme and the page's colours */
  :host { color-scheme: light !important; }
  .frame {
    --ink: #000; --muted: #444; --rule: #999; --accent: #000; --warn: #000; border: 0; padding: 0; color: var(--ink); background: none;
  }
  .controls, .bar, .status, .caption, .chapters { display: none !important; }
  .transcript { display: block !important; max-height: none; overflow: visible; border: 0; }
  .lit { background: none; box-shadow: none; }
}
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * Puts the style into a root, as a sheet that no policy for inline style speaks of, where the browser has those.
 * @param {ShadowRoot} root
 */
function dress(root) {
  try {
    sheet ??= new CSSStyleSheet();
    if (!sheet.cssRules.length) sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h("style", {}, STYLE));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes `class` names the part as well; what is null or false is left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
    if (name === "class") element.setAttribute("part", String(value).replace(/\bc\d\b/, "").trim());
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * @param {string} name its class
 * @param {string} path
 */
function icon(name, path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

// --- The element. Where there are none, as in Node, only what is above is of use.

const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

export class QuoteCast extends Base {
  static observedAttributes = ["src", "audio", "chapter", "quote", "start", "end", "lang", "transcript"];

  #root = this.attachShadow({ mode: "open" });
  #frame = h("div", { class: "frame", role: "group" });
  #status = h("p", { class: "status", role: "status" });
  #sound = new Audio();
  /** @type {Cast | null} */
  #cast = null;
  /** @type {Passage} */
  #passage = { kind: "whole", start: 0, end: 0, title: null };
  #words = [0, 0]; // the first that is shown and the one after the last
  /** @type {string[]} */
  #addresses = []; // of the sound, those that are still to be tried
  /** @type {number | null} */
  #wanted = null; // the time at which it will play once the sound is there
  /** @type {AbortController | null} */
  #fetching = null; // the whole of the sound, where its host sends no parts of it
  #held = ""; // the address of that, once it is there
  #given = ""; // that of the host
  #resumes = false; // whether it plays as soon as it is
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {Promise<{cast: Cast, base: string}> | null} */
  #reading = null;
  #stop = new AbortController(); // of what it reads
  #asked = 0; // how often it began to show something: what comes after something else was asked for is nothing
  #pauses = 0; // how often it was paused: what was to play before that does no more
  #heralds = false; // whether it is still to be told that it is ready: off the page nobody would hear it
  /** @type {IntersectionObserver | null} */
  #nearing = null;
  /** @type {HTMLElement[]} */
  #rows = []; // the paragraphs that are shown, by their places in the text
  /** @type {number[]} */
  #captions = [];
  /** @type {number[]} */
  #times = []; // the starts of `said`
  /** @type {number[]} */
  #firsts = []; // the first word of each paragraph
  #lit = -1;
  #caption = -1;
  #chapter = -1;
  #follows = true;
  /** @type {[first: number, last: number] | null} */
  #selected = null;
  /** @type {{play: HTMLButtonElement, seek: HTMLInputElement, time: HTMLElement, speed: HTMLSelectElement, copy: HTMLButtonElement, toggle: HTMLButtonElement | null, caption: HTMLElement, transcript: HTMLElement, chapters: HTMLElement | null} | null} */
  #parts = null;

  constructor() {
    super();
    dress(this.#root);
    this.#sound.preload = "none";
    this.#sound.preservesPitch = true;
    this.#root.append(h("slot", {}), this.#frame);
    this.#frame.hidden = true;
    for (const name of ["play", "pause"]) this.#sound.addEventListener(name, () => { if (!this.#fetching) this.#turned(); });
    for (const name of ["timeupdate", "seeked"]) this.#sound.addEventListener(name, () => this.#moved());
    this.#sound.addEventListener("ended", () => this.#tell("end"));
    this.#sound.addEventListener("loadedmetadata", () => this.#arrive());
    this.#sound.addEventListener("error", () => this.#nextAddress());
    this.#frame.addEventListener("keydown", (event) => this.#key(event));
  }

  connectedCallback() {
    document.addEventListener("quote-cast-play", this.#hush);
    document.addEventListener("selectionchange", this.#select);
    addEventListener("hashchange", this.#follow);
    this.#herald();
    if (this.#loading) return;
    const isSoon = this.getAttribute("loading") === "eager" || (this.#isFirst && LINK.test(location.hash));
    if (isSoon || !globalThis.IntersectionObserver) return void this.load();
    this.#nearing?.disconnect();
    this.#nearing = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) this.load(); }, { rootMargin: NEAR });
    this.#nearing.observe(this);
  }

  // One that is only moved is on the page again by then, and goes on.
  disconnectedCallback() { queueMicrotask(() => { if (!this.isConnected) this.#leave(); }); }

  #leave() {
    document.removeEventListener("quote-cast-play", this.#hush);
    document.removeEventListener("selectionchange", this.#select);
    removeEventListener("hashchange", this.#follow);
    this.#nearing?.disconnect();
    this.pause();
    if (!this.#parts) this.#forget();
    this.#release();
  }

  /**
   * @param {string} name
   * @param {string | null} was
   * @param {string | null} is
   */
  attributeChangedCallback(name, was, is) {
    if (was === is || !this.#loading) return;
    if (name === "transcript") return this.#open(is !== "closed");
    if (name === "lang" && this.#parts) return this.#show();
    this.pause();
    if (name === "src") this.#forget();
    this.#loading = null;
    if (this.isConnected) this.load();
  }

  // What it is reading, or has read, it needs no more.
  #forget() {
    this.#stop.abort();
    this.#asked++;
    this.#loading = this.#reading = null;
  }

  // --- What a page's scripts may do; times are seconds of the episode

  get currentTime() { return this.#now / 1000; }
  set currentTime(seconds) { this.#seek(Number(seconds) * 1000); }
  get duration() { return (this.#cast?.duration ?? 0) / 1000; }
  get paused() { return this.#sound.paused && !this.#resumes; }
  get playbackRate() { return this.#sound.playbackRate; }
  set playbackRate(rate) {
    this.#sound.defaultPlaybackRate = this.#sound.playbackRate = rate;
    if (this.#parts) this.#parts.speed.value = String(rate);
  }

  // Loads what it shows, which it does by itself when it comes near the view. It never throws: it says so.
  load() {
    this.#nearing?.disconnect();
    return (this.#loading ??= this.#load());
  }

  // Plays from where it is; from the start where it is at the end.
  async play() {
    const pauses = this.#pauses;
    await this.load();
    if (pauses !== this.#pauses || !this.#parts || !this.isConnected) return;
    if (this.#now >= this.#passage.end - 50 || this.#now < this.#passage.start) this.#seek(this.#passage.start);
    else if (this.#sound.readyState) this.#arrive();
    if (this.#fetching) return this.#resume(true);
    try {
      await this.#sound.play();
    } catch (error) {
      // A browser may refuse to play before the reader has done anything; then all stays as it is.
      if (error instanceof DOMException && error.name === "NotSupportedError" && !this.#addresses.length) this.#complain(new CastError("sound"));
    }
  }

  pause() {
    this.#pauses++;
    this.#sound.pause();
    if (this.#fetching) this.#resume(false);
  }

  /**
   * A link to what is said between two times, or from one on: to the episode's own page, else to this one.
   * @param {number} start seconds
   * @param {number} [end]
   */
  linkTo(start, end) {
    const hundredths = (/** @type {number} */ seconds, /** @type {(n: number) => number} */ cut) => String(cut(Math.round(seconds * 1e5) / 1e3) / 100);
    const part = `t=${hundredths(start, Math.floor)}${end === undefined ? "" : `,${hundredths(end, Math.ceil)}`}`;
    return `${(this.#home ?? location.href).replace(/#.*$/, "")}#${part}`;
  }

  // --- Loading and showing

  async #load() {
    const asked = ++this.#asked;
    await null; // of attributes that are set one after the other the last counts
    if (asked !== this.#asked) return;
    try {
      const { cast, base } = await (this.#reading ??= this.#read());
      if (asked !== this.#asked) return;
      this.#passage = passageOf(cast, { chapter: this.getAttribute("chapter"), quote: this.getAttribute("quote"), start: this.getAttribute("start"), end: this.getAttribute("end") });
      this.#cast = cast;
      this.#use(cast, base);
      this.#show();
      this.#follow();
      this.#heralds = true;
      this.#herald();
    } catch (error) {
      if (asked === this.#asked) this.#complain(error instanceof CastError ? error : new CastError("data", String(error)));
    }
  }

  #herald() {
    if (!this.#heralds || !this.isConnected) return;
    this.#heralds = false;
    this.#tell("ready");
  }

  // The episode, and what the addresses of its sound are seen from.
  async #read() {
    const within = this.querySelector('script[type="application/json"]');
    const src = this.getAttribute("src");
    let written = within?.textContent ?? "", base = document.baseURI;
    if (src !== null) {
      this.#stop = new AbortController();
      const { file, address } = await fileAt(new URL(src, base), LARGEST, this.#stop);
      [written, base] = [await file.text(), address];
    }
    if (written.length > LARGEST) throw new CastError("malformed");
    return { cast: castOf(written), base };
  }

  /**
   * @param {Cast} cast
   * @param {string} base what the sound's addresses are seen from
   */
  #use(cast, base) {
    const own = this.getAttribute("audio");
    const given = own !== null ? [{ src: own, type: null, base: document.baseURI }] : cast.sources.map((each) => ({ ...each, base }));
    const playable = given.filter(({ type }) => !type || this.#sound.canPlayType(type)).map(({ src, base }) => resolved(src, base));
    this.#addresses = playable.flatMap((address) => (address && SCHEMES.has(address.protocol) ? [address.href] : []));
    this.#words = wordsOf(cast, this.#passage);
    this.#captions = captionsOf(cast);
    this.#times = cast.said.map((word) => Number(cast.starts[word]));
    this.#firsts = cast.paragraphs.map(({ first }) => first);
    this.#release();
    this.#resumes = false;
    this.#sound.src = this.#addresses.shift() ?? "";
    this.#wanted = this.#passage.start;
  }

  // Where a sound cannot be had, the next address is tried, at the same time.
  #nextAddress() {
    if (this.#fetching) return;
    if (this.#held) return this.#giveUp(); // the page's policy does not let it be played from memory
    const next = this.#addresses.shift();
    if (next === undefined) return this.#cast && this.#sound.error && this.#sound.getAttribute("src") ? this.#complain(new CastError("sound")) : undefined;
    const wanted = this.#now, { paused } = this.#sound;
    this.#sound.src = next;
    this.#wanted = wanted;
    if (!paused) this.#sound.play().catch(() => {});
  }

  /**
   * A sentence of ours, which runs its own way in an episode that runs the other.
   * @param {string} sentence
   * @param {...Node} more
   */
  #say(sentence, ...more) { this.#status.replaceChildren(h("bdi", {}, sentence), ...more); }

  /** @param {CastError} error */
  #complain(error) {
    const said = this.#t(`error.${error.problem}`);
    if (error.problem !== "sound" && error.problem !== "jump") {
      this.pause();
      this.#parts = this.#cast = null;
      this.#frame.replaceChildren(this.#status);
      this.#frame.hidden = false;
      slotOf(this.#root).hidden = false;
    }
    this.#say(said);
    this.#tell("error", { problem: error.problem, message: said, place: error.place });
  }

  #show() {
    const cast = this.#cast;
    if (!cast) return;
    const { kind } = this.#passage;
    this.#frame.className = `frame ${kind}`;
    this.#frame.dir = cast.direction;
    this.#frame.lang = this.#language;
    this.#frame.setAttribute("aria-label", this.#t("player", { title: cast.title }));
    this.#lit = this.#caption = this.#chapter = -1;
    const parts = this.#parts = this.#controls(cast);
    this.#status.replaceChildren();
    const buttons = h("div", { class: "bar" }, parts.toggle, this.#chapterToggle(parts.chapters), parts.copy, kind !== "whole" && this.#home && h("a", { class: "whole", href: this.#home }, this.#t("whole")));
    const controls = h("div", { class: "controls" }, parts.play, parts.seek, parts.time, parts.speed);
    const heads = this.#heads(cast), below = [controls, buttons, this.#status];
    const children = kind === "quote" ? [parts.transcript, ...heads, ...below] : [...heads, ...below, parts.caption, parts.chapters, parts.transcript];
    this.#frame.replaceChildren(...[...children, ...this.#standing(cast)].filter((child) => child instanceof Element));
    this.#frame.hidden = false;
    slotOf(this.#root).hidden = true;
    this.#open(kind === "quote" || this.getAttribute("transcript") !== "closed");
    this.#turned(true);
    this.#select();
  }

  /** @param {Cast} cast */
  #heads(cast) {
    const tongue = { lang: languageTag(cast.language) };
    const name = h("bdi", {}, cast.title); // it runs its own way, and stands where the others do
    const title = this.#home ? h("a", { href: this.#home }, name) : name;
    return [
      cast.show || cast.date ? h("p", { class: "show" }, cast.show && h("bdi", tongue, cast.show), cast.show && cast.date && " · ", cast.date && h("bdi", {}, this.#day(cast.date))) : null,
      this.#passage.kind === "quote" ? h("p", { class: "from", ...tongue }, title) : h("div", { class: "title", role: "heading", "aria-level": this.#level, ...tongue }, title),
      this.#passage.title ? h("p", { class: "chapter-title", ...tongue }, h("bdi", {}, this.#passage.title)) : null,
    ];
  }

  get #level() { return Math.min(6, Math.max(1, Math.trunc(Number(this.getAttribute("heading-level"))) || 2)); }

  /** @param {Cast} cast */
  #standing({ review, machine, poor }) {
    let told = this.#t(machine ? "machine" : "timed");
    if (review) {
      const share = Math.floor(Math.round(review.share * 10_000) / 100);
      told = this.#t(share >= 100 ? "reviewed" : "reviewed.part", { who: review.by, day: this.#day(review.on), share: String(share) });
    }
    return [h("p", { class: "standing" }, h("bdi", {}, told)), poor && h("p", { class: "standing poor" }, h("bdi", {}, this.#t("poor")))];
  }

  /** @param {Cast} cast */
  #controls(cast) {
    const { start, end, kind } = this.#passage;
    const play = h("button", { class: "play", type: "button", "aria-keyshortcuts": "k" }, icon("plays", "M8 5v14l11-7z"), icon("pauses", "M7 5h4v14H7zm6 0h4v14h-4z"));
    const seek = h("input", { class: "seek", type: "range", min: start / 1000, max: end / 1000, step: "any", "aria-label": this.#t("seek") });
    const speed = h("select", { class: "speed", "aria-label": this.#t("speed") }, ...SPEEDS.map((rate) => h("option", { value: rate }, `${rate.toLocaleString(this.#language)}\u00a0×`)));
    const copy = h("button", { class: "copy", type: "button" });
    const toggle = kind === "quote" ? null : h("button", { class: "toggle", type: "button", "aria-keyshortcuts": "c" }, this.#t("transcript"));
    play.addEventListener("click", () => this.#toggle());
    seek.addEventListener("input", () => this.#seek(Number(seek.value) * 1000));
    speed.value = String(this.#sound.playbackRate);
    speed.addEventListener("change", () => { this.playbackRate = Number(speed.value); });
    copy.addEventListener("mousedown", (event) => event.preventDefault()); // else the selection would go
    copy.addEventListener("click", () => this.#copy());
    toggle?.addEventListener("click", () => this.#open(Boolean(this.#parts?.transcript.hidden)));
    const caption = h("p", { class: "caption", lang: languageTag(cast.language), dir: cast.direction });
    const transcript = this.#transcript(cast);
    return { play, seek, time: h("span", { class: "time" }), speed, copy, toggle, caption, transcript, chapters: this.#chapters(cast) };
  }

  /** @param {Cast} cast */
  #chapters(cast) {
    if (this.#passage.kind !== "whole" || cast.chapters.length < 2) return null;
    const list = h("ol", { class: "chapters", "aria-label": this.#t("chapters"), dir: cast.direction });
    for (const { title, start } of cast.chapters) {
      const go = h("button", { class: "chapter", type: "button" }, h("span", { class: "stamp" }, clock(start)), h("span", { lang: languageTag(cast.language) }, h("bdi", {}, title)));
      go.addEventListener("click", () => { this.#seek(start); this.play(); });
      list.append(h("li", {}, go));
    }
    return list;
  }

  /** @param {HTMLElement | null} chapters */
  #chapterToggle(chapters) {
    if (!chapters) return null;
    const toggle = h("button", { class: "toggle-chapters", type: "button" }, this.#t("chapters"));
    const open = (/** @type {boolean} */ open) => { chapters.hidden = !open; toggle.setAttribute("aria-expanded", String(open)); };
    toggle.addEventListener("click", () => open(Boolean(chapters.hidden)));
    open(chapters.childElementCount <= FEW);
    return toggle;
  }

  // --- The transcript

  /** @param {Cast} cast */
  #transcript(cast) {
    const { start, end, kind } = this.#passage;
    const tongue = { class: "transcript", lang: languageTag(cast.language), dir: cast.direction };
    /** @type {HTMLElement} */
    const box = kind === "quote" ? h("blockquote", tongue) : h("div", { ...tongue, role: "group", "aria-label": this.#t("transcript"), tabindex: 0 });
    const missing = kind === "quote" ? [] : cast.missing.filter((each) => each.start < end && each.end > start);
    this.#rows = [];
    let speaker = -1, stamped = 0;
    for (const [number, paragraph] of cast.paragraphs.entries()) {
      if (!this.#isShown(cast, paragraph)) continue;
      while (missing.length && paragraph.start !== null && (missing[0].start + missing[0].end) / 2 < paragraph.start) box.append(this.#lacking(missing.shift()));
      const isOther = (paragraph.speaker ?? -2) !== speaker, isLong = (paragraph.start ?? 0) - stamped > STAMPED;
      if (paragraph.kind === "speech" && (isOther || isLong)) {
        speaker = paragraph.speaker ?? -2;
        stamped = paragraph.start ?? stamped;
        box.append(this.#turn(cast, paragraph, isOther));
      } else if (paragraph.kind !== "speech") speaker = -1;
      box.append(this.#row(cast, paragraph, number));
    }
    for (const each of missing) box.append(this.#lacking(each));
    const first = box.querySelector("button");
    if (first) first.tabIndex = 0;
    box.addEventListener("pointerover", ({ target }) => { if (target instanceof Element) this.#spread(target.closest("[data-number]")); });
    box.addEventListener("click", (event) => this.#click(event));
    for (const name of ["wheel", "touchmove"]) box.addEventListener(name, () => { this.#follows = false; }, { passive: true });
    return box;
  }

  /** @type {(cast: Cast, paragraph: Paragraph) => boolean} */
  #isShown({ starts }, { kind, words, first, start }) {
    if (this.#passage.kind === "whole") return true;
    const [from, to] = this.#words;
    if (first >= to || first + words.length <= from) return false;
    return start !== null || this.#passage.kind === "chapter" || (kind === "speech" && starts.slice(first, first + words.length).some((each) => each !== null));
  }

  /** @type {(cast: Cast, paragraph: Paragraph, isNamed: boolean) => HTMLElement} */
  #turn(cast, { speaker, start, first }, isNamed) {
    const name = speaker === null || !isNamed ? null : cast.speakers[speaker];
    const at = start === null || this.#passage.kind === "quote" ? null : this.#stamp(Math.max(start, this.#passage.start), first);
    return h("div", { class: `turn ${colourOf(speaker)}` }, name && h("bdi", { class: `name ${colourOf(speaker)}` }, name), at);
  }

  /** @type {(cast: Cast, paragraph: Paragraph, number: number) => HTMLElement} */
  #row({ starts }, { kind, speaker, words, first, start }, number) {
    const isUnsaid = kind === "speech" && start === null;
    const [from, to] = [Math.max(0, this.#words[0] - first), this.#words[1] - first];
    const shown = this.#passage.kind === "quote" ? words.slice(from, to) : words;
    const heading = kind === "heading" ? { role: "heading", "aria-level": Math.min(6, this.#level + 1) } : {};
    const row = h(kind === "heading" ? "div" : "p", {
      class: `${kind === "speech" ? "paragraph" : kind}${isUnsaid ? " unsaid" : ""} ${colourOf(speaker)}`, "data-number": number,
      "data-first": first + (this.#passage.kind === "quote" ? from : 0), "data-why": isUnsaid && this.#t("unsaid"), ...heading,
    }, shown.join("").trimEnd());
    this.#rows[number] = row;
    return row;
  }

  /** @param {Missing | undefined} passage */
  #lacking(passage) {
    const { kind, start, end } = passage ?? { kind: "speech", start: 0, end: 0 };
    return h("p", { class: "missing", lang: this.#language }, h("bdi", {}, this.#t(kind, { length: clock(end - start) })), this.#stamp(start));
  }

  /**
   * @param {number} start
   * @param {number} [word]
   */
  #stamp(start, word) {
    const stamp = h("button", { class: "stamp", type: "button", tabindex: -1, "data-start": start, "data-word": word, "aria-label": this.#t("from", { time: clock(start) }), lang: this.#language }, clock(start));
    stamp.addEventListener("click", () => { this.#seek(start); this.play(); });
    stamp.addEventListener("focus", () => {
      for (const each of this.#stamps) each.tabIndex = each === stamp ? 0 : -1; // one of them is in the order of tabs
    });
    return stamp;
  }

  get #stamps() { return [...(this.#parts?.transcript.querySelectorAll("button") ?? [])]; }

  /**
   * Puts the words of a paragraph into elements of their own, once they are needed: an episode has many.
   * @param {Element | null} row
   */
  #spread(row) {
    if (!row || row.firstElementChild || !this.#cast || !(row instanceof HTMLElement)) return;
    const { words, first } = this.#cast.paragraphs[Number(row.dataset.number)];
    const from = Math.max(0, Number(row.dataset.first) - first);
    const to = Math.min(words.length, this.#passage.kind === "quote" ? this.#words[1] - first : Infinity);
    const spread = document.createDocumentFragment();
    for (let k = from; k < to; k++) {
      const said = words[k].trimEnd(); // what is lit ends with the word
      spread.append(h("span", { class: "word", "data-word": first + k }, said), words[k].slice(said.length));
    }
    row.replaceChildren(spread);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { target, clientX, clientY } = event;
    if (this.#selected || !(target instanceof Element) || target.closest("button")) return;
    this.#spread(target.closest("[data-number]"));
    const word = this.#root.elementFromPoint(clientX, clientY)?.closest(".word");
    const at = word instanceof HTMLElement ? this.#cast?.starts[Number(word.dataset.word)] : null;
    if (at === null || at === undefined) return;
    this.#seek(at);
    this.play();
  }

  // --- Playing

  get #now() { return this.#wanted ?? this.#sound.currentTime * 1000; }

  #toggle() { return this.paused ? this.play() : this.pause(); }

  /** @param {number} ms of the episode */
  #seek(ms) {
    if (!this.#cast || !Number.isFinite(ms)) return;
    const at = Math.min(Math.max(ms, this.#passage.start), this.#passage.end);
    this.#follows = true;
    if (this.#sound.readyState && !this.#fetching) this.#jump(at);
    else this.#wanted = at;
    this.#moved(at);
  }

  #arrive() {
    if (this.#wanted !== null && !this.#fetching) this.#jump(this.#wanted);
  }

  /** @param {number} ms */
  #jump(ms) {
    const { seekable, duration, currentSrc } = this.#sound;
    const reach = seekable.length ? seekable.end(seekable.length - 1) : 0;
    if (Math.min(ms / 1000, duration) > reach + NEAR_ENOUGH && /^https?:/.test(currentSrc)) return void this.#fetch(ms);
    this.#wanted = null;
    this.#sound.currentTime = ms / 1000;
  }

  /**
   * Some hosts send a file as a whole alone, and a browser cannot jump in what comes so: there it is loaded whole, once
   * somebody jumps, and from then on played from memory.
   * @param {number} ms of the episode, where it is to go on
   */
  async #fetch(ms) {
    const fetching = (this.#fetching = new AbortController()), { currentSrc, paused } = this.#sound;
    this.#wanted = ms;
    this.#given = currentSrc;
    this.#resumes = !paused;
    this.#sound.pause();
    this.#say(this.#t("loading"));
    const whole = await fileAt(currentSrc, LARGEST_SOUND, fetching).catch(() => null);
    if (this.#fetching !== fetching) return; // something else is shown meanwhile
    if (!whole) return this.#giveUp();
    this.#status.replaceChildren();
    this.#fetching = null;
    this.#sound.src = this.#held = URL.createObjectURL(whole.file);
    if (this.#resumes) this.#sound.play().catch(() => {});
    this.#resumes = false;
  }

  // The whole of the sound is not needed, or not now: it is loaded no further, and no more held.
  #release() {
    if (this.#fetching) this.#status.replaceChildren();
    this.#fetching?.abort();
    this.#fetching = null;
    if (!this.#held) return;
    this.#wanted = this.#now;
    URL.revokeObjectURL(this.#held);
    this.#held = "";
    this.#sound.src = this.#given;
  }

  // It is where it was, for it cannot be where it should.
  #giveUp() {
    this.#release();
    this.#wanted = null;
    this.#resume(false);
    this.#complain(new CastError("jump"));
  }

  /** @param {boolean} resumes once the whole of the sound is there */
  #resume(resumes) {
    const was = this.#resumes;
    this.#resumes = resumes;
    this.#turned(was === resumes);
  }

  #turned(silently = false) {
    const playing = !this.paused;
    this.#frame.classList.toggle("playing", playing);
    this.#parts?.play.setAttribute("aria-label", this.#t(playing ? "pause" : "play"));
    if (!silently) this.#tell(playing ? "play" : "pause");
    if (playing) this.#tick();
    else this.#moved();
  }

  #next = 0; // the frame that is asked for

  #tick = () => {
    cancelAnimationFrame(this.#next);
    this.#moved();
    if (!this.#sound.paused) this.#next = requestAnimationFrame(this.#tick);
  };

  #told = -1; // the tenth of a second that was told last

  #moved(now = this.#now) {
    const parts = this.#parts;
    if (!this.#cast || !parts) return;
    const { start, end, kind } = this.#passage;
    if (now >= end && !this.#sound.paused && end < this.#cast.duration) {
      this.pause();
      this.#tell("end");
    }
    const at = Math.min(Math.max(now, start), end);
    parts.seek.value = String(at / 1000);
    parts.seek.style.setProperty("--played", `${(100 * (at - start)) / (end - start)}%`);
    const since = kind === "quote" ? start : 0;
    const [time, whole] = [at - since, (kind === "whole" ? this.#cast.duration : end) - since];
    const shown = `${clock(time)} / ${clock(whole)}`;
    if (parts.time.textContent !== shown) {
      parts.time.textContent = shown;
      parts.seek.setAttribute("aria-valuetext", this.#t("of", { time: this.#spoken(time), whole: this.#spoken(whole) }));
    }
    this.#light(at);
    const tenth = Math.floor(at / 250);
    if (tenth !== this.#told) this.#tell("time", { currentTime: at / 1000 });
    this.#told = tenth;
  }

  /** @param {number} now */
  #light(now) {
    const { said, ends, chapters } = /** @type {Cast} */ (this.#cast);
    const word = this.paused && now === this.#passage.start ? -1 : said[lastStarted(this.#times, now)] ?? -1;
    const lit = word >= 0 && now < Number(ends[word]) + LINGERING ? word : -1;
    const [first, last] = this.#words;
    const opening = this.#passage.kind === "whole" ? said[0] ?? -1 : first; // which is told until a word of the passage is said
    const isTold = first < last && this.#tellWords(first <= word && word < last ? word : opening);
    if (lit !== this.#lit || isTold) this.#mark(lit);
    const chapter = chapters.findLastIndex(({ start }) => start <= now);
    if (chapter === this.#chapter) return;
    this.#chapter = chapter;
    [...(this.#parts?.chapters?.querySelectorAll("button") ?? [])].forEach((each, n) => each.setAttribute("aria-current", String(n === chapter)));
  }

  /** @param {number} word */
  #mark(word) {
    this.#lit = word;
    for (const each of this.#frame.querySelectorAll(".lit")) { each.classList.remove("lit"); each.part.remove("lit"); }
    const row = this.#rows[lastStarted(this.#firsts, word)];
    this.#spread(row ?? null);
    for (const each of this.#frame.querySelectorAll(`.word[data-word="${word}"]`)) {
      each.classList.add("lit");
      each.part.add("lit");
      if (row?.contains(each)) this.#keepInView(each);
    }
  }

  /**
   * Shows the words around one that is said, where the transcript is closed; whether they are others than before.
   * @param {number} word
   */
  #tellWords(word) {
    const cast = this.#cast, caption = this.#parts?.caption;
    if (!cast || !caption || caption.hidden || word < 0) return false;
    const k = lastStarted(this.#captions, word);
    if (k === this.#caption) return false;
    this.#caption = k;
    const { speaker, words, first } = cast.paragraphs[lastStarted(this.#firsts, this.#captions[k])];
    const last = Math.min(first + words.length, this.#captions[k + 1] ?? Infinity);
    const spans = words.slice(this.#captions[k] - first, last - first).flatMap((piece, n) => [h("span", { class: "word", "data-word": this.#captions[k] + n }, piece.trimEnd()), piece.slice(piece.trimEnd().length)]);
    caption.replaceChildren(...(speaker === null ? [] : [h("bdi", { class: `name ${colourOf(speaker)}` }, cast.speakers[speaker])]), ...spans);
    return true;
  }

  // Scrolls the transcript alone, never the page, until the reader scrolls it.
  /** @param {Element} word */
  #keepInView(word) {
    const box = this.#parts?.transcript;
    if (!box || !this.#follows || this.paused || box.scrollHeight <= box.clientHeight) return;
    const top = word.getBoundingClientRect().top - box.getBoundingClientRect().top;
    if (top > box.clientHeight * 0.1 && top < box.clientHeight * 0.7) return;
    box.scrollBy({ top: top - box.clientHeight * 0.3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** @param {boolean} open */
  #open(open) {
    if (!this.#parts) return;
    const { transcript, caption, toggle } = this.#parts;
    transcript.hidden = !open;
    caption.hidden = open;
    toggle?.setAttribute("aria-expanded", String(open));
    this.#caption = -1;
    this.#light(this.#now);
  }

  // --- Links, keys, other players

  // Where one plays, the others stop.
  #hush = (/** @type {Event} */ event) => { if (event.target !== this) this.pause(); };

  // The page that is the episode's own, if any.
  get #home() {
    const link = this.getAttribute("link");
    return link === null ? this.#cast?.url ?? null : webAddress(resolved(link, document.baseURI)?.href ?? null);
  }

  // A link to this very page leads to its time in the first whole episode that stands on it.
  #follow = () => {
    const found = LINK.exec(location.hash);
    if (!found || !this.#isFirst || this.linkTo(0).split("#")[0] !== location.href.split("#")[0]) return;
    this.#seek(Number(found[1]) * 1000);
    this.scrollIntoView({ block: "nearest" });
  };

  get #isFirst() {
    const isWhole = (/** @type {Element} */ each) => !["chapter", "quote", "start", "end"].some((name) => each.hasAttribute(name));
    return [...document.querySelectorAll(this.localName)].find(isWhole) === this;
  }

  // Which words are selected, if any.
  #select = () => {
    if (!this.#parts || !this.#cast) return;
    this.#selected = this.#selection();
    const { kind } = this.#passage;
    this.#parts.copy.textContent = this.#t(this.#selected ? "copy.selection" : kind === "quote" ? "copy.quote" : "copy.moment");
  };

  /** @returns {[first: number, last: number] | null} */
  #selection() {
    const own = /** @type {{getSelection?: () => Selection | null}} */ (this.#root); // Chromium's
    const selection = own.getSelection?.() ?? document.getSelection();
    if (!selection?.rangeCount) return null;
    /** @type {StaticRange | Range} */
    let range = selection.getRangeAt(0);
    try {
      range = selection.getComposedRanges?.({ shadowRoots: [this.#root] })[0] ?? range;
    } catch { /* an older Safari's takes the roots themselves; the link is then to the moment */ }
    const [first, last] = [this.#wordAt(range.startContainer, range.startOffset), this.#wordAt(range.endContainer, range.endOffset)];
    return first !== null && last !== null && first !== last ? [Math.floor(first), Math.ceil(last)] : null;
  }

  /**
   * The number of the word at a place of the transcript, whole at its start, a half more within it.
   * @param {Node} node
   * @param {number} offset
   */
  #wordAt(node, offset) {
    const row = (node instanceof Element ? node : node.parentElement)?.closest("[data-number]");
    if (!this.#cast || !(row instanceof HTMLElement) || !this.#root.contains(row)) return null;
    const range = document.createRange();
    range.setStart(row, 0);
    range.setEnd(node, offset);
    let left = range.toString().length, word = Number(row.dataset.first);
    const { words, first } = this.#cast.paragraphs[Number(row.dataset.number)];
    for (; word < first + words.length && left >= words[word - first].length; word++) left -= words[word - first].length;
    return left > 0 ? word + 0.5 : word;
  }

  async #copy() {
    if (!this.#cast) return;
    const said = this.#selected && timesOf(this.#cast, ...this.#selected);
    const { start, end = undefined } = said ?? (this.#passage.kind === "quote" ? this.#passage : { start: this.#now });
    const link = this.linkTo(start / 1000, end && end / 1000);
    try {
      await navigator.clipboard.writeText(link);
      this.#say(this.#t("copied"));
    } catch {
      // Browsers lend the clipboard over HTTPS only, and not to every frame: then it is shown, to be copied by hand.
      const field = h("input", { readonly: true, value: link, "aria-label": this.#t("here"), dir: "ltr" });
      this.#say(this.#t("here"), field);
      field.select();
    }
    this.#tell("copy", { link });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !(target instanceof HTMLElement) || !this.#parts) return;
    if (target.localName === "select" || (target.localName === "input" && target !== this.#parts.seek)) return;
    const within = this.#parts.transcript.contains(target), small = this.#passage.end - this.#passage.start < 60_000 ? 1000 : 5000;
    /** @type {Record<string, () => void>} */
    const keys = { k: () => void this.#toggle(), j: () => this.#seek(this.#now - 10_000), l: () => this.#seek(this.#now + 10_000) };
    if (this.#parts.toggle) keys.c = () => this.#open(Boolean(this.#parts?.transcript.hidden));
    if (!target.closest("button, a")) keys[" "] = keys.k;
    if (within) Object.assign(keys, { ArrowDown: () => this.#step(1), ArrowUp: () => this.#step(-1), ArrowRight: () => this.#word(1), ArrowLeft: () => this.#word(-1) });
    if (target === this.#parts.seek) {
      const by = (/** @type {number} */ ms) => () => this.#seek(this.#now + ms);
      Object.assign(keys, { ArrowRight: by(small), ArrowUp: by(small), ArrowLeft: by(-small), ArrowDown: by(-small), PageUp: by(6 * small), PageDown: by(-6 * small) });
    }
    const act = keys[key.length === 1 ? key.toLowerCase() : key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {number} by */
  #step(by) {
    const stamps = this.#stamps, at = stamps.findIndex((each) => each === this.#root.activeElement);
    stamps[Math.min(Math.max(at < 0 ? 0 : at + by, 0), stamps.length - 1)]?.focus();
  }

  /** @param {number} by */
  #word(by) {
    const forward = this.#cast?.direction === "rtl" ? -by : by; // the arrows go where they point
    const k = lastStarted(this.#times, this.#now);
    const at = this.#times[Math.min(Math.max(k + forward, 0), this.#times.length - 1)];
    if (at !== undefined) this.#seek(at);
  }

  // --- Words

  get #language() {
    const tag = this.closest("[lang]")?.getAttribute("lang") || navigator.language || "en";
    return /^fr\b/i.test(tag) ? "fr" : "en";
  }

  // That language, as it is written where the reader is.
  get #locale() { return navigator.languages?.find((each) => each.startsWith(`${this.#language}-`)) ?? this.#language; }

  /**
   * A string of ours; what is filled in runs its own way (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
   * @param {string} key
   * @param {Record<string, string>} [values]
   */
  #t(key, values = {}) {
    const strings = /** @type {Record<string, string>} */ (STRINGS[this.#language]);
    return strings[key].replace(/\{(\w+)\}/g, (_, name) => (/[^\u0000-\u024f]/.test(values[name]) ? `\u2068${values[name]}\u2069` : values[name]));
  }

  /**
   * A date as people write it; what is none as it is.
   * @param {string} date
   */
  #day(date) {
    const day = /^\d{4}-\d\d-\d\d/.test(date) ? new Date(date.slice(0, 10)) : new Date(NaN);
    return Number.isNaN(day.valueOf()) ? date : day.toLocaleDateString(this.#locale, { dateStyle: "long", timeZone: "UTC" });
  }

  /** @param {number} ms */
  #spoken(ms) {
    const [m, s] = [Math.floor(ms / 60_000), Math.floor(ms / 1000) % 60].map(String);
    return this.#t(m === "0" ? "seconds" : "minutes", { m, s });
  }

  /**
   * @param {string} name
   * @param {object} [detail]
   */
  #tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(`quote-cast-${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** @param {ShadowRoot} root */
const slotOf = (root) => /** @type {HTMLSlotElement} */ (root.querySelector("slot"));

/** @param {number | null} speaker */
const colourOf = (speaker) => (speaker === null ? "" : `c${speaker % COLOURS}`);

/** @param {string} language */
const languageTag = (language) => (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language) && language !== "und" ? language : null);

if (globalThis.customElements && !customElements.get("quote-cast")) customElements.define("quote-cast", QuoteCast);
