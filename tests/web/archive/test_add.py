"""From folders to episodes in one command: what goes together is shown, and made once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.library.shelved import write_sound

pytestmark = pytest.mark.nightly

TALKS = {
    "velo": "Anna: Aujourd'hui nous parlons du vélo cargo, de ses freins et de sa batterie.\n\nBob: Et de la pluie.\n",
    "pain": "Anna: Le levain demande de la patience, dit le boulanger de Quimper.\n\nBob: Et de la farine.\n",
    "phare": "Anna: Le gardien du phare allumait la lanterne chaque soir.\n\nBob: Et la mer montait.\n",
}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aligner", "archive", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with three sounds and, elsewhere in it, their texts under other names."""
    folder = tmp_path / "source"
    (folder / "texts").mkdir(parents=True)
    for number, (name, talk) in enumerate(TALKS.items(), 1):
        write_sound(folder / f"E{number:02d}.wav", seconds=2 + number)
        (folder / "texts" / f"épisode {number} {name}.txt").write_text(talk, encoding="utf-8")
    return folder


def episodes(library: Path) -> dict[str, dict[str, str]]:
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in library.glob("*/episode.json")}


def test_pairs_become_episodes_once(source: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    before = {path: path.read_bytes() for path in source.rglob("*.*")}
    first = run("add", "--yes", "--listen", "none", "--sure", "0.5", source, library)
    assert (first.returncode, first.stderr) == (0, "")
    assert "number 1" in first.stdout
    made = episodes(library)
    assert {(each["audio"], each["transcript"]) for each in made.values()} == {
        (f"E{number:02d}.wav", f"épisode {number} {name}.txt") for number, name in enumerate(TALKS, 1)
    }
    assert {path: path.read_bytes() for path in source.rglob("*.*")} == before
    assert all(path.stat().st_nlink == 1 for path in source.rglob("*.*") if path.is_file())
    again = run("add", "--yes", "--listen", "none", source, library)
    assert again.stdout.endswith("Made      nothing\n")
    assert episodes(library) == made
    assert not list((library / ".quotecast" / "incoming").iterdir())


def test_nothing_is_made_where_nobody_answers(source: Path, tmp_path: Path) -> None:
    result = run("add", "--listen", "none", source, tmp_path / "library")
    assert result.returncode == 0
    assert "Made      nothing" in result.stdout
    assert "--yes" in result.stderr
    assert episodes(tmp_path / "library") == {}


def test_a_source_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = run("add", "--yes", tmp_path / "nowhere", tmp_path / "library")
    assert result.returncode == 3
    assert "nothing is there" in result.stderr


def test_files_whose_names_tell_nothing_are_called_by_their_folder(tmp_path: Path) -> None:
    for number, (name, talk) in enumerate(TALKS.items(), 1):
        folder = tmp_path / "source" / f"le {name}"
        folder.mkdir(parents=True)
        write_sound(folder / "audio.wav", seconds=2 + number)
        (folder / "transcript.txt").write_text(talk, encoding="utf-8")
    result = run("add", "--yes", "--listen", "none", "--sure", "0.5", tmp_path / "source", tmp_path / "library")
    assert all(f"le {name}/audio.wav + le {name}/transcript.txt" in result.stdout for name in TALKS), result.stdout
    assert episodes(tmp_path / "library").keys() == {f"le {name}" for name in TALKS}
