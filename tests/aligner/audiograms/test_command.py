"""The command: a video or a still of a quote, one line for what cannot be, and nothing left of it."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest
from PIL import Image

from aligner.audiograms.styles import chosen
from tests.aligner.command import assert_refused, posix_only, quotecast, quotecast_here


def quote_of(alignment: Path, first: int = 30, count: int = 6) -> str:
    words = json.loads(alignment.read_text(encoding="utf-8"))["words"]
    said = [word["text"] for word in words if word["start"] is not None]
    return " ".join(said[first : first + count])


def test_a_quote_becomes_a_video(aligned: Path) -> None:
    target = aligned.parent / "quote.mp4"
    result = quotecast("audiogram", aligned, "--quote", quote_of(aligned), "--shape", "square", "-o", target)
    assert result.returncode == 0, result.stderr
    assert "Painting frames" in result.stderr
    assert f"Written   {target}, with .txt, .json beside it" in result.stdout
    with av.open(str(target)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (1080, 1080)
        assert container.metadata["album"] == "Roues"
    record = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    assert (record["format"], record["file"]) == ("quotecast-clip", "quote.mp4")
    assert record["heard"]
    assert record["quote"] in target.with_suffix(".txt").read_text(encoding="utf-8").replace("\n", " ")


def test_a_still_is_a_picture_with_a_name_of_its_own(aligned: Path) -> None:
    result = quotecast_here("audiogram", aligned, "--quote", quote_of(aligned), "--still", "0.5")
    assert result.returncode == 0, result.stderr
    (path,) = aligned.parent.glob("*.png")
    assert path.name.startswith("roue-")
    with Image.open(path) as picture:
        assert picture.size == (1080, 1920)


def test_the_style_of_a_show_is_remembered(aligned: Path) -> None:
    arguments = ("audiogram", aligned, "--quote", quote_of(aligned), "--still", "0")
    assert quotecast_here(*arguments, "--colour", "#113355", "-o", aligned.parent / "a.png").returncode == 0
    assert chosen("Roues", {}) == {"colour": "#113355"}
    assert quotecast_here(*arguments, "-o", aligned.parent / "b.png").returncode == 0
    assert (aligned.parent / "a.png").read_bytes() == (aligned.parent / "b.png").read_bytes()


def test_a_wording_of_ones_own_changes_the_picture(aligned: Path) -> None:
    arguments = ("audiogram", aligned, "--quote", quote_of(aligned), "--still", "0")
    assert quotecast_here(*arguments, "-o", aligned.parent / "a.png").returncode == 0
    assert quotecast_here(*arguments, "--text", "Autre | chose", "-o", aligned.parent / "b.png").returncode == 0
    assert (aligned.parent / "a.png").read_bytes() != (aligned.parent / "b.png").read_bytes()


def test_dragged_edges_and_steps_for_a_program(aligned: Path) -> None:
    words = json.loads(aligned.read_text(encoding="utf-8"))["words"]
    start, end = round(words[30]["start"] - 0.1, 3), round(words[32]["end"] + 0.1, 3)
    target = aligned.parent / "a.mp4"
    edges = ("--words", "30-33", "--from", start, "--to", end, "--exact")
    result = quotecast_here(
        "audiogram", aligned, *edges, "--shape", "square", "--no-listen", "--progress", "json", "-o", target
    )
    assert result.returncode == 0, result.stderr
    *steps, last = [json.loads(line) for line in result.stderr.splitlines()]
    assert {step["stage"] for step in steps} == {"audiogram"}
    assert (last["done"], last["files"]) == (True, [str(target.with_suffix(end)) for end in (".mp4", ".txt", ".json")])
    assert (last["clips"][0]["start"], last["clips"][0]["end"]) == (start, end)
    assert "length" in {warning["kind"] for warning in last["warnings"]}


def test_a_length_past_a_limit_is_noted(aligned: Path) -> None:
    result = quotecast_here(
        "audiogram", aligned, "--quote", quote_of(aligned, count=2), "--no-listen", "-o", aligned.parent / "a.mp4"
    )
    assert result.returncode == 0, result.stderr
    assert "shorter than allowed by" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--from", "20", "--to", "10"), "expected a time after its start"),
        (("--from", "10", "--to", "9999"), "outside the episode"),
        (("--quote", "qwxz zxwq"), "not in the transcript"),
        (("--from", "10", "--to", "20", "-o", "clip.mov"), r"clip\.mov: a video is written, expected a name in \.mp4"),
        (("--from", "10", "--to", "20", "--still", "1", "-o", "clip.mp4"), r"expected a name in \.png"),
        (("--from", "10", "--to", "20", "--still", "99"), "no moment of the audiogram"),
        (("--from", "10", "--to", "20", "--colour", "bleu"), "bleu: is no colour"),
        (("--from", "10", "--to", "20", "--font", "Nowhere"), "Nowhere: no such font"),
        (("--from", "10", "--to", "20", "--cover", "none.png"), r"none\.png: cannot be read"),
        (("--from", "10", "--to", "20", "--text", "…"), "--text has no word"),
        (("--from", "10", "--to", "20", "--audio", "none.mp3"), r"none\.mp3"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    aligned: Path, arguments: tuple[str, ...], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = aligned.parent / "temporary"
    place.mkdir()
    before = sorted(aligned.parent.rglob("*"))
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.chdir(aligned.parent)
    assert_refused(quotecast_here("audiogram", aligned, *arguments), complaint)
    assert sorted(aligned.parent.rglob("*")) == before


def test_ffmpeg_failing_leaves_nothing(aligned: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "ffmpeg"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'the disk is on fire' >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent), prepend=":")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    result = quotecast("audiogram", aligned, "--quote", quote_of(aligned), "-o", tmp_path / "a.mp4")
    assert_refused(result, "the disk is on fire")
    assert not (tmp_path / "a.mp4").exists()
    assert list(place.iterdir()) == []


@posix_only
def test_a_full_disk_leaves_nothing(aligned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    place = aligned.parent / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    before = sorted(aligned.parent.rglob("*"))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # noqa: E731
    result = quotecast("audiogram", aligned, "--quote", quote_of(aligned), preexec_fn=limit)
    assert_refused(result, r"temporary: cannot be written \(File too large\)")
    assert sorted(aligned.parent.rglob("*")) == before


def test_a_changed_sound_is_refused(aligned: Path) -> None:
    audio = aligned.parent / "roue.mp3"
    audio.write_bytes(audio.read_bytes() + b"\0")
    assert_refused(quotecast_here("audiogram", aligned, "--from", "10", "--to", "12"), "has changed since")


@pytest.mark.parametrize("arguments", [(), ("--quote", "a", "--from", "1"), ("--from", "1", "--match", "2")])
def test_wrong_usage_is_status_2(aligned: Path, arguments: tuple[str, ...]) -> None:
    assert quotecast_here("audiogram", aligned, *arguments).returncode == 2
