"""A command names files by their names and values by our own options: nothing leads out, nothing is taken for an
option."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tests.tables import over_rows
from web.jobs.kinds import KINDS, Align, Audiogram, Clip, Export, Prepare, Retime, Transcribe, Work

CUT: dict[str, Any] = {"alignment": "a.alignment.json", "export": Export(0, 5, transcript="0badcafe")}


@over_rows("name", ["", ".", "..", "../a.mp3", "/etc/passwd", "b/a.mp3", "a\0.mp3"])
def test_what_is_no_name_in_the_episodes_folder_is_no_argument(name: str) -> None:
    for kind, arguments in [
        (Prepare, {"audio": name}),
        (Align, {"audio": "a.mp3", "transcript": name}),
        (Align, {"audio": "a.mp3", "transcript": "a.txt", "cover": name}),
        (Align, {"audio": "a.mp3", "transcript": "a.txt", "structure": name}),
        (Clip, {**CUT, "name": "a", "alignment": name}),
        (Clip, {**CUT, "name": name}),
        (Retime, {"alignment": "a.json", "audio": name}),
    ]:
        with pytest.raises(ValueError, match="where the name of a file"):
            kind(**arguments)


@over_rows("name", ["-x.mp3", "--model=x", "a\nb.mp3", "\udcff.mp3", " a .mp3", "con.mp3", "é" * 127])
def test_every_name_of_a_file_is_one_and_none_an_option(name: str) -> None:
    command = Align(audio=name, transcript="a.txt", cover=name, names={"--x": "-y"}).command()
    assert command[-3:] == ["--", name, "a.txt"]
    assert command[4:-3] == [f"--cover={name}", "--rename=--x=-y", "--folder-title"]
    guid = Align(audio=name, transcript="a.txt", guid="--x").command()[4]
    assert guid == "--guid=--x"
    assert Transcribe(audio=name, vocabulary=("--x", "Zoé")).command()[4] == "--vocabulary=--x\nZoé\n"
    assert Prepare(name).command() == ["web.page.preparation", name, "."]
    assert Clip(name="b", **(CUT | {"alignment": name})).command()[-2:] == ["--", name]
    assert Retime(alignment=name, audio=name).command()[-2:] == [name, f".quotecast/new sound/{name}"]


@over_rows(
    "work",
    [
        Align(audio="a.mp3", transcript="a.txt", names={"A": "Zoé"}, who=""),
        Clip(alignment="a.alignment.json", name="a", export=Export(0, 5, 1.0, 2.5, lufs=-16.0)),
        Audiogram(alignment="a.json", name="a", export=Export(0, 5, shape="square", text="Oui", cover="none")),
        Prepare("a.mp3"),
        Transcribe(audio="a.mp3", vocabulary=("Zoé",)),
        Retime(alignment="a.json", audio="b.mp3", take=True, who="Zoé"),
    ],
)
def test_work_is_read_back_from_a_row_as_it_was_written(work: Work) -> None:
    assert msgspec.convert(json.loads(json.dumps(msgspec.to_builtins(work))), KINDS[work.kind]) == work


def test_what_an_alignment_said_that_cannot_be_read_is_for_the_aligner_to_find() -> None:
    known = Align(audio="a.mp3", transcript="a.txt")
    assert "--folder-title" in known.command()
    assert "--folder-title" not in replace(known, is_complete=False).command()
