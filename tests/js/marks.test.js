import assert from "node:assert/strict";
import test from "node:test";

import "./page.js";

const { isSamePassage, linesOf, movesOf } = await import("../../web/static/js/page/marks.js");
const place = (id, first, last) => ({ id, first, last });
const ids = (places) => linesOf(places).map((line) => line.map(({ id }) => id).join(""));

test("quotes that do not overlap are all on the first line", () => {
  assert.deepEqual(ids([place("b", 5, 9), place("a", 0, 5)]), ["ab", "", ""]);
});

test("quotes that overlap are on lines of their own", () => {
  assert.deepEqual(ids([place("a", 0, 10), place("b", 3, 6), place("c", 8, 12), place("d", 10, 11)]), ["ad", "bc", ""]);
  assert.deepEqual(ids([place("a", 0, 9), place("b", 1, 9), place("c", 2, 9), place("d", 3, 9)]), ["a", "b", "cd"]);
});

test("flags of one word stand in a row, and go back as far as the column is too narrow", () => {
  assert.deepEqual(movesOf(3, 100, 24, 342), [0, 14, 28]);
  assert.deepEqual(movesOf(1, 330, 24, 342), [-12]);
  assert.deepEqual(movesOf(3, 300, 24, 342), [-10, 4, 18]);
});

test("a clip is of a quote even if what was hesitated about at an end is cut off, and not of another", () => {
  assert.ok(isSamePassage([10, 20], [10, 20]));
  assert.ok(isSamePassage([11, 20], [10, 20]));
  assert.ok(!isSamePassage([10, 13], [10, 20]));
  assert.ok(!isSamePassage([20, 30], [10, 20]));
  assert.ok(!isSamePassage([5, 30], [10, 20]));
});
