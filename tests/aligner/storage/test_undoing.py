"""What was changed is taken back and taken again, across restarts and across what others did."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import ConflictError
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, Kind, Span, Untranscribed
from aligner.storage.history import History, changed, open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from aligner.transcript.retexting import Paragraph, retexted
from tests.aligner.episodes import spoken
from tests.aligner.storage import written_texts
from tests.aligner.storage.corrected import check_whole, kinds, laid_out, later_by, set_right


@pytest.fixture
def history(tmp_path: Path) -> History:
    return open_history(laid_out(tmp_path / "episode"))


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
    states: list[Alignment] = [history.alignment]
    for place in (3, 5, 3):
        history = set_right(history, place)
        states.append(history.alignment)
    for state in states[-2::-1]:
        history = back(history)
        assert history.alignment == state
    assert undoable(history) is None
    for state in states[1:]:
        history = forth(history)
        assert history.alignment == state
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


def pinned(alignment: Alignment, place: int, by: float) -> Alignment:
    """The alignment of which a person has said when a word is said."""
    words = list(alignment.words)
    span = spoken(words[place])
    words[place] = replace(words[place], span=Span(span.start, round(span.end + by, 3)), confidence=1.0, pinned=True)
    return replace(alignment, words=tuple(words))


def realigned(history: History, by: float = 0.001) -> History:
    """Aligned again, which moves all words a little."""
    words = tuple(
        replace(word, span=word.span and Span(round(word.span.start + by, 3), round(word.span.end + by, 3)))
        for word in history.alignment.words
    )
    return changed(history, replace(history.alignment, words=words), {"kind": "aligned"}, "")


def test_across_aligning_again_what_people_said_is_taken_back_and_the_new_times_stand(history: History) -> None:
    before = history.alignment
    for place in (3, 5):
        history = changed(history, pinned(history.alignment, place, -0.05), {"kind": "place"}, "Ada")
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


def test_speech_that_the_text_lacks_comes_back_beside_other_such_in_whatever_order(history: History) -> None:
    passages = [Untranscribed(start, start + 1.0, f"at {start}") for start in (12.0, 14.0, 16.0)]
    history = changed(history, replace(history.alignment, untranscribed=tuple(passages)), {"kind": "aligned"}, "")
    for gone in (passages[1], passages[0], passages[2]):
        left = tuple(each for each in history.alignment.untranscribed if each != gone)
        history = changed(history, replace(history.alignment, untranscribed=left), {"kind": "insert"}, "Ada")
    for id in (4, 5, 3):
        change = undoable(history, "Ada", id)
        assert change is not None
        history = realigned(undo(history, change, "Ada"))
    assert history.alignment.untranscribed == tuple(passages)
    check_whole(history.path)


def test_what_another_person_pinned_after_aligning_again_is_not_taken_back_from_under_them(history: History) -> None:
    history = changed(history, pinned(history.alignment, 3, -0.05), {"kind": "place"}, "Ada")
    history = realigned(history)
    history = changed(history, pinned(history.alignment, 3, -0.02), {"kind": "place"}, "Grace")
    change = undoable(history, "Ada")
    assert change is not None
    with pytest.raises(ConflictError):
        undo(history, change, "Ada")


def test_two_who_take_back_the_same_at_once_do_so_once(history: History) -> None:
    history = set_right(history, 3)
    change = undoable(history)
    assert change is not None
    undo(history, change, "Ada")
    undo(history, change, "Ada")
    assert kinds(check_whole(history.path)) == ["begun", "pin", "undone"]


def test_a_change_of_many_words_is_one(history: History) -> None:
    new = later_by(later_by(history.alignment, 3, -0.01), 12, 0.2)
    after = changed(history, new, {"kind": "repair", "words": [3, 12]}, "Ada")
    assert back(after).alignment == history.alignment


def test_times_of_segments_that_are_not_their_words_come_back_with_the_rest(history: History) -> None:
    """Somebody wrote them by hand; a correction has them by the words again."""
    by_hand = tuple(replace(each, start=0.0, end=19.0, confidence=0.5) for each in history.alignment.segments)
    by_words = history.alignment
    history = changed(history, replace(by_words, segments=by_hand), {"kind": "hand"}, "Ada")
    states = [history.alignment]
    history = changed(history, later_by(by_words, 3, -0.01), {"kind": "pin"}, "Ada")
    states.append(history.alignment)
    history = set_right(history, 5)
    for state in states[::-1]:
        history = back(history)
        assert history.alignment == state
    history = forth(history)
    assert history.alignment == states[1]


def test_when_the_same_stands_again_all_is_as_it_was_in_whatever_order_it_was_taken_back(history: History) -> None:
    """Also times that somebody wrote by hand, which come back though another's change stood meanwhile."""
    by_hand = tuple(replace(each, start=0.0, end=19.0, confidence=0.5) for each in history.alignment.segments)
    first = changed(history, replace(history.alignment, segments=by_hand), {"kind": "hand"}, "Eve").alignment
    history = changed(open_history(history.path), later_by(history.alignment, 3, -0.01), {"kind": "pin"}, "Ada")
    history = set_right(history, 9, who="Grace")
    both = history.alignment
    alone = back(history, "Ada")
    assert back(alone, "Grace").alignment == first
    assert forth(alone, "Ada").alignment != first
    assert forth(alone, "Grace").alignment == both
    check_whole(history.path)


