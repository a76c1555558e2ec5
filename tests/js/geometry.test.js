import assert from "node:assert/strict";
import test from "node:test";

import { SHORTEST, correctionsOf, nearest, touch, unspokenBetween, viewAround, withWordsMoved, withEdgeMoved, wordBeyond } from "../../web/static/js/review/geometry.js";

const BOUNDS = { from: 0, to: 10_000 };

/** Return words with some times, and those at `pinned` pinned. */
function words(times, pinned = []) {
  return times.map(([start, end], word) => ({ word, start, end, pinned: pinned.includes(word) }));
}

const timesOf = (placed) => placed.map(({ start, end }) => [start, end]);

// Two words that touch, a pause, a third.
const THREE = words([[1000, 1400], [1400, 1900], [2500, 2900]]);

test("an edge shared by two words moves for both", () => {
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 0, "end", 1500, BOUNDS)), [[1000, 1500], [1500, 1900], [2500, 2900]]);
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 1, "start", 1200, BOUNDS)), [[1000, 1200], [1200, 1900], [2500, 2900]]);
});

test("an edge at a pause moves alone, at most to the next word", () => {
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 1, "end", 2200, BOUNDS)), [[1000, 1400], [1400, 2200], [2500, 2900]]);
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 1, "end", 2700, BOUNDS)), [[1000, 1400], [1400, 2500], [2500, 2900]]);
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 2, "start", 1000, BOUNDS)), [[1000, 1400], [1400, 1900], [1900, 2900]]);
});

test("no word becomes shorter than the minimum", () => {
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 0, "end", 5000, BOUNDS))[0], [1000, 1900 - SHORTEST]);
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 0, "end", 0, BOUNDS))[0], [1000, 1000 + SHORTEST]);
  assert.deepEqual(timesOf(withEdgeMoved(THREE, 2, "end", 2000, BOUNDS))[2], [2500, 2500 + SHORTEST]);
});

test("a moved word keeps its length and moves the edges that it shares", () => {
  assert.deepEqual(timesOf(withWordsMoved(THREE, 1, 2, 300, BOUNDS)), [[1000, 1700], [1700, 2200], [2500, 2900]]);
  assert.deepEqual(timesOf(withWordsMoved(THREE, 1, 2, -100, BOUNDS)), [[1000, 1300], [1300, 1800], [2500, 2900]]);
});

test("a moved word stops at its neighbours, and shortens only those that it touches", () => {
  assert.deepEqual(timesOf(withWordsMoved(THREE, 1, 2, 800, BOUNDS)), [[1000, 2000], [2000, 2500], [2500, 2900]]);
  assert.deepEqual(timesOf(withWordsMoved(THREE, 1, 2, -900, BOUNDS)), [[1000, 1020], [1020, 1520], [2500, 2900]]);
});

test("after any move no words overlap, pinned neighbours are unchanged, and moved words keep their length", () => {
  let seed = 11;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 4000; round++) {
    let at = random(500);
    const placed = [...Array(2 + random(7)).keys()].map((word) => {
      const start = at + (random(3) ? 0 : random(700)), end = start + 5 + random(500);
      at = end;
      return { word, start, end, pinned: !random(4) };
    });
    const bounds = { from: 0, to: at + random(400) };
    const k = random(placed.length), by = random(4000) - 2000;
    const last = k + 1 + random(placed.length - k);
    const isBody = random(2) === 1;
    const moved = isBody ? withWordsMoved(placed, k, last, by, bounds) : withEdgeMoved(placed, k, random(2) ? "start" : "end", placed[k].start + by, bounds);
    moved.forEach(({ start, end, pinned }, j) => {
      assert.ok(start < end, `round ${round}: word ${j} has no length`);
      assert.ok(start >= bounds.from && end <= bounds.to, `round ${round}: word ${j} left the episode`);
      if (j) assert.ok(moved[j - 1].end <= start, `round ${round}: words ${j - 1} and ${j} overlap`);
      if (isBody && j >= k && j < last) assert.equal(end - start, placed[j].end - placed[j].start);
      else if (isBody && pinned) assert.deepEqual(moved[j], placed[j]);
    });
  }
});

test("the word nearest to a time is found", () => {
  assert.equal(nearest(THREE, 1500), 1);
  assert.equal(nearest(THREE, 2400), 2);
  assert.equal(nearest([], 5), -1);
});

test("a view is centred on its passage within the episode; a long passage is shown from its start", () => {
  assert.deepEqual(viewAround(4000, 5000, 3000, 10_000), { from: 3000, to: 6000 });
  assert.deepEqual(viewAround(100, 200, 3000, 10_000), { from: 0, to: 3000 });
  assert.deepEqual(viewAround(9900, 9990, 3000, 10_000), { from: 7000, to: 10_000 });
  assert.deepEqual(viewAround(2000, 9000, 3000, 10_000), { from: 1700, to: 4700 });
  assert.deepEqual(viewAround(0, 500, 3000, 1000), { from: 0, to: 1000 });
});

test("words that moved equally are one correction", () => {
  const moved = withWordsMoved(THREE, 0, 2, 100, BOUNDS);
  assert.deepEqual(correctionsOf(THREE, moved, { first: 0, last: 2 }), [{ kind: "move", first: 0, stop: 2, by: 0.1 }]);
});

test("an edge corrects its word, and the neighbour only if that is pinned", () => {
  assert.deepEqual(correctionsOf(THREE, withEdgeMoved(THREE, 0, "end", 1500, BOUNDS), { first: 0, last: 1 }), [
    { kind: "place", word: 0, start: 1, end: 1.5 },
  ]);
  const pinned = words([[1000, 1400], [1400, 1900], [2500, 2900]], [1]);
  assert.deepEqual(correctionsOf(pinned, withEdgeMoved(pinned, 0, "end", 1500, BOUNDS), { first: 0, last: 1 }), [
    { kind: "place", word: 0, start: 1, end: 1.5 },
    { kind: "place", word: 1, start: 1.5, end: 1.9 },
  ]);
});

// A note that is not spoken, and four words of speech, two of them in a row not spoken.
const SAID = { starts: [null, 100, null, null, 900], ends: [null, 400, null, null, 1200] };
const SPEECH = new Set([1, 2, 3, 4]);

test("the next word is spoken or belongs to speech", () => {
  assert.equal(wordBeyond(SAID, SPEECH, 1, 1), 2);
  assert.equal(wordBeyond(SAID, SPEECH, 1, -1), null);
  assert.equal(wordBeyond(SAID, SPEECH, 4, 1), null);
  assert.equal(wordBeyond(SAID, new Set(), 1, 1), 4);
});

test("unspoken words are listed with the end of the word before them", () => {
  assert.deepEqual(unspokenBetween(SAID, SPEECH, { first: 0, last: 5 }, 50, null), [{ word: 2, after: 400 }, { word: 3, after: 400 }]);
  assert.deepEqual(unspokenBetween(SAID, SPEECH, { first: 2, last: 4 }, 50, null).map(({ after }) => after), [50, 50]);
});
