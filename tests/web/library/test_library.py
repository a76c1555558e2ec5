"""The list of episodes: its order and pages; and the lock for changing an episode."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import EpisodeDetails, Verdict
from aligner.storage.alignment_json import to_text
from tests.tables import over_rows
from tests.web.library.shelved import TALK, aligned, plant
from web.errors import Busy
from web.library import Episode, Library, Order
from web.library.library import collation_key, exclusive, page_of


def listed(library: Library, order: Order) -> list[str]:
    return [episode.id for episode in page_of(library, order=order).episodes]


def only(library: Library) -> Episode:
    """The only episode."""
    [episode] = page_of(library).episodes
    return episode


def plant_of(folder: Path, coverage: float, verdict: Verdict) -> Path:
    """Plant an episode with this coverage and verdict."""
    plant(folder)
    alignment = aligned(folder / "talk.txt", "talk.wav", EpisodeDetails(folder.name))
    text = to_text(replace(alignment, coverage=coverage, verdict=verdict))
    (folder / "talk.alignment.json").write_text(text, encoding="utf-8")
    return folder


def test_a_transcript_edited_since_and_a_new_alignment_show_at_once(library: Library) -> None:
    folder = plant(library.root / "summer")
    before = only(library)
    (folder / "talk.txt").write_text(TALK + "More.\n", encoding="utf-8")
    assert only(library).is_outdated
    plant(folder, TALK * 5)
    after = only(library)
    assert before.head
    assert after.head
    assert after.head.audio.duration > before.head.audio.duration
    assert not after.is_outdated


def test_the_newest_episode_comes_first_and_one_without_a_date_is_new(library: Library) -> None:
    plant(library.root / "a", date="2024-01-01")
    plant(library.root / "b", date="2025-01-01")
    plant(library.root / "c")
    assert listed(library, Order.DATE) == ["c", "b", "a"]


def test_a_long_list_comes_in_pages_each_episode_on_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 8):
        plant(library.root / f"day {day}", date=f"2025-03-0{day}")
    monkeypatch.setattr("web.library.library.ON_A_PAGE", 3)
    pages = [page_of(library, number) for number in (1, 2, 3)]
    dates = [[each.details.date[-1] for each in page.episodes if each.details.date] for page in pages]
    assert dates == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert [(page.number, page.pages, page.positions, page.total) for page in pages] == [
        (1, 3, range(3), 7),
        (2, 3, range(3, 6), 7),
        (3, 3, range(6, 7), 7),
    ]
    for number, nearest in ((0, 1), (-(10**30), 1), (4, 3), (10**30, 3)):
        assert page_of(library, number) == pages[nearest - 1]


@over_rows(
    "names",
    [
        ["École", "ecole 2", "Été", "ete bis", "Zoo"],
        ["Épisode 2", "episode 9", "Épisode 10", "Episode 010 bis", "ÉPISODE 100"],
        ["« Cœur » 1", "coeur 2", "Cœur, 3"],
        ["3 amis", "12 amis", "amis"],
        ["Straße", "strasse 2", "Strauß"],
        ["", "…", "a"],
        ["9" * 4000, "a" * 4000],
    ],
)
def test_names_are_sorted_as_people_look_them_up(names: Sequence[str]) -> None:
    mixed = [*names[1::2], *names[::2]]
    assert sorted(mixed, key=lambda name: (collation_key(name), names.index(name))) == list(names)


def test_what_needs_attention_comes_first(library: Library) -> None:
    plant_of(library.root / "good", 0.97, Verdict.GOOD)
    plant_of(library.root / "review", 0.8, Verdict.REVIEW)
    plant_of(library.root / "poor", 0.3, Verdict.POOR)
    plant_of(library.root / "failed", 0.97, Verdict.GOOD)
    (plant_of(library.root / "outdated", 0.97, Verdict.GOOD) / "talk.txt").write_text("Other.\n", encoding="utf-8")
    (plant(library.root / "waiting") / "talk.alignment.json").unlink()
    (plant(library.root / "broken") / "talk.alignment.json").write_text("{", encoding="utf-8")
    page = page_of(library, 1, Order.ATTENTION, lambda episode: episode.id == "failed")
    ids = [episode.id for episode in page.episodes]
    assert set(ids[:2]) == {"broken", "failed"}
    assert ids[2:] == ["poor", "waiting", "outdated", "review", "good"]


def test_the_lock_of_an_episode_excludes_other_threads_from_that_episode_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.library.library._LOCK_TIMEOUT", 0.05)
    results: list[str] = []

    def ask(folder: Path) -> None:
        try:
            with exclusive(folder):
                results.append("had")
        except Busy:
            results.append("busy")

    def from_elsewhere(folder: Path) -> str:
        thread = threading.Thread(target=ask, args=(folder,))
        thread.start()
        thread.join()
        return results[-1]

    with exclusive(tmp_path / "one"), exclusive(tmp_path / "." / "one"):
        assert from_elsewhere(tmp_path / "one") == "busy"
        assert from_elsewhere(tmp_path / "two") == "had"
    assert from_elsewhere(tmp_path / "one") == "had"