def test_what_somebody_takes_again_stands_for_all_though_another_changed_something_meanwhile(history: History) -> None:
    history = set_right(history, 3, who="Ada")
    set_right(back(history, "Ada"), 9, who="Grace")
    history = forth(history, "Ada")
    assert [change.what.get("change") for change in history.changes] == [None, None, 2, None, 2]
    assert undoable(history) == history.changes[1]


def test_what_another_change_left_nothing_of_is_taken_back_all_the_same(history: History) -> None:
    """Else it would be the next to be taken back for ever, and nothing before it ever were."""
    at_first = history.alignment
    history = set_right(history, 9, who="Ada")
    history = set_right(history, 3, who="Ada")
    span = spoken(history.alignment.words[3])
    words = list(history.alignment.words)
    words[3] = replace(at_first.words[3], span=Span(span.start, spoken(at_first.words[3]).end))
    changed(history, replace(history.alignment, words=tuple(words)), {"kind": "pin"}, "Grace")
    history = back(history, "Ada")
    assert kinds(history) == ["begun", "pin", "pin", "pin", "undone"]
    history = back(back(history, "Ada"), "Grace")
    assert history.alignment == at_first
    assert undoable(history) is None
    check_whole(history.path)


def test_a_name_above_which_a_heading_came_back_is_taken_back(tmp_path: Path) -> None:
    """Both stand at one place, where what is put in has no order, but the heading had gone before the name did."""
    text = "La roue\n=======\n\n" + written_texts.TALK
    history = open_history(written_texts.laid_out(tmp_path / "episode", content=text.encode()))
    for paragraphs in ([], [Paragraph(Kind.SPEECH, None, "Bonjour à tous.")]):
        transcript = retexted(history.alignment.transcript, range(1), paragraphs)
        left = history.alignment.words[-len(transcript.words) :]
        words = tuple(replace(timed, word=word) for timed, word in zip(left, transcript.words, strict=True))
        segments = timed_segments(transcript, words)
        new = replace(history.alignment, transcript=transcript, segments=segments, words=words)
        history = changed(history, new, {"kind": "text", "first": 0}, "Ada")
    history = set_right(history, 7, who="Grace")
    history = undo(history, history.changes[1], "Ada")
    assert history.alignment.transcript.text.startswith("La roue\n=======\n\nBonjour")
    history = back(history, "Ada")
    assert history.alignment.transcript.text == text
    assert forth(history, "Ada").alignment.transcript.text.startswith("La roue\n=======\n\nBonjour")


def to_another_sound(history: History) -> History:
    """All of it five seconds later, in a sound that has an advert before."""
    old = history.alignment
    words = tuple(
        replace(word, span=Span(round(word.span.start + 5, 3), round(word.span.end + 5, 3))) if word.span else word
        for word in old.words
    )
    audio = replace(old.audio, duration=25.0, sha256="d" * 64)
    new = replace(old, audio=audio, words=words, segments=timed_segments(old.transcript, words))
    return changed(history, new, {"kind": "retimed", "file": audio.file}, "")


def pin(history: History, place: int, pinned: bool = True) -> History:
    words = list(later_by(history.alignment, place, -0.02 if pinned else 0.02).words)
    words[place] = replace(words[place], pinned=pinned)
    return changed(history, replace(history.alignment, words=tuple(words)), {"kind": "place", "word": place}, "Ada")


def test_what_was_set_right_in_another_sound_is_taken_back_in_this_one(history: History) -> None:
    before = spoken(history.alignment.words[3])
    history = back(to_another_sound(pin(history, 3)), "Ada")
    word = history.alignment.words[3]
    assert not word.pinned
    assert spoken(word).start == pytest.approx(before.start + 5)
    assert spoken(forth(history, "Ada").alignment.words[3]).start == pytest.approx(before.start + 5)
    assert check_whole(history.path).alignment.audio.duration == 25.0


def test_no_moment_of_another_sound_comes_back(history: History) -> None:
    history = to_another_sound(pin(pin(history, 3), 3, pinned=False))
    with pytest.raises(ConflictError, match="was set in another sound"):
        back(history, "Ada")
    assert open_history(history.path).alignment == history.alignment


def test_no_one_takes_back_a_sound_with_their_last_change(history: History) -> None:
    assert undoable(to_another_sound(history), "") is None
