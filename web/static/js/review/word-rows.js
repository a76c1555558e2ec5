// @ts-check
// The words under a waveform, each under its sound on the first row that has room; those that nobody says have a row of
// their own, from where they would be said.

import { isolated } from "../ui/strings.js";

const ROW = 22, GAP = 8, FRAME = 12, CUT = 3; // pixels
const ROWS = 3; // of those that are said

/**
 * @param {HTMLElement} list whose options they become
 * @param {import("./word-wave.js").Seen} seen
 * @param {Object} how
 * @param {(time: number) => number} how.at where a time is, in pixels
 * @param {(word: number) => string} how.textOf
 * @param {(word: number, placed: import("./geometry.js").Placed | null) => string} how.tellWord
 */
export function writeWords(list, { words, unsaid, chosen, cursor, view }, { at, textOf, tellWord }) {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return;
  pen.font = getComputedStyle(list).font;
  const reached = new Array(ROWS + 1).fill(-Infinity);
  /** @type {((next: number) => void)[]} */
  const ends = [];
  const inView = words.filter(({ start, end }) => end > view.from && start < view.to);
  const said = inView.map((placed) => {
    const text = isolated(textOf(placed.word)), x = Math.max(at(placed.start), 0);
    const free = reached.findIndex((right, row) => row < ROWS && right + GAP <= x);
    const row = free < 0 ? reached.indexOf(Math.min(...reached.slice(0, ROWS))) : free;
    const made = option(placed.word, text, placed.pinned ? "pinned" : "", [x, row, at(placed.end) - x], tellWord(placed.word, placed));
    ends[row]?.(x); // what has no room is cut where the next begins
    ends[row] = (next) => made.style.setProperty("--room", `${Math.max(0, next - x - CUT)}px`);
    reached[row] = x + pen.measureText(text).width;
    return made;
  });
  const lost = unsaid.map(({ word, after }) => {
    const text = isolated(textOf(word)), x = Math.max(at(after), reached[ROWS] + GAP, 0);
    reached[ROWS] = x + pen.measureText(text).width + FRAME;
    return option(word, text, "unsaid", [x, ROWS, 0], tellWord(word, null));
  });
  const options = [...said, ...lost].sort((one, other) => Number(one.dataset.word) - Number(other.dataset.word));
  for (const each of options) {
    const word = Number(each.dataset.word);
    each.setAttribute("aria-selected", String(chosen !== null && word >= chosen.first && word < chosen.last));
  }
  list.replaceChildren(...options);
  list.style.setProperty("--rows", String(unsaid.length ? ROWS + 1 : ROWS));
  const active = options.find(({ dataset }) => chosen !== null && Number(dataset.word) === cursor);
  active?.classList.add("current");
  if (active) list.setAttribute("aria-activedescendant", active.id);
  else list.removeAttribute("aria-activedescendant");
}

/**
 * The next word, or the one before, that is said or is one of speech; null where there is none.
 * @param {Pick<EpisodeData, "starts">} data
 * @param {Set<number>} speech
 * @param {number} from
 * @param {number} by 1 or -1
 */
export function wordBeyond({ starts }, speech, from, by) {
  for (let word = from + by; word >= 0 && word < starts.length; word += by) {
    if (starts[word] !== null || speech.has(word)) return word;
  }
  return null;
}

/**
 * When a word is said; where nobody says it, between which others it would be.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {number} word
 */
export function whenSaid({ starts, ends }, word) {
  const start = starts[word], end = ends[word];
  if (start !== null && end !== null) return { start, end, isSaid: true };
  const before = ends.findLastIndex((time, i) => i < word && time !== null);
  return { start: ends[before] ?? 0, end: starts.find((time, i) => i > word && time !== null) ?? Infinity, isSaid: false };
}

/**
 * The words of speech that nobody says between two words, and when the word before each ends, in milliseconds; where many
 * stand together, those from the one that is `chosen` on.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {Set<number>} speech
 * @param {Selected} between
 * @param {number} from when what is seen begins
 * @param {Selected | null} chosen
 */
export function unsaidBetween({ starts, ends }, speech, { first, last }, from, chosen) {
  /** @type {{word: number, after: number}[]} */
  const found = [];
  let after = from;
  for (let word = first; word < last; word++) {
    if (starts[word] !== null) after = ends[word] ?? after;
    else if (speech.has(word)) found.push({ word, after });
  }
  const at = found.findIndex(({ word }) => word === chosen?.first);
  return at > 0 && found[at].after === found[0].after ? found.slice(at - 1) : found;
}

/**
 * @param {number} word
 * @param {string} text
 * @param {string} kind
 * @param {[x: number, row: number, wide: number]} place
 * @param {string} told
 */
function option(word, text, kind, [x, row, wide], told) {
  const made = document.createElement("div");
  made.id = `said-${word}`;
  made.role = "option";
  made.dataset.word = String(word);
  made.className = kind;
  made.textContent = text;
  made.setAttribute("aria-label", told);
  made.style.setProperty("--x", `${x}px`);
  made.style.setProperty("--y", `${row * ROW}px`);
  made.style.setProperty("--wide", `${Math.max(wide, 2)}px`);
  return made;
}
