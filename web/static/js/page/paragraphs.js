// @ts-check
// Paragraphs as they are edited: pure functions. While they are edited they are blocks: what one person says in a row is
// one, and each line of its text a paragraph.

import { fold } from "./fold.js";

/**
 * @typedef {{kind: string, speaker: string | null, text: string, labelled?: boolean}} Paragraph `labelled` is whether its
 *     speaker is written before it
 */

const SPEECH = "speech";
export const SAID = [SPEECH, "stage"]; // kinds of which somebody may be named
const PARTING = ": "; // a name from what is said
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]/gu; // a paragraph's line may have been broken in the file
const WORD = /[\p{L}\p{N}]/u;

/**
 * Paragraphs as blocks.
 * @param {Paragraph[]} paragraphs
 * @returns {Paragraph[]}
 */
export function blocksOf(paragraphs) {
  /** @type {Paragraph[]} */
  const blocks = [];
  for (const { kind, speaker, text, labelled } of paragraphs) {
    const last = blocks.at(-1), line = text.replace(BREAKS, " ");
    if (last && kind === SPEECH && last.kind === kind && last.speaker === speaker) last.text += `\n${line}`;
    else blocks.push({ kind, speaker, text: line, ...(labelled && { labelled }) });
  }
  return blocks;
}

/**
 * The paragraphs of blocks: a line that is empty is none, and nobody says a heading or a note.
 * @param {Paragraph[]} blocks
 * @returns {Paragraph[]}
 */
export function paragraphsOf(blocks) {
  return blocks.flatMap(({ kind, speaker, text }) => {
    const said = SAID.includes(kind) ? speaker?.trim() || null : null;
    return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => ({ kind, speaker: said, text: line }));
  });
}

/**
 * What of `was` has become another: from which of its paragraphs to before which, and what stands there now; null where
 * nothing has.
 * @param {Paragraph[]} was
 * @param {Paragraph[]} now
 * @returns {{first: number, stop: number, paragraphs: Paragraph[]} | null}
 */
export function changeOf(was, now) {
  const before = paragraphsOf(blocksOf(was));
  const most = Math.min(before.length, now.length);
  let first = 0, same = 0; // paragraphs that stayed, at the beginning and at the end
  while (first < most && isSame(before[first], now[first])) first++;
  while (same < most - first && isSame(before[before.length - 1 - same], now[now.length - 1 - same])) same++;
  const stop = before.length - same, paragraphs = now.slice(first, now.length - same);
  return first === stop && !paragraphs.length ? null : { first, stop, paragraphs };
}

/**
 * Whether two paragraphs are one.
 * @param {Paragraph} one
 * @param {Paragraph} other
 */
function isSame(one, other) {
  return one.kind === other.kind && one.speaker === other.speaker && one.text === other.text;
}

/**
 * Blocks, of which the one of that number is cut in two, before the character at `at`: somebody else says the second.
 * @param {Paragraph[]} blocks
 * @param {number} number
 * @param {number} at
 * @param {string | null} speaker
 * @returns {Paragraph[]}
 */
export function split(blocks, number, at, speaker) {
  const { text } = blocks[number];
  const halves = [
    { ...blocks[number], text: text.slice(0, at).trimEnd() },
    { kind: SPEECH, speaker, text: text.slice(at).trimStart() },
  ];
  return blocks.toSpliced(number, 1, ...halves);
}

/**
 * Blocks, of which the one of that number has become one with the one before it; `at` is the character at which it goes
 * on there.
 * @param {Paragraph[]} blocks
 * @param {number} number
 * @returns {{blocks: Paragraph[], at: number}}
 */
export function merged(blocks, number) {
  const [before, after] = [blocks[number - 1], blocks[number]];
  const start = before.text.trimEnd(), rest = after.text.trimStart();
  const one = { ...before, text: start && rest ? `${start} ${rest}` : start + rest };
  return { blocks: blocks.toSpliced(number - 1, 2, one), at: one.text.length - rest.length };
}

/**
 * A block as another kind: nobody says a heading or a note, so a name that is written before it becomes its first
 * words; `name` is one that did, and is the speaker's again where somebody says it after all.
 * @param {Paragraph} block
 * @param {string} kind
 * @param {string} [name]
 * @returns {Paragraph}
 */
export function asKind(block, kind, name = "") {
  const { kind: was, speaker, text, labelled } = block, isSaid = SAID.includes(kind), said = speaker?.trim();
  if (labelled && SAID.includes(was) && !isSaid && said) return { ...block, kind, speaker: null, text: `${said}${PARTING}${text}` };
  const isNamed = isSaid && !SAID.includes(was) && !said && name && text.startsWith(name + PARTING);
  return isNamed ? { ...block, kind, speaker: name, text: text.slice((name + PARTING).length) } : { ...block, kind };
}

/**
 * How many words begin before the character at `at` of a text.
 * @param {string} text
 * @param {number} at
 */
export function wordsBefore(text, at) {
  return [...text.matchAll(/\S+/gu)].filter((token) => token.index < at && WORD.test(token[0])).length;
}

/**
 * Where in a text its `count`-th code point is, in what the browser counts in.
 * @param {string} text
 * @param {number} count
 */
export function offsetOf(text, count) {
  return [...text].slice(0, count).join("").length;
}

/**
 * The name that was meant: of one that was only begun the first speaker's who is called so.
 * @param {string} written
 * @param {string[]} names of the speakers
 */
export function knownName(written, names) {
  const begun = fold(written);
  return (begun && !names.includes(written.trim()) && names.find((name) => fold(name).startsWith(begun))) || written;
}
