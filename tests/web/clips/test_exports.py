"""Requests for clips become commands, which can be repeated after failures; clips are downloaded as one ZIP."""

import os
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from aligner.errors import QuoteError
from aligner.model import Alignment
from aligner.outputs import publication_name
from aligner.publishing.clips import default_name
from aligner.publishing.excerpt import Source, Timeline, cut_out
from aligner.publishing.screens import StyleChoices
from aligner.quotes.quote import quote_of_words
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from tests.web.asking import Asker, JobsThatWait
from tests.web.quotes.test_selecting import reworded
from tests.web.unsaid import unsaid
from tests.web.watching import over
from web.clips.exports import checked_export, submit_exports
from web.clips.folder import clips_of, zip_of
from web.errors import Conflict, WebError
from web.jobs.kinds import Audiogram, Clip, Export
from web.library import Details, Episode

TIDE = unsaid(alignment_of("The ferry leaves at nine and the tide waits for nobody.", "The captain."), range(11, 13))
FILE = "harbour.alignment.json"
NAME = "The ferry - 00m01s The ferry leaves at nine"


def command(export: Export) -> list[str]:
    kind = Audiogram if export.shape else Clip
    return kind(alignment=FILE, name=NAME, export=export).command()


def checked(given: dict[str, Any]) -> Export:
    return checked_export(TIDE, msgspec.convert(given, Export))


def test_chosen_edges_are_exact_to_the_millisecond() -> None:
    export = Export(0, 5, 0.94996, 3.2004, format="wav", lufs=None, tighten=True, listen=False)
    options = ["--from", "0.950", "--to", "3.200", "--exact", "--no-loudness", "--tighten", "--no-listen"]
    assert command(export)[4:-7] == options


def test_a_shape_makes_an_audiogram_with_the_given_wording() -> None:
    text = "--shape=square | The ferry\nleaves"
    made = command(Export(0, 5, shape="portrait", text=text))
    assert made[1] == "audiogram"
    assert f"clips/{NAME}.mp4" in made
    assert f"--text={text}" in made


def test_style_choices_become_options_of_the_command() -> None:
    style = {"colour": "#16171A", "accent": "auto", "font": "DejaVu Sans", "cover": "audiogram cover.png"}
    made = command(msgspec.convert({"first": 0, "last": 5, "shape": "square", "end_card": False, **style}, Export))
    options = ["--colour=#16171A", "--accent=auto", "--font=DejaVu Sans", "--cover=audiogram cover.png"]
    assert made[made.index("--shape=square") + 1 :][:5] == [*options, "--no-end-card"]
    plain = command(Export(0, 5, shape="square"))
    assert not [option for option in plain if re.match("--(colour|accent|font|cover|end|no-end)", option)]


def test_a_request_can_set_all_options() -> None:
    given = {"first": 0, "last": 5, "start": 0.9, "end": 3, "format": "wav", "shape": "square", "lufs": None}
    given |= {"tighten": True, "text": "The ferry |leaves", "listen": False, "colour": "#16171a", "accent": "auto"}
    given |= {"font": "Source Sans Pro", "cover": "none", "end_card": True}
    export = checked(given)
    assert msgspec.to_builtins(export) == given | {"transcript": None}
    assert export.style == StyleChoices("#16171a", "auto", "Source Sans Pro", "none", True)


