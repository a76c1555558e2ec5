"""An episode of a folder has the title that its transcript plainly has, else its file's name."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from aligner.transcript import open_transcript
from tests.tables import over_rows
from tests.web.archive.feeding import TALK
from tests.web.archive.test_update import folders, library, run
from tests.web.library.shelved import write_sound
from web.archive.sources.titled import titles_of

__all__ = ["library"]  # a fixture

LINES = [line for line in TALK.splitlines() if line]


def written(path: Path, title: str = "", headings: tuple[str, ...] = (), style: str = "Heading 1") -> Path:
    """A document with a title among its properties, and headings: the first above, the others below what is said."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = docx.Document()
    document.core_properties.title = title
    for heading in headings[:1]:
        document.add_paragraph(heading, style=style)
    for line in LINES:
        document.add_paragraph(f"{line} {path.stem}.")
    for heading in headings[1:]:
        document.add_paragraph(heading, style=style)
        document.add_paragraph(LINES[0])
    document.save(str(path))
    return path


def titles(path: Path) -> tuple[str, ...]:
    return titles_of(open_transcript(path).draft)


def test_a_title_is_a_property_a_line_called_so_or_the_only_heading_if_that_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "E1.docx"
    assert titles(written(path, "Le port, la nuit", ("Le port",))) == ("Le port, la nuit", "Le port")
    assert titles(written(path, headings=("Le port", "Le phare"), style="Title")) == ()
    assert titles(written(path, headings=("Le port",), style="Title")) == ("Le port",)
    assert titles(written(path, headings=("Le port",))) == ("Le port",)
    assert titles(written(path, headings=("Le port", "Le phare"))) == ()
    assert titles(written(path)) == ()


@over_rows(
    "title", ["Microsoft Word - E1.docx", "E1.docx", "Word Document", "Document 1", "Transcription", "Titre", "12", "…"]
)
def test_what_programs_write_there_is_no_title(tmp_path: Path, title: str) -> None:
    assert titles(written(tmp_path / "E1.docx", title)) == ()


@over_rows("opening", ["Le port, la nuit\n\n", "LE PORT\n\n", "Le port :\n\n"])
def test_no_line_of_plain_text_is_taken_for_a_title(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "E1.txt"
    path.write_text(opening + TALK, "utf-8")
    assert titles(path) == ()


@pytest.mark.nightly
def test_episodes_are_called_so_where_no_other_transcript_is(tmp_path: Path, library: Path) -> None:
    """The second is a copy of the first, with another title over it; the third is one with none."""
    source = tmp_path / "source"
    told = {"E1": ("Modèle", ("Le port",)), "E2": ("Modèle", ("Le phare",)), "E3": ("Modèle", ()), "E4": ("La mer", ())}
    for number, (name, known) in enumerate(told.items()):
        write_sound(source / f"{name}.wav", 2.0 + number)
        written(source / f"{name}.docx", *known)
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library) == 0
    assert folders(library) == ["E3", "La mer", "Le phare", "Le port"]


def test_a_title_that_an_episode_has_is_no_other_ones(tmp_path: Path, library: Path) -> None:
    source = tmp_path / "source"
    for number, command in enumerate((("add", "--yes", "--listen", "none", source), ("update", "--no-listen")), 1):
        write_sound(source / f"E{number}.wav", 1.0 + number)
        written(source / f"E{number}.docx", "Le port")
        assert run(*command, "--sure", "0.5", library) == 0
    assert folders(library) == ["E2", "Le port"]
