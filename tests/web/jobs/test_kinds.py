"""A job is told files by name and values by our own options: nothing leads out, nothing is taken for an option."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aligner.storage.checked_json import convert
from tests.aligner.command import quotecast
from tests.perfect_ear import write_heard
from tests.places import SAMPLE
from tests.tables import over_rows
from web.jobs.kinds import Align, Audiogram, Clip, Prepare

CUT: dict[str, Any] = {"alignment": "a.alignment.json", "first": 0, "last": 5}


@over_rows("name", ["", ".", "..", "../a.mp3", "/etc/passwd", "b/a.mp3", "a\0.mp3", "a\ud800.mp3", "é" * 128])
def test_what_is_no_name_in_the_episodes_folder_is_no_argument(name: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Prepare(name)
    with pytest.raises(ValueError, match=r".+"):
        Align(audio="a.mp3", transcript=name)
    with pytest.raises(ValueError, match=r".+"):
        Clip(name="a.mp3", **(CUT | {"alignment": name}))
    if name:
        with pytest.raises(ValueError, match=r".+"):
            Align(audio="a.mp3", transcript="a.txt", cover=name)


@over_rows("name", ["-x.mp3", "--model=x", "a\nb.mp3", "\udcff.mp3", " a .mp3", "con.mp3", "é" * 127])
def test_every_name_of_a_file_is_one_and_none_an_option(name: str) -> None:
    command = Align(audio=name, transcript="a.txt", cover=name, names={"--x": "-y"}).command()
    assert command[-3:] == ["--", name, "a.txt"]
    assert command[4:-3] == [f"--cover={name}", "--rename=--x=-y", "--folder-title"]
    guid = Align(audio=name, transcript="a.txt", guid="--x").command()[4]
    assert guid == "--guid=--x"
    assert Prepare(name).command() == ["web.page.preparation", name, "."]
    assert Clip(name="b.mp3", **(CUT | {"alignment": name})).command()[-2:] == ["--", name]


@pytest.mark.nightly
def test_an_episode_whose_title_nothing_tells_is_called_as_its_folder_is(tmp_path: Path) -> None:
    folder = tmp_path / "Les marées, épisode 3"
    folder.mkdir()
    for name, file in (("audio.mp3", "episode.mp3"), ("transcript.txt", "transcript.txt")):
        shutil.copyfile(SAMPLE / file, folder / name)
    _, *arguments = Align(audio="audio.mp3", transcript="transcript.txt").command()
    heard = f"--hypothesis={write_heard(tmp_path / 'heard.json')}"
    result = quotecast(arguments[0], heard, *arguments[1:], cwd=folder)
    assert result.returncode == 0, result.stderr
    alignment = json.loads((folder / "audio.alignment.json").read_text(encoding="utf-8"))
    assert alignment["episode"]["title"] == folder.name


@over_rows(
    "given",
    [
        {"name": "../a.mp3"},
        {"name": "-o.mp3"},
        {"name": ".a.mp3"},
        {"name": "a.py"},
        {"name": "a"},
        {"last": 0},
        {"edges": (3.0, 1.0)},
        {"edges": (-1.0, 1.0)},
        {"edges": (0.0, float("nan"))},
        {"edges": (0.0, float("inf"))},
    ],
)
def test_a_clip_that_cannot_be_is_no_work(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Clip(**({"name": "a.mp3"} | CUT | given))


@over_rows(
    "given",
    [
        {"colour": "red"},
        {"colour": "#123456\n"},
        {"accent": "#123456 --font=x"},
        {"font": "../secret.ttf"},
        {"font": "/etc/fonts/a.ttf"},
        {"font": "-x"},
        {"font": "a" * 61},
        {"cover": "../secret.png"},
        {"cover": "cover.jpg"},
        {"end_card": 1},
    ],
)
def test_a_record_names_no_look_that_a_page_cannot_choose(given: dict[str, Any]) -> None:
    arguments: dict[str, Any] = CUT | {"name": "a.mp4", "shape": "square"}
    assert convert(arguments | {"font": "Source Sans Pro", "cover": "none"}, Audiogram)
    with pytest.raises(ValueError, match=next(iter(given))):
        convert(arguments | given, Audiogram)


def test_texts_are_bounded_and_fit_on_a_command_line() -> None:
    for text in ("a\0b", "a\ud800", "a" * 2_001):
        with pytest.raises(ValueError, match=r".+"):
            Align(audio="a.mp3", transcript="a.txt", title=text)
    with pytest.raises(ValueError, match="characters"):
        Audiogram(name="a.mp4", shape="square", text="a" * 20_002, **CUT)
    with pytest.raises(ValueError, match="speakers"):
        Align(audio="a.mp3", transcript="a.txt", names={str(n): "x" for n in range(201)})
