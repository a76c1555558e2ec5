"""``quotecast audiogram``: a video or still of a quote, or one line of error and no file."""

import json
from pathlib import Path

import av
import pytest
from PIL import Image

from aligner.publishing.screens import StyleChoices, recall, styles_file
from tests.aligner.command import assert_refused, quotecast_here
from tests.tables import over_rows

pytestmark = pytest.mark.usefixtures("own_configuration")


def quote_of(alignment: Path, first: int = 30, count: int = 6) -> str:
    words = json.loads(alignment.read_text(encoding="utf-8"))["words"]
    said = [word["text"] for word in words if word["start"] is not None]
    return " ".join(said[first : first + count])


@pytest.mark.nightly
def test_a_quote_becomes_a_video(alignment: Path) -> None:
    target = alignment.parent / "quote.mp4"
    result = quotecast_here("audiogram", alignment, "--quote", quote_of(alignment), "--shape", "square", "-o", target)
    assert result.returncode == 0, result.stderr
    assert "Painting frames" in result.stderr
    assert f"Written   {target}, with .txt, .json beside it" in result.stdout
    with av.open(str(target)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (1080, 1080)
        assert container.metadata["album"] == "Roue libre"
    record = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    assert (record["format"], record["file"]) == ("quotecast-clip", "quote.mp4")
    assert record["heard"]
    assert record["quote"] in target.with_suffix(".txt").read_text(encoding="utf-8").replace("\n", " ")


def test_a_still_is_a_picture_named_after_its_quote(alignment: Path) -> None:
    result = quotecast_here("audiogram", alignment, "--quote", quote_of(alignment), "--still", "0.5")
    assert result.returncode == 0, result.stderr
    (path,) = alignment.parent.glob("*.png")
    assert path.name == "Les vélos - 00m15s rendez-vous de celles et ceux qui - portrait.png"
    with Image.open(path) as picture:
        assert picture.size == (1080, 1920)


def test_remembered_styles_are_listed_with_their_file_and_how_to_forget_them(alignment: Path) -> None:
    arguments = ("audiogram", alignment, "--quote", quote_of(alignment), "--still", "0")
    first = quotecast_here(*arguments, "--colour", "#113355", "--font", "Source Sans Pro", "--no-end-card")
    assert "Style " not in first.stdout
    again = quotecast_here(*arguments, "--font", "auto", "--accent", "#ff0000")
    (line,) = [line for line in again.stdout.splitlines() if line.startswith("Style ")]
    assert line == (
        "Style     colour #113355, no end card, as last time for this show; auto forgets a choice, saved in "
        f"{styles_file()}"
    )
    forgotten = quotecast_here(*arguments, "--colour", "auto", "--accent", "auto", "--end-card")
    assert "Style " not in forgotten.stdout
    assert recall("Roue libre") == StyleChoices()


def test_undrawable_characters_are_reported_before_any_frame_is_painted(
    alignment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("aligner.cli.clip.log", told.append)
    monkeypatch.setattr("aligner.publishing.audiograms.still_png", lambda *_: bytes(len(told)))
    target = alignment.parent / "a.png"
    arguments = ("audiogram", alignment, "--quote", quote_of(alignment), "--still", "0", "-o", target)
    result = quotecast_here(*arguments, "--text", "Un mot \ue000 et \U000f0000")
    assert result.returncode == 0, result.stderr
    (line,) = told
    assert line.startswith("quotecast: no font here has \ue000 \U000f0000, left out of the picture; install a font")
    assert target.read_bytes() == b"\0"


def test_dragged_edges_and_steps_for_a_program(alignment: Path) -> None:
    words = json.loads(alignment.read_text(encoding="utf-8"))["words"]
    start, end = round(words[30]["start"] - 0.1, 3), round(words[32]["end"] + 0.1, 3)
    target = alignment.parent / "a.mp4"
    edges = ("--words", "30-33", "--from", start, "--to", end, "--exact")
    result = quotecast_here(
        "audiogram", alignment, *edges, "--shape", "square", "--no-listen", "--progress", "json", "-o", target
    )
    assert result.returncode == 0, result.stderr
    *steps, last = [json.loads(line) for line in result.stderr.splitlines()]
    assert {step["stage"] for step in steps} == {"cutting", "audiogram"}
    parts = [step["run_done"] for step in steps]
    assert parts == sorted(parts)
    assert (parts[-1], steps[-1]["run_seconds_left"]) == (1.0, 0.0)
    assert (last["done"], last["files"]) == (True, [str(target.with_suffix(end)) for end in (".mp4", ".txt", ".json")])
    assert "length" in {warning["kind"] for warning in last["warnings"]}


@over_rows(
    "arguments, complaint",
    [
        (("--from", "20", "--to", "10"), "is not after its start"),
        (("--from", "10", "--to", "9999"), "outside the episode"),
        (("--quote", "qwxz zxwq"), "not in the transcript"),
        (("--from", "10", "--to", "20", "-o", "clip.mov"), r"clip\.mov: expected a name in \.mp4"),
        (("--from", "10", "--to", "20", "--still", "1", "-o", "clip.mp4"), r"expected a name in \.png"),
        (("--from", "10", "--to", "20", "--still", "99"), "outside the audiogram"),
        (("--from", "10", "--to", "20", "--colour", "bleu"), "bleu: is no colour"),
        (("--from", "10", "--to", "20", "--font", "Nowhere"), "Nowhere: no such font"),
        (("--from", "10", "--to", "20", "--cover", "none.png"), r"none\.png: cannot be read"),
        (("--from", "10", "--to", "20", "--text", "…"), "--text has no word"),
        (("--from", "10", "--to", "20", "--audio", "none.mp3"), r"none\.mp3"),
    ],
)
def test_an_impossible_audiogram_is_one_line_and_writes_nothing(
    alignment: Path, arguments: tuple[str, ...], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = alignment.parent / "temporary"
    place.mkdir(exist_ok=True)
    before = sorted(alignment.parent.rglob("*"))
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.chdir(alignment.parent)
    assert_refused(quotecast_here("audiogram", alignment, *arguments), complaint)
    assert sorted(alignment.parent.rglob("*")) == before
