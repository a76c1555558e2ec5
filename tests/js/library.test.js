import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { kindOf } from "../../web/static/js/library/slots.js";
import { tallyOf } from "../../web/static/js/library/understood.js";
import { sizeOf } from "../../web/static/js/library/upload.js";
import { sentenceOf } from "../../web/static/js/library/working.js";

const JOB = { state: "running", stage: "letters", done: 1, total: 3, seconds_left: 75.9, run_done: 0.333, run_seconds_left: 487, message: "" };

test("a job says what is done, how far it is and how long it will take", () => {
  assert.equal(sentenceOf(JOB), "Listening, 33%, about 8\u00a0minutes left");
  assert.equal(sentenceOf({ ...JOB, run_seconds_left: null }), "Listening, 33%");
  assert.equal(sentenceOf({ ...JOB, run_done: null }), "Listening");
  assert.equal(sentenceOf({ ...JOB, stage: "something else", run_done: null }), "Working");
  assert.equal(sentenceOf({ ...JOB, stage: "" }), "Starting");
});

test("a job that does not run says why", () => {
  assert.equal(sentenceOf({ ...JOB, state: "waiting" }), "Waits until other work has ended");
  assert.equal(sentenceOf({ ...JOB, state: "cancelled" }), "Cancelled");
  assert.equal(sentenceOf({ ...JOB, state: "failed", message: "no such file" }), "It did not work: no such file");
});

test("sizes are said in the largest unit that they have one of, to one decimal", () => {
  const said = [0, 28, 499_900, 1_000_000, 1_260_000, 2_500_000_000].map((bytes) => sizeOf(bytes).replace("\u00a0", " "));
  assert.deepEqual(said, ["0 kB", "0.1 kB", "499.9 kB", "1 MB", "1.3 MB", "2.5 GB"]);
});

test("a file goes where its name says, else where its type does", () => {
  const kinds = [
    ["talk.MP3", ""], ["talk", "audio/x-own"], ["talk.webm", "video/webm"], ["cover.JPG", "image/jpeg"],
    ["talk.docx", ""], ["notes", "text/plain"], ["talk.srt", "application/x-subrip"], ["talk.zip", "application/zip"],
  ].map(([name, type]) => kindOf({ name, type }));
  assert.deepEqual(kinds, ["audio", "audio", "audio", "cover", "transcript", "transcript", "transcript", null]);
});

test("a transcript's tally counts words and speakers, and says that what is grey is not looked for", () => {
  const preview = { words: 1234, speakers: [["Ada", 3], ["Bob", 2]], counts: { speech: 5 } };
  assert.equal(tallyOf(preview), "1,234\u00a0words, 2\u00a0speakers");
  assert.equal(tallyOf({ ...preview, speakers: [["Ada", 5]] }), "1,234\u00a0words, 1\u00a0speaker");
  assert.equal(tallyOf({ ...preview, speakers: [] }), "1,234\u00a0words, no speakers named");
  assert.match(tallyOf({ ...preview, counts: { speech: 5, note: 1 } }), /^1,234\u00a0words, 2\u00a0speakers; what is grey /);
});
