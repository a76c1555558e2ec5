"""What was changed is taken back and taken again, across restarts and across what others did."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import ConflictError
from aligner.locating.quality import timed_segments
from aligner.model import Span
from aligner.storage.history import History, changed, open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from tests.aligner.episodes import spoken
from tests.aligner.storage.corrected import check_whole, kinds, set_right


@pytest.fixture
def history(path: Path) -> History:
    return open_history(path)


def back(history: History, who: str | None = None) -> History:
    """Taken back by who has come anew."""
    again = open_history(history.path)
    change = undoable(again, who)
    assert change is not None
    return undo(again, change, who or "Ada")


def forth(history: History, who: str | None = None) -> History:
    again = open_history(history.path)
    change = redoable(again, who)
    assert change is not None
    return redo(again, change, who or "Ada")


def test_everything_is_taken_back_one_by_one_and_taken_again(history: History) -> None:
    states = [(history.alignment, history.path.read_bytes())]
    for place in (3, 5, 3):
        history = set_right(history, place)
        states.append((history.alignment, history.path.read_bytes()))
    for state in states[-2::-1]:
        history = back(history)
        assert (history.alignment, history.path.read_bytes()) == state
    assert undoable(history) is None
    for state in states[1:]:
        history = forth(history)
        assert (history.alignment, history.path.read_bytes()) == state
    assert redoable(history) is None
    assert kinds(check_whole(history.path)) == ["begun", *["pin"] * 3, *["undone"] * 3, *["redone"] * 3]
    assert [change.what.get("change") for change in history.changes[4:]] == [4, 3, 2, 2, 3, 4]


def test_after_a_new_change_nothing_is_taken_again(history: History) -> None:
    history = set_right(back(set_right(history, 3)), 5)
    assert redoable(history) is None
    gone = history.changes[1]
    with pytest.raises(ValueError, match="not to be redone"):
        redo(history, gone, "Ada")
    with pytest.raises(ValueError, match="not to be undone"):
        undo(history, gone, "Ada")
    assert undoable(history) == history.changes[-1]


def test_one_takes_back_what_one_did_oneself(history: History) -> None:
    history = set_right(set_right(history, 3, who="Ada"), 5, who="Grace")
    history = back(history, "Ada")
    assert [word.confidence == 1.0 for word in history.alignment.words[3:6]] == [False, False, True]
    assert undoable(history, "Ada") is None
    assert undoable(history, "Grace") == history.changes[2]
    set_right(history, 7, who="Grace")
    history = forth(history, "Ada")
    assert [word.confidence == 1.0 for word in history.alignment.words[3:8]] == [True, False, True, False, True]


def test_what_somebody_changed_again_is_not_taken_back_from_under_it(history: History) -> None:
    history = set_right(set_right(history, 3, who="Ada"), 3, who="Grace")
    change = undoable(history, "Ada")
    assert change is not None
    with pytest.raises(ConflictError):
        undo(history, change, "Ada")
    assert kinds(check_whole(history.path)) == ["begun", "pin", "pin"]


def test_it_goes_on_across_what_was_found(history: History) -> None:
    before = history.alignment
    set_right(history, 3, who="Ada")
    path = history.path
    path.write_text(path.read_text(encoding="utf-8").replace("The ferry", "The tide"), encoding="utf-8")
    mine = back(open_history(path), "Ada")
    assert mine.alignment == replace(before, episode=replace(before.episode, title="The tide"))
    assert kinds(mine) == ["begun", "pin", "found", "undone"]
    assert back(mine).alignment == before
    check_whole(path)


def realigned(history: History, by: float = 0.001) -> History:
    """Aligned again, which moves all words a little that nobody pinned."""
    words = tuple(
        word
        if word.pinned
        else replace(word, span=word.span and Span(round(word.span.start + by, 3), round(word.span.end + by, 3)))
        for word in history.alignment.words
    )
    return changed(history, replace(history.alignment, words=words), {"kind": "aligned"}, "")


def test_across_aligning_again_what_people_said_is_taken_back_and_the_new_times_stand(history: History) -> None:
    before = history.alignment
    for place in (3, 5):
        history = set_right(history, place, -0.05)
    moved = realigned(realigned(history))
    history = back(back(moved, "Ada"), "Ada")
    for k, word in enumerate(history.alignment.words):
        assert not word.pinned
        assert spoken(word).end == pytest.approx(spoken(before.words[k]).end, abs=0.003)
        if k not in (3, 5):
            assert word.span == moved.alignment.words[k].span
    again = forth(forth(history, "Ada"), "Ada")
    assert [k for k, word in enumerate(again.alignment.words) if word.pinned] == [3, 5]
    assert again.alignment.words == moved.alignment.words
    check_whole(history.path)


def test_what_somebody_takes_again_stands_for_all_though_another_changed_something_meanwhile(history: History) -> None:
    history = set_right(history, 3, who="Ada")
    set_right(back(history, "Ada"), 9, who="Grace")
    history = forth(history, "Ada")
    assert [change.what.get("change") for change in history.changes] == [None, None, 2, None, 2]
    assert undoable(history) == history.changes[1]


def to_another_sound(history: History) -> History:
    """All of it five seconds later, in a sound that has an ad before."""
    old = history.alignment
    words = tuple(
        replace(word, span=Span(round(word.span.start + 5, 3), round(word.span.end + 5, 3))) if word.span else word
        for word in old.words
    )
    audio = replace(old.audio, duration=25.0, sha256="d" * 64)
    new = replace(old, audio=audio, words=words, segments=timed_segments(old.transcript, words))
    return changed(history, new, {"kind": "retimed", "file": audio.file}, "")


def test_no_one_takes_back_a_sound_with_their_last_change(history: History) -> None:
    assert undoable(to_another_sound(history), "") is None
