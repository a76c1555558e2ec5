"""Each change is on the disk before it is acknowledged, and nothing that anybody makes of an alignment is lost."""

import errno
import json
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import AlignmentError, ConflictError, HistoryError, NewerError, OutputError
from aligner.model import Alignment, EpisodeDetails
from aligner.storage import history as opening
from aligner.storage import history_writing as storage
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.file_names import history_path
from aligner.storage.history import changed, open_history, restored
from aligner.storage.history_states import alignment_after, as_of
from aligner.storage.outputs import following_contents, write_alignment
from media import confinement
from tests.aligner.storage.corrected import SECOND, align_anew, check_whole, kinds, laid_out, later_by, lines, set_right
from tests.changes import before_moving


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return laid_out(tmp_path / "episode")


def test_an_episode_that_nobody_corrected_has_no_history(path: Path) -> None:
    before = {each: each.read_bytes() for each in path.parent.iterdir()}
    assert open_history(path).changes == ()
    assert {each: each.read_bytes() for each in path.parent.iterdir()} == before


def test_the_history_replays_to_the_byte_of_the_alignment(path: Path) -> None:
    history = open_history(path)
    for place in (0, 5, 5, 12):
        history = set_right(history, place)
    assert kinds(history) == ["begun", "pin", "pin", "pin", "pin"]
    assert check_whole(path).changes == history.changes
    assert max(map(len, lines(path)[1:])) < 1000


def test_a_line_can_be_read_without_quotecast(path: Path) -> None:
    before = path.read_bytes()
    set_right(open_history(path), 3, who="Léa\nQuint")
    line = json.loads(lines(path)[1])
    assert (line["id"], line["who"], line["what"]) == (2, "Léa Quint", {"kind": "pin", "words": [3]})
    assert line["when"].endswith("+00:00")
    [splice] = line["edit"]["words"]
    assert [splice["at"], *(word["text"] for word in splice["before"] + splice["after"])] == [3, "quiet", "quiet"]
    assert splice["before"][0] == json.loads(before)["words"][3]
    assert splice["after"][0] == json.loads(path.read_bytes())["words"][3]


def test_what_changes_nothing_is_no_change(path: Path) -> None:
    history = open_history(path)
    assert changed(history, history.alignment, {"kind": "pin"}, "Ada") == history
    assert not history_path(path).exists()


def test_what_was_acknowledged_and_not_done_is_done_by_whoever_opens(path: Path) -> None:
    first = set_right(open_history(path), 3)
    before = {each: each.read_bytes() for each in path.parent.glob("ferry.[av]*")}
    states = [each.stat() for each in before]
    last = set_right(first, 15, seconds=0.4)
    after = {each: each.read_bytes() for each in before}
    for each, state in zip(before, states, strict=True):
        each.write_bytes(before[each])
        os.utime(each, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert open_history(path).changes == last.changes
    assert {each: each.read_bytes() for each in before} == after


def test_who_opens_it_does_not_do_late_what_another_machine_was_just_doing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = set_right(open_history(path), 3)
    before = path.read_bytes()
    second = set_right(first, 15, seconds=0.4)
    written = path.read_bytes()
    path.write_bytes(before)  # the line is there, and the alignment about to be
    os.utime(path, (0, 0))

    def meanwhile(alignment: Alignment, at: Path) -> dict[Path, bytes]:
        monkeypatch.undo()
        monkeypatch.setenv("QUOTECAST_CACHE", str(path.parent / "another machine's"))
        path.write_bytes(written)
        set_right(open_history(path), 12)
        return following_contents(alignment, at)

    monkeypatch.setattr(opening, "following_contents", meanwhile)
    opened = open_history(path)
    assert kinds(opened) == [*kinds(second), "pin"]
    assert check_whole(path).alignment == opened.alignment


@pytest.mark.parametrize("cut", [1, 2, 200, 400])
def test_a_line_that_was_cut_short_was_not_acknowledged_and_goes(path: Path, cut: int) -> None:
    first = set_right(open_history(path), 3)
    history_path(path).write_bytes(history_path(path).read_bytes() + lines(path)[1][:cut])
    again = open_history(path)
    assert again.changes == first.changes
    set_right(again, 5)
    assert kinds(check_whole(path)) == ["begun", "pin", "pin"]


@pytest.mark.parametrize("kept", [0, 100, -100, -1])
def test_what_a_failure_of_power_left_of_the_last_write_goes(path: Path, kept: int) -> None:
    before = path.read_bytes()
    set_right(open_history(path), 3)
    path.write_bytes(before)
    content = history_path(path).read_bytes()
    lost = content[:kept] + bytes(len(content) - len(content[:kept]))
    history_path(path).write_bytes(lost if kept != -1 else bytes(5000) + content[5000:])
    assert kinds(open_history(path)) in ([], ["begun"])
    set_right(open_history(path), 5)
    assert kinds(check_whole(path)) == ["begun", "pin"]


def test_what_somebody_made_of_the_alignment_by_hand_is_a_change_too(path: Path) -> None:
    set_right(open_history(path), 3)
    edited = path.read_text(encoding="utf-8").replace('"title": "The ferry"', '"title":   "The tide"')
    path.write_text(edited, encoding="utf-8")
    history = open_history(path)
    assert kinds(history) == ["begun", "pin", "found"]
    assert history.alignment.episode.title == "The tide"
    assert path.read_text(encoding="utf-8") == edited
    assert open_history(path).changes == history.changes
    set_right(history, 5)
    assert check_whole(path).alignment.episode.title == "The tide"
    assert path.with_name("ferry.alignment.json.bak").read_text(encoding="utf-8") == edited


def test_an_alignment_that_was_only_laid_out_otherwise_has_not_changed(path: Path) -> None:
    history = set_right(open_history(path), 3)
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=3), encoding="utf-8")
    assert open_history(path).changes == history.changes


