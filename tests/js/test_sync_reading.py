"""How much of delivered audio ``quotecast-sync.js`` reads, and what it tells first; FFmpeg decodes for it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from media.decode import Waveform, audio_blocks, read_waveform
from media.ffmpeg import ffmpeg_path
from media.fingerprint import fingerprint_of
from media.mastering import Encoding, encode
from tests.node import need_node
from tests.paths import SAMPLE

pytestmark = pytest.mark.nightly

MATCHER = Path(__file__).parents[2] / "web/static/js/sync/quotecast-sync.js"
AD, CUT, NEAR = 20.0, 150.0, 260.0  # seconds: of an ad, where in the episode it is, and where the listener is
RUN = """
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
const [matcher, ffmpeg, audio, sidecar, near] = process.argv.slice(1);
const { align } = await import(matcher), reports = [];
let seconds = 0;
const decode = async (input) => {
  const format = ["-v", "error", "-i", "-", "-ac", "1", "-ar", "8000", "-f", "f32le", "-"];
  const { stdout } = spawnSync(ffmpeg, format, { input, maxBuffer: 1e9 });
  seconds += stdout.length / 4 / 8000;
  return new Float32Array(new Uint8Array(stdout).buffer);
};
const report = (result) => reports.push({ ...result, seconds });
const address = URL.createObjectURL(new Blob([readFileSync(audio)]));
const result = await align(address, readFileSync(sidecar), { near: Number(near), report, decode });
console.log(JSON.stringify({ result, reports, seconds }));
"""


@pytest.fixture(scope="module")
def own() -> Waveform:
    """Several minutes of speech that does not repeat: an episode, forwards, backwards, and at another speed."""
    sample = read_waveform(SAMPLE / "episode.mp3")
    parts = [sample.samples, sample.samples[::-1], np.repeat(sample.samples, 2, axis=0)]
    return Waveform(np.concatenate(parts), sample.rate)


def written(own: Waveform, delivered: list[Waveform], folder: Path) -> Path:
    """Return MP3 of the delivered parts, beside which are the own audio and its sync file."""
    for name, parts in (("own", [own]), ("delivered", delivered)):
        encode(Waveform(np.concatenate([part.samples for part in parts]), own.rate), folder / f"{name}.mp3", Encoding())
    (folder / "own.sync").write_bytes(fingerprint_of(audio_blocks(folder / "own.mp3", 16000)).to_bytes())
    return folder / "delivered.mp3"


def aligned(own: Waveform, delivered: list[Waveform], folder: Path) -> dict[str, Any]:
    """Return the result for MP3 of the delivered parts, the reports before it, and the seconds that were decoded."""
    need_node()
    audio = written(own, delivered, folder)
    command = ["node", "--input-type=module", "--eval", RUN, MATCHER.as_uri(), ffmpeg_path(), str(audio)]
    command += [str(folder / "own.sync"), str(NEAR)]
    answer = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return dict(json.loads(answer.stdout))


def test_of_audio_without_ads_only_the_first_and_the_last_minute_are_decoded(own: Waveform, tmp_path: Path) -> None:
    found = aligned(own, [own], tmp_path)
    assert found["result"]["is_same"]
    assert found["result"]["spans"] == [
        {"own_start": 0, "delivered_start": 0}
        | dict.fromkeys(("own_end", "delivered_end"), pytest.approx(own.duration))
    ]
    assert 120 < found["seconds"] < 150 < own.duration
    assert not found["reports"]


def with_ad(own: Waveform) -> list[Waveform]:
    ad = Waveform(own.samples[round(40 * own.rate) : round((40 + AD) * own.rate)][::-1].copy(), own.rate)
    return [own.between(0, CUT), ad, own.between(CUT, own.duration)]


def test_the_place_of_the_listener_is_told_first_and_then_the_whole(own: Waveform, tmp_path: Path) -> None:
    found = aligned(own, with_ad(own), tmp_path)
    first, result = found["reports"][0], found["result"]
    around = [span for span in first["spans"] if span["delivered_start"] <= NEAR < span["delivered_end"]]
    assert [span["delivered_start"] - span["own_start"] for span in around] == [pytest.approx(AD, abs=0.02)]
    assert first["seconds"] < 200
    assert not first["is_complete"]
    assert result["is_complete"]
    assert [span["own_end"] for span in result["spans"]] == [
        pytest.approx(each, abs=0.1) for each in (CUT, own.duration)
    ]
    assert result["foreign"] == [{"start": pytest.approx(CUT, abs=0.1), "end": pytest.approx(CUT + AD, abs=0.1)}]


def test_quiet_audio_that_is_a_little_faster_keeps_its_own_pace(own: Waveform, tmp_path: Path) -> None:
    places = np.arange(0, len(own.samples) - 1, 1.01)
    quiet = np.stack([0.03 * np.interp(places, np.arange(len(own.samples)), side) for side in own.samples.T], axis=1)
    result = aligned(own, [Waveform(quiet.astype(np.float32), own.rate)], tmp_path)["result"]
    (span,) = result["spans"]
    assert not result["is_same"]
    assert span["own_end"] == pytest.approx(own.duration, abs=0.1)
    assert span["delivered_end"] == pytest.approx(own.duration / 1.01, abs=0.1)


def test_in_chromium_aac_with_an_ad_is_aligned(own: Waveform, tmp_path: Path, browser: Browser) -> None:
    mp3, aac = written(own, with_ad(own), tmp_path), tmp_path / "delivered.aac"
    subprocess.run([ffmpeg_path(), "-v", "error", "-i", mp3, "-c:a", "aac", aac], check=True)
    (tmp_path / "page.html").write_text("<!doctype html>")
    (tmp_path / MATCHER.name).write_bytes(MATCHER.read_bytes())
    page = browser.new_page()
    page.route("**", lambda route: route.fulfill(path=tmp_path / route.request.url.rpartition("/")[2]))
    page.goto("http://publisher.example/page.html")
    first, second = page.evaluate(
        """async (audio) => {
          const { align } = await import("/quotecast-sync.js");
          return (await align(audio, await (await fetch("/own.sync")).arrayBuffer())).spans;
        }""",
        "/delivered.aac",
    )
    page.close()
    assert first["own_end"] == pytest.approx(CUT, abs=0.1)
    assert second["delivered_start"] - second["own_start"] == pytest.approx(AD, abs=0.05)
