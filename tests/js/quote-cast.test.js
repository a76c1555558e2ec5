import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import test from "node:test";

import { captionsOf } from "../../web/static/js/cast/captions.js";
import { readCast } from "../../web/static/js/cast/data.js";
import { passageOf, wordsOf } from "../../web/static/js/cast/passage.js";
import { CastError, fileAt } from "../../web/static/js/cast/fetching.js";
import { clock, millisecondsOf, STRINGS, Wording } from "../../web/static/js/cast/wording.js";
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
    readCast(data);
  } catch (error) {
    assert.ok(error instanceof CastError);
    return error.problem;
  }
  return null;
}

test("days are told as our other pages tell them, wherever the reader is", () => {
  for (const { language, told, is } of table("web/days.json")) {
    const host = { closest: () => ({ getAttribute: () => language }) };
    assert.equal(new Wording(host).day(told), is);
  }
});

test("words get the times that their gaps add up to", () => {
  const { starts, ends, said } = readCast(DATA);
  assert.deepEqual(starts, [null, 1000, 1400, null, 2000, null, 21_000, 21_500, 22_000]);
  assert.deepEqual(ends, [null, 1300, 1900, null, 2400, null, 21_400, 21_900, 22_900]);
  assert.deepEqual(said, [1, 2, 4, 6, 7, 8]);
});

test("a later major version is refused as such, a later minor one is read, and what is new in it passed over", () => {
  assert.equal(problemOf(changed((data) => { data.version = "2.0"; })), "newer");
  assert.equal(problemOf(changed((data) => { data.version = "1.7"; data.mood = "blue"; data.paragraphs[1].mood = 3; })), null);
  assert.equal(readCast(changed((data) => { data.paragraphs[1].kind = "poem"; })).paragraphs[1].kind, "note");
  assert.equal(readCast(changed((data) => { data.missing = [{ kind: "song", start: 0, end: 1 }]; })).missing[0].kind, "speech");
});

const DAMAGES = {
  "no object": () => null,
  "another format": changed((data) => { data.format = "quotecast"; }),
  "version 0": changed((data) => { data.version = "0.9"; }),
  "no kind": changed((data) => { delete data.paragraphs[1].kind; }),
  "a direction that is markup": changed((data) => { data.direction = 'rtl"><b>'; }),
  "an endless sound": changed((data) => { data.audio.duration = 1e300; }),
  "a time that is a text": changed((data) => { data.chapters[0].start = "0"; }),
  "a time below zero": changed((data) => { data.paragraphs[1].starts[1] = -5000; }),
  "an end before its start": changed((data) => { data.quotes[0].end = 1; }),
  "lists of unequal length": changed((data) => { data.paragraphs[1].starts.pop(); }),
  "a speaker who is not there": changed((data) => { data.paragraphs[1].speaker = 2; }),
  "a share of more than all": changed((data) => { data.review = { by: "Ada", on: "2026-01-01", share: 2 }; }),
};

test("what is damaged is refused, and never with another error", () => {
  for (const [name, damaged] of Object.entries(DAMAGES)) {
    assert.equal(problemOf(typeof damaged === "function" ? damaged() : damaged), "malformed", name);
  }
});

test("more than any episode has is refused before it is read", () => {
  const spoken = { kind: "note", words: Array(250_000).fill("") };
  for (const [count, problem] of [[4, null], [5, "malformed"]]) assert.equal(problemOf(changed((data) => { data.paragraphs = Array(count).fill(spoken); })), problem);
  for (const name of ["paragraphs", "quotes", "chapters", "missing"]) {
    const counted = (count) => problemOf(changed((data) => { data[name] = Array(count).fill({ kind: "note", words: [], title: "", text: "", start: name === "paragraphs" ? null : 0, end: 0 }); }));
    assert.deepEqual([counted(100_000), counted(100_001)], [null, "malformed"], name);
  }
});

test("whatever one value of it is made, it is read or refused", () => {
  const odd = [null, undefined, true, -1, 0.5, 1e400, NaN, "", "x", [], {}, [[]], { length: 5 }];
  const walk = (value, path) => (typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, each]) => [[...path, key], ...walk(each, [...path, key])]) : []);
  for (const path of walk(DATA, [])) {
    for (const value of odd) {
      const data = changed((whole) => {
        const holder = path.slice(0, -1).reduce((each, key) => each[key], whole);
        holder[path.at(-1)] = value;
      });
      assert.ok([null, "malformed"].includes(problemOf(data)), `${path}: ${value}`);
    }
  }
});

