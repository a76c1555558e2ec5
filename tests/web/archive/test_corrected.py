"""A corrected transcript under a new name is its episode's, told by its words; never that of another."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.web.archive.feeding import NAMESPACE, Show
from tests.web.archive.hosting import Host
from tests.web.archive.test_following import said
from tests.web.archive.test_page import form
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound
from web.app import create_app
from web.archive.doubts.record import Stay, doubts_in
from web.library.folders import read_folder
from web.settings import Settings

_WORDS = [a + b for a in ("ma", "te", "ro", "li", "su", "pa", "ne") for b in ("rado", "lina", "veta", "comi", "sura")]


def talk(number: int, wrong: int = 0) -> list[str]:
    """A hundred words of an episode, of which so many are ``wrong``."""
    words = random.Random(number).choices(_WORDS, k=100)
    for place in random.Random(99).sample(range(100), wrong):
        words[place] = "mal"
    return words


class Volunteers:
    """A folder with the sounds of two episodes and the transcripts that people write, and the library of it."""

    def __init__(self, folder: Path) -> None:
        self.source, self.library = folder / "source", folder / "library"
        for number in (1, 2):
            write_sound(self.source / f"Programa {number}.wav", 60.0 + number)
            self.write(f"Programa {number}.html", number, wrong=5)
        self.add()
        assert folders(self.library) == ["Programa 1", "Programa 2"]

    def write(self, name: str, number: int, wrong: int = 0) -> None:
        text = f"Ana: {' '.join(talk(number, wrong))}."
        is_page = name.endswith("html")
        (self.source / name).write_text(f"<html><body><p>{text}</p></body></html>" if is_page else text, "utf-8")

    def remove(self, name: str) -> None:
        (self.source / name).unlink()

    def add(self) -> None:
        assert run("add", "--yes", "--sure", "0.5", "--listen", "none", self.source, self.library) == 0

    def update(self) -> int:
        return run("update", "--sure", "0.5", "--no-listen", self.library)

    def has(self, number: int) -> str:
        """The words that an episode has, without their tags."""
        name = f"Programa {number}"
        episode = read_folder(self.library / name, name)
        assert episode
        assert episode.transcript
        text = episode.transcript.read_text("utf-8").replace("<html><body><p>", "").replace("</p></body></html>", "")
        return text.removeprefix("Ana: ").removesuffix(".")


@pytest.fixture
def work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Volunteers:
    found = Volunteers(tmp_path)
    said(capsys)
    return found


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["Programa 1.txt", "Programa 1 v4.html", "revisado por Juan.txt"])
def test_a_corrected_transcript_follows_where_the_one_before_is_gone(
    work: Volunteers, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    work.remove("Programa 1.html")
    work.write(name, 1)
    assert work.update() == 0
    assert said(capsys) == f"Text      Programa 1: its transcript is the new one ({name})\n"
    assert work.has(1) == " ".join(talk(1))
    assert work.update() == 0
    assert said(capsys) == ""
    work.write(name, 1, wrong=3)
    assert work.update() == 0
    assert said(capsys) == "Text      Programa 1: its transcript is the new one\n"


@pytest.mark.nightly
def test_the_latest_of_two_corrected_ones_is_taken(work: Volunteers, capsys: pytest.CaptureFixture[str]) -> None:
    work.remove("Programa 1.html")
    work.write("Programa 1 v4.txt", 1, wrong=2)
    work.write("Programa 1 v5.txt", 1)
    assert work.update() == 0
    assert "Programa 1: its transcript is the new one (Programa 1 v5.txt)" in said(capsys)
    assert work.has(1) == " ".join(talk(1))


@pytest.mark.nightly
def test_one_that_was_edited_here_stays_and_it_is_told_once(
    work: Volunteers, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = next((work.library / "Programa 1").glob("*.html"))
    mine.write_text(mine.read_text("utf-8").replace("Ana", "Anna"), "utf-8")
    work.remove("Programa 1.html")
    work.write("Programa 1 v4.txt", 1)
    assert work.update() == 0
    assert "Stays     Programa 1: its transcript changed at its source, and was edited here too" in said(capsys)
    assert "Anna" in mine.read_text("utf-8")
    assert work.update() == 0
    assert said(capsys) == ""


def test_a_text_of_other_words_is_no_corrected_one(work: Volunteers, capsys: pytest.CaptureFixture[str]) -> None:
    before = work.has(1)
    work.remove("Programa 1.html")
    work.write("Programa 1 v4.txt", 7)
    work.write("Programa 2 v4.txt", 2)
    work.write("programa 3.txt", 1)
    assert work.update() == 0
    told = said(capsys)
    assert "Text " not in told
    assert "Left      Programa 1 v4.txt: no sound found" in told
    assert work.has(1) == before


@pytest.mark.nightly
def test_of_two_episodes_that_say_the_same_neither_is_meant(
    work: Volunteers, capsys: pytest.CaptureFixture[str]
) -> None:
    write_sound(work.source / "Programa 8.wav", 68.0)
    work.write("Programa 8.txt", 1, wrong=6)
    assert work.update() == 0
    work.remove("Programa 1.html")
    work.write("revisado.txt", 1)
    said(capsys)
    assert work.update() == 0
    assert "Left      revisado.txt: no sound found" in said(capsys)


def stays(work: Volunteers) -> list[Stay]:
    return [each for each in doubts_in(work.library / ".quotecast" / "archive").stays if each.kind == "version"]


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["Programa 2 v4.html", "corregido 3.txt"])
def test_one_beside_the_transcript_that_is_taken_is_told_truly_and_once(
    work: Volunteers, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    work.write(name, 2)
    assert work.update() == 0
    assert said(capsys) == f"Left      {name}: is a transcript of Programa 2, which has one (Programa 2.html)\n"
    assert [(each.folder, each.name) for each in stays(work)] == [("Programa 2", name)]
    write_sound(work.source / "el corregido 3.wav", 70.0)
    assert work.update() == 0
    assert "+" not in said(capsys)
    assert [each.name for each in stays(work)] == [name]
    work.remove("Programa 2.html")
    assert work.update() == 0
    assert f"Programa 2: its transcript is the new one ({name})" in said(capsys)
    assert stays(work) == []


@pytest.mark.nightly
def test_of_two_that_are_there_at_once_the_other_is_told(work: Volunteers, capsys: pytest.CaptureFixture[str]) -> None:
    write_sound(work.source / "Programa 5.wav", 65.0)
    work.write("Programa 5.txt", 5)
    work.write("Programa 5 borrador.txt", 5, wrong=4)
    assert work.update() == 0
    assert "is a transcript of Programa 5, which has one" in said(capsys)
    assert [each.folder for each in stays(work)] == ["Programa 5"]
    assert work.update() == 0
    assert said(capsys) == ""
    assert len(stays(work)) == 1


def test_one_that_a_person_chooses_is_taken_though_the_transcript_was_edited(
    work: Volunteers, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = next((work.library / "Programa 2").glob("*.html"))
    mine.write_text(mine.read_text("utf-8").replace("Ana", "Anna"), "utf-8")
    work.write("revisado.txt", 2)
    assert work.update() == 0
    client = create_app(Settings(work.library)).test_client()
    page = client.get("/archive").text
    [stay] = stays(work)
    assert "revisado.txt" in page
    assert "Take this one" in page
    work.source.rename(work.source.with_name("away"))
    assert work.update() == 3
    work.source.with_name("away").rename(work.source)
    choice = form(client, sound=str(stay.sound), text=str(stay.text))
    assert client.post("/archive/version", data=choice | {"text": "0" * 24}).status_code == 409
    assert client.post("/archive/version", data=choice).status_code == 303
    assert "Take back" in client.get("/archive").text
    work.add()
    said(capsys)
    assert work.update() == 0
    assert "Programa 2: its transcript is the new one (revisado.txt)" in said(capsys)
    assert work.has(2) == " ".join(talk(2))
    assert work.update() == 0
    assert work.has(2) == " ".join(talk(2))
    assert [each.name for each in stays(work)] == ["Programa 2.html"]


def test_one_paired_with_an_item_whose_sound_is_an_episodes_is_told_as_that_ones(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show, library, texts = Show(host, tmp_path / "made"), tmp_path / "library", tmp_path / "texts"
    texts.mkdir()
    (texts / "Épisode 1.txt").write_text(f"Ana: {' '.join(talk(1, wrong=5))}.", "utf-8")
    show.add(1, None, seconds=60.0)
    add = ("add", "--yes", "--sure", "0.5", "--listen", "none", "--allow-private")
    assert run(*add, show.publish(), texts, library) == 0
    item = show.items[0].replace(">Épisode 1<", ">El cine Avenida<").replace(">g1<", ">h1<").replace("01 May", "08 May")
    other = host.put(
        "/other.xml", f'<rss xmlns:podcast="{NAMESPACE}"><channel><title>Otro</title>{item}</channel></rss>'.encode()
    )
    (texts / "El cine Avenida.txt").write_text(f"Ana: {' '.join(talk(1))}.", "utf-8")
    said(capsys)
    assert run(*add, other, texts, library) == 0
    told = said(capsys)
    assert "There     El cine Avenida: is the sound of Épisode 1" in told
    assert "Left      El cine Avenida.txt: is a transcript of Épisode 1, which has one (Épisode 1.txt)" in told
    assert [each.name for each in doubts_in(library / ".quotecast" / "archive").stays] == ["El cine Avenida.txt"]
    assert run("update", "--sure", "0.5", "--no-listen", library) == 0
    assert said(capsys) == ""
