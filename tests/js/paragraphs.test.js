import assert from "node:assert/strict";
import test from "node:test";

import { asKind, blocksOf, changeOf, merged, offsetOf, paragraphsOf, split, wordsBefore } from "../../web/static/js/page/paragraphs.js";

const said = (speaker, text) => ({ kind: "speech", speaker, text });
const ANA = said("Ana", "Good day."), MORE = said("Ana", "And more."), BO = said("Bo", "Well.");
const HEADING = { kind: "heading", speaker: null, text: "The sea" };

test("what one person says in a row is one block, and comes back as it was", () => {
  const blocks = blocksOf([HEADING, ANA, MORE, BO]);
  assert.deepEqual(blocks.map(({ text }) => text), ["The sea", "Good day.\nAnd more.", "Well."]);
  assert.deepEqual(paragraphsOf(blocks), [HEADING, ANA, MORE, BO]);
});

test("a space at which no line may end stays one", () => {
  const french = said("Ana", "Depuis\u202f? \u00ab\u00a0Oui\u00a0\u00bb.");
  assert.deepEqual(paragraphsOf(blocksOf([french])), [french]);
});

test("a new line is a new paragraph, an empty one is none", () => {
  assert.deepEqual(paragraphsOf([said("Ana", " Good day. \n\n  And more.\n")]), [ANA, MORE]);
});

test("nothing has changed where the text was typed and put back", () => {
  assert.equal(changeOf([ANA, MORE], paragraphsOf(blocksOf([ANA, MORE]))), null);
});

test("only what has become another is told, between what stayed", () => {
  const typo = said("Ana", "And mores.");
  assert.deepEqual(changeOf([ANA, MORE, BO], [ANA, typo, BO]), { first: 1, stop: 2, paragraphs: [typo] });
  assert.deepEqual(changeOf([ANA, BO], [ANA, MORE, BO]), { first: 1, stop: 1, paragraphs: [MORE] });
  assert.deepEqual(changeOf([ANA, MORE, BO], [ANA, BO]), { first: 1, stop: 2, paragraphs: [] });
  assert.deepEqual(changeOf([ANA], []), { first: 0, stop: 1, paragraphs: [] });
});

test("a paragraph that was doubled is one more, not two others", () => {
  assert.deepEqual(changeOf([ANA, BO], [ANA, ANA, BO]), { first: 1, stop: 1, paragraphs: [ANA] });
});

test("a block that is split at the caret goes on by another speaker, without the space between", () => {
  assert.deepEqual(split([said("Ana", "Good day. Well.")], 0, 10, "Bo"), [ANA, BO]);
  assert.deepEqual(split([said("Ana", "Good day. Well.")], 0, 9, null), [ANA, said(null, "Well.")]);
});

test("a block that is merged is said by who said the one before, and the caret is where they meet", () => {
  const { blocks, at } = merged([ANA, BO], 1);
  assert.deepEqual(blocks, [said("Ana", "Good day. Well.")]);
  assert.equal(at, "Good day. ".length);
});

test("the caret is in or after so many words, and marks alone are none", () => {
  assert.deepEqual([0, 1, 5, 7, 20].map((at) => wordsBefore("Oui – vous ?", at)), [0, 1, 1, 2, 2]);
});

test("code points are counted as the server counts them", () => {
  assert.equal(offsetOf("a😀b", 2), 3);
  assert.equal(offsetOf("abc", 9), 3);
});

test("a name before what becomes a heading or a note is its first words, and a name again where it is said after all", () => {
  const block = { kind: "speech", speaker: " Note of the editors ", text: "Shortened.\nAnd smoothed.", labelled: true };
  for (const kind of ["note", "heading"]) {
    const made = asKind(block, kind);
    assert.deepEqual(made, { kind, speaker: null, text: "Note of the editors: Shortened.\nAnd smoothed.", labelled: true });
    assert.deepEqual(asKind(made, "speech", "Note of the editors"), { ...block, speaker: "Note of the editors" });
    assert.deepEqual(asKind({ ...made, text: "Shortened." }, "speech", "Note of the editors").text, "Shortened.");
  }
  assert.deepEqual(asKind(block, "stage"), { ...block, kind: "stage" });
  assert.deepEqual(asKind({ ...block, speaker: null }, "note"), { ...block, speaker: null, kind: "note" });
  assert.deepEqual(asKind({ ...block, labelled: false }, "note").text, block.text); // the name is not of the text
  assert.deepEqual(asKind({ kind: "note", speaker: null, text: "Ana: so." }, "heading"), { kind: "heading", speaker: null, text: "Ana: so." });
});
