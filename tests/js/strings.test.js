import "./page.js";

import assert from "node:assert/strict";
import test from "node:test";

import { isolated, t } from "../../web/static/js/ui/strings.js";

test("values are inserted into a string unchanged", () => {
  assert.equal(t("kept.mark", { text: "deux fois\u202f!" }), "Saved quote: deux fois\u202f!");
});

test("right-to-left values are isolated from the string", () => {
  assert.equal(t("clip.starts", { time: "0:12.34", word: "הגינה" }), "0:12.34, before “\u2068הגינה\u2069”");
  assert.equal(isolated("البحر 3"), "\u2068البحر 3\u2069");
  assert.equal(isolated("Ἰλιάς, Море 3"), "Ἰλιάς, Море 3");
});
