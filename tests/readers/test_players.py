"""What players show of our files: every word once, in order, by whom it is said.

The players are models of our own, of how they read in November 2026.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from aligner.formats import FORMATS, Material
from tests.readers import antennapod, castopod, podlove
from tests.readers.hostile import materials, over_materials
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
