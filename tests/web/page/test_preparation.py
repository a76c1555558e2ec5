"""Audio is prepared again after each change, and completely or not at all."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from media.errors import DecodeError
from media.ffmpeg import running
from media.seekable import is_seekable
from tests.tables import over_rows
from web.page.preparation import PEAKS_PER_SECOND, prepare, ready

SECONDS = 5


def write(path: Path, *arguments: str, loud: float = 0.5) -> Path:
    """Write a tone that is loud only in its second second."""
    times = np.arange(SECONDS * 22050) / 22050
    tone = np.sin(2 * np.pi * 440 * times) * np.where((times >= 1) & (times < 2), loud, loud / 10)
    with running(["-f", "f32le", "-ar", "22050", "-ac", "1", "-i", "pipe:0", *arguments, f"file:{path}"]) as sink:
        sink.write(tone.astype(np.float32).tobytes())
    return path


def silent(*_: object) -> None:
    pass


def names(folder: Path) -> set[str]:
    return {path.name for path in (folder / ".quotecast").iterdir()}


def test_audio_that_is_not_seekable_gets_a_copy(tmp_path: Path) -> None:
    audio = write(tmp_path / "a.mp3", "-q:a", "4")
    assert ready(audio, tmp_path) is None
    prepare(audio, tmp_path, silent)
    found = ready(audio, tmp_path)
    assert found is not None
    assert found.audio == tmp_path / ".quotecast" / "playable.m4a"
    assert is_seekable(found.audio)
    assert names(tmp_path) == {"playable.m4a", "peaks.json"}


@over_rows("arguments, loud, is_copied", [(["-q:a", "4"], 0.5, True), (["-b:a", "64k"], 0.05, False)])
def test_peaks_are_scaled_to_the_loudest(tmp_path: Path, arguments: list[str], loud: float, is_copied: bool) -> None:
    audio = write(tmp_path / "a.mp3", *arguments, loud=loud)
    prepare(audio, tmp_path, silent)
    drawn = json.loads((tmp_path / ".quotecast" / "peaks.json").read_text(encoding="utf-8"))
    peaks = np.array(drawn["peaks"])
    assert len(peaks) == pytest.approx(SECONDS * PEAKS_PER_SECOND, abs=2)
    assert peaks[22:38].min() > 240
    assert peaks[45:95].max() < 40
    assert drawn["copy"] == is_copied


def test_a_changed_audio_is_prepared_again(tmp_path: Path) -> None:
    audio = write(tmp_path / "a.mp3", "-q:a", "4")
    prepare(audio, tmp_path, silent)
    os.utime(audio, (1, 1))
    assert ready(audio, tmp_path) is None
    write(audio, "-b:a", "64k")
    prepare(audio, tmp_path, silent)
    assert names(tmp_path) == {"peaks.json"}


def test_an_episode_in_a_read_only_folder_is_prepared_in_the_users_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("web.page.preparation.why_unwritable", lambda folder: "read-only")
    folder = tmp_path / "medium"
    folder.mkdir()
    prepare(write(folder / "a.mp3", "-q:a", "4"), folder, silent)
    found = ready(folder / "a.mp3", folder)
    assert found
    assert found.audio.is_relative_to(tmp_path / "cache")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(write(folder / "a.mp3", "-q:a", "4"), folder, silent)
    return folder


@over_rows("file, content",
    [
        ("playable.m4a", None), ("peaks.json", None), ("peaks.json", ""), ("peaks.json", "{}"),
        ("peaks.json", "[" * 100_000), ("peaks.json", "[1]"),
    ],
)  # fmt: skip
def test_missing_or_damaged_files_are_not_ready(prepared: Path, file: str, content: str | None) -> None:
    audio, harmed = prepared / "a.mp3", prepared / ".quotecast" / file
    whole = harmed.read_bytes()
    if content is None:
        harmed.unlink()
    else:
        harmed.write_text(content, encoding="utf-8")
    assert ready(audio, prepared) is None
    harmed.write_bytes(whole)
    assert ready(audio, prepared) is not None


def test_invalid_audio_leaves_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("no sound", encoding="utf-8")
    with pytest.raises(DecodeError):
        prepare(tmp_path / "a.mp3", tmp_path, silent)
    assert not (tmp_path / ".quotecast").exists()
