import assert from "node:assert/strict";
import test from "node:test";

import { Delivered } from "../../web/static/js/sync/delivered.js";

class FakeAudio extends EventTarget {
  currentTime = 0;
  duration = 400;
  paused = true;
  src = "https://host.example/episode.mp3";

  async play() { this.paused = false; }
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
  clock.reset("data:,sidecar", align);
  return { audio, clock, calls };
}

async function matched(result) {
  const { audio, clock, calls } = started();
  await clock.play();
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
      assert.deepEqual([audio.currentTime, clock.time, clock.spoken, clock.isAd, clock.isWaiting], [seconds, seconds, seconds, false, false]);
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
  for (const [at, time, isSpoken, isAd] of [[5, 0, false, true], [20, 0, true, false], [119, 99, true, false], [130, 100.05, false, true], [160, 110, true, false], [251, 211, true, false]]) {
    audio.currentTime = at;
    assert.deepEqual([clock.time, !Number.isNaN(clock.spoken), clock.isAd], [time, isSpoken, isAd], String(at));
  }
  audio.currentTime = 249.95; // at a cut, a moment that belongs to nothing
  assert.equal(clock.isAd, false);
});

test("an audio of another pace is converted by it", async () => {
  const { audio, clock } = await matched({ ...ADS, spans: [span(0, 303, 0, 1.01)], foreign: [] });
  clock.seek(101);
  assert.ok(Math.abs(audio.currentTime - 100) < 1e-9);
  clock.seek(64.3);
  audio.currentTime = Math.floor(audio.currentTime * 1e6) / 1e6; // as browsers store it
  assert.equal(clock.time, 64.3); // a word that begins there is spoken
});

test("nothing is matched before it plays or is sought, and then around that place", async () => {
  const { audio, clock, calls } = started();
  audio.dispatchEvent(new Event("seeked"));
  await settled();
  assert.deepEqual([calls.length, clock.isMatching, clock.spoken], [0, false, NaN]);
  audio.currentTime = 70;
  await clock.play();
  await settled();
  assert.deepEqual(calls.map(({ near, address }) => [near, address]), [[70, audio.src]]);
  assert.deepEqual([clock.isMatching, clock.isWaiting, clock.spoken, audio.paused], [true, false, NaN, false]);
});

test("a jump to an unknown place is silent until a report has it", async () => {
  const { audio, clock, calls } = started();
  await clock.play();
  await settled();
  clock.seek(150);
  await settled();
  assert.deepEqual([audio.paused, clock.playing, clock.isWaiting, clock.time], [true, true, true, 150]);
  const [before, { near, report }] = calls;
  assert.deepEqual([before.signal.aborted, near], [true, 150]);
  before.report(ADS); // too late
  report({ ...ADS, spans: [span(20, 100, 40)], foreign: [], is_complete: false });
  assert.equal(clock.isWaiting, true);
  report({ ...ADS, spans: [span(100, 200, 150)], foreign: [], is_complete: false });
  assert.deepEqual([audio.currentTime, audio.paused, clock.isWaiting, clock.time], [200, false, false, 150]);
});

test("ads before a wanted place are allowed for once they are known", async () => {
  const { audio, clock, calls } = started();
  clock.seek(150);
  await settled();
  calls[0].report({ ...ADS, spans: [span(50, 110, 120)], foreign: [], is_complete: false });
  await settled();
  assert.deepEqual(calls.map(({ near, signal }) => [near, signal.aborted]), [[150, true], [220, false]]);
  calls[1].report({ ...ADS, spans: [span(120, 180, 190)], foreign: [], is_complete: false });
  assert.deepEqual([audio.currentTime, clock.isWaiting], [220, false]);
});

test("a pause while it waits is kept", async () => {
  const { audio, clock, calls } = started();
  clock.seek(150);
  await clock.play();
  clock.pause();
  await settled();
  calls[0].resolve(ADS);
  await settled();
  assert.deepEqual([audio.currentTime, audio.paused, clock.playing], [200, true, false]);
});

test("the copy that was matched plays on, as does its matching after a jump", async () => {
  const { audio, clock, calls } = started();
  await clock.play();
  await settled();
  audio.currentTime = 3;
  calls[0].report({ ...ADS, is_complete: false, spans: [ADS.spans[0]], url: "https://cdn.example/1.mp3" });
  assert.deepEqual([audio.src, audio.currentTime, audio.paused], ["https://cdn.example/1.mp3", 3, false]);
  clock.seek(250);
  await settled();
  assert.deepEqual([calls[1].address, calls[1].near], [audio.src, 270]);
});

test("audio that cannot be matched is taken as it is, and another episode has no times", async () => {
  for (const [code, problem, spoken] of [["unreadable", "unmatched", 50], ["codec", "unmatched", 50], ["sidecar", "unmatched", 50], ["another", "another", NaN]]) {
    const { audio, clock, calls } = started(), problems = [];
    clock.addEventListener("problem", ({ detail }) => problems.push(detail));
    clock.seek(50);
    await settled();
    calls[0].reject(Object.assign(new Error(code), { code }));
    await settled();
    assert.deepEqual([problems, audio.currentTime, clock.spoken, clock.isWaiting], [[problem], 50, spoken, false], code);
  }
});
