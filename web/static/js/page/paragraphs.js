// @ts-check
// Paragraphs in the editor: conversion to and from its fields. Each line of the text is saved as a paragraph.

import { byId } from "../ui/elements.js";
import { fold } from "../ui/fold.js";

export const WITH_SPEAKER = ["speech", "stage"]; // kinds that may have a speaker
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/gu; // line breaks that the file may have within a paragraph
const WORD = /[\p{L}\p{N}]/u;

/** @param {string} text */
const lineOf = (text) => text.replace(BREAKS, " ");

/** Return a paragraph with its text in one line. @param {Paragraph} paragraph */
export const asEdited = (paragraph) => ({ ...paragraph, text: lineOf(paragraph.text) });

/**
 * Return a paragraph for each line that is not empty; headings and notes have no speaker.
 * @param {Paragraph} paragraph
 * @returns {Paragraph[]}
 */
export function paragraphsOf({ kind, speaker, text }) {
  const name = WITH_SPEAKER.includes(kind) ? speaker?.trim() || null : null;
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => ({ kind, speaker: name, text: line }));
}

/**
 * Return whether two lists of paragraphs are equal, but for line breaks and outer spaces.
 * @param {Paragraph[]} some
 * @param {Paragraph[]} others
 */
export function areSame(some, others) {
  return some.length === others.length && some.every(({ kind, speaker, text }, k) =>
    kind === others[k].kind && speaker === others[k].speaker && lineOf(text).trim() === lineOf(others[k].text).trim());
}

/** Count the words of a text; punctuation alone is none. @param {string} text */
export function wordsIn(text) { return (text.match(/\S+/gu) ?? []).filter((token) => WORD.test(token)).length; }

/**
 * Return the index of a text's `count`-th code point.
 * @param {string} text
 * @param {number} count
 */
export function offsetOf(text, count) { return [...text].slice(0, count).join("").length; }

/**
 * Complete the beginning of a name to the first speaker's name that starts with it.
 * @param {string} written
 * @param {string[]} names of the speakers
 */
export function completedName(written, names) {
  const beginning = fold(written);
  return (beginning && !names.includes(written.trim()) && names.find((name) => fold(name).startsWith(beginning))) || written;
}

/** Offer the speakers of an episode in the fields for names, and return them. @param {EpisodeData} data */
export function offerSpeakers({ turns }) {
  const speakers = [...new Set(turns.flatMap(([, , speaker]) => speaker ?? []))];
  byId("known-speakers").replaceChildren(...speakers.map((speaker) => new Option("", speaker)));
  return speakers;
}
