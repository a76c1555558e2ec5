import assert from "node:assert/strict";
import test from "node:test";

import { Delivered } from "../../web/static/js/sync/delivered.js";

class FakeAudio extends EventTarget {
  currentTime = 0;
  duration = 400;
  paused = true;
  src = "https://host.example/episode.mp3";
  readyState = 1;
  seekable = { length: 1, end: () => this.duration };

  get currentSrc() { return this.src; }

  async play() {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
  }

  pause() { this.paused = true; }
}

const span = (own_start, own_end, delivered_start, pace = 1) => ({ own_start, own_end, delivered_start, delivered_end: delivered_start + (own_end - own_start) / pace });

// An ad of 20 s before the episode, one of 30 s at 100 s, and its seconds from 200 to 210 cut out.
const ADS = {
  spans: [span(0, 100, 20), span(100, 200, 150), span(210, 300, 250)],
  foreign: [{ start: 0, end: 20 }, { start: 120, end: 150 }, { start: 249.9, end: 250 }],
  is_complete: true, is_same: false, url: null,
};

const settled = () => new Promise((done) => { setTimeout(done, 5); });

/** Return a clock of audio, and the calls of a matcher that is answered by hand. */
function started() {
  const audio = new FakeAudio(), clock = new Delivered(audio), calls = [];
  const align = (address, _, options) => new Promise((resolve, reject) => { calls.push({ address, ...options, resolve, reject }); });
  clock.reset("data:,", align);
  return { audio, clock, calls };
}

async function matched(result) {
  const { audio, clock, calls } = started();
  await audio.play();
  await settled();
  calls[0].resolve(result);
  await settled();
  return { audio, clock };
}

test("without a sync file, or where audio and episode are the same, times are those of the audio", async () => {
  const plain = { audio: new FakeAudio() }, same = await matched({ ...ADS, spans: [], foreign: [], is_same: true });
  plain.clock = new Delivered(plain.audio);
  for (const { audio, clock } of [plain, same]) {
    for (const seconds of [0, 12.5, 399]) {
      clock.seek(seconds);
      assert.deepEqual([audio.currentTime, clock.time, clock.spoken, clock.instead], [seconds, seconds, seconds, null]);
    }
    clock.seek(-5);
    assert.equal(audio.currentTime, 0);
    clock.seek(500);
    assert.equal(audio.currentTime, 400);
  }
});

test("own times are sought at their places among ads, and cut ones where the episode goes on", async () => {
  const { audio, clock } = await matched(ADS);
  for (const [own, place] of [[0, 20], [50, 70], [99.9, 119.9], [99.96, 150], [100, 150], [150, 200], [205, 250], [210, 250], [299, 339], [320, 340]]) {
    clock.seek(own);
    assert.ok(Math.abs(audio.currentTime - place) < 1e-9, `${own}: ${audio.currentTime}`);
  }
});

test("what is heard has its own time, and an ad none", async () => {
  const { audio, clock } = await matched(ADS);
  for (const [at, time, isSpoken, instead] of [[5, 0, false, "ad"], [20, 0, true, null], [119, 99, true, null], [130, 100.05, false, "ad"], [160, 110, true, null], [251, 211, true, null], [249.95, 199.95, true, null]]) {
    audio.currentTime = at;
    assert.deepEqual([clock.time, !Number.isNaN(clock.spoken), clock.instead], [time, isSpoken, instead], String(at));
  }
});

test("other audio is an ad once the episode goes on after it; until then, it may be another episode", async () => {
  const { audio, clock, calls } = started();
  audio.currentTime = 130;
  await audio.play();
  await settled();
  for (const [count, instead] of [[0, "finding"], [1, "finding"], [2, "ad"]]) {
    calls[0].report({ ...ADS, spans: ADS.spans.slice(0, count), is_complete: false });
    assert.equal(clock.instead, instead);
  }
});

test("an audio of another pace is converted by it", async () => {
  const { audio, clock } = await matched({ ...ADS, spans: [span(0, 303, 0, 1.01)], foreign: [] });
  clock.seek(101);
  assert.ok(Math.abs(audio.currentTime - 100) < 1e-9);
  clock.seek(64.3);
  audio.currentTime = Math.floor(audio.currentTime * 1e6) / 1e6; // as browsers store it
  assert.equal(clock.time, 64.3); // a word that begins there is spoken
});

