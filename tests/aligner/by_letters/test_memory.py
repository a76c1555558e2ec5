"""Aligning again after a change of the text: the same words at the same times, and little of it searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from episodes import transcript_of
from tape import Tape
from test_locate import BRIDGE, HARBOUR, MUSEUM, WELL

from aligner.by_letters import Memory, locate_by_letters, memory
from aligner.by_letters.stretches import Stretch
from aligner.model import Heard, Located
from aligner.scores import LetterScores

PARAGRAPHS = [HARBOUR, WELL, BRIDGE, MUSEUM, *(text.upper() for text in (HARBOUR, WELL, BRIDGE, MUSEUM))]


@pytest.fixture(scope="module")
def heard() -> Heard:
    tape, rng = Tape(misheard=0.15), np.random.default_rng(1)
    for paragraph in PARAGRAPHS:
        for clause in re.split(r"(?<=[,.]) ", paragraph):
            tape.say(clause, gap=0.04)
            tape.pause(rng.uniform(0.1, 0.8))
    return tape.heard()


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many stretches each search was given: two searches a text, one by each opinion."""
    counts: list[int] = []
    find = memory.find_paths

    def counted(classes: Sequence[Sequence[int]], stretches: Sequence[Stretch], *rest: object) -> object:
        counts.append(len(stretches))
        return find(classes, stretches, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(memory, "find_paths", counted)
    return counts


def located(heard: Heard, paragraphs: list[str], known: Memory) -> Located:
    return locate_by_letters(transcript_of(*paragraphs), heard, "en", known)


def test_the_same_text_is_not_searched_again(heard: Heard, searched: list[int]) -> None:
    first = Memory()
    before = located(heard, PARAGRAPHS, first)
    again = Memory(first.used)
    assert located(heard, PARAGRAPHS, again) == before
    assert searched[0] == searched[1] > 5
    assert searched[2:] == [0, 0]
    assert first.changed
    assert not again.changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("oranges", "lemons"),
        (" from the capital", ""),
        ("singing under", "singing softly under"),
        ("The ferry", "Good morning. The ferry"),
        ("Engineers come from abroad to measure it and go home puzzled", "Engineers go home puzzled"),
    ],
)
def test_of_an_edited_text_only_what_the_edit_touched_is_searched(
    heard: Heard, searched: list[int], old: str, new: str
) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    edited = [paragraph.replace(old, new) for paragraph in PARAGRAPHS]
    from_memory = located(heard, edited, Memory(first.used))
    assert from_memory == located(heard, edited, Memory())
    _, _, again, _, all_of_it, _ = searched
    assert again <= all_of_it / 4


def test_only_what_the_last_text_needed_is_kept(heard: Heard) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    second = Memory(first.used)
    located(heard, PARAGRAPHS[:2], second)
    assert second.used.keys() - first.used.keys()
    assert len(second.used) < len(first.used)


@pytest.mark.parametrize("damage", ["short", "beyond", "nan"])
def test_what_cannot_be_true_is_searched_again(heard: Heard, searched: list[int], damage: str) -> None:
    first = Memory()
    before = located(heard, PARAGRAPHS, first)
    bad = {key: _damaged(kept, damage) for key, kept in first.used.items()}
    assert located(heard, PARAGRAPHS, Memory(bad)) == before
    assert searched[2:] == searched[:2]


def _damaged(kept: bytes, how: str) -> bytes:
    if how == "short":
        return kept[:-1]
    found = np.frombuffer(kept, memory._KEPT).copy()
    if how == "beyond":
        found["frames"] = 2**30
    else:
        found["gain"] = np.nan
    return found.tobytes()


def test_other_scores_know_nothing(heard: Heard, searched: list[int]) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    assert heard.letters is not None
    scores = LetterScores(heard.letters.values - np.float16(0.5), heard.letters.prior)
    other = replace(heard, letters=scores)
    located(other, PARAGRAPHS, Memory(first.used))
    assert searched[2:] == searched[:2]
