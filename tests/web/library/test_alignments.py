"""An alignment is read by a child first; what it found is told wherever the episode is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from aligner.errors import AlignmentError
from tests.tables import over_rows
from tests.web.library.shelved import plant
from tests.web.search.asking import search
from web import bounded
from web.errors import Unusable
from web.library import EpisodeProblem, Library, alignments, page_of, stored_alignment
from web.library.alignments import known_error


@pytest.fixture
def library(tmp_path: Path) -> Library:
    plant(tmp_path / "tide", "Anna: The tide is high.\n")
    return Library(tmp_path)


@pytest.fixture
def file(library: Library) -> Path:
    file = library.episode("tide").alignment
    assert file
    return file


def damage(file: Path) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    data["words"][1]["segment"] = 7
    file.write_text(json.dumps(data), encoding="utf-8")


def problem(library: Library) -> EpisodeProblem | None:
    return page_of(library).rows[0].episode.problem


def open_page(_: Library, file: Path) -> None:
    with pytest.raises(AlignmentError, match="word 'tide' is in segment 7"):
        stored_alignment(file)


def search_it(library: Library, _: Path) -> None:
    assert not any(found.hits for found in search(library, "high"))


@over_rows("find_out", [open_page, search_it])
def test_what_is_wrong_in_the_middle_is_listed_once_it_is_known(
    library: Library, file: Path, find_out: Callable[[Library, Path], None]
) -> None:
    good = file.read_bytes()
    damage(file)
    assert problem(library) is None  # the head is as good as any
    find_out(library, file)
    assert problem(library) is EpisodeProblem.ALIGNMENT
    file.write_bytes(good + b" ")
    assert problem(library) is None
    assert len(stored_alignment(file).words) == 4


def test_a_later_version_is_listed_as_such(library: Library, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace('"version": 1', '"version": 2'), encoding="utf-8")
    assert problem(library) is EpisodeProblem.NEWER


def test_what_cannot_be_read_within_bounds_is_tried_once(
    library: Library, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "MEMORY_BYTES", 1_000_000)
    monkeypatch.setattr(bounded, "_idle", [])  # one that has worked has room within what it holds already
    with pytest.raises(Unusable) as refusal:
        stored_alignment(file)
    assert refusal.value.key in ("bounded.memory", "bounded.fell")
    monkeypatch.undo()
    assert isinstance(known_error(file), Unusable)
    with pytest.raises(Unusable):
        stored_alignment(file)
    assert problem(library) is EpisodeProblem.ALIGNMENT


@over_rows("large_bytes, most", [(0, 1), (10_000_000, 4)])
def test_pages_of_large_alignments_are_made_one_after_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large_bytes: int, most: int
) -> None:
    monkeypatch.setattr(alignments, "_LARGE_BYTES", large_bytes)
    (tmp_path / "a").write_bytes(b"12345")
    together, at_once = [0], []
    meeting = Barrier(most)

    def make(_: int) -> None:
        with alignments.turn(tmp_path / "a"):
            together[0] += 1
            meeting.wait(60)  # for as many as there are to be at once
            at_once.append(together[0])
            meeting.wait(60)
            together[0] -= 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(make, range(4)))
    assert max(at_once) == most
