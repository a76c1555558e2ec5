import assert from "node:assert/strict";
import test from "node:test";

import { shortened } from "../../web/static/js/ui/shortening.js";

const upTo = (letters) => (text) => text.length <= letters;

test("a text that fits stays whole, any other ends with a whole word and an ellipsis", () => {
  assert.equal(shortened("le vent du port", upTo(15)), "le vent du port");
  assert.equal(shortened("le vent du port", upTo(14)), "le vent du…");
  assert.equal(shortened("le vent du port", upTo(10)), "le vent…");
  assert.equal(shortened("le vent du port", upTo(3)), "le…");
});

test("no ellipsis follows a comma, and no-break spaces are not broken", () => {
  assert.equal(shortened("la mer, le vent", upTo(9)), "la mer…");
  assert.equal(shortened("un «\u00a0mot\u00a0» ici", upTo(9)), "un…");
  assert.equal(shortened("clé de 15\u00a0: tout", upTo(11)), "clé de 15…");
});