@over_rows(
    "refused, given",
    [
        ("Expected", [{"first": True}, {"first": "0; rm -rf"}, {"last": None}]),
        (
            "Expected|Invalid",
            [{"tighten": 1}, {"listen": "no"}, {"format": "exe"}, {"format": ["mp3"]}, {"shape": "../../x"}],
        ),
        ("Expected", [{"lufs": 0}, {"colour": "red"}, {"colour": "#123456\n"}, {"accent": "--still=0"}, {"accent": 7}]),
        ("400", [{"font": "/etc/passwd"}, {"font": "No Such Family"}]),
        ("Invalid", [{"cover": "/etc/passwd"}, {"cover": "../other/audiogram cover.jpg"}, {"cover": "cover.jpg"}]),
        ("Expected", [{"shape": "square", "text": text} for text in ("a" * 20_001, {"a": 1})]),
        ("length", [{"start": 1.0}, {"start": 3.0, "end": 1.0}, {"start": 0.0, "end": float("nan")}]),
        ("length", [{"start": -1.0, "end": 1.0}, {"start": 0.0, "end": 1e9}]),
        ("wording", [{"shape": "square", "text": text} for text in ("a\0b", "a\ud800", "…")]),
    ],
)
def test_invalid_options_are_refused(refused: str, given: list[dict[str, Any]]) -> None:
    for each in given:
        with pytest.raises((WebError, msgspec.ValidationError), match=refused):
            checked({"first": 0, "last": 5} | each)


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    return tmp_path / "harbour"


def episode_in(folder: Path, alignment: Alignment = TIDE) -> Episode:
    """The episode with that alignment."""
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_text(to_text(alignment), encoding="utf-8")
    details = Details(alignment.episode.title, date=alignment.episode.date)
    return Episode("harbour", folder, details, None, None, folder / FILE)


@over_rows("name", ["é" * 120, "\udcff\udcfe", "two\nlines"])
def test_a_clip_of_an_untitled_episode_is_named_like_its_downloads(tmp_path: Path, name: str) -> None:
    untitled = replace(TIDE, episode=replace(TIDE.episode, title=None), audio=replace(TIDE.audio, file="final_v2.mp3"))
    episode, quote = episode_in(tmp_path / name, untitled), quote_of_words(untitled, range(0, 5))
    [job] = submit_exports(JobsThatWait(tmp_path), episode, untitled, [Export(0, 5)])
    made = job.outputs[0].removeprefix("clips/")
    assert made.startswith(publication_name(episode.title, None, quote.text, quote.voice.start))
    cut = cut_out(untitled, quote, Timeline((quote.voice,)))
    assert f"{default_name(Source(untitled, episode.folder / FILE, Path('final_v2.mp3')), cut)}.mp3" == made
    assert made.endswith("00m01s The ferry leaves at nine.mp3")
    assert made.isprintable()
    assert len(made.encode("utf-8")) <= 200


def test_clips_of_the_same_words_get_different_names(harbour: Path) -> None:
    episode = episode_in(harbour)
    (harbour / "clips").mkdir()
    (harbour / "clips" / f"{NAME} 2.vtt").touch()
    exports = [Export(0, 5), Export(0, 5, shape="square"), Export(0, 5, lufs=None)]
    made = submit_exports(JobsThatWait(harbour.parent), episode, TIDE, exports)
    assert [job.outputs[0].removeprefix("clips/") for job in made] == [
        f"{NAME}.mp3", f"{NAME} - square.mp4", f"{NAME} 3.mp3",
    ]  # fmt: skip


def test_words_of_another_transcript_version_are_refused(harbour: Path) -> None:
    other = replace(TIDE, transcript=replace(TIDE.transcript, sha256="9" * 64))
    with pytest.raises(Conflict, match=r"page\.changed"):
        submit_exports(JobsThatWait(harbour.parent), episode_in(harbour), other, [Export(0, 5)])


def test_if_one_of_several_clips_is_impossible_all_are_refused(harbour: Path) -> None:
    jobs = JobsThatWait(harbour.parent)
    with pytest.raises(QuoteError, match="nobody says it"):
        submit_exports(jobs, episode_in(harbour), TIDE, [Export(0, 5), Export(11, 13)])
    assert jobs.asked == []


def test_a_zip_contains_each_file_once_and_unchanged(folder: Path) -> None:
    (folder / "clips" / "tide.mp3").write_bytes(os.urandom(3_000_000))
    clips = clips_of(folder)
    with zip_of([*clips, *clips]) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {path.name: path.read_bytes() for path in (folder / "clips").iterdir()}