def test_times_finer_than_those_of_the_format_are_read_as_it_has_them(path: Path) -> None:
    data = json.loads(path.read_bytes())
    data["words"][2]["end"] -= 0.00012
    path.write_text(json.dumps(data), encoding="utf-8")
    set_right(open_history(path), 5)
    check_whole(path)


def test_an_episode_that_was_aligned_anew_goes_on(path: Path) -> None:
    set_right(set_right(open_history(path), 3), 5)
    align_anew(path.parent, SECOND + " again")
    assert kinds(open_history(path)) == ["begun", "pin", "pin", "aligned"]
    assert check_whole(path).alignment.words[-1].word.text == "again"


def test_an_alignment_that_was_aligned_as_it_was_before_is_what_somebody_wanted(path: Path) -> None:
    set_right(open_history(path), 3)
    modified = history_path(path).stat().st_mtime_ns
    align_anew(path.parent)
    os.utime(path, ns=(modified + 10**9, modified + 10**9))
    assert kinds(open_history(path)) == ["begun", "pin", "aligned"]


@pytest.mark.parametrize("harm", [b"", b"{", None, b"half"])
def test_an_alignment_that_came_to_harm_can_be_restored(path: Path, harm: bytes | None) -> None:
    last = set_right(set_right(open_history(path), 3), 5)
    whole = path.read_bytes()
    if harm is None:
        path.unlink()
    else:
        path.write_bytes(whole[: len(whole) // 2] if harm == b"half" else harm)
    with pytest.raises(HistoryError, match="align it again to have its corrections back") as refusal:
        open_history(path)
    assert "\n" not in str(refusal.value)
    assert restored(path).changes == last.changes
    assert path.read_bytes() == whole
    assert path.with_name(f"{path.name}.bak").exists() is (harm is not None)


def test_without_a_history_a_damaged_alignment_is_told_as_ever(path: Path) -> None:
    path.write_bytes(b"{")
    with pytest.raises(AlignmentError, match="not an alignment"):
        open_history(path)
    with pytest.raises(HistoryError, match="no history to restore it from"):
        restored(path)


def test_of_a_newer_version_nothing_is_touched(path: Path) -> None:
    set_right(open_history(path), 3)
    content = history_path(path).read_bytes().replace(b'"version": 1, "id": 2', b'"version": 2, "id": 2')
    history_path(path).write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(NewerError, match="version 2 of its format, this one reads 1"):
        open_history(path)
    assert (path.read_bytes(), history_path(path).read_bytes()) == (before, content)
    path.write_bytes(before.replace(b'"version": 1', b'"version": 2'))
    history_path(path).write_bytes(content.replace(b'"version": 2', b'"version": 1'))
    with pytest.raises(NewerError):
        open_history(path)


def test_a_full_disk_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = set_right(open_history(path), 3)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("media.appending.sync", full)
        with pytest.raises(OutputError, match=r"No space left on device\); nothing was changed"):
            set_right(history, 5)
    with monkeypatch.context() as patched:
        before_moving(patched, full)
        with pytest.raises(OutputError, match="No space left on device"):
            set_right(history, 5)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    assert kinds(set_right(open_history(path), 5)) == ["begun", "pin", "pin"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever may do everything is refused nothing")
def test_a_folder_that_cannot_be_written_is_read(path: Path) -> None:
    history = set_right(open_history(path), 3)
    path.parent.chmod(0o555)
    history_path(path).chmod(0o444)
    try:
        assert open_history(path).changes == history.changes
        with pytest.raises(OutputError, match=r"Permission denied\); nothing was changed"):
            set_right(history, 5)
    finally:
        path.parent.chmod(0o755)


def test_a_history_that_cannot_be_written_changes_nothing(path: Path) -> None:
    history_path(path).symlink_to(path.with_name("elsewhere"))
    before = path.read_bytes()
    with pytest.raises(OutputError, match="nothing was changed"):
        set_right(open_history(path), 5)
    assert path.read_bytes() == before
    assert not path.with_name("elsewhere").exists()


def test_a_history_has_an_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = set_right(open_history(path), 3)
    monkeypatch.setattr(storage, "LARGEST_BYTES", history.size_bytes + 100)
    before = path.read_bytes()
    with pytest.raises(HistoryError, match="as long as a history can be"):
        set_right(history, 5)
    assert path.read_bytes() == before
    monkeypatch.setattr(storage, "LARGEST_BYTES", 100)
    with pytest.raises(HistoryError, match="larger than any such file"):
        open_history(path)


def test_two_people_who_change_different_words_both_have_their_way(path: Path) -> None:
    both = open_history(path)
    set_right(both, 3, who="Ada")
    set_right(both, 5, who="Grace")
    assert [change.who for change in check_whole(path).changes] == ["", "Ada", "Grace"]


def test_the_second_change_of_a_word_is_refused_with_both_versions(path: Path) -> None:
    both = open_history(path)
    set_right(both, 3, who="Ada")
    before = path.read_bytes(), history_path(path).read_bytes()
    with pytest.raises(ConflictError, match=r"“quiet \(1\.910–2\.250\)”, not “quiet \(1\.910–2\.240\)”"):
        set_right(both, 3, seconds=-0.02, who="Grace")
    assert (path.read_bytes(), history_path(path).read_bytes()) == before


def _correct(path: Path, places: range, who: str) -> None:
    history = open_history(path)
    for place in places:
        history = set_right(history, place, who=who)


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
        assert alignment_after(states[-1], number) == state.alignment


def test_what_was_changed_of_an_earlier_state_comes_together_with_what_was_changed_since(path: Path) -> None:
    set_right(set_right(open_history(path), 3), 5)
    for count, place in ((0, 7), (2, 9)):
        seen = as_of(open_history(path), count)
        assert len(seen.changes) == count
        set_right(seen, place)
    right = [k for k, word in enumerate(check_whole(path).alignment.words) if word.confidence == 1.0]
    assert right == [3, 5, 7, 9]
    with pytest.raises(ConflictError):
        set_right(as_of(open_history(path), 2), 5, seconds=0.02)
    with pytest.raises(ValueError, match="never had 99"):
        as_of(open_history(path), 99)


def test_a_history_that_was_sent_makes_no_way_out_ours(path: Path) -> None:
    """An alignment that this user's quotecast wrote may name files elsewhere; what a history says may not."""
    history = open_history(path)
    new = replace(
        later_by(history.alignment, 3, -0.01),
        audio=replace(history.alignment.audio, file="../../private.mp3"),
        episode=EpisodeDetails("The ferry", cover="/private/cover.jpg"),
    )
    after = changed(history, new, {"kind": "pin"}, "Ada")
    assert (after.alignment.audio.file, after.alignment.episode.cover) == ("private.mp3", "cover.jpg")
    check_whole(path)


def test_the_ways_that_an_alignment_of_ours_has_stay(path: Path) -> None:
    alignment = read_alignment(path)
    write_alignment(replace(alignment, audio=replace(alignment.audio, file="../sounds/ferry.mp3")), path)
    assert set_right(open_history(path), 3).alignment.audio.file == "../sounds/ferry.mp3"


def test_in_a_library_no_link_is_passed(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_confined", set())
    confinement.confine(tmp_path / "library")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "out").symlink_to(path.parent)
    with pytest.raises((HistoryError, OutputError), match="leads out of its library"):
        open_history(tmp_path / "library" / "out" / path.name)


def test_what_is_written_is_what_the_alignment_writer_writes(path: Path) -> None:
    history = set_right(open_history(path), 3)
    assert path.read_bytes() == to_text(history.alignment).encode()


@pytest.mark.parametrize("earlier", [False, True])
def test_of_a_change_for_which_there_is_no_room_no_history_begins(
    path: Path, monkeypatch: pytest.MonkeyPatch, earlier: bool
) -> None:
    history = set_right(open_history(path), 3) if earlier else open_history(path)
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(storage, "replace_keeping", full)
        with pytest.raises(OutputError, match="No space left on device"):
            set_right(history, 4)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before
    assert len(set_right(history, 4).changes) == (3 if earlier else 2)


def test_a_change_that_puts_a_file_in_anothers_place_is_there_with_that_or_not_at_all(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = set_right(open_history(path), 3)
    new = replace(history.alignment, episode=EpisodeDetails(title="Another"))
    laid, place = path.with_name("laid.wav"), path.with_name("sound.wav")
    laid.write_bytes(b"sound")
    before = history_path(path).read_bytes(), path.read_bytes()
    with monkeypatch.context() as dying:
        dying.setattr(storage, "replace_keeping", lambda *_: pytest.exit("killed"))
        with pytest.raises(pytest.exit.Exception):
            changed(history, new, {"kind": "retimed"}, "Ada", storage.Files(beside={place: laid}))
    assert (history_path(path).read_bytes(), path.read_bytes()) == before
    taken = changed(history, new, {"kind": "retimed"}, "Ada", storage.Files(beside={place: laid}))
    assert place.read_bytes() == b"sound"
    assert check_whole(path).changes == taken.changes
    assert history_path(path).read_bytes().startswith(before[0])
