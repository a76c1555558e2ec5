"""What became of each stage is remembered between runs, whole or not at all, by one run at a time."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests.tables import over_rows
from web.archive.runs.outcome import Outcome, Stage, State
from web.archive.runs.records import ArchiveInUseError, Records, known_of, sole_run


def outcome(state: State, episode: str = "one", key: str = "k", **facts: object) -> Outcome:
    return Outcome(episode=episode, stage=Stage.ALIGN, key=key, state=state, **facts)  # type: ignore[arg-type]


class _All:
    """The names of all episodes that a claim may tell of."""

    def __contains__(self, name: object) -> bool:
        return True


def records(root: Path) -> Records:
    found = Records(root)
    found.read(_All())
    return found


def test_the_next_run_knows_how_a_stage_ended(tmp_path: Path) -> None:
    first = outcome(State.DONE, verdict="good", coverage=0.97, duration=141.5, seconds=12.25)
    records(tmp_path).take(first)
    known = records(tmp_path).of("one", Stage.ALIGN, "k")
    assert known
    assert known.outcome == first


def test_of_the_episodes_that_are_asked_for_all_is_known_and_nothing_of_others(tmp_path: Path) -> None:
    told = records(tmp_path)
    for name in ("one", "two", "one"):
        told.take(outcome(State.FAILED, name))
    assert {episode for episode, _ in known_of(tmp_path, names={"one", "three"}).records} == {"one"}
    assert {episode for episode, _ in known_of(tmp_path, _All()).records} == {"one", "two"}


def test_what_is_told_of_episodes_that_are_not_there_is_not_taken_up_and_goes(tmp_path: Path) -> None:
    told = records(tmp_path)
    for name in ("one", "sent", "two"):
        told.take(outcome(State.FAILED, name))
    [path] = tmp_path.rglob("results.jsonl")
    known = Records(tmp_path)
    assert known.read({"one", "two"}) is None
    assert [name for name, *_ in known.failed()] == ["one", "two"]
    assert b"sent" not in path.read_bytes()


@pytest.mark.nightly
def test_what_a_sent_library_tells_of_others_takes_no_more_memory_than_a_line(tmp_path: Path) -> None:
    told = records(tmp_path)
    told.take(outcome(State.FAILED, "one"))
    [path] = tmp_path.rglob("results.jsonl")
    own = path.read_bytes()
    other = own.replace(b'"one"', b'"of another"')
    path.write_bytes(
        other * (20_000_000 // len(other)) + own + b'{"episode": "one", "stage": ' + b"[" * 5_000_000 + b"\n" + other
    )
    tracemalloc.start()
    known = Records(tmp_path)
    damaged = known.read({"one"})
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 2_000_000
    assert known.of("one", Stage.ALIGN, "k")
    assert damaged
    assert path.read_bytes() == own


def test_with_other_files_nothing_is_known_of_it(tmp_path: Path) -> None:
    records(tmp_path).take(outcome(State.FAILED))
    assert records(tmp_path).of("one", Stage.ALIGN, "another key") is None


def test_a_process_that_falls_a_third_time_sets_its_episode_aside_whoever_counted(tmp_path: Path) -> None:
    aside = [records(tmp_path).take(outcome(State.FELL)).is_set_aside for _ in range(3)]
    assert aside == [False, False, True]


def test_falls_are_counted_of_the_same_files_alone(tmp_path: Path) -> None:
    for key in ("k", "k", "changed"):
        last = records(tmp_path).take(outcome(State.FELL, key=key))
    assert last.fell == 1


@over_rows("cut", [2, 10, 60])
def test_a_line_that_was_cut_off_is_passed_over_and_goes(tmp_path: Path, cut: int) -> None:
    known = records(tmp_path)
    known.take(outcome(State.DONE, "one"))
    known.take(outcome(State.DONE, "two"))
    [path] = tmp_path.rglob("results.jsonl")
    path.write_bytes(path.read_bytes()[:-cut])
    known = records(tmp_path)
    assert known.of("one", Stage.ALIGN, "k")
    assert known.of("two", Stage.ALIGN, "k") is None
    known.take(outcome(State.DONE, "three"))
    assert records(tmp_path).of("three", Stage.ALIGN, "k")


def test_a_line_that_is_damaged_before_the_end_is_told_once_and_costs_no_other(tmp_path: Path) -> None:
    known = records(tmp_path)
    names = [f"{number}" for number in range(300)]
    for name in names:
        known.take(outcome(State.FAILED, name))
    [path] = tmp_path.rglob("results.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], *[b"{not ours\n"] * 200, *lines[203:]]))
    known = Records(tmp_path)
    told = known.read(_All())
    assert told
    assert "damaged are lines 4, 5, 6, 7, 8, …; what failed there is tried again" in told
    assert [name for name in names if known.of(name, Stage.ALIGN, "k") is None] == names[3:203]
    assert Records(tmp_path).read(_All()) is None


def test_a_file_that_is_none_of_ours_is_told_and_written_anew(tmp_path: Path) -> None:
    records(tmp_path).take(outcome(State.DONE))
    [path] = tmp_path.rglob("results.jsonl")
    path.write_bytes(b"\n" * 20_000)
    known = Records(tmp_path)
    assert "lines are damaged; what failed before is tried again" in str(known.read(_All()))
    known.take(outcome(State.DONE))
    assert records(tmp_path).of("one", Stage.ALIGN, "k")


def test_one_run_at_a_time_is_at_work(tmp_path: Path) -> None:
    with sole_run(tmp_path), pytest.raises(ArchiveInUseError, match="another run is at work"), sole_run(tmp_path):
        pass
    with sole_run(tmp_path):
        pass
