"""Episodes are listed in the order that a reader looks for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aligner.model import EpisodeDetails, Verdict
from aligner.storage.alignment_json import to_text
from tests.tables import over_rows
from tests.web.library.shelved import aligned, plant, write_sound
from tests.web.search.asking import search
from web.library import Library, Order, page_of
from web.library.order import collation_key


def listed(library: Library, order: Order) -> list[str]:
    return [row.episode.id for row in page_of(library, order=order).rows]


def plant_of(folder: Path, coverage: float, verdict: Verdict, seconds: float = 60.0) -> Path:
    """An episode that went so well, and is so long."""
    plant(folder)
    alignment = aligned(folder / "talk.txt", "talk.wav", EpisodeDetails(folder.name))
    audio = replace(alignment.audio, duration=seconds)
    told = replace(alignment, coverage=coverage, verdict=verdict, audio=audio)
    (folder / "talk.alignment.json").write_text(to_text(told), encoding="utf-8")
    return folder


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
def test_names_are_arranged_as_people_look_them_up(names: Sequence[str]) -> None:
    mixed = [*names[1::2], *names[::2]]
    assert sorted(mixed, key=lambda name: (collation_key(name), names.index(name))) == list(names)


def test_titles_are_in_order_with_their_numbers(library: Library) -> None:
    for name, title in (("a", "Épisode 10"), ("b", "episode 9"), ("c", "« Avant »"), ("d", "Été"), ("e", "ete 2")):
        plant(library.root / name, title=title)
    assert listed(library, Order.TITLE) == ["c", "b", "a", "d", "e"]


def test_shows_are_in_order_the_newest_episode_of_each_first_and_those_without_last(library: Library) -> None:
    for name, show, day in (("a", "Zoo", 1), ("b", None, 9), ("c", "Été", 1), ("d", "ete", 2), ("e", "Zoo", 3)):
        plant(library.root / name, show=show, date=f"2025-03-0{day}")
    assert listed(library, Order.SHOW) == ["d", "c", "e", "a", "b"]


def test_what_was_added_last_comes_first_whatever_was_changed_since(library: Library) -> None:
    for hour, name in enumerate(("a", "b", "c"), start=1):
        os.utime(plant(library.root / name, date=f"2025-03-0{hour}") / "talk.wav", (hour * 3600, hour * 3600))
    (library.root / "a" / "episode.json").write_text('{"format": "quotecast-episode", "version": 1, "title": "New"}')
    assert listed(library, Order.ADDED) == ["c", "b", "a"]


def test_the_longest_comes_first_and_what_is_not_known_last(library: Library) -> None:
    for name, seconds in (("a", 60.0), ("b", 7000.0), ("c", 600.0)):
        plant_of(library.root / name, 0.97, Verdict.GOOD, seconds)
    write_sound(library.root / "z" / "talk.wav")
    assert listed(library, Order.LENGTH) == ["b", "c", "a", "z"]


def test_what_needs_attention_comes_first(library: Library) -> None:
    plant_of(library.root / "good", 0.97, Verdict.GOOD)
    plant_of(library.root / "review", 0.8, Verdict.REVIEW)
    plant_of(library.root / "poor", 0.3, Verdict.POOR)
    plant_of(library.root / "failed", 0.97, Verdict.GOOD)
    (plant_of(library.root / "outdated", 0.97, Verdict.GOOD) / "talk.txt").write_text("Other.\n", encoding="utf-8")
    (plant(library.root / "waiting") / "talk.alignment.json").unlink()
    (plant(library.root / "broken") / "talk.alignment.json").write_text("{", encoding="utf-8")
    page = page_of(library, 1, Order.ATTENTION, lambda episode: episode.id == "failed")
    ids = [row.episode.id for row in page.rows]
    assert set(ids[:2]) == {"broken", "failed"}
    assert ids[2:] == ["poor", "waiting", "outdated", "review", "good"]


def test_what_is_found_is_in_that_order(library: Library) -> None:
    for name, title in (("a", "Zoo"), ("b", "Épisode 10"), ("c", "episode 9")):
        plant(library.root / name, title=title)
    assert [found.episode.id for found in search(library, "velos", Order.TITLE)] == ["c", "b", "a"]
