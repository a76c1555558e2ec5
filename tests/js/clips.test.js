import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { stateOf } from "../../web/static/js/clips/clips.js";

const JOB = { state: "running", stage: "", run_done: null, run_seconds_left: null };

test("a clip that is being made says how long it takes, where that is known, else what is done", () => {
  assert.equal(stateOf({ ...JOB, state: "waiting" }), "Waiting for its turn");
  assert.equal(stateOf({ ...JOB, stage: "audiogram" }), "Painting the video");
  assert.equal(stateOf({ ...JOB, stage: "audiogram", seconds_left: 5, run_seconds_left: 61.5 }), "about a minute left");
  assert.equal(stateOf({ ...JOB, run_seconds_left: 0.2 }), "a few seconds left");
  assert.equal(stateOf({ ...JOB, stage: "something else" }), "Cutting");
});
