// @ts-check
// A paragraph as it is edited, and who may say it. Each line of its text is saved as a paragraph of its own.

import { byId } from "../ui/elements.js";
import { fold } from "../ui/fold.js";

export const SAID = ["speech", "stage"]; // kinds of which somebody may be named
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/gu; // a paragraph's line may have been broken in the file
const WORD = /[\p{L}\p{N}]/u;

/** @param {string} text */
const lineOf = (text) => text.replace(BREAKS, " ");

/** Return a paragraph with its text in one line. @param {Paragraph} paragraph */
export const asEdited = (paragraph) => ({ ...paragraph, text: lineOf(paragraph.text) });

/**
 * Return the paragraphs that the lines of a text are: an empty line is none, and nobody says a heading or a note.
 * @param {Paragraph} paragraph
 * @returns {Paragraph[]}
 */
export function paragraphsOf({ kind, speaker, text }) {
  const said = SAID.includes(kind) ? speaker?.trim() || null : null;
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => ({ kind, speaker: said, text: line }));
}

/**
 * Whether two lists of paragraphs say the same.
 * @param {Paragraph[]} some
 * @param {Paragraph[]} others
 */
export function areSame(some, others) {
  return some.length === others.length && some.every(({ kind, speaker, text }, k) =>
    kind === others[k].kind && speaker === others[k].speaker && lineOf(text).trim() === lineOf(others[k].text).trim());
}

/** Count the words of a text; marks alone are none. @param {string} text */
export function wordsIn(text) { return (text.match(/\S+/gu) ?? []).filter((token) => WORD.test(token)).length; }

/**
 * Return the index of a text's `count`-th code point.
 * @param {string} text
 * @param {number} count
 */
export function offsetOf(text, count) { return [...text].slice(0, count).join("").length; }

/**
 * Complete a name that was only begun, to that of the first speaker whose name begins so.
 * @param {string} written
 * @param {string[]} names of the speakers
 */
export function knownName(written, names) {
  const begun = fold(written);
  return (begun && !names.includes(written.trim()) && names.find((name) => fold(name).startsWith(begun))) || written;
}

/** List the speakers of an episode under the fields for their names, and return them. @param {EpisodeData} data */
export function offerSpeakers({ turns }) {
  const speakers = [...new Set(turns.flatMap(([, , speaker]) => speaker ?? []))];
  byId("known-speakers").replaceChildren(...speakers.map((speaker) => new Option("", speaker)));
  return speakers;
}
