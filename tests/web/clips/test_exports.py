"""What a person chooses becomes the command line that makes it; clips asked for together, or from two tabs at once, do
not get in each other's way."""

import re
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner.errors import QuoteError
from aligner.model import Alignment, Span
from aligner.published_names import publication_name
from aligner.publishing.clips import default_name
from aligner.publishing.excerpt import Source
from aligner.publishing.styles import StyleChoices
from aligner.quotes import Timeline, cut_out, quote_of_words
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from tests.web.asking import JobsThatWait
from tests.web.unsaid import unsaid
from web.clips import exports as ours
from web.clips.exports import Export, order, quotes_of, read_export, taken_names
from web.errors import WebError
from web.jobs import Job
from web.jobs.kinds import CLIPS, Audiogram, Clip
from web.library import Details, Episode

TIDE = unsaid(alignment_of("The ferry leaves at nine and the tide waits for nobody.", "The captain."), range(11, 13))
FILE = "harbour.alignment.json"


def episode_of(alignment: Alignment, file: str, folder: Path = Path("harbour")) -> Episode:
    details = Details(alignment.episode.title, date=alignment.episode.date)
    return Episode("harbour", folder, details, None, None, folder / file)


def work_of(alignment: Alignment, file: str, export: Export, taken: Collection[str]) -> Clip | Audiogram:
    quote = quote_of_words(alignment, export.words)
    return ours.work_of(episode_of(alignment, file), alignment, export, quote, taken)


def test_words_alone_become_an_mp3_cut_where_we_find_best() -> None:
    work = work_of(TIDE, FILE, Export(range(0, 5)), ())
    assert work.outputs == ("clips/The ferry - 00m01s The ferry leaves at nine.mp3",)
    assert work.command() == [
        "aligner", "clip", "--words", f"0-5@{TIDE.version}", "--lufs", "-16", "--keep", "-o", *work.outputs,
        "--progress", "json", "--", FILE,
    ]  # fmt: skip


def test_edges_of_ones_own_are_exact() -> None:
    export = Export(range(0, 5), Span(0.95, 3.2), format="wav", lufs=None, tighten=True, listen=False)
    work = work_of(TIDE, FILE, export, ())
    assert work.outputs[0].endswith(".wav")
    options = ["--from", "0.950", "--to", "3.200", "--exact", "--no-loudness", "--tighten", "--no-listen"]
    assert work.command()[4:-7] == options


def test_a_shape_makes_an_audiogram_with_the_wording_that_was_given() -> None:
    text = "--shape=square | The ferry\nleaves"
    work = work_of(TIDE, FILE, Export(range(0, 5), shape="portrait", text=text), ())
    assert work.kind == work.command()[1] == "audiogram"
    assert work.outputs == ("clips/The ferry - 00m01s The ferry leaves at nine - portrait.mp4",)
    assert f"--text={text}" in work.command()


def test_what_was_chosen_of_the_look_is_told_as_the_command_line_names_it() -> None:
    style = StyleChoices("#16171A", "auto", "DejaVu Sans", "audiogram cover.png", False)
    work = work_of(TIDE, FILE, Export(range(0, 5), shape="square", style=style), ())
    options = ["--colour=#16171A", "--accent=auto", "--font=DejaVu Sans", "--cover=audiogram cover.png"]
    assert work.command()[work.command().index("square") + 1 :][:5] == [*options, "--no-end-card"]
    plain = work_of(TIDE, FILE, Export(range(0, 5), shape="square"), ()).command()
    assert not [option for option in plain if re.match("--(colour|accent|font|cover|end|no-end)", option)]


def test_a_wording_of_one_line_is_not_taken_for_the_name_of_a_file() -> None:
    work = work_of(TIDE, FILE, Export(range(0, 5), shape="square", text="/etc/passwd"), ())
    assert "--text=/etc/passwd\n" in work.command()


def test_no_clip_takes_the_name_of_another(tmp_path: Path) -> None:
    first = work_of(TIDE, FILE, Export(range(0, 5)), taken_names(tmp_path))
    (tmp_path / CLIPS).mkdir()
    (tmp_path / first.outputs[0]).with_suffix(".vtt").touch()
    second = work_of(TIDE, FILE, Export(range(0, 5), format="m4a"), taken_names(tmp_path))
    third = work_of(TIDE, FILE, Export(range(0, 5)), taken_names(tmp_path, second.outputs))
    assert [Path(c.outputs[0]).name for c in (second, third)] == [
        "The ferry - 00m01s The ferry leaves at nine 2.m4a",
        "The ferry - 00m01s The ferry leaves at nine 3.mp3",
    ]


@over_rows("folder", ["é" * 125, "\udcff\udcfe", "two\nlines"])
def test_a_clip_of_an_episode_without_a_title_is_called_as_its_downloads_also_by_the_command(folder: str) -> None:
    untitled = replace(TIDE, episode=replace(TIDE.episode, title=None), audio=replace(TIDE.audio, file="final_v2.mp3"))
    episode = episode_of(untitled, FILE, Path(folder))
    quote = quote_of_words(untitled, range(0, 5))
    name = Path(ours.work_of(episode, untitled, Export(range(0, 5)), quote, ()).outputs[0]).name
    assert name.startswith(publication_name(episode.title, None, quote.text, quote.voice.start))
    cut = cut_out(untitled, quote, Timeline((quote.voice,)))
    assert f"{default_name(Source(untitled, episode.folder / FILE, Path('final_v2.mp3')), cut)}.mp3" == name
    assert "final" not in name
    assert name.endswith("00m01s The ferry leaves at nine.mp3")
    assert name.isprintable()
    assert len(name.encode("utf-8")) <= 200


