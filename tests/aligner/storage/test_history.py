"""Each change is on the disk before it is acknowledged, and nothing that anybody makes of an alignment is lost."""

import contextlib
import errno
import json
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import AlignmentError, HistoryError, OutputError, StaleError
from aligner.model import EpisodeDetails
from aligner.outputs import write_alignment
from aligner.storage import history as storage
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.file_names import history_path
from aligner.storage.history import as_of, changed, open_history, restored
from media import safe_fs
from tests.aligner.storage.corrected import check_whole, kinds, laid_out, later_by, lines, set_right
from tests.tables import over_rows


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name != ".lock"}


def test_the_history_replays_to_the_byte_of_the_alignment(path: Path) -> None:
    history = open_history(path)
    for place in (0, 5, 5, 12):
        history = set_right(history, place)
    assert kinds(history) == ["begun", "pin", "pin", "pin", "pin"]
    assert [change.line for change in check_whole(path).changes] == [change.line for change in history.changes]
    assert max(map(len, lines(path)[1:])) < 1200


@over_rows("cut", [1, 2, 200, 400])
def test_a_line_that_was_cut_short_was_not_acknowledged_and_goes(tmp_path: Path, cut: int) -> None:
    path = laid_out(tmp_path)
    first = set_right(open_history(path), 3)
    history_path(path).write_bytes(history_path(path).read_bytes() + lines(path)[1][:cut])
    again = open_history(path)
    assert again.size_bytes == first.size_bytes
    set_right(again, 5)
    assert kinds(check_whole(path)) == ["begun", "pin", "pin"]


def test_what_somebody_made_of_the_alignment_by_hand_is_a_change_too(path: Path) -> None:
    set_right(open_history(path), 3)
    edited = path.read_text(encoding="utf-8").replace('"title": "The ferry"', '"title":   "The tide"')
    path.write_text(edited, encoding="utf-8")
    history = open_history(path)
    assert kinds(history) == ["begun", "pin", "found"]
    assert history.alignment.episode.title == "The tide"
    assert kinds(open_history(path)) == kinds(history)
    set_right(history, 5)
    assert check_whole(path).alignment.episode.title == "The tide"


def test_a_backup_that_is_put_back_wins_however_old_it_is(path: Path) -> None:
    backup = path.read_bytes()
    set_right(open_history(path), 3)
    path.write_bytes(backup)
    os.utime(path, (0, 0))
    history = open_history(path)
    assert kinds(history) == ["begun", "pin", "found"]
    assert to_text(history.alignment).encode() == backup
    assert as_of(history, 2).alignment.words[3].confidence == 1.0


@over_rows("harm", [b"", b"{", None, b"half"])
def test_an_alignment_that_was_damaged_can_be_restored(path: Path, harm: bytes | None) -> None:
    last = set_right(open_history(path), 3)
    whole = path.read_bytes()
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if harm == b"half" else harm)
    with pytest.raises(HistoryError, match="align it again to have its corrections back") as refusal:
        open_history(path)
    assert "\n" not in str(refusal.value)
    assert kinds(restored(path)) == kinds(last)
    assert path.read_bytes() == whole


def test_without_a_history_a_damaged_alignment_is_reported_as_ever(path: Path) -> None:
    path.write_bytes(b"{")
    with pytest.raises(AlignmentError, match="not an alignment"):
        open_history(path)
    with pytest.raises(HistoryError, match="no history to restore it from"):
        restored(path)


def test_a_full_disk_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = set_right(open_history(path), 3)
    before = contents(path.parent)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("append", "flush"):
        with monkeypatch.context() as patched:
            patched.setattr(storage, step, full)
            with pytest.raises(OutputError, match="No space left on device"):
                set_right(history, 5)
        assert contents(path.parent) == before
    assert kinds(set_right(open_history(path), 5)) == ["begun", "pin", "pin"]


def test_no_link_in_the_place_of_a_history_or_a_lock_is_followed(path: Path) -> None:
    before = path.read_bytes()
    for place in (history_path(path), path.with_name(".lock")):
        place.unlink(missing_ok=True)
        place.symlink_to(path.with_name("elsewhere"))
        with pytest.raises(OutputError, match=r"nothing was changed|is a link"):
            set_right(open_history(path), 5)
        assert path.read_bytes() == before
        assert not path.with_name("elsewhere").exists()
        place.unlink()


