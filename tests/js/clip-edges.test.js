import assert from "node:assert/strict";
import test from "node:test";

import { edgeAfter, edgeBefore, spokenBeyond, spokenEnds, wordsBetween, wordsKept } from "../../web/static/js/clips/clip-edges.js";

// "One two (three) four five", of which nobody says the third; a second of pause before the fourth word.
const DATA = { duration: 6, starts: [500, 1000, null, 3000, 3500], ends: [900, 2000, null, 3400, 5900] };

test("an edge takes half of a short pause, and no more than 0.2 s of a long one", () => {
  assert.equal(edgeBefore(DATA, 1), 0.95);
  assert.equal(edgeBefore(DATA, 3), 2.8);
  assert.equal(edgeAfter(DATA, 1), 2.2);
  assert.equal(edgeAfter(DATA, 0), 0.95);
});

test("words are between edges that hold their middle", () => {
  assert.deepEqual(wordsBetween(DATA, 0.7, 1.5), [0, 1]);
  assert.deepEqual(wordsBetween(DATA, 0.7, 1.51), [0, 2]);
  assert.deepEqual(wordsBetween(DATA, 0.95, 3.3), [1, 4]);
  assert.equal(wordsBetween(DATA, 2.1, 2.9), null);
});

test("steps from word to word pass over what nobody says, and end at the last", () => {
  assert.equal(spokenBeyond(DATA, 1, 1), 3);
  assert.equal(spokenBeyond(DATA, 3, -1), 1);
  assert.equal(spokenBeyond(DATA, 3, 9), 4);
  assert.equal(spokenBeyond(DATA, 0, -1), 0);
});

test("printed words that nobody says stay in the quote while the same words are said", () => {
  assert.deepEqual(spokenEnds(DATA, 1, 3), [1, 1]);
  assert.deepEqual(wordsKept(DATA, [1, 3], 0.95, 2.2), [1, 3]);
  assert.deepEqual(wordsKept(DATA, [1, 3], 0.95, 3.3), [1, 4]);
  assert.deepEqual(wordsKept(DATA, [1, 3], 2.1, 2.9), [1, 3]);
});