HOSTILE = (
    *("a\\..\\..\\evil.mp3", "C:\\Windows\\x.mp3", "\\\\host\\x.mp3", "C:x.mp3", "two\nlines\x1b[2J.mp3"),
    *("rlo\u202egpj.exe.mp3", "CASE.mp3", "case.mp3", "con.mp3", "nul.tar.mp3", "x ..mp3", " .mp3", "-.mp3"),
    *("x.mp3", "x 2.mp3", "X 2.mp3", "a?b.mp3", "a:b.mp3", "e\u0301.mp3", "é.mp3", "x" * 251 + ".mp3"),
    *("y" * 240 + "1.mp3", "y" * 240 + "2.mp3", os.fsdecode(b"bad\xff.mp3"), os.fsdecode(b"bad\xfe.mp3")),
)


def test_names_in_a_zip_are_safe_everywhere_and_no_file_is_left_out(folder: Path) -> None:
    shutil.rmtree(folder / "clips")
    (folder / "clips").mkdir()
    for number, name in enumerate(HOSTILE):
        (folder / "clips" / name).write_bytes(b"%d" % number)
    with zip_of(clips_of(folder)) as file, zipfile.ZipFile(file) as archive:
        names = [entry.orig_filename for entry in archive.infolist()]
        assert {int(archive.read(name)) for name in names} == set(range(len(HOSTILE)))
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(HOSTILE)
    for name in names:
        assert PureWindowsPath(name).name == Path(name).name == name
        assert not PureWindowsPath(name).is_reserved()
        assert not set(name) & set('<>:"|?*')
        assert not any(unicodedata.category(c).startswith("C") for c in name)
        assert name[0] not in ". "
        assert name[-1] not in ". "
        assert len(name.encode()) <= 255


EPISODE = "/api/episodes/roue-libre"


@contextmanager
def spoiled(library: Path) -> Iterator[None]:
    """Meanwhile the sound is another than the one that was aligned, and no clip is made of it."""
    audio = library / "roue-libre" / "episode.mp3"
    whole = audio.read_bytes()
    audio.write_bytes(whole + b"changed")
    yield
    audio.write_bytes(whole)


@pytest.mark.nightly
def test_a_failed_export_is_listed_until_it_is_dismissed_or_repeated(
    app: Flask, client: FlaskClient, library: Path
) -> None:
    asker, folder = Asker(client), library / "roue-libre"
    quotes = [{"first": 20, "last": 23}, {"first": 25, "last": 29}, {"first": 30, "last": 33}]
    with spoiled(library):
        made = asker.post(f"{EPISODE}/clips", {"exports": quotes}).json["jobs"]
        for job in made:
            over(app.extensions["jobs"], job["id"])
    app.extensions["jobs"].close()
    app.extensions["jobs"] = JobsThatWait(library)  # those of the next server
    app.extensions["jobs"].resume()
    listed = {job["id"]: job for job in Asker(client, "fr").get(f"{EPISODE}/clips")["jobs"]}
    assert all("a changé" in job["failed"] for job in listed.values())
    assert [listed[job["id"]]["again"] for job in made] == [job["again"] for job in made]
    asker.post(f"/api/jobs/{made[0]['id']}/cancel")
    [again] = asker.post(f"{EPISODE}/clips", {"exports": [made[1]["again"]]}).json["jobs"]
    left = {job["id"]: job["failed"] is not None for job in asker.get(f"{EPISODE}/clips")["jobs"]}
    assert left == {again["id"]: False, made[2]["id"]: True}
    path = folder / "episode.alignment.json"
    path.write_text(to_text(reworded(read_alignment(path), {3})), encoding="utf-8")
    page = {"X-Transcript": read_alignment(path).version}
    assert {job["again"] for job in client.get(f"{EPISODE}/clips", headers=page).json["jobs"]} == {None}
