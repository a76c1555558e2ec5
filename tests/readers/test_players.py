"""What players show of our files: every word once, in order, by whom it is said; and that they do not of others.

The players are models of our own, of how they read in November 2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from aligner.captions import CaptionRules, SpeakerNames, build_cues, to_srt, to_vtt
from aligner.formats import FORMATS, Material
from tests.readers import antennapod, castopod, podlove
from tests.readers.hostile import materials, over_materials, planted
from tests.readers.rows import Row, assert_as_said
from tests.tables import over_rows

Reader = Callable[[str], Sequence[Row]]
_NAME = re.compile(r"\A[^:]*:[ \n]")  # no other colon of ours has a plain space or the end of the line after it


def written(format: str, material: Material) -> str:
    return FORMATS[format].write(material).decode("utf-8")


@over_materials
@over_rows("read", [antennapod.read_vtt, castopod.read_vtt, podlove.read_vtt])
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


def test_rows_have_no_speaker_only_where_the_text_names_nobody() -> None:
    for name, material in materials().items():
        rows = castopod.read_vtt(written("podcast-vtt", material))
        rows += antennapod.read_vtt(written("podcast-vtt", material))
        rows += antennapod.read_json(written("transcript-json", material))
        assert all(bool(row.speaker) == bool(material.nobody) for row in rows), name


# What follows shows that the models find what is wrong: captions as they are for videos, each where a player fails.


def assert_shown_wrongly(read: Reader, text: str, material: Material, *, short: bool = False) -> None:
    try:
        assert_as_said(read(text), material, short=short)
    except (AssertionError, ValueError):
        return
    raise AssertionError("it is shown as it is said")


@over_rows(
    "read, name",
    [
        (antennapod.read_vtt, "two voices in a cue"),
        (antennapod.read_vtt, "names with markup"),  # an ampersand in a name
        (antennapod.read_vtt, "names of some"),  # nobody, after somebody
        (castopod.read_vtt, "sample"),  # two lines
        (castopod.read_vtt, "two voices in a cue"),
        (podlove.read_vtt, "two voices in a cue"),
        (podlove.read_vtt, "markup"),  # NOTE in the words
    ],
)
def test_plain_vtt_is_shown_wrongly(read: Reader, name: str) -> None:
    exchange = Material(planted(("Ada Morel", "Tu viens\u202f?"), ("Luc Petit", "Oui\u202f!")), "exchange")
    material = materials().get(name, exchange)
    assert_shown_wrongly(read, to_vtt(build_cues(material.alignment)), material)


@over_rows(
    "before, after",
    [
        ("\n\n00:", "\n\nx\n00:"),  # identifiers
        ("\n\n00:", "\n\n\n00:"),  # two blank lines
        ("WEBVTT\n", "WEBVTT\n\nNOTE\nof two lines\n"),
        ("WEBVTT\n", "WEBVTT\n\nSTYLE\n::cue { color: lime }\n"),
        ("WEBVTT\n\n", "WEBVTT\nKind: captions\n\n"),
    ],
)
def test_what_else_a_vtt_may_hold_breaks_castopod(before: str, after: str) -> None:
    material = materials()["sample"]
    text = written("podcast-vtt", material)
    assert before in text
    assert_shown_wrongly(castopod.read_vtt, text.replace(before, after), material)


@over_rows("names", [SpeakerNames.NEVER, SpeakerNames.CHANGE, SpeakerNames.ALWAYS])
@over_rows("name", ["sample", "colons", "colons in French", "names with colons"])
def test_plain_srt_is_shown_wrongly_by_antennapod(name: str, names: SpeakerNames) -> None:
    material = materials()[name]
    cues = build_cues(material.alignment, CaptionRules(speaker_names=names))
    assert_shown_wrongly(antennapod.read_srt, to_srt(cues, language=material.language), material, short=True)


@over_rows(
    "key, value",
    [
        ("endTime", None),  # passed over
        ("speaker", None),  # the last speaker's
        ("body", ""),  # the app stops
    ],
)
def test_json_is_shown_wrongly_where_a_field_is_missing(key: str, value: str | None) -> None:
    told = json.loads(written("transcript-json", materials()["sample"]))
    for segment in told["segments"][1::2]:
        del segment[key]
        segment.update({} if value is None else {key: value})
    assert_shown_wrongly(antennapod.read_json, json.dumps(told), materials()["sample"])