test("a jump to an unknown place is silent until a report has it", async () => {
  const { audio, clock, calls } = started();
  await audio.play();
  await settled();
  clock.seek(150);
  await settled();
  assert.deepEqual([audio.paused, clock.playing, clock.instead, clock.time], [true, true, "finding", 150]);
  const [before, { near, report }] = calls;
  assert.deepEqual([before.signal.aborted, near], [true, 150]);
  before.report(ADS); // too late
  report({ ...ADS, spans: [span(20, 100, 40)], foreign: [], is_complete: false });
  assert.equal(clock.instead, "finding");
  report({ ...ADS, spans: [span(100, 200, 150)], foreign: [], is_complete: false });
  assert.deepEqual([audio.currentTime, audio.paused, clock.instead, clock.time], [200, false, null, 150]);
});

test("ads before a wanted place are allowed for once they are known, and a pause meanwhile is kept", async () => {
  const { audio, clock, calls } = started();
  clock.seek(150);
  await audio.play();
  clock.pause();
  await settled();
  calls[0].report({ ...ADS, spans: [span(50, 110, 120)], foreign: [], is_complete: false });
  await settled();
  assert.deepEqual(calls.map(({ near, signal }) => [near, signal.aborted]), [[150, true], [220, false]]);
  calls[1].report({ ...ADS, spans: [span(120, 180, 190)], foreign: [], is_complete: false });
  assert.deepEqual([audio.currentTime, audio.paused, clock.playing, clock.instead], [220, true, false, null]);
});

test("the copy that was matched plays on, and is matched again only for a place beyond what is known in order", async () => {
  const { audio, clock, calls } = started();
  await audio.play();
  await settled();
  assert.deepEqual([clock.instead, clock.spoken, audio.paused], ["finding", NaN, false]);
  clock.seek(30); // in the minute that is read first
  calls[0].report({ ...ADS, is_complete: false, url: "https://cdn.example/1.mp3" });
  assert.deepEqual([audio.src, audio.currentTime, audio.paused], ["https://cdn.example/1.mp3", 50, false]);
  for (const [own, place] of [[205, 250], [110, 160]]) {
    clock.seek(own);
    audio.dispatchEvent(new Event("seeked"));
    assert.equal(audio.currentTime, place);
  }
  audio.currentTime = 249.95; // at a cut
  audio.dispatchEvent(new Event("seeked"));
  assert.deepEqual([calls.length, calls[0].signal.aborted], [1, false]);
  clock.seek(320);
  await settled();
  assert.deepEqual([calls[1].address, calls[1].near], [audio.src, 360]);
});

test("audio that cannot be matched is taken as it is, and another episode has no times", async () => {
  for (const [code, problem, spoken] of [["unreadable", "unmatched", 50], ["codec", "unmatched", 50], ["sidecar", "unmatched", 50], ["another", "another", NaN]]) {
    const { audio, clock, calls } = started(), problems = [];
    clock.addEventListener("problem", ({ detail }) => problems.push(detail));
    clock.seek(50);
    await settled();
    calls[0].reject(Object.assign(new Error(code), { code }));
    await settled();
    assert.deepEqual([problems, audio.currentTime, clock.spoken, clock.instead], [[problem], 50, spoken, null], code);
  }
});

test("audio without end is given up: it cannot be matched, nor loaded in full", async (t) => {
  const { audio, clock, calls } = started(), problems = [], piece = new Uint8Array(2 ** 26);
  clock.addEventListener("problem", ({ detail }) => problems.push(detail));
  await audio.play();
  await settled();
  const [{ report, reject }] = calls;
  report({ ...ADS, foreign: [...ADS.foreign, { start: 340, end: 28000 }], is_complete: false });
  try {
    report({ ...ADS, foreign: [...ADS.foreign, { start: 340, end: 30000 }], is_complete: false });
  } catch (error) {
    reject(error); // as align() does
  }
  await settled();
  t.mock.method(globalThis, "fetch", async () => new Response(new ReadableStream({ pull: (stream) => stream.enqueue(piece) })));
  audio.seekable.length = 0;
  audio.currentTime = 50;
  clock.seek(250);
  await new Promise((done) => { clock.addEventListener("problem", done); });
  assert.deepEqual([problems, clock.time, clock.instead, clock.playing], [["unmatched", "jump"], 30, null, false]);
});

test("audio that is replaced while it is loaded in full is loaded no further, and a jump in the other one loads that", async (t) => {
  const audio = new FakeAudio(), clock = new Delivered(audio), signals = [];
  t.mock.method(globalThis, "fetch", (_, { signal }) => new Promise(() => { signals.push(signal); }));
  audio.seekable.length = 0;
  clock.seek(250);
  audio.src = "https://host.example/other.mp3";
  clock.reset();
  assert.equal(clock.instead, null);
  clock.seek(100);
  assert.deepEqual([signals.map(({ aborted }) => aborted), clock.instead], [[true, false], "loading"]);
});
