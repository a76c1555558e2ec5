import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { EmbedError, readEmbedData } from "../../web/static/js/embed/data.js";
import { passageOf, wordsOf } from "../../web/static/js/embed/passage.js";
import { millisecondsOf, STRINGS, Wording } from "../../web/static/js/embed/wording.js";
import { table } from "./tables.js";

const DATA = {
  format: "quote-cast", version: "1.0", title: "Le bac", language: "fr", direction: "ltr",
  audio: { duration: 60_000, sources: [{ src: "bac.mp3", type: "audio/mpeg" }] },
  verdict: "good", machine_text: false, review: null, speakers: ["Ada", "Luc"],
  chapters: [{ title: "L’été", start: 0, end: 20_000 }, { title: "L’hiver", start: 20_000, end: 60_000 }],
  paragraphs: [
    { kind: "heading", words: ["L’été"] },
    { kind: "speech", speaker: 0, words: ["Le ", "premier ", "bac, ", "tôt."], start: 1000, starts: [0, 400, null, 600], lengths: [300, 500, null, 400] },
    { kind: "heading", words: ["L’hiver"] },
    { kind: "speech", speaker: 1, words: ["Le ", "dernier ", "bac."], start: 21_000, starts: [0, 500, 500], lengths: [400, 400, 900] },
  ],
  quotes: [{ text: "Le dernier bac.", speaker: "Luc", start: 21_000, end: 22_900 }],
  missing: [],
};

/** @param {(data: any) => void} change */
function changed(change) {
  const data = structuredClone(DATA);
  change(data);
  return data;
}

function problemOf(data) {
  try {
    readEmbedData(data);
  } catch (error) {
    assert.ok(error instanceof EmbedError);
    return error.problem;
  }
  return null;
}

test("dates are formatted as on the app's pages, in any time zone", () => {
  for (const { language, told, is } of table("web/days.json")) {
    const host = { closest: () => ({ getAttribute: () => language }) };
    assert.equal(new Wording(host).day(told), is);
  }
});

test("the times of words are the sums of their gaps", () => {
  const { starts, ends } = readEmbedData(DATA);
  assert.deepEqual(starts, [null, 1000, 1400, null, 2000, null, 21_000, 21_500, 22_000]);
  assert.deepEqual(ends, [null, 1300, 1900, null, 2400, null, 21_400, 21_900, 22_900]);
});

test("a later major version is refused; of a later minor one, unknown fields are ignored", () => {
  assert.equal(problemOf(changed((data) => { data.version = "2.0"; })), "malformed");
  assert.equal(problemOf(changed((data) => { data.format = "quotecast"; })), "malformed");
  assert.equal(problemOf(changed((data) => { data.version = "1.7"; data.mood = "blue"; data.paragraphs[1].mood = 3; })), null);
  assert.equal(readEmbedData(changed((data) => { data.paragraphs[1].kind = "poem"; })).paragraphs[1].kind, "note");
  assert.equal(readEmbedData(changed((data) => { data.direction = 'rtl"><b>'; })).direction, "ltr");
});

test("only web addresses become links", () => {
  const url = (address) => readEmbedData(changed((data) => { data.url = address; })).url;
  assert.equal(url("https://example.org/bac"), "https://example.org/bac");
  for (const address of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc", "//example.org", "https://", "x"]) assert.equal(url(address), null);
});

const asked = (wanted) => {
  const { kind, start, end } = passageOf(readEmbedData(DATA), wanted);
  return [kind, start, end];
};

test("a chapter is found by its number, a time within it, or its title", () => {
  for (const chapter of ["2", "0:25", "l'hiver", "L’HIVER"]) assert.deepEqual(asked({ chapter }), ["chapter", 20_000, 60_000], chapter);
});

test("a quote is found by its number, by words of it, or by words of the transcript", () => {
  for (const quote of ["1", "dernier BAC", "le dernier bac"]) assert.deepEqual(asked({ quote }), ["quote", 21_000, 22_900], quote);
  assert.deepEqual(asked({ quote: "premier bac, tot" }), ["quote", 1400, 2400]);
  assert.deepEqual(asked({ start: "0:01.5", end: "2" }), ["quote", 1500, 2000]);
});

test("a passage that does not exist is an error", () => {
  for (const wanted of [{ chapter: "3" }, { chapter: "0" }, { chapter: "été" }, { quote: "2" }, { quote: "Le der" }, { quote: "…" }, { start: "5", end: "4" }, { start: "x" }, { start: "90" }]) {
    assert.throws(() => asked(wanted), (error) => error instanceof EmbedError && error.problem === "nowhere", JSON.stringify(wanted));
  }
});

test("a passage has the words spoken in it and all between them", () => {
  const cast = readEmbedData(DATA);
  assert.deepEqual(wordsOf(cast, passageOf(cast, { chapter: "1" })), [1, 5]);
  assert.deepEqual(wordsOf(cast, passageOf(cast, { quote: "1" })), [6, 9]);
  assert.deepEqual(wordsOf(cast, passageOf(cast, {})), [0, 9]);
});

test("times are parsed in all usual notations", () => {
  assert.deepEqual(["83.5", "1:23,5", " 1:01:01 ", "x", "", "1:2:3:4", "-5"].map(millisecondsOf), [83_500, 83_500, 3_661_000, null, null, null, null]);
});

test("both languages have all strings, with the same placeholders and the app's wording", () => {
  const filled = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  assert.deepEqual(Object.keys(STRINGS.fr), Object.keys(STRINGS.en));
  for (const [key, text] of Object.entries(STRINGS.en)) assert.deepEqual(filled(STRINGS.fr[key]), filled(text), key);
  const catalogue = JSON.parse(readFileSync(new URL("../../aligner/languages/sentences.fr.json", import.meta.url), "utf8"));
  const same = (mine, english) => assert.equal(mine.toLowerCase(), catalogue[english].toLowerCase());
  same(STRINGS.fr.machine, STRINGS.en.machine.toLowerCase());
  same(STRINGS.fr.timed, STRINGS.en.timed.toLowerCase());
  for (const text of Object.values(STRINGS.fr)) assert.doesNotMatch(text, / [:;!?%»]|« /);
});
