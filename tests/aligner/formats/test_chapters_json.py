"""Podcasting 2.0's JSON chapters, made from headings, with hidden chapters for ads."""

import pytest
from msgspec import UNSET

from aligner.formats import FORMATS, Material
from aligner.formats.text_lines import on_one_line
from aligner.storage.checked_json import decode
from tests.readers.hostile import materials, over_materials
from tests.readers.podcasting import Chapters

FORMAT = FORMATS["chapters-json"]


def written(material: Material) -> Chapters:
    return decode(FORMAT.content(material), Chapters)


@over_materials
def test_it_is_valid_or_unavailable_without_headings(material: Material) -> None:
    if material.chapters:
        assert FORMAT.unavailable(material) is None
        listed = [each for each in written(material).chapters if each.toc is not False]
        assert [each.title for each in listed] == [on_one_line(each.title) for each in material.chapters]
    else:
        assert "no headings" in str(FORMAT.unavailable(material))


def test_ads_are_hidden_chapters_after_which_the_chapter_continues() -> None:
    chapters = written(materials()["ordinary"]).chapters
    assert [(each.start_time, each.end_time, each.title, each.toc) for each in chapters] == [
        (1.0, 28.5, "L’embarcadère", UNSET),
        (18.5, 28.0, "Publicité", False),
        (28.0, 28.5, "L’embarcadère", False),
        (28.5, pytest.approx(41.4, abs=0.1), "Le retour", UNSET),
    ]


def test_it_names_the_episode() -> None:
    details = written(materials()["ordinary"])
    assert (details.title, details.podcast_name, details.file_name) == ("Le bac", "Roue libre", "planted.mp3")
