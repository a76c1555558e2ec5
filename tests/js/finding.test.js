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

test("text is found regardless of accents and case, also within a word", () => {
  assert.deepEqual(found("VELO QUI"), ["vélo qui"]);
  assert.deepEqual(found("velo"), ["vélo", "vélociste", "vélo"]);
  assert.deepEqual(found("velo", true), ["vélo", "vélo"]);
  assert.deepEqual(found("ciste est"), ["vélociste est"]);
  assert.deepEqual(found("e"), [...words.keys()].filter((k) => /[eé]/.test(words[k])).map((k) => words[k]));
  assert.deepEqual(found("temps perdu. Ce"), []);
});

test("words that do not occur as typed are found in paragraphs with all of them, the last one also as a prefix", () => {
  assert.deepEqual(found("perdu cave"), ["cave, … perdu."]);
  assert.deepEqual(found("cave veloc"), ["cave … vélociste"]);
  assert.deepEqual(found("matin zeppelin"), []);
  assert.deepEqual(found("perdu cave", true), []);
});

test("a phrase in quotation marks is found only as a phrase", () => {
  assert.deepEqual(found("“le vélo” cave"), ["cave … le vélo"]);
  assert.deepEqual(found("“vélo dort” cave"), []);
});

test("a name and a colon search that speaker's paragraphs, or list their beginnings", () => {
  assert.deepEqual(found("vauquelin: max"), []);
  assert.deepEqual(found("Max: the producer: biscuit"), ["biscuit?"]);
  assert.deepEqual(found("max: last who"), ["Who … last"]);
  assert.deepEqual(found("Max:"), ["Who"]);
  assert.deepEqual(found("Nobody: biscuit last"), []);
});

test("in scripts without spaces a term may begin and end anywhere", () => {
  assert.deepEqual(found("日本語 東京"), ["日本語の文章 … 東京から"]);
});

test("queries are parsed like those of the library's search", () => {
  for (const [query, terms] of Object.entries(table("data/query.json"))) {
    assert.deepEqual(termsOf(query).map(({ words, isPrefix }) => [words.join(" "), isPrefix]), terms, query);
  }
});
