"""pysubs2, FFmpeg and our own check read every cue of podcast captions at its times."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pysubs2

from aligner.captions import CaptionRules
from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material, subtitles
from aligner.timed_text import check_captions
from media.ffmpeg import ffmpeg_path
from media.video.bidirectional import without_bidi_controls
from tests.readers.hostile import materials, over_materials
from tests.tables import over_rows

TIMES = re.compile(r"(\d\d:\d\d:\d\d[.,]\d\d\d) --> (\d\d:\d\d:\d\d[.,]\d\d\d)")


def write(path: Path, format: str, material: Material) -> Path:
    path.write_bytes(FORMATS[format].content(material))
    return path


def times_of(material: Material, rules: CaptionRules) -> list[tuple[int, int]]:
    """Return the start and end of each cue in milliseconds."""
    return [
        (to_milliseconds(cue.start), to_milliseconds(cue.end))
        for cue in (material.named if rules is subtitles.PODCAST_SRT else material).transcript_cues(rules)
    ]


@over_materials
def test_our_own_check_finds_nothing_wrong(material: Material, tmp_path: Path) -> None:
    for format in ("podcast-vtt", "podcast-srt"):
        path = write(tmp_path / f"episode.{format[-3:]}", format, material)
        assert [problem for problem in check_captions(path) if problem.rule != "empty"] == []


@over_materials
def test_pysubs2_reads_every_cue(material: Material) -> None:
    text = FORMATS["podcast-srt"].content(material).decode("utf-8")
    events = pysubs2.SSAFile.from_string(text, format_="srt") if text else []
    assert [(event.start, event.end) for event in events] == times_of(material, subtitles.PODCAST_SRT)


@over_rows("name", ["ordinary", "sample", "colons", "Arabic", "emoji", "names with markup", "markup"])
@over_rows("format", ["podcast-vtt", "podcast-srt"])
def test_ffmpeg_reads_every_cue(format: str, name: str, tmp_path: Path) -> None:
    path = write(tmp_path / f"episode.{format[-3:]}", format, materials()[name])
    command = [ffmpeg_path(), "-loglevel", "warning", "-i", str(path), "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    text = path.read_text(encoding="utf-8").removeprefix("WEBVTT")
    assert not done.stderr
    assert len(TIMES.findall(done.stdout)) == len(TIMES.findall(text))
    if "markup" not in name:  # FFmpeg takes what looks like a tag in SubRip for one, also where it stands in words
        assert words_of(done.stdout) == words_of(text)


def words_of(captions: str) -> list[str]:
    return [word for word in without_bidi_controls(re.sub("<[^>]*>", "", captions)).split() if word.isalpha()]
