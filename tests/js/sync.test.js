import assert from "node:assert/strict";
import test from "node:test";

import { lastStarted, newWords, spokenNear, timeline, toSentence, wordAt } from "../../web/static/js/page/sync.js";

test("the last started word is the one that a linear search finds", () => {
  const times = [0, 100, 100, 250, 900];
  for (let now = -50; now <= 1000; now += 25) {
    assert.equal(lastStarted(times, now), times.findLastIndex((time) => time <= now));
  }
  assert.equal(lastStarted([], 5), -1);
});

test("the timeline has the spoken words in order of time", () => {
  const line = timeline([500, null, 100, 100], [600, null, 200, 150]);
  assert.deepEqual(line, { words: [2, 3, 0], starts: [100, 100, 500], ends: [200, 150, 600] });
});

test("a word is highlighted from its start and over a short pause", () => {
  const line = timeline([100, 900], [200, 1000]);
  const lit = [99, 100, 199, 499, 500, 899, 900, 1299, 1300].map((now) => wordAt(line, now));
  assert.deepEqual(lit, [-1, 0, 0, 0, -1, -1, 1, 1, -1]);
});

test("the nearest spoken word is the next one, or at the end the last", () => {
  const starts = [null, 100, null, 300, null];
  assert.deepEqual([0, 1, 2, 3, 4, 9].map((i) => spokenNear(starts, i)), [1, 1, 3, 3, 3, 3]);
  assert.equal(spokenNear([null, null], 0), -1);
  assert.equal(spokenNear([], 0), -1);
});

test("a selection extends to every sentence that it touches, and is unchanged outside sentences", () => {
  const sentences = [0, 4, 4, 9, 12, 15];
  assert.deepEqual(toSentence(sentences, { first: 2, last: 3 }), { first: 0, last: 4 });
  assert.deepEqual(toSentence(sentences, { first: 3, last: 5 }), { first: 0, last: 9 });
  assert.deepEqual(toSentence(sentences, { first: 4, last: 9 }), { first: 4, last: 9 });
  assert.deepEqual(toSentence(sentences, { first: 9, last: 12 }), { first: 9, last: 12 });
  assert.deepEqual(toSentence(sentences, { first: 10, last: 13 }), { first: 10, last: 15 });
});

test("an inserted word is the only new one", () => {
  assert.deepEqual(newWords(10, ["a", "b", "b", "c"], ["a", "b", "x", "b", "c"]), { at: 12, removed: 0, inserted: 1 });
});

test("only changed words are replaced, also beside a repeated word", () => {
  assert.deepEqual(newWords(0, ["a", "b", "c"], ["a", "x", "y", "c"]), { at: 1, removed: 1, inserted: 2 });
  assert.deepEqual(newWords(0, ["a", "a", "b"], ["a", "b"]), { at: 1, removed: 1, inserted: 0 });
});
