import assert from "node:assert/strict";
import test from "node:test";

import "./page.js";

const { lookedAt, withHeard } = await import("../../web/static/js/review/mark-reviewed.js");

test("what is heard in pieces is one span, in whatever order", () => {
  let spans = withHeard([], 1000, 2000);
  spans = withHeard(spans, 5000, 6000);
  assert.deepEqual(spans, [[1000, 2000], [5000, 6000]]);
  spans = withHeard(spans, 2030, 3000);
  assert.deepEqual(spans, [[1000, 3000], [5000, 6000]]);
  assert.deepEqual(withHeard(spans, 500, 7000), [[500, 7000]]);
  assert.deepEqual(withHeard(spans, 10, 10), spans);
});

// Four words of speech and a heading; the third is not said.
const DATA = { starts: [0, 1000, null, 3000, 4000], ends: [800, 1800, null, 3800, 4800] };

test("a word was looked at that is pinned, or of which the middle was heard", () => {
  const review = { speech: [0, 4], pinned: [3, 5], written: [] };
  assert.deepEqual(lookedAt(DATA, review, []), { looked: 1, words: 4 });
  assert.deepEqual(lookedAt(DATA, review, [[0, 500]]), { looked: 2, words: 4 });
  assert.deepEqual(lookedAt(DATA, review, [[0, 300]]), { looked: 1, words: 4 });
});

test("what nobody says was looked at where the end of the word before it was heard", () => {
  const review = { speech: [0, 4], pinned: [], written: [] };
  assert.deepEqual(lookedAt(DATA, review, [[1200, 1790]]), { looked: 1, words: 4 });
  assert.deepEqual(lookedAt(DATA, review, [[1200, 1800]]), { looked: 2, words: 4 });
});

test("all of a paragraph was looked at that somebody wrote or saved, each word once, and none that is not speech", () => {
  const review = { speech: [0, 4], pinned: [1, 2], written: [1, 3, 4, 5] };
  assert.deepEqual(lookedAt(DATA, review, []), { looked: 2, words: 4 });
  assert.deepEqual(lookedAt(DATA, review, [[0, 500], [1200, 1790]]), { looked: 3, words: 4 });
});
