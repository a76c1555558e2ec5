"""A transcript that comes late is given to its episode, however few are left that it could be of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.web.archive.hosting import Host
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound
from web.archive.pairing import listening

TITLES = (
    "Roue libre",
    "Le pain de Quimper",
    "La rivière en hiver",
    "Cartas del mar",
    "Viento en la sierra",
    "Estrellas en la sierra",
)
ABOUT = ("On y parle de tout.", "Apiculteurs creusois, miellées, tilleuls, essaimage printanier")
TALK = "ANNA: Aujourd'hui nous parlons de tout autre chose.\n\nBOB: Et de la pluie.\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Transcripts of all but the last, named as the episodes' titles."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for title in TITLES[:-1]:
        give(folder, title)
    return folder


def give(folder: Path, title: str) -> None:
    (folder / f"{title}.txt").write_text(f"{TALK}\nANNA: {title}.\n", encoding="utf-8")


def say(folder: Path, words: str) -> None:
    """A transcript whose name tells nothing."""
    (folder / "x.txt").write_text(f"{TALK}\nANNA: {words}.\n", encoding="utf-8")


def stem_of(number: int) -> str:
    """What a sound is called, which tells nothing."""
    return f"{7919 * number:x}a"


def publish(host: Host, folder: Path, order: Sequence[int] = range(len(TITLES))) -> str:
    """A feed of them."""
    items = []
    for number, title in ((number, TITLES[number]) for number in order):
        sound = write_sound(folder / f"{number}.wav", seconds=1 + number / 10).read_bytes()
        url = host.put(f"/sound/{stem_of(number)}.wav", sound)
        items.append(
            f"<item><title>{title}</title><guid>g{number}</guid><description>{ABOUT[number % 2]}</description>"
            f"<enclosure url='{url}' length='1' type='audio/wav'/></item>"
        )
    return host.put("/feed.xml", f"<rss><channel><title>Sel</title>{''.join(items)}</channel></rss>".encode())


@pytest.fixture
def library(host: Host, texts: Path, tmp_path: Path) -> Path:
    """Five of the six are episodes."""
    library = tmp_path / "library"
    assert run("add", "--yes", "--allow-private", "--listen", "none", publish(host, tmp_path), texts, library) == 0
    assert folders(library) == sorted(TITLES[:-1])
    return library


@pytest.mark.nightly
def test_a_transcript_named_as_the_last_title_that_is_left_is_given_to_it(library: Path, texts: Path) -> None:
    give(texts, TITLES[-1])
    assert run("update", "--no-listen", library) == 0
    assert folders(library) == sorted(TITLES)


@pytest.mark.nightly
def test_what_the_last_one_is_about_counts_by_how_rare_it_is_among_what_the_others_say(
    library: Path, texts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say(texts, ABOUT[1])
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("In doubt")]
    assert "telling words" in line
    assert f"{TITLES[-1]} + x.txt" in line


@pytest.mark.nightly
def test_words_of_its_title_count_by_how_rare_they_are_among_all_titles(
    library: Path, texts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give(texts, "Las estrellas de la sierra")
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    said = capsys.readouterr().out
    assert "Estrellas en la sierra + Las estrellas de la sierra.txt  (title: estrellas sierra" in said


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the sounds that are listened to: the last one is heard to be of any text, the others of none."""
    names = list[str]()

    def letters_of(path: Path) -> str:
        names.append(path.stem)
        return path.stem

    monkeypatch.setattr(listening, "letters_of", letters_of)
    monkeypatch.setattr(listening, "_share", lambda _, stem: 0.9 if stem == stem_of(5) else 0.0)
    return names


@pytest.mark.nightly
def test_a_sound_that_was_left_over_is_fetched_and_heard_once_a_transcript_is_new(
    library: Path, texts: Path, host: Host, heard: list[str]
) -> None:
    say(texts, ABOUT[1])
    assert run("update", library) == 0
    assert heard == [stem_of(5)]
    assert folders(library) == sorted(TITLES)


@pytest.mark.nightly
def test_what_was_in_doubt_before_is_not_fetched_again_where_nothing_is_new(
    library: Path, texts: Path, host: Host, heard: list[str]
) -> None:
    say(texts, ABOUT[1])
    assert run("update", "--no-listen", library) == 0
    host.asked.clear()
    assert run("update", library) == 0
    assert heard == []
    assert not any(path.startswith("/sound/") for path in host.paths())


@pytest.mark.nightly
@pytest.mark.parametrize(("how", "expected"), [("doubt", []), ("all", [5]), ("none", [])])
def test_with_all_a_sound_is_heard_though_nothing_speaks_for_a_text(
    library: Path, texts: Path, host: Host, heard: list[str], how: str, expected: list[int], tmp_path: Path
) -> None:
    say(texts, "Rien")
    feed = publish(host, tmp_path)
    assert run("add", "--yes", "--allow-private", "--listen", how, feed, texts, library) == 0
    assert heard == [stem_of(number) for number in expected]
    assert (len(folders(library)) == len(TITLES)) == bool(expected)


def test_with_all_no_more_sounds_are_fetched_once_no_text_is_left(host: Host, heard: list[str], tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    say(tmp_path / "texts", "Rien")
    feed = publish(host, tmp_path, order=(1, 5, 0, 2, 3, 4))
    assert run("add", "--yes", "--allow-private", "--listen", "all", feed, tmp_path / "texts", tmp_path / "lib") == 0
    assert heard == [stem_of(1), stem_of(5)]
    assert folders(tmp_path / "lib") == [TITLES[5]]
