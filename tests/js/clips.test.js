import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { stateOf } from "../../web/static/js/clips/clip-jobs.js";
import { factsOf } from "../../web/static/js/clips/clip-card.js";

const JOB = { state: "running", stage: "", run_done: null, run_seconds_left: null, message: "" };

test("a clip that is being made says how long it takes, where that is known, else what is done", () => {
  assert.equal(stateOf({ ...JOB, state: "waiting" }), "Waiting for its turn");
  assert.equal(stateOf({ ...JOB, stage: "audiogram" }), "Painting the video");
  assert.equal(stateOf({ ...JOB, stage: "audiogram", seconds_left: 5, run_seconds_left: 61.5 }), "about a minute left");
  assert.equal(stateOf({ ...JOB, run_seconds_left: 0.2 }), "a few seconds left");
  assert.equal(stateOf({ ...JOB, stage: "something else" }), "Cutting");
});

test("a clip that was not made says why", () => {
  assert.equal(stateOf({ ...JOB, state: "failed", message: "The disk is full.", run_seconds_left: 3 }), "The disk is full.");
});

test("a clip is told by its shape, its length and its size", () => {
  const [sound, video] = [{ video: false, shape: null }, { video: true, shape: null }];
  assert.equal(factsOf({ ...sound, duration: 12.5, size_bytes: 205_000 }), "Sound · 13\u00a0s · 205\u00a0kB");
  assert.equal(factsOf({ ...video, shape: "square", duration: 61.9, size_bytes: 1_240_000 }), "Square · 1:01 · 1.2\u00a0MB");
  assert.equal(factsOf({ ...video, duration: null, size_bytes: 0 }), "Video · 0\u00a0kB");
});
