// @ts-check
// Words on the line of time: what moves along where an edge or a body is moved. Pure functions over whole milliseconds;
// words are those that are said, in order. Nothing overlaps; words that touch have one edge between them, which moves for
// both, unless a person has pinned the one beside what is moved.

/** @typedef {{word: number, start: number, end: number, pinned: boolean}} Placed a word of the transcript and its times */
/** @typedef {{from: number, to: number}} Bounds which nothing leaves */

export const SHORTEST = 20; // milliseconds of a word: what people can tell apart

const TOUCHING = 12; // milliseconds that lie between two words that touch

/** @param {Placed | undefined} before @param {Placed | undefined} after */
export function touch(before, after) {
  return before !== undefined && after !== undefined && after.start - before.end <= TOUCHING;
}

/**
 * The words with an edge of the one at `k` as near to `time` as it may go.
 * @param {Placed[]} words
 * @param {number} k
 * @param {Side} side
 * @param {number} time
 * @param {Bounds} bounds
 */
export function withEdge(words, k, side, time, bounds) {
  const isStart = side === "start";
  const word = words[k], beside = words[isStart ? k - 1 : k + 1];
  const joined = isStart ? touch(beside, word) : touch(word, beside);
  const far = isStart ? word.end - SHORTEST : word.start + SHORTEST;
  const near = beside ? wall(beside, side, joined) : isStart ? bounds.from : bounds.to;
  const [low, high] = isStart ? [near, far] : [far, near];
  if (low > high) return words;
  const at = Math.min(Math.max(Math.round(time), low), high);
  const moved = words.map((each) => ({ ...each }));
  moved[k][side] = at;
  if (joined) moved[isStart ? k - 1 : k + 1][isStart ? "end" : "start"] = at;
  return moved;
}

/**
 * How far an edge may go towards the word beside it.
 * @param {Placed} beside
 * @param {Side} side
 * @param {boolean} joined
 */
function wall(beside, side, joined) {
  if (side === "start") return joined ? Math.min(beside.start + SHORTEST, beside.end) : beside.end;
  return joined ? Math.max(beside.end - SHORTEST, beside.start) : beside.start;
}

/**
 * The words with those from `first` to before `last` moved by so much, or by as much as those beside them allow.
 * @param {Placed[]} words
 * @param {number} first
 * @param {number} last
 * @param {number} by
 * @param {Bounds} bounds
 */
export function withBodies(words, first, last, by, bounds) {
  const before = words[first - 1], after = words[last];
  const leads = touch(before, words[first]) && !before.pinned, trails = touch(words[last - 1], after) && !after.pinned;
  const least = (before ? wall(before, "start", leads) : bounds.from) - words[first].start;
  const most = (after ? wall(after, "end", trails) : bounds.to) - words[last - 1].end;
  const fair = Math.min(Math.max(Math.round(by), Math.min(least, 0)), Math.max(most, 0));
  if (fair === 0) return words;
  const moved = words.map((each, k) => (k >= first && k < last ? { ...each, start: each.start + fair, end: each.end + fair } : { ...each }));
  if (leads) moved[first - 1].end = moved[first].start;
  if (trails) moved[last].start = moved[last - 1].end;
  return moved;
}

/**
 * The word that is said at `time`, else the one nearest to it; -1 where there is none.
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
 * What hands have made of words, as corrections: those that all went the same way as one move, else each by itself, and
 * so a pinned one beside them whose edge went along. What else made room is found again around them.
 * @param {Placed[]} before
 * @param {Placed[]} after
 * @param {Selected} chosen which were under the hand
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
 * What is looked at: so many milliseconds around some, within an episode.
 * @param {number} start
 * @param {number} end
 * @param {number} length
 * @param {number} duration
 * @returns {Bounds}
 */
export function viewAround(start, end, length, duration) {
  const whole = Math.min(length, duration);
  // What does not fit is looked at from its beginning.
  const from = end - start > whole * 0.8 ? start - whole * 0.1 : (start + end - whole) / 2;
  const fair = Math.round(Math.min(Math.max(from, 0), duration - whole));
  return { from: fair, to: Math.round(fair + whole) };
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
