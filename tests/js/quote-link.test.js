import assert from "node:assert/strict";
import test from "node:test";

import { linkTo, readFragment, resolve, writeFragment } from "../../web/static/js/page/quote-link.js";
import { table } from "./tables.js";

// "Un deux (trois) quatre", of which nobody says the third.
const DATA = {
  hash: "0badcafe", duration: 10, starts: [1000, 2000, null, 3004], ends: [1500, 2500, null, 3333],
  chars: [0, 2, 3, 7, 8, 15, 16, 22],
};

test("fragments are read as the server reads them", () => {
  for (const { fragment, is } of table("web/quotes/fragments.json")) {
    const link = readFragment(fragment);
    const found = link && [link.start, link.end, link.chars, link.version, link.malformed];
    assert.deepEqual(found, is, fragment);
  }
});

test("what is written leads back to its words", () => {
  for (let first = 0; first < 4; first++) {
    for (let last = first + 1; last <= 4; last++) {
      const link = readFragment(`#${writeFragment(linkTo(DATA, first, last))}`);
      const target = resolve(DATA, link);
      assert.deepEqual([target.first, target.last, target.notice], [first, last, null]);
    }
  }
});

test("times are written outwards, so that they hold the words whole", () => {
  assert.equal(writeFragment(linkTo(DATA, 3, 4)), "t=3,3.34&w=16-22&v=0badcafe");
});

test("in another version of the transcript the times decide, and that is said", () => {
  const target = resolve({ ...DATA, hash: "ffffffff" }, readFragment("t=1,2.5&w=900-905&v=0badcafe"));
  assert.deepEqual(target, { first: 0, last: 2, start: 1, notice: "changed" });
});

test("a time beyond the end leads nowhere", () => {
  assert.equal(resolve(DATA, readFragment("t=99")).notice, "nowhere");
});
