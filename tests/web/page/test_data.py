"""What scripts are told of an episode."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import (
    Alignment,
    Span,
)
from aligner.storage.alignment_json import to_text
from aligner.storage.atomic import write_text
from tests.web.page.planted import planted
from web.page.data import cue_data, cues_of, doubtful, episode_data
from web.page.transcript import page_of
from web.quotes.selection import to_sentence


def test_scripts_get_times_in_milliseconds_and_the_hash_of_the_text() -> None:
    alignment = planted(("Ana", "one two three"), unspoken="two")
    data = episode_data(alignment, page_of(alignment))
    assert data["starts"] == [0, None, 2000]
    assert data["ends"] == [800, None, 2800]
    assert data["chars"] == [0, 3, 4, 7, 8, 13]
    assert data["hash"] == "abababab"
    assert data["turns"] == [[0, 3, "Ana", "speech"]]


def test_sentences_are_those_that_the_server_widens_a_selection_to() -> None:
    alignment = planted(("Ana", "One two. Three four five! Six"), ("Bo", "Seven. Eight nine"))
    edges = episode_data(alignment, page_of(alignment))["sentences"]
    sentences = [range(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
    assert sentences == [range(2), range(2, 5), range(5, 6), range(6, 7), range(7, 9)]
    for sentence in sentences:
        for word in sentence:
            assert to_sentence(alignment, range(word, word + 1)) == sentence


def test_a_stretch_in_doubt_is_two_seconds_of_unsure_words_or_more() -> None:
    alignment = planted((None, "a b c d e f g h i j"))

    def with_doubt(*numbers: int) -> Alignment:
        words = tuple(replace(w, confidence=0.2) if k in numbers else w for k, w in enumerate(alignment.words))
        return replace(alignment, words=words)

    assert doubtful(with_doubt(2)) == []
    assert doubtful(with_doubt(2, 4, 5)) == [Span(2.0, 5.8)]
    assert doubtful(with_doubt(1, 2, 7, 8, 9)) == [Span(7.0, 9.8)]


def test_the_captions_of_episodes_read_in_turn_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alignment = planted(("Ana", "one two three"), ("Bo", "four five"))
    made = list[Path]()

    def call(work: Callable[[Path], str], path: Path) -> str:
        made.append(path)
        return work(path)

    monkeypatch.setattr("web.page.data.call", call)
    paths = [tmp_path / f"{number}.alignment.json" for number in range(8)]
    for path in paths:
        write_text(path, to_text(alignment))
    told = [cues_of(path) for _ in range(3) for path in paths]
    assert made == paths
    assert {json.dumps(json.loads(text)) for text in told} == {json.dumps(cue_data(alignment))}
