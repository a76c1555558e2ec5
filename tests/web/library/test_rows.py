"""The list."""

import json
import shutil
import time
from pathlib import Path

import pytest

from aligner.model import Verdict
from tests.web.library.shelved import TALK, plant, write_sound
from web.library import Library, rows
from web.library.digests import digest_of


def test_a_row_says_how_long_how_much_and_how_well(library: Library) -> None:
    plant(library.root / "summer")
    write_sound(library.root / "waiting" / "a.wav")
    aligned, waiting = sorted(rows(library), key=lambda row: row.episode.id)
    assert (aligned.coverage, aligned.verdict, aligned.outdated) == (0.97, Verdict.GOOD, False)
    assert aligned.duration
    assert aligned.duration > 3
    assert (waiting.duration, waiting.coverage, waiting.verdict) == (None, None, None)


def test_the_newest_episode_comes_first_and_one_without_a_date_is_new(library: Library) -> None:
    plant(library.root / "a", date="2024-01-01")
    plant(library.root / "b", date="2025-01-01")
    plant(library.root / "c")
    assert [row.episode.id for row in rows(library)] == ["c", "b", "a"]


def test_a_transcript_edited_since_is_told(library: Library) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.txt").write_text(TALK + "More.\n", encoding="utf-8")
    assert rows(library)[0].outdated


def test_a_new_alignment_shows_at_once(library: Library) -> None:
    folder = plant(library.root / "summer")
    before = rows(library)[0].duration
    plant(folder, TALK * 5)
    after = rows(library)[0].duration
    assert before
    assert after
    assert after > before


def test_an_alignment_in_another_order_or_layout_is_read_too(library: Library) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    expected = digest_of(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    for text in (json.dumps(data), json.dumps(data, indent=4), json.dumps(dict(reversed(data.items())), indent=1)):
        path.write_text(text, encoding="utf-8")
        assert digest_of(path) == expected


@pytest.mark.parametrize("field", ["coverage", "duration", "verdict"])
def test_a_head_that_cannot_be_true_is_no_digest(library: Library, field: str) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    (data["audio"] if field == "duration" else data)[field] = "much"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert digest_of(path) is None


@pytest.mark.slow
def test_two_hundred_episodes_are_listed_in_a_tenth_of_a_second(library: Library, tmp_path: Path) -> None:
    hour = plant(tmp_path / "hour", "A: " + "mot énième " * 5000 + "\n")
    for k in range(200):
        shutil.copytree(hour, library.root / f"hour {k}")
    began = time.process_time()
    assert len(rows(library)) == 200
    first, began = time.process_time() - began, time.process_time()
    assert len(rows(library)) == 200
    again = time.process_time() - began
    assert first < 2
    assert again < 0.2
