import assert from "node:assert/strict";
import test from "node:test";

import { termsOf } from "../../web/static/js/ui/fold.js";
import "./page.js";
import { table } from "./tables.js";

const { hitsOf, passageOf } = await import("../../web/static/js/page/finding.js");

const SAID = [
  ["Inès Vauquelin", "Un vélo qui dort dans une cave, voilà bien du temps perdu."],
  ["Inès Vauquelin", "Ce matin, la cave du vélociste est ouverte, et le vélo attend."],
  ["Max: the producer", "Who ate the last biscuit? Not Max."],
  ["", "これは 日本語の文章 radio 東京から"],
];
const words = SAID.flatMap(([, text]) => text.split(" "));
let first = 0;
const PASSAGES = SAID.map(([speaker, text]) => {
  const own = text.split(" "), passage = passageOf(speaker, first, own);
  first += own.length;
  return passage;
});
const found = (typed, isPhrase = false) =>
  hitsOf(PASSAGES, typed, isPhrase).map((hit) => hit.map(([from, to]) => words.slice(from, to).join(" ")).join(" … "));

test("what was typed is found as it stands, whatever its accents and case, also within a word", () => {
  assert.deepEqual(found("VELO QUI"), ["vélo qui"]);
  assert.deepEqual(found("velo"), ["vélo", "vélociste", "vélo"]);
  assert.deepEqual(found("velo", true), ["vélo", "vélo"]);
  assert.deepEqual(found("ciste est"), ["vélociste est"]);
  assert.deepEqual(found("e"), [...words.keys()].filter((k) => /[eé]/.test(words[k])).map((k) => words[k]));
  assert.deepEqual(found("temps perdu. Ce"), []);
});

test("words that stand nowhere so are found in paragraphs that have them all, the last one perhaps begun", () => {
  assert.deepEqual(found("perdu cave"), ["cave, … perdu."]);
  assert.deepEqual(found("cave veloc"), ["cave … vélociste"]);
  assert.deepEqual(found("matin zeppelin"), []);
  assert.deepEqual(found("perdu cave", true), []);
});

test("a phrase in quotation marks is found as it is", () => {
  assert.deepEqual(found("“le vélo” cave"), ["cave … le vélo"]);
  assert.deepEqual(found("“vélo dort” cave"), []);
});

test("a name and a colon lead to what that person says, or where they begin to speak", () => {
  assert.deepEqual(found("vauquelin: max"), []);
  assert.deepEqual(found("Max: the producer: biscuit"), ["biscuit?"]);
  assert.deepEqual(found("max: last who"), ["Who … last"]);
  assert.deepEqual(found("Max:"), ["Who"]);
  assert.deepEqual(found("Nobody: biscuit last"), []);
});

test("words of scripts without spaces begin and end anywhere", () => {
  assert.deepEqual(found("日本語 東京"), ["日本語の文章 … 東京から"]);
});

test("what is typed is read as the library's search reads it", () => {
  for (const [query, terms] of Object.entries(table("data/query.json"))) {
    assert.deepEqual(termsOf(query).map(({ words, begun }) => [words.join(" "), begun]), terms, query);
  }
});
