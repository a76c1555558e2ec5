"""What is told of an archive to whoever looks: what became of each episode, and how far the run is."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from media.errors import Message, to_facts
from tests.web.library.shelved import plant
from web.archive.runs import captions, retries
from web.archive.runs.going import going
from web.archive.runs.outcome import Outcome, Stage, State
from web.archive.runs.records import Records
from web.archive.runs.stages import key_of
from web.archive.runs.standing import Standing, is_archive, overview
from web.errors import Unusable
from web.library import Library, shelf
from web.page.preparation import prepare

KINDS = ("failed", "aside", "poor", "lacks", "machine", "review", "waiting", "done")
"""What there is one of each of, in the order in which it needs a person."""

WHY = Message("its process was ended by signal {signal}", signal=6)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for kind in KINDS:
        folder = plant(tmp_path / kind)
        alignment = folder / "talk.alignment.json"
        if kind in ("poor", "review"):
            said = alignment.read_text(encoding="utf-8")
            alignment.write_text(said.replace('"verdict": "good"', f'"verdict": "{kind}"'), encoding="utf-8")
        elif kind != "done":
            alignment.unlink()
    (tmp_path / "lacks" / "talk.txt").unlink()
    found, records = Library(tmp_path), Records(tmp_path)
    records.read(KINDS)
    for state, kind, times in ((State.FAILED, "failed", 1), (State.FELL, "aside", 3), (State.BROKE, "machine", 1)):
        for _ in range(times):
            records.take(outcome(found, kind, Stage.ALIGN, state))
    for kind in ("poor", "review", "done"):
        for stage in Stage:
            records.take(outcome(found, kind, stage, State.DONE))
    return found


def outcome(library: Library, name: str, stage: Stage, state: State) -> Outcome:
    key = key_of(library.episode(name), stage)
    return Outcome(episode=name, stage=stage, key=key, state=state, message=to_facts(WHY))


def names(library: Library, **asked: Any) -> list[str]:
    return [entry.row.episode.folder.name for entry in overview(library, **asked).entries]


def test_what_needs_a_person_comes_first_with_its_reason(library: Library) -> None:
    assert names(library) == list(KINDS)
    first, second = overview(library).entries[:2]
    assert (first.why, second.why) == (WHY, WHY)
    assert overview(library).retried == 3


def test_each_kind_is_counted_and_shown_by_itself(library: Library) -> None:
    counts = overview(library).standings
    assert [counts[each] for each in Standing] == [1, 1, 1, 1, 1, 3]
    assert names(library, standing=Standing.ASIDE) == ["aside"]
    assert names(library, standing=Standing.DONE, verdict="review") == ["review"]


def test_a_file_that_was_changed_has_its_episode_wait_again(library: Library) -> None:
    for kind in ("failed", "done"):
        (library.root / kind / "talk.txt").write_text("Ana: other words\n", encoding="utf-8")
    assert overview(library).standings[Standing.WAITING] == 3


@pytest.mark.nightly
def test_what_the_app_did_is_done_though_no_run_knows_of_it_and_waits_while_a_run_has_something_to_do(
    library: Library,
) -> None:
    folder = plant(library.root / "another")
    assert names(library, standing=Standing.WAITING) == ["waiting", "another"]
    prepare(folder / "talk.wav", folder, lambda *_: None)
    assert names(library, standing=Standing.DONE) == ["poor", "review", "done", "another"]


@pytest.mark.nightly
def test_what_failed_in_a_run_and_was_done_in_the_app_since_has_failed_no_more(library: Library) -> None:
    folder = plant(library.root / "failed")
    alignment, sound = folder / "talk.alignment.json", folder / "talk.wav"
    captions.write(alignment, ("vtt", "srt"))
    prepare(sound, folder, lambda *_: None)
    records = Records(library.root)
    records.read(KINDS)
    records.take(outcome(library, "failed", Stage.ALIGN, State.FAILED))
    assert names(library, standing=Standing.FAILED) == ["failed"]  # it is of another sound
    of_sound = hashlib.sha256(sound.read_bytes()).hexdigest()
    alignment.write_text(alignment.read_text("utf-8").replace("1" * 64, of_sound), "utf-8")
    assert names(library, standing=Standing.FAILED) == []
    assert "failed" in names(library, standing=Standing.DONE)
    assert overview(library).retried == 2


def test_what_is_asked_for_is_shown_so_and_not_offered_again(library: Library) -> None:
    retries.ask(library.root, "aside")
    asked = [entry.asked for entry in overview(library).entries]
    assert asked == [kind == "aside" for kind in KINDS]
    assert overview(library).retried == 2
    retries.ask(library.root)
    assert overview(library).all_asked
    assert overview(library).retried == 0


def test_a_page_has_no_more_than_a_page_has(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.archive.runs.standing.ON_A_PAGE", 3)
    assert names(library, number=3) == ["waiting", "done"]
    assert names(library, number=99) == ["waiting", "done"]
    assert shelf.ON_A_PAGE >= 3


@pytest.mark.nightly
@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 5_000, b'{"episode": 3}\n' * 5_000, b"\n" * 100_000])
def test_records_that_are_none_are_passed_over(library: Library, content: bytes) -> None:
    (library.hidden / "archive" / "results.jsonl").write_bytes(content)
    assert overview(library).total == len(KINDS)


def test_records_that_lead_out_are_not_read_and_that_is_told(library: Library, tmp_path_factory: Any) -> None:
    path = library.hidden / "archive" / "results.jsonl"
    outside = tmp_path_factory.mktemp("outside") / "results.jsonl"
    path.rename(outside)
    path.symlink_to(outside)
    assert overview(library).is_damaged
    assert overview(library).standings[Standing.FAILED] == 0


def tell(library: Library, **changes: object) -> None:
    """What a run of this process says, but for ``changes``."""
    told: dict[str, object] = {"format": "quotecast-archive", "version": 1, "running": True, "at": time.time()}
    told |= {"episodes": {"all": 8, "left": 3}, "hours": {"done": 1.5, "left": 0.5}, "hours_an_hour": 2.5}
    me = psutil.Process().create_time()
    told |= {"seconds_left": 60, "writer": {"host": platform.node(), "pid": os.getpid(), "started": me}}
    path = library.hidden / "archive" / "state.json"
    path.write_text(json.dumps({**told, **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "is_running", "is_lost"),
    [
        ({}, True, False),
        ({"running": False}, False, False),
        ({"at": 1_000.0}, False, True),
        ({"at": 9e10}, False, True),
        ({"writer": {"host": platform.node(), "pid": 1 << 22, "started": 5.0}}, False, True),
        ({"writer": {"host": platform.node(), "pid": os.getpid(), "started": 5.0}}, False, True),
        ({"writer": {"host": "another machine", "pid": 1 << 22, "started": 5.0}}, True, False),
        ({"writer": None}, True, False),
    ],
)
def test_a_run_is_going_on_only_while_it_says_so_and_is_there(
    library: Library, changes: dict[str, object], is_running: bool, is_lost: bool
) -> None:
    tell(library, **changes)
    run = going(library)
    assert run
    assert (run.is_running, run.is_lost, run.over) == (is_running, is_lost, 5)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "changes",
    [{"version": 2}, {"at": "now"}, {"at": 1e300}, {"hours": {"done": -1, "left": 0}}, {"episodes": []},
     {"hours_an_hour": 1e400}, {"troubles": 5}, {"padding": "x" * 5_000_000}],
)  # fmt: skip
def test_a_state_that_is_none_is_told_as_damaged(library: Library, changes: dict[str, object]) -> None:
    tell(library, **changes)
    with pytest.raises(Unusable, match="damaged"):
        going(library)


def test_a_library_that_was_never_an_archive_is_none(tmp_path: Path) -> None:
    plant(tmp_path / "library" / "talk")
    assert not is_archive(Library(tmp_path / "library"))
    assert going(Library(tmp_path / "library")) is None