def test_a_history_has_an_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = set_right(open_history(path), 3)
    monkeypatch.setattr(storage, "LARGEST_BYTES", history.size_bytes + 100)
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="reached its largest size"):
        set_right(history, 5)
    assert path.read_bytes() == before
    monkeypatch.setattr(storage, "LARGEST_BYTES", 100)
    with pytest.raises(HistoryError, match="is too large for such a file"):
        open_history(path)


def test_who_read_an_earlier_state_is_told_to_read_again(path: Path) -> None:
    both = open_history(path)
    set_right(both, 3, who="Ada")
    before = path.read_bytes(), history_path(path).read_bytes()
    with pytest.raises(StaleError):
        set_right(both, 5, who="Grace")
    assert (path.read_bytes(), history_path(path).read_bytes()) == before


def _correct(path: Path, places: range, who: str) -> None:
    for place in places:
        while True:
            with contextlib.suppress(StaleError):
                set_right(open_history(path), place, who=who)
                break


def test_two_processes_at_once_lose_nothing_of_each_other(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_correct, args=(path, range(k, 16, 2), str(k))) for k in (0, 1)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    history = check_whole(path)
    assert sorted(change.what["words"][0] for change in history.changes[1:]) == list(range(16))
    assert all(word.confidence == 1.0 for word in history.alignment.words)


def test_every_state_there_was_is_at_hand(path: Path) -> None:
    states = [open_history(path)]
    for place in (3, 5, 3):
        states.append(set_right(states[-1], place))
    for number, state in enumerate(states, 1):
        assert as_of(states[-1], number).alignment == state.alignment
    with pytest.raises(ValueError, match="never had 99"):
        as_of(states[-1], 99)


def test_a_history_that_was_sent_names_no_file_outside_the_folder(path: Path) -> None:
    set_right(open_history(path), 3)
    private = path.parent.parent / "private"
    private.write_bytes(b"mine")
    temporary = path.with_name(f"{storage._stem(path)}000000000000")
    temporary.write_bytes(b"theirs")
    last = json.loads(lines(path)[-1])
    for name in ("../private", str(private), "a/b/c", temporary.name):
        last["files"].append({"name": name, "temporary": temporary.name, "before": None, "after": None})
    history_path(path).write_bytes(lines(path)[0] + b"\n" + json.dumps(last).encode() + b"\n")
    path.write_bytes(path.read_bytes() + b" ")
    open_history(path)
    assert private.read_bytes() == b"mine"


@over_rows(
    "line, complaint",
    [
        (b"{}", "missing required field"),
        (b"[1]", "Expected"),
        (b'{"version": 1}', "missing required field"),
        (b"\xff", "line 2 is damaged"),
    ],
)
def test_what_is_no_line_is_named(tmp_path: Path, line: bytes, complaint: str) -> None:
    path = laid_out(tmp_path)
    set_right(open_history(path), 3)
    [first, last] = lines(path)
    history_path(path).write_bytes(b"\n".join([first, line, last, b""]))
    with pytest.raises(HistoryError, match=complaint) as refusal:
        open_history(path)
    assert "line 2" in str(refusal.value)


def test_a_history_that_was_sent_makes_no_way_out(path: Path) -> None:
    history = open_history(path)
    new = replace(
        later_by(history.alignment, 3, -0.01),
        audio=replace(history.alignment.audio, file="../../private.mp3"),
        episode=EpisodeDetails("The ferry", cover="/private/cover.jpg"),
    )
    after = changed(history, new, {"kind": "pin"}, "Ada")
    assert (after.alignment.audio.file, after.alignment.episode.cover) == ("private.mp3", "cover.jpg")
    check_whole(path)


def test_the_ways_out_that_an_alignment_has_stay(path: Path) -> None:
    alignment = read_alignment(path)
    write_alignment(replace(alignment, audio=replace(alignment.audio, file="../sounds/ferry.mp3")), path)
    assert set_right(open_history(path), 3).alignment.audio.file == "../sounds/ferry.mp3"


def test_in_a_library_no_link_is_passed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_fs, "_confined", set())
    safe_fs.confine(tmp_path / "library")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "out").symlink_to(path.parent)
    with pytest.raises((HistoryError, OutputError), match="links in a library are not followed"):
        open_history(tmp_path / "library" / "out" / path.name)
