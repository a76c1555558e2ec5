import assert from "node:assert/strict";
import test from "node:test";

import { clock, roundedTimeLeft, spokenSeconds, toMilliseconds } from "../../web/static/js/ui/durations.js";
import { table } from "./tables.js";

const cases = table("data/durations.json");

test("a clock shows the second that has begun", () => {
  for (const [seconds, shown] of cases.clock) assert.equal(clock(seconds), shown, `${seconds}`);
});

test("decimals of a clock are cut, not rounded", () => {
  for (const [seconds, decimals, shown] of cases["clock with decimals"]) assert.equal(clock(seconds, decimals), shown);
});

test("a length that is spoken goes to the nearest second, and is never none", () => {
  for (const [seconds, spoken] of cases["spoken seconds"]) assert.equal(spokenSeconds(seconds), spoken, `${seconds}`);
});

test("the time that is left is rounded as people say it", () => {
  for (const [seconds, said] of cases["time left"]) assert.deepEqual(roundedTimeLeft(seconds), said, `${seconds}`);
});

test("half a millisecond goes up", () => {
  assert.equal(toMilliseconds(0.0005), 1);
  assert.equal(toMilliseconds(0.0004), 0);
});
