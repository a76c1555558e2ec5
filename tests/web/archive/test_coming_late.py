"""A transcript that comes late is given to its episode, however few are left that it could be of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.archive.hosting import Host, hosting
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound

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
def host() -> Iterator[Host]:
    with hosting() as found:
        yield found


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


def publish(host: Host, folder: Path) -> str:
    """A feed of them, whose sounds are named by numbers that tell nothing."""
    items = []
    for number, title in enumerate(TITLES):
        sound = write_sound(folder / f"{number}.wav", seconds=1 + number / 10).read_bytes()
        url = host.put(f"/sound/{7919 * number:x}a.wav", sound)
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


def test_a_transcript_named_as_the_last_title_that_is_left_is_given_to_it(library: Path, texts: Path) -> None:
    give(texts, TITLES[-1])
    assert run("update", "--no-listen", library) == 0
    assert folders(library) == sorted(TITLES)


def test_what_the_last_one_is_about_counts_by_how_rare_it_is_among_what_the_others_say(
    library: Path, texts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (texts / "x.txt").write_text(f"{TALK}\nANNA: {ABOUT[1]}.\n", encoding="utf-8")
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("In doubt")]
    assert "telling words" in line
    assert f"{TITLES[-1]} + x.txt" in line


def test_words_of_its_title_count_by_how_rare_they_are_among_all_titles(
    library: Path, texts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give(texts, "Las estrellas de la sierra")
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    said = capsys.readouterr().out
    assert "Estrellas en la sierra + Las estrellas de la sierra.txt  (title: estrellas sierra" in said
