"""Podcasting 2.0's transcript in JSON: valid, in phrases of 5 to 8 seconds."""

from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material
from aligner.storage.checked_json import decode
from tests.readers.hostile import materials, over_materials, planted
from tests.readers.podcasting import Transcript


def written(material: Material) -> Transcript:
    return decode(FORMATS["transcript-json"].content(material), Transcript)


@over_materials
def test_it_is_valid(material: Material) -> None:
    assert all(bool(each.speaker) == bool(material.nobody) for each in written(material).segments)


def test_most_phrases_last_5_to_8_seconds() -> None:
    segments = written(materials().get("dev", materials()["sample"])).segments
    lengths = [each.end_time - each.start_time for each in segments if not each.body.startswith("[")]
    assert max(lengths) <= 8.0
    assert sum(length >= 4.0 for length in lengths) >= 0.7 * len(lengths)  # the others are turns, or end at a pause


def test_words_are_separated_by_plain_spaces_and_keep_their_typography() -> None:
    material = Material(planted(("Ada", "À 10 heures\u202f: « non »\u202f!")), "x")
    assert [each.body for each in written(material).segments] == ["À 10 heures\u202f: «\u00a0non\u00a0»\u202f!"]


@over_materials
def test_a_segment_begins_with_its_first_word(material: Material) -> None:
    """A caption may start a little before its first word to be readable; a segment does not."""
    starts = {to_milliseconds(word.span.start) for word in material.alignment.words if word.span}
    unsaid = [each for each in written(material).segments if to_milliseconds(each.start_time) not in starts]
    assert [each.body for each in unsaid if not each.body.startswith(("[", "("))] == []
