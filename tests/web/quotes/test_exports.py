"""What a person chooses becomes the command line that makes it."""

from pathlib import Path
from typing import Any

import pytest

from aligner.errors import QuoteError
from tests.aligner.episodes import alignment_of
from tests.web.quotes.unsaid import unsaid
from web.errors import WebError
from web.quotes.exports import CLIPS, Export, command_of, read_export, taken_names

TIDE = unsaid(alignment_of("The ferry leaves at nine and the tide waits for nobody.", "The captain."), range(11, 13))
FILE = "harbour.alignment.json"


def test_words_alone_become_an_mp3_cut_where_we_find_best() -> None:
    command = command_of(TIDE, FILE, Export(range(0, 5)), ())
    assert command.output == "clips/harbour-1s-the-ferry-leaves-at-nine.mp3"
    assert command.arguments == (
        "clip", FILE, "--words", "0-5", "--lufs", "-16", "-o", command.output, "--progress", "json",
    )  # fmt: skip


def test_edges_of_ones_own_are_exact() -> None:
    export = Export(range(0, 5), start=0.95, end=3.2004, format="wav", lufs=None, tighten=True, listen=False)
    command = command_of(TIDE, FILE, export, ())
    assert command.output.endswith(".wav")
    assert command.arguments[4:-4] == (
        "--from",
        "0.950",
        "--to",
        "3.200",
        "--exact",
        "--no-loudness",
        "--tighten",
        "--no-listen",
    )


def test_a_shape_makes_an_audiogram_with_the_wording_that_was_given() -> None:
    text = "--shape=square | The ferry\nleaves"
    command = command_of(TIDE, FILE, Export(range(0, 5), shape="portrait", text=text), ())
    assert command.kind == command.arguments[0] == "audiogram"
    assert command.output == "clips/harbour-1s-the-ferry-leaves-at-nine-portrait.mp4"
    assert f"--text={text}" in command.arguments


def test_a_wording_of_one_line_is_not_taken_for_the_name_of_a_file() -> None:
    command = command_of(TIDE, FILE, Export(range(0, 5), shape="square", text="/etc/passwd"), ())
    assert "--text=/etc/passwd\n" in command.arguments


def test_no_clip_takes_the_name_of_another(tmp_path: Path) -> None:
    first = command_of(TIDE, FILE, Export(range(0, 5)), taken_names(tmp_path))
    (tmp_path / CLIPS).mkdir()
    (tmp_path / first.output).with_suffix(".vtt").touch()
    second = command_of(TIDE, FILE, Export(range(0, 5), format="m4a"), taken_names(tmp_path))
    third = command_of(TIDE, FILE, Export(range(0, 5)), taken_names(tmp_path, [second.output]))
    assert [Path(c.output).name for c in (second, third)] == [
        "harbour-1s-the-ferry-leaves-at-nine-2.m4a",
        "harbour-1s-the-ferry-leaves-at-nine-3.mp3",
    ]


def test_a_request_that_names_only_words_is_enough() -> None:
    assert read_export(TIDE, {"first": 0, "last": 5}) == Export(range(0, 5))


def test_a_request_can_name_everything() -> None:
    given = {"first": 0, "last": 5, "start": 0.9, "end": 3, "format": "wav", "shape": "square", "lufs": None}
    given |= {"tighten": True, "text": "The ferry |leaves", "listen": False}
    assert read_export(TIDE, given) == Export(
        range(0, 5), 0.9, 3.0, "wav", "square", None, True, "The ferry |leaves", False
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"first": True}, r"clip\.refused\.word"),
        ({"first": "0; rm -rf"}, r"clip\.refused\.word"),
        ({"last": None}, r"clip\.refused\.word"),
        ({"start": 1.0}, r"clip\.refused\.length"),
        ({"start": 3.0, "end": 1.0}, r"clip\.refused\.length"),
        ({"start": -1.0, "end": 1.0}, r"clip\.refused\.number"),
        ({"start": 0.0, "end": 1e9}, r"clip\.refused\.number"),
        ({"start": 0.0, "end": float("nan")}, r"clip\.refused\.number"),
        ({"start": 0.0, "end": 10**400}, r"clip\.refused\.number"),
        ({"format": "exe"}, r"clip\.refused\.choice"),
        ({"format": ["mp3"]}, r"clip\.refused\.choice"),
        ({"shape": "../../x"}, r"clip\.refused\.choice"),
        ({"lufs": 0}, r"clip\.refused\.number"),
        ({"shape": "square", "text": "a\0b"}, r"clip\.refused\.wording"),
        ({"shape": "square", "text": "a\ud800"}, r"clip\.refused\.wording"),
        ({"shape": "square", "text": "…"}, r"clip\.refused\.wording"),
        ({"shape": "square", "text": "a" * 20_001}, r"clip\.refused\.wording"),
        ({"shape": "square", "text": {"a": 1}}, r"clip\.refused\.wording"),
    ],
)
def test_a_request_for_what_there_is_not_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(WebError, match=told):
        read_export(TIDE, {"first": 0, "last": 5} | given)


def test_words_that_nobody_says_make_no_clip() -> None:
    with pytest.raises(QuoteError, match="nobody says it"):
        command_of(TIDE, FILE, Export(range(11, 13)), ())
