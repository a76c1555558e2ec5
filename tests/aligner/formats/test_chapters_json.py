"""Podcasting 2.0's chapters in JSON: from headings, with silent marks for ads."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from aligner.formats import FORMATS, Material
from aligner.formats.text_lines import on_one_line
from aligner.storage.checked_json import decode
from tests.readers.hostile import materials, over_materials
from tests.readers.podcasting import Chapters

FORMAT = FORMATS["chapters-json"]


def written(material: Material) -> Chapters:
    return decode(FORMAT.write(material), Chapters)


@over_materials
def test_it_has_the_shape_or_says_that_there_are_no_headings(material: Material) -> None:
    if material.chapters:
        assert FORMAT.unavailable(material) is None
        listed = [each for each in written(material).chapters if each.toc is not False]
        assert [each.title for each in listed] == [on_one_line(each.title) for each in material.chapters]
    else:
        assert "no headings" in str(FORMAT.unavailable(material))


def test_adverts_are_silent_marks_after_which_the_chapter_goes_on() -> None:
    chapters = written(materials()["ordinary"]).chapters
    assert [(each.start_time, each.end_time, each.title, each.toc) for each in chapters] == [
        (1.0, 28.5, "L’embarcadère", UNSET),
        (18.5, 28.0, "Publicité", False),
        (28.0, 28.5, "L’embarcadère", False),
        (28.5, pytest.approx(41.4, abs=0.1), "Le retour", UNSET),
    ]


def test_it_names_the_episode() -> None:
    told = written(materials()["ordinary"])
    assert (told.title, told.podcast_name, told.file_name) == ("Le bac", "Roue libre", "planted.mp3")
