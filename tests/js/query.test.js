import assert from "node:assert/strict";
import test from "node:test";

import { fold } from "../../web/static/js/page/fold.js";
import { hitsOf, together } from "../../web/static/js/page/places.js";
import { isQuoting, readQuery } from "../../web/static/js/page/query.js";
import { table } from "./tables.js";

const TEXT = ` ${fold("Un vélo qui dort dans une cave, voilà bien du temps perdu. Ce matin, la cave du vélociste est ouverte, et le vélo attend.")} `;
const NOBODY = { names: [], at: () => "" };

const found = (query, { text = TEXT, speakers = NOBODY } = {}) =>
  together(text, readQuery(query), speakers).map((marks) => marks.map(([start, end]) => text.slice(start, end)));

test("a query is read as the library's search reads it", () => {
  for (const [query, terms] of Object.entries(table("data/query.json"))) {
    assert.deepEqual(readQuery(query).terms.map(({ text, begun }) => [text, begun]), terms, query);
  }
});

test("words are found in any order, each where it is nearest to the one said least, and the last may be begun", () => {
  assert.deepEqual(found("cave vélo"), [["velo", "cave"], ["cave", "velociste"]]);
  assert.deepEqual(found("attend matin"), [["matin", "attend"]]);
  assert.deepEqual(found("matin zeppelin"), []);
});

test("a phrase in quotation marks is found as it is", () => {
  assert.deepEqual(found("“le vélo” cave"), [["cave", "le velo"]]);
  assert.deepEqual(found("“vélo dort” cave"), []);
  assert.deepEqual([isQuoting("“le vélo” cave"), isQuoting('"le vé'), isQuoting("l’été")], [true, false, false]);
});

test("words of scripts without spaces begin and end anywhere, those beside them do not", () => {
  const text = " これは日本語の文章 radio 東京から ";
  assert.deepEqual(found("日本語 東京", { text }), [["日本語", "東京"]]);
  assert.deepEqual(found("“文章 radio 東京”", { text }), [["文章 radio 東京"]]);
  assert.deepEqual(found("“adio 東京”", { text }), []);
});

test("a word may be in the name of who speaks instead of being said", () => {
  const names = ["ines vauquelin", "maelle"];
  const speakers = { names, at: (place) => names[Number(place > TEXT.indexOf("matin"))] };
  assert.deepEqual(found("Maëlle: vélo", { speakers }), [["velociste"], ["velo"]]);
  assert.deepEqual(found("vauquelin “cave”", { speakers }), [["cave"]]);
  assert.deepEqual(found("Maëlle", { speakers }), []);
  assert.deepEqual(found("cave vauq", { speakers }), [["cave"]]);
});

const TURNS = [
  ["נועה", "Max, what did you bring? A biscuit?"], ["Max: the producer", "Who ate the last biscuit? Not X."],
  [null, "Biscuits"], ["X", "Thanks, Max. Note: this is at 3:15, max."], ["Anna de la Tour", "La cave, de la tour."],
];

function hits(typed) {
  let folded = " ";
  const turns = TURNS.map(([speaker, said]) => {
    const start = folded.length;
    folded += `${fold(said)} `;
    return { speaker, start, end: folded.length };
  });
  return hitsOf(folded, typed, turns).map((marks) => marks.map(([start, end]) => folded.slice(start, end)));
}

test("a name before a colon is who speaks, whatever is said nearby", () => {
  for (const typed of ["Max: biscuit", "max : biscuit", "Max: the producer: biscuit", "“Max: the producer”: biscuit"]) {
    assert.deepEqual(hits(typed), [["biscuit"]], typed);
  }
  assert.deepEqual(hits("Max: last who"), [["who", "last"]]);
  assert.deepEqual(hits("Max: the last"), [["the last"]]);
  assert.deepEqual(hits("X: thanks"), [["thanks"]]);
  assert.deepEqual(hits("x: max"), [["max"], ["max"]]);
  for (const typed of ["Max: what", "Max: max", "X: biscuit", "Max: thanks", "נועה: biscuit thanks"]) {
    assert.deepEqual(hits(typed), [], typed);
  }
});

test("a name and a colon alone give where that person begins to speak", () => {
  assert.deepEqual([hits("X:"), hits("Max: the producer"), hits("max:")], [[["thanks"]], [["who"]], [["who"]]]);
});

test("without a colon a name and a word give first what that person says, then what was typed", () => {
  assert.deepEqual(hits("max what"), [["max what"]]);
  assert.deepEqual(hits("max biscuit"), [["biscuit"], ["max", "biscuit"], ["biscuits", "max"]]);
  assert.deepEqual(hits("x thanks"), [["x", "thanks"]]);
  assert.deepEqual(hits("anna cave"), [["cave"]]);
  assert.deepEqual(hits("de la"), [["de la"]]);
});
