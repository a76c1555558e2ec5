"""The report says what would prevent work and what to do, and nothing that is private."""

import os
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
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "quotecast.sqlite").write_bytes(b"once upon a time " * 100)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ffmpeg").write_text("#!/bin/sh\necho ffmpeg version 1 A..... aac\n")
    (tmp_path / "bin" / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr("web.care.doctor.ffmpeg_path", lambda: str(tmp_path / "bin" / "ffmpeg"))
    monkeypatch.setattr("web.care.doctor.why_unwritable", lambda _: "Permission denied")
    report = quotecast_here("doctor", tmp_path)
    assert report.returncode == 1
    marked = "\n".join(line for line in report.stdout.splitlines() if line.startswith(("!", "  ")))
    assert "! Codecs    FFmpeg lacks" in marked
    assert "! Library" in marked
    assert "change its owner" in " ".join(marked.split())
    assert "! Database" in marked
