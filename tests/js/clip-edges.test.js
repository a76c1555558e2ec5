import assert from "node:assert/strict";
import test from "node:test";

import { ClipDraft, edgeBeside, spokenBeyond, spokenEnds, wordsBetween } from "../../web/static/js/clips/clip-edges.js";

// "One two (three) four five": the third word is not spoken; a pause of one second before the fourth.
const DATA = { duration: 6, starts: [500, 1000, null, 3000, 3500], ends: [900, 2000, null, 3400, 5900] };

test("an edge takes half of a short pause, and no more than 0.2 s of a long one", () => {
  assert.equal(edgeBeside(DATA, 1, "start"), 0.95);
  assert.equal(edgeBeside(DATA, 3, "start"), 2.8);
  assert.equal(edgeBeside(DATA, 1, "end"), 2.2);
  assert.equal(edgeBeside(DATA, 0, "end"), 0.95);
});

test("words between two edges are those with their middle there", () => {
  assert.deepEqual(wordsBetween(DATA, 0.7, 1.5), [0, 1]);
  assert.deepEqual(wordsBetween(DATA, 0.7, 1.51), [0, 2]);
  assert.deepEqual(wordsBetween(DATA, 0.95, 3.3), [1, 4]);
  assert.equal(wordsBetween(DATA, 2.1, 2.9), null);
});

test("steps between words skip unspoken ones and end at the last", () => {
  assert.equal(spokenBeyond(DATA, 1, 1), 3);
  assert.equal(spokenBeyond(DATA, 3, -1), 1);
  assert.equal(spokenBeyond(DATA, 3, 9), 4);
  assert.equal(spokenBeyond(DATA, 0, -1), 0);
});

test("unspoken words stay in the quote while its spoken words are the same", () => {
  assert.deepEqual(spokenEnds(DATA, 1, 3), [1, 1]);
  const draft = new ClipDraft(DATA, 1, 3);
  for (const [end, words] of [[2.2, [1, 3]], [3.3, [1, 4]]]) {
    draft.move("end", end);
    assert.deepEqual([draft.first, draft.last], words);
  }
});

test("a clip keeps its words when others are inserted or deleted, and is lost with its own", () => {
  const draft = new ClipDraft(DATA, 1, 3);
  for (const [change, words] of [
    [{ at: 3, removed: 1, inserted: 4 }, [1, 3]], [{ at: 1, removed: 0, inserted: 2 }, [3, 5]], [{ at: 0, removed: 3, inserted: 1 }, [1, 3]],
    [{ at: 2, removed: 1, inserted: 1 }, [1, 3]],
  ]) {
    assert.ok(draft.follow(change));
    assert.deepEqual([draft.first, draft.last, draft.key], [...words, words.join("-")]);
  }
  assert.ok(!draft.follow({ at: 2, removed: 0, inserted: 1 }));
});

const PREVIEW = { start: 0.95, end: 2.2, duration: 1.15, text: "two (three)" };

test("a draft runs from its first spoken word to its last", () => {
  const draft = new ClipDraft(DATA, 1, 3);
  assert.deepEqual(draft.ends, [1, 1]);
  assert.deepEqual(draft.shown, { start: 1, end: 2 });
});

test("the server finds the edges until the reader moves one, and again after a reset", () => {
  const draft = new ClipDraft(DATA, 1, 3);
  assert.deepEqual(draft.request, { first: 1, last: 3 });
  draft.applyPreview(PREVIEW);
  assert.deepEqual([draft.request, draft.isMoved], [{ first: 1, last: 3 }, false]);
  draft.move("end", 3.3);
  assert.deepEqual([draft.request, draft.isMoved], [{ first: 1, last: 4, start: 0.95, end: 3.3 }, true]);
  draft.reset();
  assert.deepEqual([draft.request, draft.isMoved], [{ first: 1, last: 3 }, false]);
});

test("an edge stays 0.2 s from the other, and within the episode", () => {
  const draft = new ClipDraft(DATA, 1, 2);
  draft.move("start", 5);
  assert.equal(draft.shown.start, 1.8);
  draft.move("start", -1);
  assert.equal(draft.shown.start, 0);
  draft.move("end", -1);
  assert.equal(draft.shown.end, 0.2);
  draft.move("end", 99);
  assert.equal(draft.shown.end, DATA.duration);
});

test("an edge that passes the middle of a word adds or removes it", () => {
  const draft = new ClipDraft(DATA, 0, 2);
  const held = [0.71, 0.69, 1.4].map((time) => {
    draft.move("start", time);
    return [draft.first, draft.last];
  });
  assert.deepEqual(held, [[1, 2], [0, 2], [1, 2]]);
});

test("a step by words leaves room at the edge and never passes the other edge", () => {
  const draft = new ClipDraft(DATA, 1, 4);
  assert.equal(draft.stepped("start", 1), 2.8);
  assert.equal(draft.stepped("end", -1), 2.2);
  assert.equal(draft.stepped("end", -2), null);
  assert.equal(new ClipDraft(DATA, 3, 4).stepped("start", 1), null);
});
