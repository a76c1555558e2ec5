"""What clips tell of themselves costs little, whatever lies in their folder."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.media.sounds import clicks, write_sound
from web.clips import records
from web.clips.folder import chosen_clips, clip_of, clips_of, file_of

RECORD = {"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "quote": "The tide waits.", "duration": 2.5}


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    folder = tmp_path / "clips"
    folder.mkdir()
    (folder / "tide.mp3").touch()
    return folder


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each function that costs something was called."""
    found: Counter[str] = Counter()

    def counting(name: str) -> None:
        function = getattr(records, name)

        def counted(*args: object) -> object:
            found[name] += 1
            return function(*args)

        monkeypatch.setattr(records, name, counted)

    for name in ("convert", "decode", "call"):
        counting(name)
    return found


def test_of_warnings_without_number_only_so_many_are_looked_at_and_once(clips: Path, counts: Counter[str]) -> None:
    caution = {"kind": "negation", "message": "“not” is heard"}
    (clips / "tide.json").write_text(json.dumps(RECORD | {"warnings": [caution, *[0] * 100_000]}), encoding="utf-8")
    for _ in range(3):
        [clip] = clips_of(clips.parent)
        assert (clip.text, [each.message for each in clip.cautions]) == ("The tide waits.", ["“not” is heard"])
    assert counts["decode"] == 1
    assert counts["convert"] < 200


def test_a_record_larger_than_any_is_not_decoded(clips: Path, counts: Counter[str]) -> None:
    (clips / "tide.json").write_text(json.dumps(RECORD | {"warnings": [0] * 1_000_000}), encoding="utf-8")
    assert [clip.text for clip in clips_of(clips.parent)] == [""]
    assert counts["decode"] == 0


def test_the_record_of_a_long_quote_is_read(clips: Path) -> None:
    text = "The tide waits. " * 5_000
    (clips / "tide.json").write_text(json.dumps(RECORD | {"quote": text}), encoding="utf-8")
    assert [clip.text for clip in clips_of(clips.parent)] == [text]


def test_of_many_clips_one_is_found_without_looking_into_the_others(clips: Path, counts: Counter[str]) -> None:
    for number in range(200):
        (clips / f"{number}.mp4").touch()
        (clips / f"{number}.json").write_text(json.dumps(RECORD | {"file": f"{number}.mp3"}), encoding="utf-8")
    (clips / "tide.json").write_text(json.dumps(RECORD), encoding="utf-8")
    (clips / "tide.txt").touch()
    identifier = hashlib.sha256(b"tide.mp3").hexdigest()[:12]
    assert clip_of(clips.parent, identifier).text == "The tide waits."
    assert [clip.file.name for clip in chosen_clips(clips.parent, [identifier])] == ["tide.mp3"]
    assert file_of(clips.parent, identifier, "tide.txt") == clips / "tide.txt"
    assert counts["decode"] == 1
    assert counts["call"] == 0


def test_many_clips_listed_again_are_not_read_again(clips: Path, counts: Counter[str]) -> None:
    for number in range(100):
        name = f"{number}.mp3"
        (clips / name).touch()
        (clips / f"{number}.json").write_text(json.dumps(RECORD | {"file": name}), encoding="utf-8")
    (clips / "tide.json").write_text(json.dumps(RECORD), encoding="utf-8")
    assert len(clips_of(clips.parent)) == len(clips_of(clips.parent)) == 101
    assert counts["decode"] == 101


def test_how_long_a_clip_lasts_is_measured_by_a_child_and_once(
    clips: Path, counts: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("media.container.open_container", lambda _: pytest.fail("a thread of the server opens it"))
    write_sound(clips / "tide.wav", clicks([0.05], 0.5))
    for _ in range(2):
        assert {clip.file.name: clip.duration for clip in clips_of(clips.parent)} == {"tide.wav": 0.5, "tide.mp3": None}
    assert counts["call"] == 2
