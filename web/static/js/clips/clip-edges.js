// The edges of a clip and the words between them. Pure functions: seconds of the episode; words half-open, [first, last);
// `data` holds starts and ends in milliseconds, null where nobody says the word.

const ROOM = 0.2; // seconds that an edge leaves before or after a word, if its pause has as much

// The words of which the middle lies between the edges; null for none.
export function wordsBetween(data, start, end) {
  let words = null;
  for (let i = 0; i < data.starts.length; i++) {
    if (data.starts[i] === null) continue;
    const middle = (data.starts[i] + data.ends[i]) / 2000;
    if (middle >= start && middle < end) words = [words?.[0] ?? i, i + 1];
  }
  return words;
}

// The said word `by` words away from a word; the last there is where there are fewer.
export function spokenBeyond(data, word, by) {
  const step = Math.sign(by);
  let found = word;
  for (let i = word + step, left = Math.abs(by); left && i >= 0 && i < data.starts.length; i += step) {
    if (data.starts[i] === null) continue;
    found = i;
    left--;
  }
  return found;
}

// Where a clip is cut that begins with `word`: in the pause before it.
export function edgeBefore(data, word) {
  const before = spokenBeyond(data, word, -1);
  const start = data.starts[word] / 1000;
  const free = before === word ? start : Math.max(0, start - data.ends[before] / 1000);
  return Math.max(0, start - Math.min(ROOM, free / 2));
}

// Where a clip is cut that ends with `word`: in the pause after it.
export function edgeAfter(data, word) {
  const after = spokenBeyond(data, word, 1);
  const end = data.ends[word] / 1000;
  const free = after === word ? data.duration - end : Math.max(0, data.starts[after] / 1000 - end);
  return Math.min(data.duration, end + Math.min(ROOM, free / 2));
}

// The first and the last word that are said of [first, last).
export function spokenEnds(data, first, last) {
  const said = [];
  for (let i = first; i < last; i++) if (data.starts[i] !== null) said.push(i);
  return [said[0], said.at(-1)];
}

// What the edges hold: `words` as they were if the same ones are said between them, so that printed words that nobody
// says stay in the quote; else those that are.
export function wordsKept(data, words, start, end) {
  const between = wordsBetween(data, start, end);
  if (!between) return words;
  const [first, last] = spokenEnds(data, ...words);
  return between[0] === first && between[1] === last + 1 ? words : between;
}
