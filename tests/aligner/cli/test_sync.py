"""``quotecast sync``: where an episode's own audio is in audio with ads."""

import hashlib
import json
from pathlib import Path

import pytest

from media.decode import audio_blocks
from media.fingerprint import fingerprint_of
from tests.aligner.command import assert_refused, quotecast_here
from tests.aligner.retiming.recut import RATE, Piece, recut
from tests.paths import SAMPLE

OWN, ADS = SAMPLE / "episode.mp3", SAMPLE.with_name("sample_en") / "episode.mp3"
END = 60.0  # seconds of the own audio


@pytest.fixture(scope="module")
def sync_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "episode.sync"
    path.write_bytes(fingerprint_of(audio_blocks(OWN, RATE, 0.0, END), sha256="ab" * 32).to_bytes())
    return path


@pytest.fixture(scope="module")
def delivered(sync_file: Path) -> Path:
    """An ad of 10 s before, one of 8 s after 30 s, and the own audio from 45 s to 50 s cut out."""
    pieces = Piece(ADS, 0, 10), Piece(OWN, 0, 30), Piece(ADS, 10, 18), Piece(OWN, 30, 45), Piece(OWN, 50, END)
    return recut(sync_file.with_name("delivered.wav"), *pieces)


def test_the_spans_of_the_own_audio_and_the_ads_are_found(delivered: Path, sync_file: Path) -> None:
    done = quotecast_here("sync", delivered, sync_file, "--progress", "json")
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stderr.splitlines()[-1])
    spans = [[*each.values()] for each in facts["spans"]]
    assert [*facts["spans"][0]] == ["own_start", "own_end", "delivered_start", "delivered_end"]
    for span, wanted in zip(spans, [(0, 30, 10, 40), (30, 45, 48, 63), (50, END, 63, 73)], strict=True):
        assert span == pytest.approx(wanted, abs=0.1)
    for ad, wanted in zip(facts["foreign"], [(0, 10), (40, 48)], strict=True):
        assert [*ad.values()] == pytest.approx(wanted, abs=0.1)


def test_they_are_printed_in_order_of_the_delivered_audio(delivered: Path, sync_file: Path) -> None:
    lines = quotecast_here("sync", delivered, sync_file).stdout.splitlines()
    assert [line.rpartition(": ")[2].partition(" to ")[0][:6] for line in lines[:3]] == ["ad or ", "0:00.0", "ad or "]
    assert lines[-1].startswith("Missing   0:45.")


def test_the_own_file_is_known_by_its_hash_and_is_not_decoded(sync_file: Path, tmp_path: Path) -> None:
    audio, own = tmp_path / "own.mp3", tmp_path / "own.sync"
    audio.write_bytes(b"nobody can decode this")
    fingerprint = fingerprint_of(
        audio_blocks(OWN, RATE, 0.0, 5.0), sha256=hashlib.sha256(audio.read_bytes()).hexdigest()
    )
    own.write_bytes(fingerprint.to_bytes())
    facts = json.loads(quotecast_here("sync", audio, own, "--progress", "json").stderr)
    whole = {"own_start": 0.0, "own_end": 5.0, "delivered_start": 0.0, "delivered_end": 5.0}
    assert facts == {"done": True, "spans": [whole], "foreign": []}


def test_another_episode_is_called_that(sync_file: Path, tmp_path: Path) -> None:
    other = recut(tmp_path / "other.wav", Piece(ADS, 0, 30))
    both = rf"{other}: another episode than that of {sync_file} \(\d+% in common\); name the files of one episode$"
    assert_refused(quotecast_here("sync", other, sync_file), both)


def test_a_damaged_sync_file_is_refused_by_name(delivered: Path, sync_file: Path, tmp_path: Path) -> None:
    damaged, content = tmp_path / "damaged.sync", sync_file.read_bytes()
    for bad in (b"", content[:-1], content[:500] + b"?" + content[501:], b"RIFF" + content):
        damaged.write_bytes(bad)
        assert_refused(quotecast_here("sync", delivered, damaged), r"damaged\.sync: .*an? .*audio fingerprint; name a ")
    damaged.unlink()
    assert_refused(quotecast_here("sync", delivered, damaged), r"damaged\.sync: No such file .*; name a sync file")


def test_check_tells_how_well_captions_fit_delivered_audio(delivered: Path, sync_file: Path, tmp_path: Path) -> None:
    captions = tmp_path / "episode.srt"
    times = ("00:00:05,000", "00:00:09,000"), ("00:00:40,000", "00:00:44,000"), ("00:00:46,000", "00:00:49,000")
    blocks = [f"{number}\n{start} --> {end}\nWords\n" for number, (start, end) in enumerate(times, start=1)]
    captions.write_text("\n".join(blocks), encoding="utf-8")
    (tmp_path / "episode.sync").write_bytes(sync_file.read_bytes())  # found beside the captions
    done = quotecast_here("check", captions, "--audio", delivered)
    assert done.returncode == 3, done.stderr
    fit = "0 of 3 captions on time, 2 shifted by up to +18.0 s, 1 in audio that was cut"
    assert done.stdout.splitlines()[-1] == f"{delivered}: {fit}"
    unchanged = recut(tmp_path / "unchanged.wav", Piece(OWN, 0, END))
    done = quotecast_here("check", captions, "--audio", unchanged, "--sync", sync_file)
    assert done.stdout.endswith(" 3 of 3 captions on time, 0 shifted, 0 in audio that was cut\n")
    assert done.returncode == 0
    later = recut(tmp_path / "later.wav", Piece(ADS, 0, 4), Piece(OWN, 0, END))
    assert " 3 shifted by up to +4.0 s, " in quotecast_here("check", captions, "--audio", later).stdout
    assert quotecast_here("check", captions, "--sync", sync_file).returncode == 2
