"""W3C's parser finds no errors in our WebVTT files, and reads every word with its speaker, and times to the
millisecond."""

from collections.abc import Callable
from typing import Any

import pytest

from aligner.captions import CaptionRules, SpeakerNames, to_vtt
from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material
from tests.readers.hostile import materials
from tests.readers.reading import Shown, seen, written
from tests.readers.rows import Row, assert_as_said
from tests.tables import over_rows

_DASH = CaptionRules(speaker_names=SpeakerNames.DASH)
_FORMATS = [name for name, format in FORMATS.items() if format.media_type == "text/vtt"]
_ORDINARY = "captions of an episode"

Read = dict[tuple[str, str], Any]


def _written(format: str, material: Material) -> bytes:
    if format == _ORDINARY:
        alignment = material.alignment
        return to_vtt(material.cues(_DASH), verdict=alignment.verdict, review=str(material.review_sentence)).encode()
    return FORMATS[format].content(material)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, read_by_node: Callable[..., Any]) -> Read:
    """The result of parsing each material in each format, by both names."""
    folder = tmp_path_factory.mktemp("written")
    files = {}
    for format in (_ORDINARY, *_FORMATS):
        for number, (name, material) in enumerate(materials().items()):
            if format == _ORDINARY or not FORMATS[format].unavailable(material):
                ending = ".vtt" if format == _ORDINARY else FORMATS[format].ending
                files[format, name] = folder / f"{format}-{number}{ending}"
                files[format, name].write_bytes(_written(format, material))
    return dict(zip(files, read_by_node("webvtt.cjs", *files.values()), strict=True))


def shown(cues: list[dict[str, Any]]) -> list[Shown]:
    """Return the cues that the parser read."""
    return [
        Shown(
            round(cue["start"] * 1000),
            round(cue["end"] * 1000),
            tuple(map(seen, "".join(run["text"] for run in cue["runs"]).split("\n"))),
            tuple(dict.fromkeys(run["voice"] for run in cue["runs"] if seen(run["text"]))),
        )
        for cue in cues
    ]


@over_rows("format", [_ORDINARY, *_FORMATS])
def test_no_file_has_errors(format: str, read: Read) -> None:
    wrong = {name: found["errors"] for (each, name), found in read.items() if each == format and found["errors"]}
    assert not wrong


@over_rows("format", [_ORDINARY, "web-vtt"])
def test_captions_have_every_cue(format: str, read: Read) -> None:
    for name, material in materials().items():
        assert shown(read[format, name]["cues"]) == _truth(material), name


def test_podcast_captions_have_every_word_and_speaker(read: Read) -> None:
    for name, material in materials().items():
        runs = [run for cue in read["podcast-vtt", name]["cues"] for run in cue["runs"]]
        assert_as_said([Row(run["voice"] or "", run["text"]) for run in runs], material)


def _truth(material: Material) -> list[Shown]:
    return [
        Shown(cue.start, cue.end, cue.lines, tuple(dict.fromkeys(_voice(each) for each in cue.speakers)))
        for cue in written(material, _DASH)
    ]


def _voice(speaker: str | None) -> str | None:
    """Return the name as in the tag of a voice."""
    return " ".join(seen_name.split()) or None if (seen_name := (speaker or "").replace("\0", "\ufffd")) else None


def test_words_have_their_times(read: Read) -> None:
    timed = 0
    for name, material in materials().items():
        for cue, found in zip(material.cues(_DASH), read["web-vtt", name]["cues"], strict=True):
            starts = [(to_milliseconds(word.span.start), seen(word.text)) for word in cue.words if word.span]
            runs = [(round(run["time"] * 1000), seen(run["text"])) for run in found["runs"] if run["time"] is not None]
            for at, text in runs:
                assert any(at == start and text.startswith(word) for start, word in starts), (name, text)
            timed += len(runs)
    assert timed > 500


def test_chapters_are_the_headings(read: Read) -> None:
    held = [name for format, name in read if format == "chapters-vtt"]
    assert "ordinary" in held
    assert "no headings" not in held
    for name in held:
        found = [(cue.start, cue.end, cue.lines) for cue in shown(read["chapters-vtt", name]["cues"])]
        truth = [
            (to_milliseconds(each.start), to_milliseconds(each.end), (seen(each.title),))
            for each in materials()[name].chapters
        ]
        assert found == truth, name
