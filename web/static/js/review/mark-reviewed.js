// @ts-check
// Marking an episode as reviewed, and the share of words that was reviewed: pinned words, words of paragraphs written or
// saved in the editor, and words played in this browser. Spans of played audio are disjoint, in order, and in milliseconds.

import { send } from "../ui/api.js";
import { answerOf, one } from "../ui/elements.js";
import { always } from "../ui/memory.js";
import { t } from "../ui/strings.js";
import { lastStarted } from "../page/sync.js";

/** @typedef {[from: number, to: number]} PlayedSpan */

const NEAR = 60; // milliseconds: spans closer than this are joined
const STEP = 0.5; // most seconds of audio between two "time" events of continuous playback
const WRITTEN_MS = 4000;

/**
 * Add a span to others.
 * @param {PlayedSpan[]} spans
 * @param {number} from
 * @param {number} to
 * @returns {PlayedSpan[]}
 */
export function withSpan(spans, from, to) {
  if (!(to > from)) return spans;
  const met = spans.filter((span) => span[1] >= from - NEAR && span[0] <= to + NEAR);
  const joined = /** @type {PlayedSpan} */ ([Math.min(from, ...met.map((span) => span[0])), Math.max(to, ...met.map((span) => span[1]))]);
  return [...spans.filter((span) => !met.includes(span)), joined].sort(([one], [other]) => one - other);
}

/**
 * Count the words of speech, and the reviewed ones: pinned, written, or played at their middle; a word without a time
 * counts as played with the word before it.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {{speech: number[], pinned: number[], written: number[]}} review runs of words: first, one after last
 * @param {PlayedSpan[]} spans
 * @returns {{reviewed: number, words: number}}
 */
export function countReviewed(data, { speech, pinned, written }, spans) {
  const set = new Set([...numbers(pinned), ...numbers(written)]), froms = spans.map(([from]) => from);
  /** @param {number} time */
  const isPlayed = (time) => {
    const k = lastStarted(froms, time);
    return k >= 0 && time <= spans[k][1];
  };
  let reviewed = 0, words = 0, last = 0;
  for (const i of numbers(speech)) {
    const start = data.starts[i], end = data.ends[i];
    words++;
    if (set.has(i) || isPlayed(start === null || end === null ? last : (start + end) / 2)) reviewed++;
    if (end !== null) last = end;
  }
  return { reviewed, words };
}

/** Yield the numbers of the words in runs. @param {number[]} edges */
export function* numbers(edges) {
  for (let k = 0; k < edges.length; k += 2) for (let i = edges[k]; i < edges[k + 1]; i++) yield i;
}

// The audio of an episode that was played in this browser, on all visits.
export class PlayedAudio {
  #name;
  #last = NaN;
  #timer = 0;
  /** @type {PlayedSpan[]} */
  spans;

  /** @param {EpisodeData & {id: string}} data @param {import("../page/player.js").Player} player */
  constructor(data, player) {
    this.#name = `played ${data.id} ${data.duration}`; // replaced audio has another length
    const known = always.readJson(this.#name);
    this.spans = Array.isArray(known) ? known : [];
    player.addEventListener("time", () => this.#note(player));
    player.addEventListener("sought", () => { this.#last = NaN; });
  }

  /** @param {import("../page/player.js").Player} player */
  #note({ time, speed, playing }) {
    const since = time - this.#last;
    if (since > 0 && since < STEP * Math.max(1, speed)) {
      this.spans = withSpan(this.spans, Math.round(this.#last * 1000), Math.round(time * 1000));
    }
    this.#last = playing ? time : NaN;
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      always.write(this.#name, JSON.stringify(this.spans));
    }, WRITTEN_MS);
  }
}

/**
 * Ask for a name and mark the episode as reviewed by it.
 * @param {HTMLDialogElement} dialog
 * @param {EpisodeData & {id: string}} data
 * @param {import("../page/changes.js").Changes} changes
 * @param {Review} review
 * @param {PlayedSpan[]} played
 */
export async function markReviewed(dialog, data, changes, review, played) {
  const { reviewed, words } = countReviewed(data, review, played), hundredths = words ? Math.floor((10_000 * reviewed) / words) : 0;
  const left = review.items.length, name = one(dialog, "input", HTMLInputElement), open = one(dialog, "[data-part=left]");
  name.value = data.who ?? "";
  one(dialog, "[data-part=share]").textContent = t("review.reviewed.share", { percent: Math.floor(hundredths / 100), looked: reviewed, words });
  open.hidden = !left;
  open.textContent = left ? t(left === 1 ? "review.reviewed.left.one" : "review.reviewed.left", { n: left }) : "";
  one(dialog, "[value=unreviewed]").hidden = !review.review;
  const answer = await answerOf(dialog), who = name.value.trim();
  if (answer === "unreviewed") changes.report(await changes.correct({ kind: "unreview" }));
  if (answer !== "reviewed") return;
  if (data.who === null) {
    data.who = who;
    await send("POST", "/api/name", { name: who }).catch(() => null); // the review has the name anyway
  }
  changes.report(await changes.correct({ kind: "review", who, share: hundredths / 10_000 }));
}
