import assert from "node:assert/strict";
import test from "node:test";

import { aroundOf, placeOf } from "../../web/static/js/page/found-again.js";

const SEA = "The sea was calm, and nobody on the pier had seen the boat leave.";
const PORT = "Well, I went to the port that morning, as I do every day.";
const NIGHT = "At night the lamps are lit, and one can hear the engines.";
const PAGE = [SEA, "Yes.", PORT, "Yes.", NIGHT];

const shown = (texts) => texts.map((each) => (typeof each === "string" ? { who: "speech Ana", text: each } : each));

function place(now, was, first, stop = first + 1) {
  const { first: from, stop: to } = placeOf(shown(now), aroundOf(shown(was), first, stop));
  return [from, to];
}

test("what is edited is found where it stands after others were put before it, be it in another wording", () => {
  assert.deepEqual(place(["A new one.", ...PAGE], PAGE, 2), [3, 4]);
  assert.deepEqual(place([SEA, "Yes.", PORT.replace("went", "walked"), "Yes.", NIGHT], PAGE, 2), [2, 3]);
  assert.deepEqual(place(["A new one.", SEA, "Yes.", PORT.replace("went", "walked"), "Yes.", NIGHT], PAGE, 2, 4), [3, 5]);
});

test("one that is deleted is nowhere, whatever words others share with it, and its place is told", () => {
  assert.deepEqual(place(PAGE.toSpliced(2, 1), PAGE, 2), [2, 2]);
  assert.deepEqual(place(PAGE.toSpliced(0, 1), PAGE, 0), [0, 0]);
  assert.deepEqual(place(PAGE.slice(0, -1), PAGE, 4), [4, 4]);
  assert.deepEqual(place(PAGE.toSpliced(1, 2), PAGE, 1, 3), [1, 1]);
  assert.deepEqual(place([], PAGE, 2), [0, 0]);
});

test("of several that are the same another one is never taken for one that is deleted", () => {
  assert.deepEqual(place(PAGE.toSpliced(3, 1), PAGE, 3), [3, 3]);
  assert.deepEqual(place(PAGE.toSpliced(1, 1), PAGE, 1), [1, 1]);
  assert.deepEqual(place(PAGE.toSpliced(1, 1), PAGE, 3), [2, 3]);
  const both = [{ who: "speech Ana", text: "Yes." }, { who: "speech Bo", text: "Yes." }];
  assert.deepEqual(place([SEA, both[1], NIGHT], [SEA, ...both, NIGHT], 1), [1, 1]);
  assert.deepEqual(place([SEA, both[0], NIGHT], [SEA, ...both, NIGHT], 2), [2, 2]);
});

test("of one that was split all parts are meant", () => {
  const [one, two] = [PORT.slice(0, 20), PORT.slice(20)];
  assert.deepEqual(place([SEA, "Yes.", one, two, "Yes.", NIGHT], PAGE, 2), [2, 4]);
});

test("a place between two is found again by them", () => {
  assert.deepEqual(place(["A new one.", ...PAGE], PAGE, 2, 2), [3, 3]);
  assert.deepEqual(place(["A new one.", ...PAGE], PAGE, 0, 0), [1, 1]);
  assert.deepEqual(place(PAGE.toSpliced(2, 1), PAGE, 5, 5), [4, 4]);
});
