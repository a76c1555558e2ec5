"""An `archive add` or `update` that is killed at any of its steps: the next one makes what it would have made."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from aligner.cli.main import quotecast
from aligner.storage.checked_json import decode
from tests.attack.dying import Death, run
from tests.web.library.shelved import tree, write_sound
from web.archive.adding.made import Made
from web.archive.adding.remembered import Archive
from web.library import Library

TALK = "ANNA: Aujourd'hui nous parlons du vélo.\n\nBOB: Et de la pluie.\n"
STRIDE = 3  # of the steps every third: at each, with what is asked after it, it takes minutes
ADD = ("add", "--yes", "--sure", "0.5", "--listen", "none")


def archive(*arguments: str | Path) -> int:
    return int(quotecast.main(["archive", *map(str, arguments)], standalone_mode=False) or 0)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    for number in (1, 2):
        (folder / str(number)).mkdir(parents=True)
        write_sound(folder / str(number) / f"E{number:02d}.wav", seconds=1.0 + number)
        (folder / str(number) / f"E{number:02d}.txt").write_text(TALK.replace("vélo", f"vélo {number}"), "utf-8")
    return folder


def add(source: Path, library: Path) -> int:
    return archive(*ADD, source, library)


def shown(library: Path) -> dict[str, bytes]:
    """All of the library but what quotecast keeps for itself."""
    return {name: content for name, content in tree(library).items() if not name.startswith(".quotecast")}


def now(library: Path) -> dict[str, bytes]:
    """What is shown, without the versions before, which are named by when they were replaced, and without what a run
    that fell was writing, which goes when the folder is written to again."""
    return {
        name: held for name, held in shown(library).items() if "/versions/" not in name and "/.quotecast-" not in name
    }


def remembered(library: Path) -> dict[str, Made]:
    return Archive(Library(library)).read().episodes


def cut_off(source: Path, library: Path) -> Path:
    """A library in which a run made both episodes and was killed before it had noted the second; its transcript."""
    assert add(source, library) == 0
    lines = library / ".quotecast" / "archive" / "episodes.jsonl"
    first, second = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(first)
    made = decode(second, Made)
    Archive(Library(library)).begin(replace(made, folder=""))
    folder = library / made.folder
    return folder / str(json.loads((folder / "episode.json").read_text("utf-8"))["transcript"])


@pytest.mark.nightly
def test_one_that_was_made_and_not_noted_follows_its_source(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library"
    transcript = cut_off(source, library)
    before = shown(library)
    capsys.readouterr()
    assert archive("update", library) == 0
    assert f"Made      {transcript.parent.name}" in capsys.readouterr().out
    assert shown(library) == before
    [text] = source.rglob(f"{transcript.parent.name[:3]}.txt")
    text.write_text(TALK.replace("pluie", "neige"), "utf-8")
    assert archive("update", library) == 0
    assert "neige" in transcript.read_text("utf-8")
    capsys.readouterr()
    assert archive("update", library) == 0
    assert capsys.readouterr() == ("", "")


def test_one_that_was_edited_before_it_was_noted_stays_as_it_is(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library"
    transcript = cut_off(source, library)
    transcript.write_text(TALK.replace("vélo", "tandem"), "utf-8")
    [text] = source.rglob(f"{transcript.parent.name[:3]}.txt")
    text.write_text(TALK.replace("pluie", "neige"), "utf-8")
    assert archive("update", library) == 0
    assert "edited here too" in capsys.readouterr().err
    assert "tandem" in transcript.read_text("utf-8")


@pytest.mark.nightly
def test_what_a_person_made_before_is_told_once_and_not_followed(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library"
    assert add(source, library) == 0
    shutil.rmtree(library / ".quotecast" / "archive")  # as if a person had laid both there
    assert add(source, library) == 0
    assert remembered(library) == {}
    before = shown(library)
    capsys.readouterr()
    assert archive("update", library) == 0
    assert capsys.readouterr() == ("", "")
    for text in source.rglob("*.txt"):
        text.write_text(text.read_text("utf-8").replace("pluie", "neige"), "utf-8")
    assert archive("update", library) == 0
    assert capsys.readouterr() == ("", "")
    assert shown(library) == before


@pytest.mark.nightly
def test_a_text_that_was_replaced_and_not_noted_follows_its_source(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    assert add(source, library) == 0
    [text] = source.rglob("E01.txt")
    text.write_text(TALK.replace("pluie", "neige"), "utf-8")
    note = Archive.note

    def until_it_is_there(archive: Archive, made: Made) -> None:
        if made.giving is None:
            raise SystemExit
        note(archive, made)

    monkeypatch.setattr(Archive, "note", until_it_is_there)
    with pytest.raises(SystemExit):
        archive("update", library)
    monkeypatch.undo()
    assert "neige" in (library / "E01" / "E01.txt").read_text("utf-8")
    text.write_text(TALK.replace("pluie", "grêle"), "utf-8")
    assert archive("update", library) == 0
    assert "grêle" in (library / "E01" / "E01.txt").read_text("utf-8")


def check_kills(source: Path, folder: Path, steps: Iterable[int]) -> None:
    """Kill ``add`` before each of these steps, and the library of the next run is that of one that was not killed; a
    text that changes then is taken up."""
    whole = folder / "whole"
    assert add(source, whole) == 0
    expected, known = shown(whole), sorted(made.folder for made in remembered(whole).values())
    [text] = source.rglob("E01.txt")
    for step in steps:
        library = folder / f"killed at {step}"
        assert run(lambda library=library: add(source, library), Death(step=step)).status < 0
        has_sources = (library / ".quotecast" / "archive" / "sources.json").is_file()
        update = ["update", "--sure", "0.5", "--no-listen", library]
        again = update if has_sources and step // STRIDE % 2 else [*ADD, source, library]
        assert run(lambda again=again: archive(*again)).status == 0, step
        assert shown(library) == expected, f"killed before step {step}, then {again[0]}"
        assert sorted(made.folder for made in remembered(library).values()) == known, step
        before = text.read_text("utf-8")
        text.write_text(before.replace("pluie", "neige"), "utf-8")
        assert run(lambda update=update: archive(*update)).status == 0
        assert "neige" in (library / "E01" / "E01.txt").read_text("utf-8"), step
        text.write_text(before, "utf-8")


def write_third(source: Path) -> None:
    (source / "3").mkdir()
    write_sound(source / "3" / "E03.wav", seconds=4.0)
    (source / "3" / "E03.txt").write_text(TALK.replace("vélo", "vélo 3"), "utf-8")


def check_killed_updates(source: Path, folder: Path) -> None:
    """Kill an ``update`` that takes up a changed text, a changed sound and a new episode before each of its steps; the
    next one ends as if none had been killed, also where the text has changed once more."""
    [text], [sound] = source.rglob("E01.txt"), source.rglob("E01.wav")
    made, whole = folder / "made", folder / "whole"
    assert add(source, made) == 0
    shutil.copytree(made, whole)
    first = text.read_text("utf-8")
    changed, again = first.replace("pluie", "neige"), first.replace("pluie", "grêle")
    update = ["update", "--sure", "0.5", "--no-listen"]
    text.write_text(changed, "utf-8")
    first_sound = sound.read_bytes()
    write_sound(sound, seconds=5.0)
    write_third(source)
    assert archive(*update, whole) == 0
    expected = {changed: now(whole)}
    shutil.copytree(made, counted := folder / "counted")
    steps = run(lambda: archive(*update, counted)).steps
    assert steps > 40
    text.write_text(again, "utf-8")
    assert archive(*update, whole) == 0
    expected[again] = now(whole)
    for step in range(0, steps, STRIDE):
        shutil.copytree(made, library := folder / f"killed at {step}")
        text.write_text(changed, "utf-8")
        assert run(lambda library=library: archive(*update, library), Death(step=step)).status < 0
        then = (changed, again)[step // STRIDE % 2]
        text.write_text(then, "utf-8")
        assert run(lambda library=library: archive(*update, library)).status == 0
        assert now(library) == expected[then], f"killed before step {step}"
        assert first.encode() in shown(library).values(), f"killed before step {step}: the first text is lost"
        assert first_sound in shown(library).values(), f"killed before step {step}: the first sound is lost"


@pytest.fixture
def _without_children(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at in a process of its own, which takes seconds to start, is looked at in this one."""
    add(source, tmp_path / "first")  # which loads them
    for room in ("web.archive.sources.folders", "web.library.preview", "web.library.sent_files"):
        monkeypatch.setattr(sys.modules[room], "call", lambda function, *arguments: function(*arguments))


@pytest.mark.nightly
@pytest.mark.usefixtures("_without_children")
def test_an_add_killed_before_its_steps(source: Path, tmp_path: Path) -> None:
    add(source, tmp_path / "counted")
    steps = run(lambda: add(source, tmp_path / "again")).steps
    assert steps > 80
    check_kills(source, tmp_path, range(0, steps, STRIDE))


@pytest.mark.nightly
@pytest.mark.usefixtures("_without_children")
def test_an_update_killed_before_its_steps(source: Path, tmp_path: Path) -> None:
    check_killed_updates(source, tmp_path)
