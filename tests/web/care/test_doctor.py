"""The report says what would prevent work and what to do, and nothing that is private."""

from pathlib import Path

import pytest

from tests.aligner.command import posix_only, quotecast_here
from web.jobs import JobState
from web.jobs.job import Job, Rows, finished, now
from web.jobs.kinds import KINDS, Align


def test_the_report_fits_a_screen_and_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("QUOTECAST_PASSWORD", "open sesame")
    (library := tmp_path / "library").mkdir()
    failed = finished(
        Job("20250315-120000-00000000", Align(audio="a.mp3", transcript="a.txt"), "a", now()),
        JobState.FAILED,
        f"{tmp_path}/a.mp3: https://ada:key@radio.example/feed?token=key refused",
    )
    Rows(library, KINDS).put(failed)
    report = quotecast_here("doctor", library)
    assert report.returncode == 0, report.stdout
    lines = report.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert "align: ~/a.mp3: … refused" in report.stdout
    assert "~/library, writable" in report.stdout
    assert not [word for word in ("sesame", "key@", "token", str(tmp_path)) if word in report.stdout]


@posix_only
def test_what_prevents_work_is_marked_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # short paths, which are not wrapped
    monkeypatch.setenv("QUOTECAST_DATA", "data")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "quotecast.sqlite").write_bytes(b"once upon a time " * 100)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ffmpeg").write_text("#!/bin/sh\necho ' A..... aac'\n")
    (tmp_path / "bin" / "ffmpeg").chmod(0o755)
    monkeypatch.setattr("web.care.doctor.ffmpeg_path", lambda: "bin/ffmpeg")
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CACHE", "file/cache")
    report = quotecast_here("doctor", tmp_path)
    assert report.returncode == 1
    said = " ".join(report.stdout.split())
    for problem in (
        "! FFmpeg bin/ffmpeg cannot write flac, libmp3lame, libopus, libx264, pcm_s16le; install a complete FFmpeg",
        "! Cache file/cache: cannot be written (Not a directory); change its owner",
        "! Failed data/quotecast.sqlite: cannot be used (file is not a database)",
    ):
        assert problem in said
    assert report.stdout.count("\n! ") == 3
