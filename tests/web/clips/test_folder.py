"""The clips of an episode are listed from its folder."""

from pathlib import Path

from tests.tables import over_rows
from web.clips.folder import clips_of


def test_clips_are_listed_newest_first_with_their_records(folder: Path) -> None:
    video, sound = clips_of(folder)
    assert (video.file.name, video.shape, video.record.quote) == ("tide-portrait.mp4", "portrait", "")
    assert (sound.file.name, sound.shape, sound.record.quote) == ("tide.mp3", None, "The tide waits.")
    assert (video.size_bytes, sound.size_bytes) == (len("tide-portrait.mp4"), len("tide.mp3"))
    record = sound.record
    assert (record.duration, record.source.start, record.speaker, sound.saved) == (2.5, 61.2, "Ada", 1000)
    assert [caution.message for caution in record.warnings] == ["“not” is heard"]
    assert set(sound.files) == {"tide.mp3", "tide.vtt", "tide.txt", "tide.json"}


@over_rows(
    "name, shape",
    [
        ("2026-11-20 The tide - 01m13s It waits - square.mp4", "square"),
        ("harbour - landscape 12.mp4", "landscape"),
        ("portrait.mp4", "portrait"),
        ("The portrait-of-nobody - 01m13s In the square.mp4", None),
    ],
)
def test_the_end_of_its_name_tells_an_audiograms_shape(folder: Path, name: str, shape: str | None) -> None:
    (folder / "clips" / name).touch()
    assert [clip.shape for clip in clips_of(folder) if clip.file.name == name] == [shape]


@over_rows(
    "record",
    [
        "[1]",
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "source": {"start": Infinity}}',
        '{"format": "quotecast-clip", "version": 1, "file": "tide.mp3", "quote": 3, "source": 4, "warnings": [5, {}]}',
        "[" * 100_000,
        '{"file": "tide.mp3", "quote": "x", "warnings": [' + "0," * 500_000 + "0]}",
    ],
)
def test_a_clip_with_a_damaged_record_is_listed(folder: Path, record: str) -> None:
    (folder / "clips" / "tide.json").write_text(record)
    found = [(each.file.name, each.record.quote, each.record.source.start) for each in clips_of(folder)]
    assert found[1] == ("tide.mp3", "", None)
