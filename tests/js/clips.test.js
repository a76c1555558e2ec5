import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { stateOf } from "../../web/static/js/clips/clip-jobs.js";
import { factsOf } from "../../web/static/js/clips/clips.js";

const JOB = { state: "running", stage: "", done: 0, total: null, seconds_left: null, message: "" };

test("a clip that is being made says how long it takes, where that is known, else what is done", () => {
  assert.equal(stateOf({ ...JOB, state: "waiting" }), "Waiting for its turn");
  assert.equal(stateOf({ ...JOB, stage: "audiogram" }), "Painting the video");
  assert.equal(stateOf({ ...JOB, stage: "audiogram", seconds_left: 61.5 }), "1:01 left");
  assert.equal(stateOf({ ...JOB, seconds_left: 0.2 }), "0:01 left");
  assert.equal(stateOf({ ...JOB, stage: "something else" }), "Cutting");
});

test("a clip that was not made says why", () => {
  assert.equal(stateOf({ ...JOB, state: "failed", message: "The disk is full.", seconds_left: 3 }), "The disk is full.");
});

test("a clip is told by its shape or its format, and by its length", () => {
  assert.equal(factsOf({ name: "a.b.mp3", shape: null, duration: 12.5 }), "MP3 · 13 s");
  assert.equal(factsOf({ name: "a.mp4", shape: "square", duration: 61.9 }), "Square · 1:01");
  assert.equal(factsOf({ name: "a.wav", shape: null, duration: null }), "WAV");
});
