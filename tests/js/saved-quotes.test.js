import assert from "node:assert/strict";
import test from "node:test";

import "./page.js";

const { linesOf } = await import("../../web/static/js/page/saved-quotes.js");
const place = (id, first, last) => ({ id, first, last });
const ids = (places) => linesOf(places).map((line) => line.map(({ id }) => id).join(""));

test("quotes that do not overlap are all on the first line", () => {
  assert.deepEqual(ids([place("b", 5, 9), place("a", 0, 5)]), ["ab", "", ""]);
});

test("quotes that overlap are on lines of their own", () => {
  assert.deepEqual(ids([place("a", 0, 10), place("b", 3, 6), place("c", 8, 12), place("d", 10, 11)]), ["ad", "bc", ""]);
  assert.deepEqual(ids([place("a", 0, 9), place("b", 1, 9), place("c", 2, 9), place("d", 3, 9)]), ["a", "b", "cd"]);
});
