"""An episode's data for the page's scripts."""

from __future__ import annotations

from dataclasses import replace

from aligner.locating.quality import doubtful_runs
from aligner.model import Alignment, Span
from tests.web.page.planted import planted
from web.page.data import cue_data, episode_data
from web.page.transcript import page_of


def test_scripts_get_times_in_milliseconds_and_the_hash_of_the_text() -> None:
    alignment = planted(("Ana", "one two three"), unspoken="two")
    data = episode_data(alignment, page_of(alignment))
    assert data["starts"] == [0, None, 2000]
    assert data["ends"] == [800, None, 2800]
    assert data["chars"] == [0, 3, 4, 7, 8, 13]
    assert data["hash"] == "abababab"
    assert data["turns"] == [[0, 3, "Ana", "speech"]]


def test_uncertain_words_are_doubtful_from_two_seconds_on() -> None:
    alignment = planted((None, "a b c d e f g h i j"))

    def with_doubt(*numbers: int) -> Alignment:
        words = tuple(replace(w, confidence=0.2) if k in numbers else w for k, w in enumerate(alignment.words))
        return replace(alignment, words=words)

    assert [span for _, span in doubtful_runs(with_doubt(2))] == []
    assert [span for _, span in doubtful_runs(with_doubt(2, 4, 5))] == [Span(2.0, 5.8)]
    assert [span for _, span in doubtful_runs(with_doubt(1, 2, 7, 8, 9))] == [Span(7.0, 9.8)]


def test_cues_have_times_in_milliseconds_and_lines_of_numbered_words() -> None:
    [cue] = cue_data(planted(("Ana", "One two three.")))
    assert (cue["start"], cue["speech"]) == (0, True)
    assert cue["end"] >= 2800
    [line] = cue["lines"]
    assert "Ana" in (line["speaker"] or line["lead"])
    assert [number for _, number in line["words"]] == [0, 1, 2]
    assert "".join(text for text, _ in line["words"]).strip() == "One two three."
