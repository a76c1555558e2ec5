// @ts-check
// Words on the time line: how neighbours give room when a word or an edge of it moves. Pure functions on whole
// milliseconds and the spoken words, in order. Words never overlap; words that touch share an edge, which moves for both
// unless the neighbour is pinned.

/** @typedef {{word: number, start: number, end: number, pinned: boolean}} Placed a word of the transcript and its times */
/** @typedef {{from: number, to: number}} Bounds that no word leaves */

export const SHORTEST = 20; // milliseconds of a word: listeners cannot tell shorter ones apart

const TOUCHING = 12; // most milliseconds between two words that touch

/** @param {Placed | undefined} before @param {Placed | undefined} after */
export function touch(before, after) {
  return before !== undefined && after !== undefined && after.start - before.end <= TOUCHING;
}

/**
 * Return the words with an edge of the one at `k` moved to `time`, or as near as it may go.
 * @param {Placed[]} words
 * @param {number} k
 * @param {Side} side
 * @param {number} time
 * @param {Bounds} bounds
 */
export function withEdgeMoved(words, k, side, time, bounds) {
  const isStart = side === "start";
  const word = words[k], beside = words[isStart ? k - 1 : k + 1];
  const joined = isStart ? touch(beside, word) : touch(word, beside);
  const far = isStart ? word.end - SHORTEST : word.start + SHORTEST;
  const near = beside ? limitOf(beside, side, joined) : isStart ? bounds.from : bounds.to;
  const [low, high] = isStart ? [near, far] : [far, near];
  if (low > high) return words;
  const at = Math.min(Math.max(Math.round(time), low), high);
  const moved = words.map((each) => ({ ...each }));
  moved[k][side] = at;
  if (joined) moved[isStart ? k - 1 : k + 1][isStart ? "end" : "start"] = at;
  return moved;
}

/**
 * Return how far an edge may move towards its neighbour.
 * @param {Placed} beside
 * @param {Side} side
 * @param {boolean} joined
 */
function limitOf(beside, side, joined) {
  if (side === "start") return joined ? Math.min(beside.start + SHORTEST, beside.end) : beside.end;
  return joined ? Math.max(beside.end - SHORTEST, beside.start) : beside.start;
}

/**
 * Return the words with those from `first` to before `last` moved by `by`, or as far as their neighbours allow.
 * @param {Placed[]} words
 * @param {number} first
 * @param {number} last
 * @param {number} by
 * @param {Bounds} bounds
 */
export function withWordsMoved(words, first, last, by, bounds) {
  const before = words[first - 1], after = words[last];
  const leads = touch(before, words[first]) && !before.pinned, trails = touch(words[last - 1], after) && !after.pinned;
  const least = (before ? limitOf(before, "start", leads) : bounds.from) - words[first].start;
  const most = (after ? limitOf(after, "end", trails) : bounds.to) - words[last - 1].end;
  const allowed = Math.min(Math.max(Math.round(by), Math.min(least, 0)), Math.max(most, 0));
  if (allowed === 0) return words;
  const moved = words.map((each, k) => (k >= first && k < last ? { ...each, start: each.start + allowed, end: each.end + allowed } : { ...each }));
  if (leads) moved[first - 1].end = moved[first].start;
  if (trails) moved[last].start = moved[last - 1].end;
  return moved;
}

/**
 * Return the index of the word spoken at `time`, else of the nearest one; -1 if there are no words.
 * @param {Placed[]} words
 * @param {number} time
 */
export function nearest(words, time) {
  let best = -1, distance = Infinity;
  words.forEach(({ start, end }, k) => {
    const off = time < start ? start - time : time > end ? time - end : 0;
    if (off < distance) [best, distance] = [k, off];
  });
  return best;
}

/**
 * Return the corrections for words that were moved by hand: one move if all shifted equally, else one correction for each,
 * including a pinned neighbour with a moved edge. Other neighbours are aligned again around them.
 * @param {Placed[]} before
 * @param {Placed[]} after
 * @param {Selected} chosen the words that were moved
 * @returns {(Record<string, unknown> & {kind: string})[]}
 */
export function correctionsOf(before, after, { first, last }) {
  const meant = after.filter(({ word, start, end, pinned }, k) => {
    return (pinned || (word >= first && word < last)) && (start !== before[k].start || end !== before[k].end);
  });
  const by = meant.map(({ word, start, end }) => {
    const old = before.find((each) => each.word === word);
    return old && start - old.start === end - old.end && word >= first && word < last ? start - old.start : NaN;
  });
  if (by.length && by.every((each) => each === by[0])) return [{ kind: "move", first, stop: last, by: by[0] / 1000 }];
  return meant.map(({ word, start, end }) => ({ kind: "place", word, start: start / 1000, end: end / 1000 }));
}

/**
 * Return the view of `length` milliseconds around a passage, within the episode.
 * @param {number} start
 * @param {number} end
 * @param {number} length
 * @param {number} duration
 * @returns {Bounds}
 */
export function viewAround(start, end, length, duration) {
  const whole = Math.min(length, duration);
  // A longer passage is shown from its beginning.
  const from = end - start > whole * 0.8 ? start - whole * 0.1 : (start + end - whole) / 2;
  const allowed = Math.round(Math.min(Math.max(from, 0), duration - whole));
  return { from: allowed, to: Math.round(allowed + whole) };
}

/**
 * Return the next or previous word that is spoken or in a speech paragraph; null if there is none.
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
 * Return the times of a word; for one that is not spoken, the gap between its spoken neighbours.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {number} word
 */
export function timesOf({ starts, ends }, word) {
  const start = starts[word], end = ends[word];
  if (start !== null && end !== null) return { start, end, isSpoken: true };
  const before = ends.findLastIndex((time, i) => i < word && time !== null);
  return { start: ends[before] ?? 0, end: starts.find((time, i) => i > word && time !== null) ?? Infinity, isSpoken: false };
}

/**
 * Return the words of speech paragraphs between two words that are not spoken, with the end of the word before each, in
 * milliseconds. Of many in a row, return those from the `chosen` one on.
 * @param {Pick<EpisodeData, "starts" | "ends">} data
 * @param {Set<number>} speech
 * @param {Selected} between
 * @param {number} from start of the view
 * @param {Selected | null} chosen
 */
export function unspokenBetween({ starts, ends }, speech, { first, last }, from, chosen) {
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
