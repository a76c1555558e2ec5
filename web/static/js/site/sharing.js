// @ts-check
// Selected words on a published page: plays, copies and links to them.

import { linkTo, writeFragment } from "../page/quote-link.js";
import { useSelectedQuote } from "../page/selected-quote.js";

const HERE = /^(localhost|127\.|\[::1\])/;

/**
 * @typedef {import("../page/transcript.js").Transcript} Transcript
 * @typedef {{marks: [string, string], inner: [string, string], name_mark: string, base: string | null}} Citing
 *   quotation marks with their inner spaces, the mark after a name, and the page's public address
 */

/** @param {import("../page/reading.js").Reading} reading @param {Citing} citing */
export function useSharing(reading, citing) {
  const { data, transcript } = reading;
  // The page's public address: where it was loaded from, unless that is this computer.
  const isOnWeb = /^https?:$/.test(location.protocol) && !HERE.test(location.host), here = location.href.split("#")[0];
  const base = isOnWeb ? here : citing.base;
  useSelectedQuote(reading, async (words) => {
    const target = linkTo(data, words.first, words.last), { start, end } = target, link = `${base ?? here}#${writeFragment(target)}`;
    return { start, end, link, copy: cited(transcript, words, citing, link), reach: base ? "public" : "local" };
  });
}

/**
 * Return the words in quotation marks with their speaker, show, episode and link. Several speakers give a dialogue, each
 * line with its speaker.
 * @type {(transcript: Transcript, selection: Selected, citing: Citing, address: string) => string}
 */
function cited(transcript, { first, last }, { marks, inner, name_mark }, address) {
  const { turns, show, title } = transcript.data;
  /** @type {{speaker: string | null, text: string}[]} */
  const lines = []; // one for each paragraph
  for (let from = first, to = first; from < last; from = to) {
    const block = transcript.word(from).closest("[data-segment]");
    while (to < last && transcript.word(to).closest("[data-segment]") === block) to++;
    const turn = turns.find(([start, end]) => from >= start && from < end);
    lines.push({ speaker: turn?.[2] ?? null, text: textOf(transcript, from, to) });
  }
  const speakers = [...new Set(lines.map(({ speaker }) => speaker).filter(Boolean))], isDialogue = speakers.length > 1;
  const quoted = (/** @type {string} */ text) => marks.join(marks.reduce((within, mark, k) => within.replaceAll(mark, inner[k]), text));
  const text = isDialogue
    ? lines.map(({ speaker, text }) => `${speaker ? `${speaker}${name_mark} ` : ""}${quoted(text)}`).join("\n")
    : quoted(lines.map(({ text }) => text).join("\n"));
  const credits = [isDialogue ? null : speakers[0], show, title].filter(Boolean).join(", ");
  return [text, credits && `— ${credits}`, address].filter(Boolean).join("\n");
}

/** @type {(transcript: Transcript, first: number, last: number) => string} the text of words, without elements between them */
function textOf(transcript, first, last) {
  const range = new Range();
  range.setStartBefore(transcript.word(first));
  range.setEndAfter(transcript.word(last - 1));
  const shown = range.cloneContents();
  for (const button of shown.querySelectorAll("button")) button.remove();
  return (shown.textContent ?? "").replace(/\s+/g, (blank) => (/[\u00a0\u202f]/.test(blank) ? "\u00a0" : " "));
}
