import assert from "node:assert/strict";
import test from "node:test";

import { clock, roundedTimeLeft, spokenSeconds, toMilliseconds } from "../../web/static/js/ui/durations.js";
import { table } from "./tables.js";

const cases = table("data/durations.json");

test("clock times are rounded down to the second", () => {
  for (const [seconds, shown] of cases.clock) assert.equal(clock(seconds), shown, `${seconds}`);
});

test("decimals of clock times are truncated", () => {
  for (const [seconds, decimals, shown] of cases["clock with decimals"]) assert.equal(clock(seconds, decimals), shown);
});

test("a length in words is rounded to the nearest second, at least one", () => {
  for (const [seconds, spoken] of cases["spoken seconds"]) assert.equal(spokenSeconds(seconds), spoken, `${seconds}`);
});

test("remaining time is rounded as people would say it", () => {
  for (const [seconds, said] of cases["time left"]) assert.deepEqual(roundedTimeLeft(seconds), said, `${seconds}`);
});

test("half a millisecond is rounded up", () => {
  assert.equal(toMilliseconds(0.0005), 1);
  assert.equal(toMilliseconds(0.0004), 0);
});
