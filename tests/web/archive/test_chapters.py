"""What a feed has in files of chapters tells transcripts apart, where nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.web.archive.feeding import NAMESPACE
from tests.web.archive.hosting import Host, answer
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound

ABOUT = {
    "a": "mouettes argentées Quiberon survolent phare abandonné",
    "b": "fromagerie artisanale jurassienne affinage caves voûtées",
    "c": "apiculteurs creusois miellées tilleuls essaimage printanier",
    "d": "charpentiers ambulants outillage hêtre tronçonneuse scierie",
    "e": "glaciologues alpins carottage moraines crevasses refuges",
    "f": "imprimeurs lyonnais casses plomb linotype reliure",
}

TITLES = dict(zip(ABOUT, ["ut", "ré", "mi", "fa", "sol", "la"], strict=True))


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of transcripts whose names tell nothing."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, told in ABOUT.items():
        (folder / f"{name}.txt").write_text(f"Bonjour à toutes et à tous. {told}. " * 40, encoding="utf-8")
    return folder


def publish(host: Host, folder: Path, chapters: Mapping[str, object] = ABOUT, about: str = "f c a b e d") -> str:
    """A feed of items whose titles tell nothing, each with a file of chapters."""
    items = []
    for number, name in enumerate(about.split()):
        sound = write_sound(folder / f"{number}.wav", seconds=1 + number / 10).read_bytes()
        enclosure = host.put(f"/sound/{number}.wav", sound)
        told = chapters[name]
        if isinstance(told, str):
            told = json.dumps({"version": "1.2.0", "chapters": [{"startTime": 0, "title": w} for w in told.split()]})
        if isinstance(told, bytes | str):
            host.put(f"/chapters/{number}.json", told if isinstance(told, bytes) else told.encode())
        items.append(
            f"<item><title>Hors-série {TITLES[name]}</title><guid>{name}</guid>"
            f"<podcast:chapters url='/chapters/{number}.json' type='application/json+chapters'/>"
            f"<enclosure url='{enclosure}' length='1' type='audio/wav'/></item>"
        )
    feed = f'<rss xmlns:podcast="{NAMESPACE}"><channel><title>Sel</title>{"".join(items)}</channel></rss>'
    return host.put("/feed.xml", feed.encode())


def add(feed: str, texts: Path, library: Path) -> int:
    return run("add", "--yes", "--allow-private", "--listen", "none", feed, texts, library)


def told(said: str) -> dict[str, str]:
    """By the title of an item, the transcript that is the likeliest, as the terminal tells it."""
    return dict(re.findall(r"^(?:Pair|In doubt) +[\d.]+ +Hors-série (\w+) \+ (\w)\.txt", said, re.MULTILINE))


def asked_for_chapters(host: Host) -> int:
    return sum(path.startswith("/chapters/") for path in host.paths())


def test_chapters_in_files_pair_items_with_what_says_their_words(
    host: Host, texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(publish(host, tmp_path / "made"), texts, tmp_path / "library") == 0
    assert told(capsys.readouterr().out) == {TITLES[name]: name for name in ABOUT}
    assert asked_for_chapters(host) == len(ABOUT)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "damaged", [b"", b"no JSON", b"[]", b'{"chapters": 3}', b'{"chapters": [{"title": 3}, {}]}', None]
)
def test_a_file_that_is_none_or_not_there_hinders_nothing(
    host: Host, texts: Path, tmp_path: Path, damaged: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = publish(host, tmp_path / "made", {**ABOUT, "a": damaged, "b": damaged})
    assert add(feed, texts, tmp_path / "library") == 0
    assert told(capsys.readouterr().out) == {TITLES[name]: name for name in "cdef"}


@pytest.mark.nightly
def test_where_names_are_sure_no_chapters_are_asked_for(host: Host, texts: Path, tmp_path: Path) -> None:
    for number, name in enumerate("fcabed"):
        (texts / f"{name}.txt").rename(texts / f"Sel {TITLES[name]}, transcription de {number}.txt")
    library = tmp_path / "library"
    assert add(publish(host, tmp_path / "made"), texts, library) == 0
    assert len(folders(library)) == len(ABOUT)
    assert asked_for_chapters(host) == 0


@pytest.mark.nightly
def test_an_update_asks_for_them_only_where_something_is_new(
    host: Host, texts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library, later = tmp_path / "library", (texts / "a.txt").read_bytes()
    feed = publish(host, tmp_path / "made")
    (texts / "a.txt").unlink()
    assert add(feed, texts, library) == 0
    before = asked_for_chapters(host)
    assert before == len(ABOUT)
    for _ in range(2):
        assert run("update", "--no-listen", library) == 0
    assert asked_for_chapters(host) == before
    (texts / "a.txt").write_bytes(later)
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert asked_for_chapters(host) == 2 * before
    assert told(capsys.readouterr().out)[TITLES["a"]] == "a"


def test_a_host_that_does_not_answer_is_asked_once(
    host: Host, texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.archive.sources import fetching

    monkeypatch.setattr(fetching, "_TRIES", 1)
    feed = publish(host, tmp_path / "made")
    for number in range(len(ABOUT)):
        host.say(f"/chapters/{number}.json", answer(503))
    add(feed, texts, tmp_path / "library")
    assert asked_for_chapters(host) == 1
