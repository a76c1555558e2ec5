import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { align, Fingerprinter, isAnother, match, readSidecar } from "../../web/static/js/sync/quotecast-sync.js";
import { table } from "./tables.js";

const HOP = 0.064; // seconds
const AUDIO = Object.fromEntries(["own", "ad", "other"].map((name) => [name, samplesOf(name)]));
const OWN = readSidecar(file("own.sync"));

/** @param {string} name in tests/data/sync */
function file(name) { return readFileSync(new URL(`../data/sync/${name}`, import.meta.url)); }

/** @param {string} name of a WAV file with 8 bits */
function samplesOf(name) {
  const bytes = file(`${name}.wav`);
  return Float32Array.from(bytes.subarray(bytes.indexOf("data") + 8), (byte) => (byte - 128) / 128);
}

/** @param {Float32Array} samples at 16 kHz @param {boolean} [raises] */
function hopsOf(samples, raises) {
  const fingerprinter = new Fingerprinter(raises), at = (/** @type {number} */ n) => samples[n] ?? 0;
  const half = Float32Array.from({ length: samples.length >> 1 }, (_, n) => (at(2 * n - 1) + 3 * (at(2 * n) + at(2 * n + 1)) + at(2 * n + 2)) / 8);
  for (let start = 0; start < half.length; start += 5000) fingerprinter.add(half.subarray(start, start + 5000)); // as it is delivered
  return fingerprinter.hops(true);
}

for (const name of Object.keys(AUDIO)) test(`the fingerprint of ${name}.wav is the one that Python wrote`, () => {
  const { bits, sounds } = hopsOf(AUDIO[name], false), sidecar = readSidecar(file(`${name}.sync`));
  assert.deepEqual([sounds, bits].map((each) => each.filter((_, i) => i % 4 === 0)), [sidecar.sounds, sidecar.bits]);
});

for (const { delivered, pieces, spans } of table("data/sync/vectors.json")) test(`of ${delivered} the expected spans are found`, () => {
  const parts = pieces.map(({ audio, first, last, gain = 1 }) => AUDIO[audio].subarray(first, last).map((sample) => sample * gain));
  const found = match(OWN, hopsOf(Float32Array.from(parts.flatMap((part) => [...part]))));
  assert.equal(isAnother(OWN, found), spans === null);
  if (!spans) return;
  assert.equal(found.length, spans.length);
  spans.forEach((span, n) => {
    for (const edge of Object.keys(span)) assert.ok(Math.abs(found[n][edge] - span[edge]) <= HOP, `${edge}: ${found[n][edge]}`);
    const off = found[n].delivered_start - found[n].own_start - span.delivered_start + span.own_start;
    assert.ok(Math.abs(off) <= 0.008, `off by ${off}`);
  });
});

test("a damaged sync file is refused, whichever byte is wrong", () => {
  const good = file("ad.sync");
  for (let at = 0; at < good.length; at++) {
    const bad = Uint8Array.from(good);
    bad[at] ^= 1 << at % 8;
    assert.throws(() => readSidecar(bad), { code: "sidecar" }, `byte ${at}`);
  }
  for (const bad of [new Uint8Array(0), good.subarray(0, 100), new Uint8Array(300)]) assert.throws(() => readSidecar(bad), { code: "sidecar" });
});

test("audio that is neither MP3 nor AAC, or that breaks off before any, is refused", async () => {
  for (const content of [file("own.wav"), new Uint8Array(1000), new Uint8Array(0)]) {
    await assert.rejects(align(URL.createObjectURL(new Blob([content])), file("own.sync")), { code: "codec" });
  }
  await assert.rejects(align("http://127.0.0.1:9/", file("own.sync")), { code: "unreadable" });
});
