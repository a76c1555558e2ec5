"""What players show of our files: every word once, in order, by whom it is said; and that they do not of others.

The players are models of our own, of how they read in November 2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings

from aligner.captions import CaptionRules, SpeakerNames, build_cues, to_srt, to_vtt
from aligner.formats import FORMATS, Material
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.captions.test_properties import alignments
from tests.readers import antennapod, castopod, podlove
from tests.readers.hostile import MATERIALS, over_materials, planted
from tests.readers.rows import Row, assert_as_said

Reader = Callable[[str], Sequence[Row]]
_NAME = re.compile(r"\A[^:]*:[ \n]")  # no other colon of ours has a plain space or the end of the line after it


def written(format: str, material: Material) -> str:
    return FORMATS[format].write(material).decode("utf-8")


@over_materials
@pytest.mark.parametrize("read", [antennapod.read_vtt, castopod.read_vtt, podlove.read_vtt])
def test_players_show_the_vtt_as_it_is_said(read: Reader, material: Material) -> None:
    assert_as_said(read(written("podcast-vtt", material)), material)


@over_materials
def test_antennapod_shows_the_srt_as_it_is_said(material: Material) -> None:
    assert_as_said(antennapod.read_srt(written("podcast-srt", material)), material, short=True)


@over_materials
def test_castopod_shows_the_words_of_the_srt(material: Material) -> None:
    rows = castopod.read_srt(written("podcast-srt", material))
    assert_as_said([Row("", _NAME.sub("", row.text)) for row in rows], material, speakers=False)


@over_materials
def test_antennapod_shows_the_json_as_it_is_said(material: Material) -> None:
    assert_as_said(antennapod.read_json(written("transcript-json", material)), material)


@given(alignments())
@settings(max_examples=25, deadline=None)
def test_whatever_is_said_by_whomever_is_shown_so(alignment: Alignment) -> None:
    material = Material(from_content(to_text(alignment).encode()), "x")
    for read in (antennapod.read_vtt, castopod.read_vtt, podlove.read_vtt):
        assert_as_said(read(written("podcast-vtt", material)), material)
    assert_as_said(antennapod.read_srt(written("podcast-srt", material)), material, short=True)
    assert_as_said(antennapod.read_json(written("transcript-json", material)), material)


def test_rows_have_no_speaker_only_where_the_text_names_nobody() -> None:
    for name, material in MATERIALS.items():
        rows = castopod.read_vtt(written("podcast-vtt", material))
        rows += antennapod.read_vtt(written("podcast-vtt", material))
        rows += antennapod.read_json(written("transcript-json", material))
        assert all(bool(row.speaker) == bool(material.nobody) for row in rows), name


# What follows shows that the models find what is wrong: captions as they are for videos, each where a player fails.

EXCHANGE = Material(planted(("Ada Morel", "Tu viens\u202f?"), ("Luc Petit", "Oui\u202f!")), "exchange")


def videos_vtt(material: Material, **options: object) -> str:
    return to_vtt(build_cues(material.alignment), **options)  # type: ignore[arg-type]


def videos_srt(material: Material, names: SpeakerNames) -> str:
    return to_srt(build_cues(material.alignment, CaptionRules(speaker_names=names)), language=material.language)


def is_shown_wrongly(rows: Callable[[], Sequence[Row]], material: Material, short: bool = False) -> bool:
    try:
        assert_as_said(rows(), material, short=short)
    except (AssertionError, ValueError):
        return True
    return False


@pytest.mark.parametrize(
    ("read", "material"),
    [
        (antennapod.read_vtt, EXCHANGE),  # two voices in a cue
        (antennapod.read_vtt, MATERIALS["names with markup"]),  # an ampersand in a name
        (antennapod.read_vtt, MATERIALS["names of some"]),  # nobody, after somebody
        (castopod.read_vtt, MATERIALS["sample"]),  # two lines
        (castopod.read_vtt, EXCHANGE),
        (podlove.read_vtt, EXCHANGE),
        (podlove.read_vtt, MATERIALS["markup"]),  # NOTE in the words
    ],
)
def test_plain_vtt_is_shown_wrongly(read: Reader, material: Material) -> None:
    assert is_shown_wrongly(lambda: read(videos_vtt(material)), material)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n\n00:", "\n\nx\n00:"),  # identifiers
        ("\n\n00:", "\n\n\n00:"),  # two blank lines
        ("WEBVTT\n", "WEBVTT\n\nNOTE\nof two lines\n"),
        ("WEBVTT\n", "WEBVTT\n\nSTYLE\n::cue { color: lime }\n"),
        ("WEBVTT\n\n", "WEBVTT\nKind: captions\n\n"),
    ],
)
def test_what_else_a_vtt_may_hold_breaks_castopod(before: str, after: str) -> None:
    material = MATERIALS["sample"]
    assert is_shown_wrongly(
        lambda: castopod.read_vtt(written("podcast-vtt", material).replace(before, after)), material
    )


def test_castopod_shows_the_times_of_words() -> None:
    material = MATERIALS["no speakers"]
    assert not is_shown_wrongly(lambda: castopod.read_vtt(videos_vtt(material)), material)
    assert is_shown_wrongly(lambda: castopod.read_vtt(videos_vtt(material, word_times=True)), material)


def test_an_odd_time_and_a_style_are_wrong_elsewhere() -> None:
    plain = written("podcast-vtt", MATERIALS["sample"])
    assert antennapod.read_vtt(plain.replace("00:00:04.", "0:00:04.", 1)) == []
    with pytest.raises(ValueError, match="stand alone"):
        podlove.read_vtt(plain.replace("WEBVTT\n", "WEBVTT\n\nSTYLE\n"))


@pytest.mark.parametrize("names", [SpeakerNames.NEVER, SpeakerNames.CHANGE, SpeakerNames.ALWAYS])
@pytest.mark.parametrize("name", ["sample", "colons", "colons in French", "names with colons"])
def test_plain_srt_is_shown_wrongly_by_antennapod(name: str, names: SpeakerNames) -> None:
    material = MATERIALS[name]
    assert is_shown_wrongly(lambda: antennapod.read_srt(videos_srt(material, names)), material, short=True)


def test_antennapod_loses_words_of_plain_srt() -> None:
    """The first half of this sentence becomes a speaker."""
    rows = antennapod.read_srt(videos_srt(MATERIALS["sample"], SpeakerNames.NEVER))
    assert any(row.speaker.endswith("un tandem de 1958\u00a0") for row in rows)


@pytest.mark.parametrize(
    "change",
    [
        {"endTime": None},  # passed over
        {"speaker": None},  # the last speaker's
        {"body": ""},  # the app stops
    ],
)
def test_json_is_shown_wrongly_where_a_field_is_missing(change: dict[str, str | None]) -> None:
    told = json.loads(written("transcript-json", MATERIALS["sample"]))
    for segment in told["segments"][1::2]:
        segment.update(change)
        for key in [key for key, value in change.items() if value is None]:
            del segment[key]
    assert is_shown_wrongly(lambda: antennapod.read_json(json.dumps(told)), MATERIALS["sample"])


def test_json_by_words_has_blanks_before_punctuation() -> None:
    segments = [
        {"startTime": float(at), "endTime": at + 1.0, "speaker": "Ada", "body": body}
        for at, body in enumerate(["Yes", ",", "it", "is", "."])
    ]
    (row,) = antennapod.read_json(json.dumps({"segments": segments}))
    assert row.text == "Yes , it is ."
