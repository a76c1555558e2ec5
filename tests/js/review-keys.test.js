import assert from "node:assert/strict";
import test from "node:test";

import { actOf } from "../../web/static/js/review/keys.js";

const FREE = { inField: false, onControl: false, letters: true };
const press = (key, held = {}, where = FREE) => actOf({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held }, where);

test("keys act as in subtitle editors", () => {
  const told = Object.fromEntries([..."sqwadretub"].map((key) => [key, press(key).act]));
  assert.deepEqual(told, { s: "word", q: "before", w: "after", a: "first", d: "last", r: "loop", e: "edit", t: "now", u: "unspoken", b: "belong" });
  assert.deepEqual(press("F8"), { act: "next" });
  assert.deepEqual(press("F8", { shiftKey: true }), { act: "previous" });
  assert.deepEqual(press("Enter"), { act: "accept" });
  assert.deepEqual(press("S"), { act: "word" });
});

test("arrows with Alt move by ten milliseconds, with Shift by fifty", () => {
  assert.deepEqual(press("ArrowLeft", { altKey: true }), { act: "nudge", by: -10 });
  assert.deepEqual(press("ArrowRight", { altKey: true, shiftKey: true }), { act: "nudge", by: 50 });
  assert.equal(press("ArrowRight"), null);
  assert.equal(press("ArrowUp", { altKey: true }), null);
});

test("in a field keys are text", () => {
  const field = { ...FREE, inField: true, onControl: true };
  assert.equal(press("s", {}, field), null);
  assert.equal(press("Enter", {}, field), null);
  assert.equal(press("ArrowLeft", { altKey: true }, field), null);
});

test("Enter presses a focused button", () => {
  assert.equal(press("Enter", {}, { ...FREE, onControl: true }), null);
  assert.deepEqual(press("s", {}, { ...FREE, onControl: true }), { act: "word" });
});

test("single letters can be disabled, and are not shortcuts with Control", () => {
  assert.equal(press("s", {}, { ...FREE, letters: false }), null);
  assert.deepEqual(press("F8", {}, { ...FREE, letters: false }), { act: "next" });
  assert.equal(press("s", { ctrlKey: true }), null);
  assert.equal(press("w", { metaKey: true }), null);
});
