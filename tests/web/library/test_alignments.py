"""An alignment is read by a worker with limits before a thread of the server reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.errors import AlignmentError
from tests.web.library.shelved import plant
from web import worker_pool
from web.library import episode, stored_alignment


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return plant(tmp_path / "tide", "Anna: The tide is high.\n") / "talk.alignment.json"


def test_a_damaged_alignment_is_refused_until_it_is_another_file(file: Path) -> None:
    good = file.read_bytes()
    data = json.loads(good)
    data["words"][1]["segment"] = 7
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(AlignmentError, match="word 'tide' is in segment 7"):
        stored_alignment(file)
    file.write_bytes(good + b" ")
    assert len(stored_alignment(file).words) == 4


def test_a_worker_reads_an_alignment_once_for_each_state_of_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []
    call = worker_pool.call
    monkeypatch.setattr(episode, "call", lambda look, path: (asked.append(path), call(look, path)))
    assert stored_alignment(file) is stored_alignment(file)
    assert asked == [file]
