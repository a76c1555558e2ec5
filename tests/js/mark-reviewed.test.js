import assert from "node:assert/strict";
import test from "node:test";

import "./page.js";

const { countReviewed, withSpan } = await import("../../web/static/js/review/mark-reviewed.js");

test("audio played in pieces is one span, in any order", () => {
  let spans = withSpan([], 1000, 2000);
  spans = withSpan(spans, 5000, 6000);
  assert.deepEqual(spans, [[1000, 2000], [5000, 6000]]);
  spans = withSpan(spans, 2030, 3000);
  assert.deepEqual(spans, [[1000, 3000], [5000, 6000]]);
  assert.deepEqual(withSpan(spans, 500, 7000), [[500, 7000]]);
  assert.deepEqual(withSpan(spans, 10, 10), spans);
});

// Four words of speech and a heading; the third is not spoken.
const DATA = { starts: [0, 1000, null, 3000, 4000], ends: [800, 1800, null, 3800, 4800] };

test("a word is reviewed if it is pinned or its middle was played", () => {
  const review = { speech: [0, 4], pinned: [3, 5], written: [] };
  assert.deepEqual(countReviewed(DATA, review, []), { reviewed: 1, words: 4 });
  assert.deepEqual(countReviewed(DATA, review, [[0, 500]]), { reviewed: 2, words: 4 });
  assert.deepEqual(countReviewed(DATA, review, [[0, 300]]), { reviewed: 1, words: 4 });
});

test("an unspoken word is reviewed if the end of the word before it was played", () => {
  const review = { speech: [0, 4], pinned: [], written: [] };
  assert.deepEqual(countReviewed(DATA, review, [[1200, 1790]]), { reviewed: 1, words: 4 });
  assert.deepEqual(countReviewed(DATA, review, [[1200, 1800]]), { reviewed: 2, words: 4 });
});

test("every word of speech in a paragraph that somebody wrote or saved is reviewed, and counted once", () => {
  const review = { speech: [0, 4], pinned: [1, 2], written: [1, 3, 4, 5] };
  assert.deepEqual(countReviewed(DATA, review, []), { reviewed: 2, words: 4 });
  assert.deepEqual(countReviewed(DATA, review, [[0, 500], [1200, 1790]]), { reviewed: 3, words: 4 });
});
