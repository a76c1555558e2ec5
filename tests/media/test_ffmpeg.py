"""ffmpeg as a process: found, fed and ended, with its last line as the error."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from media import ffmpeg
from media.errors import FfmpegError

SECOND = bytes(4 * 8000)
TO_WAV = ["-f", "f32le", "-ar", "8000", "-ac", "1", "-i", "pipe:0"]


@pytest.fixture(autouse=True)
def _sought_anew() -> Iterator[None]:
    ffmpeg.ffmpeg_path.cache_clear()
    yield
    ffmpeg.ffmpeg_path.cache_clear()


def test_the_systems_ffmpeg_comes_before_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "imageio_ffmpeg" in ffmpeg.ffmpeg_path() or Path(ffmpeg.ffmpeg_path()).is_file()
    ffmpeg.ffmpeg_path.cache_clear()
    monkeypatch.setattr(shutil, "which", lambda name: f"/somewhere/{name}")
    assert ffmpeg.ffmpeg_path() == "/somewhere/ffmpeg"


def test_an_ffmpeg_in_the_current_folder_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in ("./ffmpeg", "ffmpeg", "tools/ffmpeg"):  # on Windows the first is looked for before any other
        monkeypatch.setattr(shutil, "which", lambda name, found=found: found)
        ffmpeg.ffmpeg_path.cache_clear()
        assert Path(ffmpeg.ffmpeg_path()).is_absolute()


def test_any_tag_is_one_argument(tmp_path: Path) -> None:
    text = "-y\0 = ; # \ud800 [x]\nartist=somebody " + "x" * 200_000
    path = tmp_path / "-a:%03d|b.flac"
    with ffmpeg.running(
        [*TO_WAV, *ffmpeg.tagged({"title": text, "album": "-i"}), "-f", "flac", f"file:{path}"]
    ) as sound:
        sound.write(SECOND)
    with av.open(f"file:{path}") as read:
        assert read.metadata["title"].startswith("-y  = ; #   [x]\nartist=somebody x")
        assert len(read.metadata["title"]) == 1000
        assert (read.metadata["album"], "artist" in read.metadata) == ("-i", False)


def feed(target: Path, then: BaseException | None = None) -> None:
    with ffmpeg.running([*TO_WAV, str(target)]) as sound:
        for _ in range(100):
            sound.write(SECOND)
        if then:
            raise then


def test_a_failure_is_reported_by_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(FfmpegError, match=r"ffmpeg failed: .*No such file"):
        feed(tmp_path / "nowhere" / "still.wav")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no such device")
def test_a_full_disk_is_reported_as_such() -> None:
    full, into_it = r"^the disk is full; make room on it and try again$", [*TO_WAV, "-f", "wav", "/dev/full"]
    with pytest.raises(FfmpegError, match=full), ffmpeg.running(into_it) as sound:
        sound.write(SECOND)


def test_an_error_of_the_writer_ends_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def noting(*arguments: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(popen(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noting)
    with pytest.raises(KeyboardInterrupt):
        feed(tmp_path / "still.wav", KeyboardInterrupt())
    assert started[0].poll() is not None


def test_an_ffmpeg_that_cannot_run_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: str(tmp_path / "gone"))
    with pytest.raises(FfmpegError, match="cannot be run"), ffmpeg.running([]):
        pass
