import assert from "node:assert/strict";
import test from "node:test";

import "./page.js";

const { accepting, isOpen, placeOf, positionAfter, positionStepped } = await import("../../web/static/js/review/queue.js");
const { renumbered } = await import("../../web/static/js/page/transcript.js");

/** Return an item, about words unless they are null. */
const item = (kind, words, start = words?.[0] ?? 0, end = words?.[1] ?? 1) => ({ kind, words, start, end, reasons: [], work: 5, recognised: null, shown: null });

const A = item("misplaced", [10, 20]), B = item("unfound", [30, 31]), C = item("untranscribed", null, 40, 50), D = item("norm", [60, 70], 6, 7);
const ALL = [A, B, C, D];

test("a passage is recognised after its edges moved", () => {
  assert.equal(placeOf([B, item("misplaced", [12, 25])], A), 1);
  assert.equal(placeOf([item("untranscribed", null, 41, 52)], C), 0);
  assert.equal(placeOf([item("unfound", [10, 20]), item("misplaced", [20, 25])], A), -1);
  assert.equal(placeOf([item("untranscribed", null, 50, 60)], C), -1);
});

test("the step after the last passage leads to the first", () => {
  const last = { items: ALL, at: 3, shown: D };
  assert.deepEqual(positionStepped(last, 1), { items: ALL, at: 0, shown: A });
  assert.deepEqual(positionStepped({ items: ALL, at: 0, shown: A }, -1), last);
});

test("a finished passage stays shown, and the next is the one in its place", () => {
  const left = positionAfter({ items: ALL, at: 1, shown: B }, [A, C, D]);
  assert.deepEqual(left, { items: [A, C, D], at: 1, shown: B });
  assert.equal(isOpen(left), false);
  assert.equal(positionStepped(left, 1).shown, C);
  assert.equal(positionStepped(left, -1).shown, A);
});

test("an open passage stays shown, whatever its new number", () => {
  const now = item("unfound", [30, 32]);
  assert.deepEqual(positionAfter({ items: ALL, at: 1, shown: B }, [now, A, C]), { items: [now, A, C], at: 0, shown: now });
});

test("items are accepted in one correction: words as they are, norms and speech as annotations", () => {
  assert.deepEqual(accepting(ALL), {
    kind: "accept",
    words: [[10, 20], [30, 31]],
    annotations: [["dismissed", 40, 50], ["norm", 6, 7]],
  });
});

test("a passage keeps its words when others are inserted or deleted before it", () => {
  const inserted = { at: 5, removed: 2, inserted: 4 };
  assert.deepEqual([4, 5, 6, 7, 9].map((word) => renumbered(word, inserted)), [4, 5, 6, 9, 11]);
  assert.deepEqual([4, 5, 6, 7].map((word) => renumbered(word, { at: 5, removed: 2, inserted: 0 })), [4, 5, 5, 5]);
});
