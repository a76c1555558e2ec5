"""An episode is cut between its turns, and none of its audio is left out."""

from itertools import pairwise

import pytest

from aligner.formats import Material
from aligner.formats.cuts import FRAMES_PER_SECOND, cuts
from aligner.formats.intervals import steps
from aligner.formats.text_lines import beginning
from aligner.model import Span
from tests.readers.hostile import over_materials, planted
from tests.tables import over_rows


def seconds(material: Material) -> list[tuple[float, float]]:
    return [(cut.start / FRAMES_PER_SECOND, cut.end / FRAMES_PER_SECOND) for cut in cuts(material)]


@over_materials
def test_the_cuts_cover_all_of_the_audio_and_every_spoken_turn(material: Material) -> None:
    found = cuts(material)
    assert found[0].start == 0
    assert all(one.end == other.start and one.start < one.end for one, other in pairwise(found))
    assert found[-1].end >= steps(material.alignment.audio.duration, FRAMES_PER_SECOND) > found[-1].start
    assert [cut.turn for cut in found if cut.turn] == [turn for turn in material.turns if turn.span]
    for cut in found:
        if cut.turn and (span := cut.turn.span):
            assert (cut.start - 1) / FRAMES_PER_SECOND <= span.start
            assert span.end <= (cut.end + 1) / FRAMES_PER_SECOND


def test_a_short_pause_is_shared_and_a_long_one_is_an_event() -> None:
    material = Material(planted(("Ada", "One."), ("Luc", "|1.2 Two."), ("Ada", "|9 Three.")), "episode")
    first, second, third = (turn.span for turn in material.turns)
    assert isinstance(first, Span)
    assert isinstance(second, Span)
    assert isinstance(third, Span)
    expected = [
        (0, (first.end + second.start) / 2),
        ((first.end + second.start) / 2, second.end + 0.5),
        (second.end + 0.5, third.start - 0.5),
        (third.start - 0.5, third.end + 0.5),
        (third.end + 0.5, material.alignment.audio.duration),
    ]
    assert [pytest.approx(each, abs=0.021) for each in expected] == seconds(material)
    assert [cut.name for cut in cuts(material)] == ["Ada: One.", "Luc: Two.", "-", "Ada: Three.", "-"]


@over_rows(
    "text, shown",
    [("So it begins,\nand nobody\tknows.", "So it begins, and..."), ("日本語" * 7, "日本語" * 5 + "日本...")],
)
def test_a_name_is_the_first_words_on_one_line(text: str, shown: str) -> None:
    assert beginning(text, 20) == shown
