"""Aligning again after a change of the text: the same words at the same times, and little of it searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from aligner.content_cache import ContentCache
from aligner.emissions import Emissions
from aligner.locating.letters import locate_by_letters, paths
from aligner.locating.letters.anchors import Window
from aligner.model import Located
from tests.aligner.episodes import Planted, transcript_of
from tests.aligner.locating.letters.tape import Tape
from tests.aligner.locating.letters.test_locate import BRIDGE, HARBOUR, MUSEUM, WELL
from tests.tables import over_rows

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
    """How many windows each search was given: one a text, by both kinds of emissions."""
    counts: list[int] = []
    find = paths.find_paths

    def counted(classes: Sequence[Sequence[int]], windows: Sequence[Window], *rest: object) -> object:
        counts.append(len(windows))
        return find(classes, windows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(paths, "find_paths", counted)
    return counts


def located(heard: Planted, paragraphs: list[str], known: ContentCache) -> Located:
    return locate_by_letters(transcript_of(*paragraphs), heard.audio, heard.emissions, "en", known)


def test_the_same_text_is_not_searched_again(heard: Planted, searched: list[int]) -> None:
    first = ContentCache()
    before = located(heard, PARAGRAPHS, first)
    again = ContentCache(first.used)
    assert located(heard, PARAGRAPHS, again) == before
    assert searched[0] > 5
    assert searched[1:] == [0]
    assert first.changed
    assert not again.changed


@pytest.mark.nightly
@over_rows("old, new", [("oranges", "lemons"), (" from the capital", ""), ("The ferry", "Good morning. The ferry")])
def test_of_an_edited_text_only_what_the_edit_touched_is_searched(
    heard: Planted, searched: list[int], old: str, new: str
) -> None:
    first = ContentCache()
    located(heard, PARAGRAPHS, first)
    edited = [paragraph.replace(old, new) for paragraph in PARAGRAPHS]
    from_cache = located(heard, edited, ContentCache(first.used))
    assert from_cache == located(heard, edited, ContentCache())
    again, all_of_it = searched[-2:]
    assert again <= all_of_it / 4


def key_of(window: Window, emissions: Emissions) -> bytes:
    return paths._key([[1, 2], [3], [4, 5]], window, paths._digest(emissions))


def test_a_path_is_known_by_all_that_decides_it(heard: Planted) -> None:
    assert heard.emissions is not None
    emissions = heard.emissions
    window = Window(np.array([0, 1, 2]), np.ones(3, bool), np.zeros(4, np.int64), np.arange(50, 90), 0, 2)
    others = [
        key_of(replace(window, words=np.array([1, 0, 2])), emissions),
        key_of(replace(window, breaks=np.array([0, 2, 0, 0])), emissions),
        key_of(replace(window, first=1), emissions),
        key_of(replace(window, heard=np.array([True, False, True])), emissions),
        key_of(replace(window, last=3), emissions),
        key_of(replace(window, frames=np.arange(51, 91)), emissions),
        key_of(window, Emissions(np.roll(emissions.values, 1, axis=0), emissions.prior)),
        key_of(window, Emissions(emissions.values, emissions.prior[::-1])),
        paths._key([[1], [2, 3], [4, 5]], window, paths._digest(emissions)),
    ]
    assert len({key_of(window, emissions), *others}) == 1 + len(others)


def test_other_code_knows_nothing(heard: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heard.emissions is not None
    window = Window(np.array([0, 1, 2]), np.ones(3, bool), np.zeros(4, np.int64), np.arange(50, 90), 0, 2)
    before = key_of(window, heard.emissions)
    monkeypatch.setattr(paths, "code_of", lambda *_: b"another")
    assert key_of(window, heard.emissions) != before