def test_a_request_can_name_everything() -> None:
    given = {"first": 0, "last": 5, "start": 0.9, "end": 3, "format": "wav", "shape": "square", "lufs": None}
    given |= {"tighten": True, "text": "The ferry |leaves", "listen": False}
    assert read_export(TIDE, given) == Export(
        range(0, 5), Span(0.9, 3.0), "wav", "square", None, True, "The ferry |leaves", False
    )


def test_a_request_can_choose_a_look_for_an_audiogram_alone() -> None:
    look = {"colour": "#16171a", "accent": "auto", "font": "Source Sans Pro", "cover": "none", "end_card": True}
    chosen = StyleChoices("#16171a", "auto", "Source Sans Pro", "none", True)
    assert read_export(TIDE, {"first": 0, "last": 5, "shape": "square"} | look).style == chosen
    assert read_export(TIDE, {"first": 0, "last": 5} | look).style == StyleChoices()


def test_edges_are_taken_to_the_millisecond_as_the_command_is_told_them() -> None:
    export = read_export(TIDE, {"first": 0, "last": 5, "start": 0.94996, "end": 3.2004})
    assert export.edges == Span(0.95, 3.2)
    assert work_of(TIDE, FILE, export, ()).command()[4:8] == ["--from", "0.950", "--to", "3.200"]


@over_rows(
    "refused, given",
    [
        ("word", [{"first": True}, {"first": "0; rm -rf"}, {"last": None}]),
        ("choice", [{"tighten": 1}, {"listen": "no"}, {"format": "exe"}, {"format": ["mp3"]}, {"shape": "../../x"}]),
        ("number", [{"lufs": float("nan")}, {"lufs": 0}, {"start": -1.0, "end": 1.0}, {"start": 0.0, "end": 1e9}]),
        ("number", [{"start": 0.0, "end": float("nan")}, {"start": 0.0, "end": 10**400}]),
        ("length", [{"start": 1.0}, {"start": 3.0, "end": 1.0}]),
        ("wording", [{"shape": "square", "text": text} for text in ("a\0b", "a\ud800", "…", "a" * 20_001, {"a": 1})]),
        ("colour", [{"colour": "red"}, {"colour": "#123456\n"}, {"accent": "--still=0"}, {"accent": 7}]),
        ("choice", [{"font": "/etc/passwd"}, {"font": "No Such Family"}, {"end_card": "no"}]),
        ("choice", [{"cover": "/etc/passwd"}, {"cover": "../other/audiogram cover.jpg"}, {"cover": "cover.jpg"}]),
    ],
)
def test_a_request_for_what_there_is_not_is_refused(refused: str, given: list[dict[str, Any]]) -> None:
    for each in given:
        with pytest.raises(WebError, match=rf"clip\.refused\.{refused}"):
            read_export(TIDE, {"first": 0, "last": 5} | each)


def test_what_is_no_object_is_no_export() -> None:
    for given in (1, None, [], "words"):
        with pytest.raises(WebError, match=r"clip\.refused\.export"):
            read_export(TIDE, given)


def test_the_field_that_is_refused_is_named() -> None:
    for given, name in (({"last": 5}, "first"), ({"first": 0, "last": 5, "lufs": 0}, "lufs")):
        with pytest.raises(WebError) as refused:
            read_export(TIDE, given)
        assert refused.value.values["name"] == name


def test_words_that_nobody_says_make_no_clip() -> None:
    with pytest.raises(QuoteError, match="nobody says it"):
        work_of(TIDE, FILE, Export(range(11, 13)), ())


class SlowJobs(JobsThatWait):
    """Jobs that take their time to say what there is."""

    def of(self, folder: Path) -> list[Job]:
        found = super().of(folder)
        time.sleep(0.05)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "harbour").mkdir()
    return tmp_path / "harbour"


def test_two_tabs_that_want_the_same_clip_get_two_files(folder: Path) -> None:
    jobs = SlowJobs(folder.parent)
    quotes = quotes_of(TIDE, [Export(range(0, 5))])
    with ThreadPoolExecutor(2) as tabs:
        made = [
            tabs.submit(order, jobs, episode_of(TIDE, FILE, folder), TIDE, [Export(range(0, 5))], quotes)
            for _ in range(2)
        ]
    names = {job.outputs[0] for each in made for job in each.result()}
    assert names == {f"clips/The ferry - 00m01s The ferry leaves at nine{rest}.mp3" for rest in ("", " 2")}


def test_clips_of_the_same_words_get_names_of_their_own(folder: Path) -> None:
    exports = [Export(range(0, 5)), Export(range(0, 5), shape="square"), Export(range(0, 5), lufs=None)]
    made = order(JobsThatWait(folder.parent), episode_of(TIDE, FILE, folder), TIDE, exports, quotes_of(TIDE, exports))
    stem = "clips/The ferry - 00m01s The ferry leaves at nine"
    assert [job.outputs[0] for job in made] == [f"{stem}.mp3", f"{stem} - square.mp4", f"{stem} 2.mp3"]


def test_where_one_of_several_cannot_be_made_all_are_refused() -> None:
    with pytest.raises(QuoteError, match="nobody says it"):
        quotes_of(TIDE, [Export(range(0, 5)), Export(range(11, 13))])
