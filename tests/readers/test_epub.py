"""The EPUB of any episode is valid, has every word once and in order, and highlights words as they are spoken."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aligner.formats import FORMATS, Material
from tests.paths import SAMPLE
from tests.readers.hostile import materials, over_materials
from tests.readers.reading_system import Book

EPUB = FORMATS["epub"]
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of the sample."""
    path = tmp_path_factory.mktemp("audio") / "episode.mp3"
    path.write_bytes((SAMPLE / "episode.mp3").read_bytes()[:20_000])
    return path


@cache
def book_of(material: Material, audio: Path) -> bytes:
    return EPUB.content(Material(material.alignment, material.name, find_audio=lambda: audio))


def shown(text: str) -> str:
    """Return the text as XML can hold it, without white space."""
    return _UNWRITABLE.sub("\ufffd", "".join(text.split()))


@over_materials
def test_every_word_is_there_once_and_in_order(material: Material, audio: Path) -> None:
    book = Book(book_of(material, audio))
    read = "".join(shown(chapter.text) for chapter in book.chapters)
    assert read == "".join(shown(paragraph.text) for paragraph in material.paragraphs)


@over_materials
def test_spoken_words_are_highlighted_in_order_within_the_audio(material: Material, audio: Path) -> None:
    book = Book(book_of(material, audio))
    lit = [each for chapter in book.chapters for each in chapter.lit]
    assert all(0 <= each.begin < each.end <= material.alignment.audio.duration * 1000 for each in lit)
    assert all(one.end <= other.begin for one, other in pairwise(lit))
    said = "".join(timed.word.text for timed in material.alignment.words if timed.span)
    letters = [character for character in shown(said) if character.isalnum()]
    found = iter("".join(each.text for each in lit))
    assert all(letter in found for letter in letters)


@pytest.fixture(scope="module")
def books(audio: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file for the book of each material."""
    folder = tmp_path_factory.mktemp("books")
    paths = {name: folder / f"{number}.epub" for number, name in enumerate(materials())}
    for name, path in paths.items():
        path.write_bytes(book_of(materials()[name], audio))
    return paths


def test_epubcheck_finds_no_problems(books: dict[str, Path], read_by_node: Callable[..., Any]) -> None:
    problems = dict(zip(books, read_by_node("epubcheck.cjs", *books.values()), strict=True))
    assert problems == {name: [] for name in books}


def test_readium_reads_the_same_from_each_book(books: dict[str, Path], read_by_node: Callable[..., Any]) -> None:
    for (name, path), read in zip(books.items(), read_by_node("readium.cjs", *books.values()), strict=True):
        material, book = materials()[name], Book(path.read_bytes())
        lit = [(each.begin, each.end) for chapter in book.chapters for each in chapter.lit]
        assert [(round(begin * 1000), round(end * 1000)) for _, begin, end in read["lit"]] == lit
        assert round(read["duration"] * 1000) == sum(end - begin for begin, end in lit)
        assert [shown(label) for _, label in read["contents"]] == [shown(label) for label, _ in book.contents]
        assert read["narrators"] == (book.meta("media:narrator") if lit else [])
        assert shown(_plain(read["title"])) == shown(material.title)
        assert all(remark in _plain(read["summary"]) for remark in material.remarks_for_readers)
        assert (read["direction"] == "rtl") == (name in ("Hebrew", "Arabic"))


def _plain(text: str | dict[str, str]) -> str:
    """Return a text, which Readium may give by language."""
    return text if isinstance(text, str) else next(iter(text.values()))
