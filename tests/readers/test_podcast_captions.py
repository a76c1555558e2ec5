"""pysubs2 and our own check read every cue of podcast captions, its times and words."""

from __future__ import annotations

from pathlib import Path

import pysubs2

from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material, subtitles
from aligner.timed_text import check_captions
from tests.readers.hostile import over_materials


@over_materials
def test_our_own_check_finds_nothing_wrong(material: Material, tmp_path: Path) -> None:
    for format in ("podcast-vtt", "podcast-srt"):
        path = tmp_path / f"episode.{format[-3:]}"
        path.write_bytes(FORMATS[format].content(material))
        assert [problem for problem in check_captions(path) if problem.rule != "empty"] == []


@over_materials
def test_pysubs2_reads_every_cue(material: Material) -> None:
    text = FORMATS["podcast-srt"].content(material).decode("utf-8")
    events = pysubs2.SSAFile.from_string(text, format_="srt") if text else []
    cues = material.named.transcript_cues(subtitles.PODCAST_SRT)
    assert [(event.start, event.end, letters(event.plaintext)) for event in events] == [
        (to_milliseconds(cue.start), to_milliseconds(cue.end), letters(cue.text)) for cue in cues
    ]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