test("an address that is none of the web leads nowhere", () => {
  const url = (address) => readCast(changed((data) => { data.url = address; })).url;
  assert.equal(url("https://example.org/bac"), "https://example.org/bac");
  for (const address of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc", "//example.org", "https://", "x"]) assert.equal(url(address), null);
});

const asked = (wanted) => {
  const { kind, start, end } = passageOf(readCast(DATA), wanted);
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

test("nothing else is found, and that is told", () => {
  for (const wanted of [{ chapter: "3" }, { chapter: "0" }, { chapter: "été" }, { quote: "2" }, { quote: "Le der" }, { quote: "…" }, { start: "5", end: "4" }, { start: "x" }, { start: "90" }]) {
    assert.throws(() => asked(wanted), (error) => error instanceof CastError && error.problem === "nowhere", JSON.stringify(wanted));
  }
});

test("a passage has the words that are said in it and what stands between them", () => {
  const cast = readCast(DATA);
  assert.deepEqual(wordsOf(cast, passageOf(cast, { chapter: "1" })), [1, 5]);
  assert.deepEqual(wordsOf(cast, passageOf(cast, { quote: "1" })), [6, 9]);
  assert.deepEqual(wordsOf(cast, passageOf(cast, {})), [0, 9]);
});

test("times are read as people write them, and written as players do", () => {
  assert.deepEqual(["83.5", "1:23,5", " 1:01:01 ", "x", "", "1:2:3:4", "-5"].map(millisecondsOf), [83_500, 83_500, 3_661_000, null, null, null, null]);
  assert.deepEqual([0, 59_999, 3_600_000].map(clock), ["0:00", "0:59", "1:00:00"]);
});

test("captions begin with paragraphs, and cut what is long, best after a sentence or a comma", () => {
  const said = ["A first sentence that is of a good length, to be cut. ", "Another one ".repeat(12), "begins, ", "and goes on and on and on and on and on and on and on and on and on and on."];
  const words = said.flatMap((each) => each.split(/(?<= )/));
  const cast = readCast(changed((data) => { data.paragraphs = [{ kind: "note", words: ["One."] }, { kind: "note", words }]; }));
  const cuts = captionsOf(cast);
  const shown = cuts.slice(1).map((cut, k) => words.slice(cut - 1, (cuts[k + 2] ?? Infinity) - 1).join(""));
  assert.equal(cuts[0], 0);
  assert.equal(shown.join(""), words.join(""));
  assert.equal(shown[0], said[0]);
  assert.ok(shown.some((each) => each.endsWith("begins, ")));
  for (const each of shown) assert.ok(each.length <= 90 && each.length > 20, each);
});

/**
 * What is read, within 1000 bytes, of a server that answers so: the text or the problem, and whether it was left in the middle.
 * @param {import("node:http").RequestListener} answer
 */
async function fetched(answer) {
  /** @type {Promise<boolean>} */
  let left = Promise.resolve(false);
  const server = createServer((request, response) => {
    left = once(response, "close").then(() => !response.writableFinished);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const found = await fileAt(`http://127.0.0.1:${server.address().port}/`, 1000, new AbortController())
    .then(({ file }) => file.text(), (error) => (error instanceof CastError ? error.problem : error));
  const all = [found, await left];
  server.close();
  server.closeAllConnections();
  return all;
}

test("a file is read whole, and what is none refused", async () => {
  assert.deepEqual(await fetched((_, response) => { response.write("été "); response.end("x".repeat(994)); }), [`été ${"x".repeat(994)}`, false]);
  assert.deepEqual(await fetched((_, response) => response.writeHead(404).end()), ["data", false]);
});

test("what is too large or has no end is not read any further", async () => {
  assert.deepEqual((await fetched((_, response) => response.end("x".repeat(1001))))[0], "malformed");
  const endless = (_, response) => {
    const more = () => { while (response.write("[".repeat(300))); };
    response.on("drain", more);
    more();
  };
  assert.deepEqual(await fetched(endless), ["malformed", true]);
});

test("what does not begin to answer, or stops in the middle, is waited for half a minute and no longer", async ({ mock }) => {
  for (const begun of ["", "{"]) {
    mock.timers.enable({ apis: ["setTimeout"] });
    let ticking;
    const stalling = (_, response) => {
      if (begun) response.write(begun);
      ticking = setInterval(() => mock.timers.tick(30_000), 20);
    };
    assert.deepEqual(await fetched(stalling), ["data", true]);
    clearInterval(ticking);
    mock.timers.reset();
  }
});

test("both languages say all of it, with the same values, as the app's catalogue says it", () => {
  const filled = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  assert.deepEqual(Object.keys(STRINGS.fr), Object.keys(STRINGS.en));
  for (const [key, text] of Object.entries(STRINGS.en)) assert.deepEqual(filled(STRINGS.fr[key]), filled(text), key);
  const catalogue = JSON.parse(readFileSync(new URL("../../aligner/languages/sentences.fr.json", import.meta.url), "utf8"));
  const same = (mine, english) => assert.equal(mine.toLowerCase(), catalogue[english].toLowerCase());
  same(STRINGS.fr.machine, STRINGS.en.machine.replace("M", "m"));
  same(STRINGS.fr.timed, STRINGS.en.timed.replace("M", "m"));
  for (const text of Object.values(STRINGS.fr)) assert.doesNotMatch(text, / [:;!?%»]|« /);
});
