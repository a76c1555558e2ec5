import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

const { unsaidBetween, wordBeyond } = await import("../../web/static/js/review/word-rows.js");

// A note that nobody reads, four words of speech, of which two together are not said.
const DATA = { starts: [null, 100, null, null, 900], ends: [null, 400, null, null, 1200] };
const SPEECH = new Set([1, 2, 3, 4]);

test("the next word is one that is said, or one of speech", () => {
  assert.equal(wordBeyond(DATA, SPEECH, 1, 1), 2);
  assert.equal(wordBeyond(DATA, SPEECH, 1, -1), null);
  assert.equal(wordBeyond(DATA, SPEECH, 4, 1), null);
  assert.equal(wordBeyond(DATA, new Set(), 1, 1), 4);
});

test("words that nobody says are told with when the word before them ends", () => {
  assert.deepEqual(unsaidBetween(DATA, SPEECH, { first: 0, last: 5 }, 50, null), [{ word: 2, after: 400 }, { word: 3, after: 400 }]);
  assert.deepEqual(unsaidBetween(DATA, SPEECH, { first: 2, last: 4 }, 50, null).map(({ after }) => after), [50, 50]);
});
