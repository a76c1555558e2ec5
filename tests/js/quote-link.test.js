import assert from "node:assert/strict";
import test from "node:test";

import { linkTo, readFragment, resolve, writeFragment } from "../../web/static/js/page/quote-link.js";
import { table } from "./tables.js";

// "Un deux (trois) quatre": the third word is not spoken.
const DATA = {
  hash: "0badcafe", duration: 10, starts: [1000, 2000, null, 3004], ends: [1500, 2500, null, 3333],
  chars: [0, 2, 3, 7, 8, 15, 16, 22],
};

test("fragments are parsed and resolved like the table's", () => {
  for (const { fragment, is } of table("web/quotes/fragments.json")) {
    const link = readFragment(fragment);
    const found = link && [link.start, link.end, link.chars, link.version, link.malformed];
    assert.deepEqual(found, is, fragment);
  }
});

test("a written link leads back to its words", () => {
  for (let first = 0; first < 4; first++) {
    for (let last = first + 1; last <= 4; last++) {
      const link = readFragment(`#${writeFragment(linkTo(DATA, first, last))}`);
      const target = resolve(DATA, link);
      assert.deepEqual([target.first, target.last, target.notice], [first, last, null]);
    }
  }
});

test("times are rounded outwards to enclose the whole words", () => {
  assert.equal(writeFragment(linkTo(DATA, 3, 4)), "t=3,3.34&w=16-22&v=0badcafe");
});

test("in another version of the transcript the times decide, with a notice", () => {
  const target = resolve({ ...DATA, hash: "ffffffff" }, readFragment("t=1,2.5&w=900-905&v=0badcafe"));
  assert.deepEqual(target, { first: 0, last: 2, start: 1, notice: "changed" });
});

test("a time beyond the end leads to no words", () => {
  assert.equal(resolve(DATA, readFragment("t=99")).notice, "nowhere");
});

test("a link to missing words gives a notice", () => {
  for (const [fragment, first, notice] of [
    ["w=5000-6000&v=0badcafe&t=1,2.5", 0, "malformed"], ["w=5000-6000&v=0badcafe", null, "nowhere"], ["w=0-9", null, "nowhere"],
    ["t=0,0.2", null, "nowhere"], ["t=2", null, null], ["t=x", null, "malformed"],
  ]) {
    const target = resolve(DATA, readFragment(fragment));
    assert.deepEqual([target.first, target.notice], [first, notice], fragment);
  }
  assert.equal(readFragment(`t=1,2&${"w".repeat(1_000_000)}`).malformed, true);
});

// Return the data of words with some lengths and starts, separated by spaces.
function dataOf(words, hash) {
  const data = { hash, duration: 99, starts: [], ends: [], chars: [] };
  let at = 0;
  for (const { length, start } of words) {
    data.starts.push(start);
    data.ends.push(start === null ? null : start + 300);
    data.chars.push(at, at + length);
    at += length + 1;
  }
  return data;
}

test("after changes elsewhere a link never selects other words", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const some = (least, most) => Array.from({ length: least + random(most) }, () => ({ length: 1 + random(3), said: random(2) === 1 }));
  for (let round = 0; round < 2000; round++) {
    const [before, after, newBefore, newAfter, meant] = [some(0, 5), some(0, 5), some(0, 5), some(0, 5), some(1, 5)];
    // Whatever stands between what was there and the changes stays.
    const now = [...newBefore, ...before, ...meant, ...after, ...newAfter].map(({ length, said }, k) => ({ length, start: said ? 2000 + k * 500 : null }));
    const was = now.slice(newBefore.length, now.length - newAfter.length);
    const link = writeFragment(linkTo(dataOf(was, "0badcafe"), before.length, before.length + meant.length));
    const { first, last } = resolve(dataOf(now, "ffffffff"), readFragment(link) ?? {});
    const from = newBefore.length + before.length, to = from + meant.length;
    for (let k = from; k < to; k++) if (now[k].start !== null) assert.ok(first !== null && first <= k && k < last, link);
    if (first !== null) assert.ok(first >= from && last <= to, link);
  }
});
