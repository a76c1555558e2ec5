// What a published page is told of its words: the numbers that packing.py writes are read as they were.

import assert from "node:assert/strict";
import { test } from "node:test";

import { numbersOf } from "../../web/static/js/site/unpacking.js";

test("numbers are read in digits of 46, the least first", () => {
  assert.deepEqual([...numbersOf("")], []);
  assert.deepEqual([...numbersOf("!#OP#")], [0, 1, 45, 46]); // the example of packing.py
  assert.deepEqual([...numbersOf("~O~~#")], [45 + 45 * 46, 45 + 45 * 46 + 46 * 46]);
});
