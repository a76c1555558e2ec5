"""A feed that declares one transcript at two items: of which of them it is, its word alone does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from media.errors import Message
from tests.web.archive.feeding import Show
from tests.web.archive.hosting import Host
from tests.web.archive.test_update import added, details, folders, run
from web.archive.adding.wordings import say_the_same, wording_of
from web.archive.doubts import choices
from web.archive.doubts.record import doubts_in
from web.archive.doubts.staying import staying
from web.archive.pairing import listening
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Sound, Text
from web.library import Library

NOUNS = "vélo pluie facteur boulanger rivière moulin horloge jardin lettre valise tambour phare ruche tilleul barque"


def talk(number: int, last: str = "voilà") -> str:
    """What is said in an episode, as in no other."""
    nouns = NOUNS.split()
    said = [f"le {nouns[(k * number + k * k) % len(nouns)]} numéro {number * 100 + k} est parti" for k in range(12)]
    return f"ANNA: {', '.join(said)}.\n\nBOB: Et puis {last}.\n"


def captions(text: str) -> str:
    parts = text.replace("ANNA: ", "").replace("BOB: ", "").split("\n\n")
    return "WEBVTT\n\n" + "\n\n".join(f"00:00:0{k}.000 --> 00:00:0{k + 1}.000\n{p}" for k, p in enumerate(parts))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def show(host: Host, tmp_path: Path) -> Show:
    """A show of which the third episode declares, as captions, what is said in the second, but for a word."""
    show = Show(host, tmp_path / "made")
    for number in (1, 2, 3):
        show.add(number, talk(number))
    mistaken(show)
    return show


def mistaken(show: Show) -> None:
    show.host.put("/text/3.vtt", captions(talk(2, "au revoir")).encode())
    show.items[2] = show.items[2].replace("/text/3.txt", "/text/3.vtt").replace("text/plain", "text/vtt")


def transcript(library: Path, name: str) -> str:
    return (library / name / str(details(library, name)["transcript"])).read_text("utf-8")


def test_texts_say_the_same_whatever_their_formats_and_a_few_words(tmp_path: Path) -> None:
    said = {"a.txt": talk(2), "b.vtt": captions(talk(2, "au revoir")), "c.txt": talk(3), "short.txt": "ANNA: Bonjour."}
    for name, text in said.items():
        (tmp_path / name).write_text(text, "utf-8")
    a, b, c, short = (wording_of(tmp_path / name) for name in said)
    assert say_the_same(a, b)
    assert not say_the_same(a, c)
    assert not say_the_same(short, short)


@pytest.mark.nightly
def test_neither_is_sure_and_a_person_chooses(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added(show, library, "--listen", "none")
    assert folders(library) == ["Épisode 1"]
    told = capsys.readouterr().out
    reason = "declared by the feed, and nearly word for word that of Épisode"
    assert f"In doubt  0.50  Épisode 2 + 2.txt  ({reason} 3)" in told
    assert f"In doubt  0.50  Épisode 3 + 3.vtt  ({reason} 2)" in told
    folder = library / ".quotecast" / "archive"
    questions = doubts_in(folder).questions
    assert [each.name for each in questions] == ["Épisode 2", "Épisode 3"]
    assert questions[0].candidates[0].opening[0].startswith("ANNA: le ")
    choices.choose(folder, questions[0], questions[0].candidates[0].key)
    choices.choose(folder, questions[1], None)
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]


def test_that_is_sure_which_is_heard(show: Show, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def heard(_: object, sound: Sound, texts: Sequence[Text]) -> dict[str, Reason]:
        said = Message("heard: {percent:.0f}% of the letters are the text's", percent=9)
        return {text.key: Reason(12.0 if sound.name == "Épisode 2" else -8.0, said) for text in texts}

    monkeypatch.setattr(listening.Listener, "__call__", heard)
    added(show, library)
    assert folders(library) == ["Épisode 1", "Épisode 2"]


@pytest.mark.nightly
def test_a_new_item_with_the_transcript_of_an_episode_is_in_doubt(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    third = show.items.pop()
    added(show, library)
    show.items.append(third)
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert "In doubt  0.50  Épisode 3 + 3.vtt" in capsys.readouterr().out
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr() == ("", "")
    show.host.put("/text/3.vtt", captions(talk(3)).encode(), '"2"')
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert transcript(library, "Épisode 3") == captions(talk(3))


@pytest.mark.nightly
@pytest.mark.parametrize("is_new_address", [False, True])
def test_what_a_feed_declares_later_and_is_another_episodes_is_told_once_and_listed_until_it_is_put_right(
    is_new_address: bool, show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.items.pop()
    show.add(3, talk(3))
    added(show, library)
    capsys.readouterr()
    place = "/text/3.vtt" if is_new_address else "/text/3.txt"
    if is_new_address:
        mistaken(show)
    else:
        show.host.put(place, talk(2, "au revoir").encode(), '"2"')
    show.publish()
    assert run("update", library) == 0
    line = "the transcript that its feed declares now is nearly word for word that of Épisode 2\n"
    assert capsys.readouterr() == ("", f"Stays     Épisode 3: {line}")
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")
    assert transcript(library, "Épisode 3") == talk(3)
    told = staying(Library(library), doubts_in(library / ".quotecast" / "archive")).told
    assert [(episode.folder.name, stay.kind) for episode, stay in told] == [("Épisode 3", "anothers")]
    corrected = talk(3, "corrigé")
    show.host.put(place, (captions(corrected) if is_new_address else corrected).encode(), '"3"')
    assert run("update", library) == 0
    assert "corrigé" in transcript(library, "Épisode 3")
    assert not staying(Library(library), doubts_in(library / ".quotecast" / "archive")).told


def test_an_episode_without_a_transcript_is_not_given_another_ones(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    third = show.items.pop()
    show.add(3, None)
    added(show, library, "--without-transcript")
    show.items[2] = third
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr().err.startswith(
        "Stays     Épisode 3: the transcript that its feed declares now is nearly"
    )
    assert details(library, "Épisode 3")["transcript"] is None
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr() == ("", "")
