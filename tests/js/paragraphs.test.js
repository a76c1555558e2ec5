import assert from "node:assert/strict";
import test from "node:test";

import { areSame, asEdited, completedName, offsetOf, paragraphsOf, wordsIn } from "../../web/static/js/page/paragraphs.js";

const said = (speaker, text) => ({ kind: "speech", speaker, text });
const ANA = said("Ana", "Good day."), MORE = said("Ana", "And more.");

test("each line is a paragraph, except empty ones", () => {
  assert.deepEqual(paragraphsOf(said("Ana", " Good day. \n\n  And more.\n")), [ANA, MORE]);
});

test("a no-break space stays one", () => {
  const french = said("Ana", "Depuis\u202f? \u00ab\u00a0Oui\u00a0\u00bb.");
  assert.deepEqual(paragraphsOf(asEdited(french)), [french]);
});

test("a paragraph is unchanged if its text was restored, or only its line breaks differ", () => {
  assert.ok(areSame([said("Ana", "Good\nday.")], paragraphsOf(said(" Ana ", "Good day. "))));
  assert.ok(!areSame([ANA], [ANA, MORE]));
  assert.ok(!areSame([ANA], [said("Bo", "Good day.")]));
});

test("punctuation alone is not a word", () => {
  assert.deepEqual(["", "Oui – ", "Oui – vous ?"].map(wordsIn), [0, 1, 2]);
});

test("code points are counted as the server counts them", () => {
  assert.equal(offsetOf("a😀b", 2), 3);
  assert.equal(offsetOf("abc", 9), 3);
});

test("the beginning of a name is completed to the first speaker whose name starts with it", () => {
  assert.equal(completedName("ines", ["Bo", "Inès Vauquelin"]), "Inès Vauquelin");
  assert.equal(completedName("Bo", ["Bo Anders", "Bo"]), "Bo");
  assert.equal(completedName("Zoé", ["Bo"]), "Zoé");
});
