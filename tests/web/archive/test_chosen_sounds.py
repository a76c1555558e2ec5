"""A sound that a person has put in stays where its source has another by now; one that was an episode's before, and
went for another's, is taken again."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.errors import Message
from tests.web.archive import test_exchanged_sounds
from tests.web.archive.test_exchanged_sounds import Shelf, said
from web.archive.adding import exchanges
from web.archive.doubts.record import doubts_in
from web.archive.doubts.staying import staying
from web.library import Library

made = test_exchanged_sounds.made
shelf = test_exchanged_sounds.shelf

CHOSEN = Message("the one here was put in by a person")


def put_in(shelf: Shelf, sound: str, name: str) -> bytes:
    content = (shelf.made / f"{sound}.mp3").read_bytes()
    (shelf.library / name / f"{name}.mp3").write_bytes(content)
    return content


def talk(shelf: Shelf, words: str) -> str:
    text = f"{shelf.talk('e1')}\nANNA: {words}\n"
    (shelf.source / "e1.txt").write_text(text, "utf-8")
    return text


@pytest.mark.nightly
@pytest.mark.parametrize("is_aligned", [False, True])
def test_a_sound_that_a_person_put_in_stays_and_the_new_one_is_listed_until_it_is_taken(
    shelf: Shelf, sample: Path, is_aligned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if is_aligned:
        shelf.align("e1", sample)
    mine = put_in(shelf, "shorter", "e1")
    shelf.lay("anew", "e1")
    said(capsys)
    assert shelf.update() == 0
    (new,) = shelf.library.glob("e1/.quotecast/new sound/*")
    assert said(capsys) == (
        f"Stays     e1: its sound changed at its source, and another was put in here; the new one is {new}\n"
    )
    assert shelf.update() == 0
    assert said(capsys) == ""
    assert shelf.sound("e1") == mine
    assert new.read_bytes() == (shelf.made / "anew.mp3").read_bytes()
    [(episode, stay)] = staying(Library(shelf.library), doubts_in(shelf.library / ".quotecast" / "archive")).told
    assert (episode.folder.name, stay.kind, stay.why and stay.why.words) == ("e1", "sound", CHOSEN)
    text = talk(shelf, "Encore une phrase.")  # which is of this episode whatever its sound
    assert shelf.update() == 0
    assert (shelf.library / "e1" / "e1.txt").read_text("utf-8") == text
    put_in(shelf, "anew", "e1")
    assert shelf.update() == 0
    assert (shelf.laid(), shelf.stays) == ([], ())
    shelf.lay("e1", "e1")
    if not is_aligned:
        assert shelf.update() == 0
        assert shelf.sound("e1") == (shelf.made / "e1.mp3").read_bytes()  # the source is followed again


@pytest.mark.nightly
def test_a_text_waits_where_the_sound_beside_it_is_another_than_the_one_that_a_person_put_in(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in(shelf, "shorter", "e1")
    shelf.lay("e3", "e1")
    talk(shelf, "Une autre.")
    said(capsys)
    assert shelf.update() == 0
    assert "its transcript changed at its source too, and waits" in said(capsys)
    assert (shelf.library / "e1" / "e1.txt").read_text("utf-8") == shelf.talk("e1")


def test_where_the_source_has_what_was_given_of_it_nothing_is_told_of_what_a_person_put_in(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = put_in(shelf, "shorter", "e1")
    for new in ("anew", "e1"):
        shelf.lay(new, "e1")
        assert shelf.update() == 0
    said(capsys)
    assert shelf.update() == 0
    assert (said(capsys), shelf.stays, shelf.laid()) == ("", (), [])
    assert shelf.sound("e1") == mine


@pytest.mark.nightly
def test_an_episodes_own_sound_is_taken_again_though_its_times_are_of_the_wrong_one(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = shelf.sound("e1")
    shelf.lay("e3", "e1")
    assert shelf.update() == 0
    shelf.align("e1", sample)
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    shelf.lay("e1", "e1")
    said(capsys)
    assert shelf.update() == 0
    how = "its sound is the new one, which it had before; it is to be aligned again"
    assert said(capsys) == f"Sound     e1: {how}; the old one is kept as e1.mp3.bak2\n"
    assert shelf.sound("e1") == own
    assert (shelf.library / "e1" / "e1.mp3.bak2").read_bytes() == (shelf.made / "e3.mp3").read_bytes()
    assert (shelf.laid(), shelf.stays) == ([], ())


@pytest.mark.nightly
def test_one_that_was_refused_when_it_came_back_is_taken_all_the_same(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As by an earlier quotecast."""
    own = shelf.sound("e1")
    shelf.lay("e3", "e1")
    assert shelf.update() == 0
    shelf.align("e1", sample)
    shelf.lay("e1", "e1")
    with monkeypatch.context() as before:
        before.setattr(exchanges, "move_times", lambda *_: "another episode")
        before.setattr(exchanges, "copy_of", lambda *_: None)
        assert shelf.update() == 0
    assert shelf.stays
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    assert shelf.update() == 0
    assert shelf.sound("e1") == own
    assert (shelf.laid(), shelf.stays) == ([], ())
    said(capsys)
    assert shelf.update() == 0
    assert said(capsys) == ""
