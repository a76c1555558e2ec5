"""The record of a clip tells when its words are said in the sound that the episode has now."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner.model import Alignment, AudioFile, EpisodeDetails, Span
from aligner.publishing.clips import moved_records
from aligner.retiming.matching import Stretch
from aligner.retiming.moving import Timeline
from aligner.storage.atomic import write_files
from tests.aligner.episodes import alignment_of

OLD = AudioFile("old.mp3", 60.0, "0" * 64)
TIMELINE = Timeline([Stretch(Span(0.0, 10.0), Span(30.0, 40.0)), Stretch(Span(12.0, 40.0), Span(50.0, 78.0))], 90.0)


def now() -> Alignment:
    episode = EpisodeDetails(url="https://ferry.example/1")
    return replace(alignment_of("ahoy"), audio=AudioFile("new.mp3", 90.0, "f" * 64), episode=episode)


def write_record(path: Path, start: float, end: float, **others: Any) -> Path:
    source = {"audio": "old.mp3", "sha256": OLD.sha256, "start": start, "end": end}
    source |= {"kept": [[start, end]], "words": [0]}
    content = {"format": "quotecast-clip", "version": 1, "quote": "ahoy", "source": source, "more": "of others"}
    path.write_text(json.dumps(content | others), encoding="utf-8")
    return path


def test_it_moves_with_its_sound_and_all_else_stays(tmp_path: Path) -> None:
    path = write_record(tmp_path / "clip.json", 2.0, 5.5)
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["source"] == {
        "audio": "new.mp3", "sha256": "f" * 64, "start": 32.0, "end": 35.5, "kept": [[32.0, 35.5]], "words": [0],
    }  # fmt: skip
    assert told["link"] == "https://ferry.example/1#t=32"
    assert told["more"] == "of others"
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))  # which is no move any more
    assert json.loads(path.read_text(encoding="utf-8")) == told


def test_one_whose_sound_is_gone_in_part_or_was_parted_stays_of_the_old_sound(tmp_path: Path) -> None:
    paths = [
        write_record(tmp_path / "parted.json", 8.0, 14.0),
        write_record(tmp_path / "gone.json", 10.5, 11.5),
        write_record(tmp_path / "later.json", 2.0, 3.0, version=2),
    ]
    before = [path.read_bytes() for path in paths]
    write_files(moved_records(tmp_path, TIMELINE, OLD, now()))
    assert [path.read_bytes() for path in paths] == before
