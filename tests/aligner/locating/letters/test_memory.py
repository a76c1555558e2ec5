"""Aligning again after a change of the text: the same words at the same times, and little of it searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from aligner.emissions import Emissions, silent_frames
from aligner.locating.letters import Memory, locate_by_letters, memory
from aligner.locating.letters.memory import recalled_paths
from aligner.locating.letters.paths import PathOptions, find_paths, what_sounds, what_spikes
from aligner.locating.letters.reading import letter_classes
from aligner.locating.letters.stretches import Stretch
from aligner.model import Located
from tests.aligner.episodes import Planted, transcript_of
from tests.aligner.locating.letters.tape import Tape
from tests.aligner.locating.letters.test_locate import BRIDGE, HARBOUR, MUSEUM, WELL

PARAGRAPHS = [HARBOUR, WELL, BRIDGE, MUSEUM, *(text.upper() for text in (HARBOUR, WELL, BRIDGE, MUSEUM))]


@pytest.fixture(scope="module")
def heard() -> Planted:
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


def located(heard: Planted, paragraphs: list[str], known: Memory) -> Located:
    return locate_by_letters(transcript_of(*paragraphs), heard.audio, heard.emissions, "en", known)


def test_the_same_text_is_not_searched_again(heard: Planted, searched: list[int]) -> None:
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
    heard: Planted, searched: list[int], old: str, new: str
) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    edited = [paragraph.replace(old, new) for paragraph in PARAGRAPHS]
    from_memory = located(heard, edited, Memory(first.used))
    assert from_memory == located(heard, edited, Memory())
    _, _, again, _, all_of_it, _ = searched
    assert again <= all_of_it / 4


def test_only_what_the_last_text_needed_is_kept(heard: Planted) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    second = Memory(first.used)
    located(heard, PARAGRAPHS[:2], second)
    assert second.used.keys() - first.used.keys()
    assert len(second.used) < len(first.used)


def test_what_is_of_another_length_is_searched_again_and_replaced(heard: Planted, searched: list[int]) -> None:
    first = Memory()
    before = located(heard, PARAGRAPHS, first)
    again = Memory({key: kept[:-1] for key, kept in first.used.items()})
    assert located(heard, PARAGRAPHS, again) == before
    assert searched[2:] == searched[:2]
    assert again.changed
    assert again.used == first.used


def key_of(stretch: Stretch, scores: Emissions, options: PathOptions) -> bytes:
    return memory._key([[1, 2], [3], [4, 5]], stretch, scores, options)


def test_a_path_is_known_by_all_that_decides_it(heard: Planted) -> None:
    assert heard.emissions is not None
    scores, options = heard.emissions, PathOptions()
    stretch = Stretch(np.array([0, 1, 2]), np.arange(50, 90), 0, 2)
    others = [
        key_of(replace(stretch, words=np.array([1, 0, 2])), scores, options),
        key_of(replace(stretch, first=1), scores, options),
        key_of(replace(stretch, last=3), scores, options),
        key_of(replace(stretch, frames=np.arange(51, 91)), scores, options),
        key_of(stretch, Emissions(np.roll(scores.values, 1, axis=0), scores.prior), options),
        key_of(stretch, Emissions(scores.values, scores.prior[::-1]), options),
        key_of(stretch, scores, replace(options, edge=0.7)),
        memory._key([[1], [2, 3], [4, 5]], stretch, scores, options),
    ]
    assert len({key_of(stretch, scores, options), *others}) == 1 + len(others)


def test_the_same_sound_later_on_is_another_place(heard: Planted) -> None:
    assert heard.emissions is not None
    silence = Emissions(silent_frames(len(heard.emissions)), heard.emissions.prior)
    early, late = (Stretch(np.array([0, 1, 2]), np.arange(first, first + 40), 0, 3) for first in (100, 200))
    assert key_of(early, silence, PathOptions()) != key_of(late, silence, PathOptions())


def test_what_is_recalled_is_what_each_opinion_found(heard: Planted) -> None:
    scores, options = heard.emissions, PathOptions()
    assert scores is not None
    classes = [letter_classes(word) for word in ("the", "ferry", "left", "the", "harbour")]
    stretches = [Stretch(np.arange(5), np.arange(0, 120), 0, 5)]
    first = Memory()
    recalled_paths(classes, stretches, scores, options, first)
    recalled = recalled_paths(classes, stretches, scores, options, Memory(first.used))
    for kept, opinion in zip(recalled, (what_sounds, what_spikes), strict=True):
        found = find_paths(classes, stretches, opinion, scores, options)
        assert np.array_equal(kept.frames, found.frames)
        assert np.array_equal(kept.gain, found.gain)


def test_other_code_knows_nothing(heard: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard.emissions is not None
    stretch = Stretch(np.array([0, 1, 2]), np.arange(50, 90), 0, 2)
    before = key_of(stretch, heard.emissions, PathOptions())
    monkeypatch.setattr(memory, "_search", lambda: "another")
    assert key_of(stretch, heard.emissions, PathOptions()) != before


def test_other_scores_know_nothing(heard: Planted, searched: list[int]) -> None:
    first = Memory()
    located(heard, PARAGRAPHS, first)
    assert heard.emissions is not None
    scores = Emissions(heard.emissions.values - np.float16(0.5), heard.emissions.prior)
    other = replace(heard, emissions=scores)
    located(other, PARAGRAPHS, Memory(first.used))
    assert searched[2:] == searched[:2]
