"""Each rule of the caption formats, broken once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import CaptionError
from aligner.timed_text import check_captions
from tests.tables import over_rows

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
SRT = "1\n00:00:01,000 --> 00:00:02,000\nun\n\n2\n00:00:03,000 --> 00:00:04,000\ndeux\n"


def problems(folder: Path, name: str, content: str | bytes) -> list[tuple[int, str]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return [(problem.line, problem.rule) for problem in check_captions(path)]


@over_rows(
    "content",
    [
        "WEBVTT",
        "\ufeffWEBVTT a title\r\n\r\n00:01.000 --> 00:02.000\r\nun\r\n",
        "WEBVTT\r\r00:01.000 --> 00:02.000\run\r",
        "WEBVTT\n\nNOTE\nwhatever & <\n\nSTYLE\n::cue { color: red }\n\n1\n"
        "00:01.000 --> 00:02.000 align:start line:-1\nun\n",
        VTT + "<v Ada>Tom &amp; <i.loud>Jerry</i> > &eacute; &#233; <00:01.500>fin",
        VTT + "<v Ada>un</v>\n<v Tom>deux</v>",
    ],
)
def test_a_valid_webvtt_file_has_no_problems(tmp_path: Path, content: str) -> None:
    assert problems(tmp_path, "c.vtt", content) == []


@over_rows(
    "content, line, rule",
    [
        ("", 1, "header"),
        ("WEBVTT a-->b\n\n", 1, "header"),
        ("WEBVTT\n\na\nb\n00:01.000 --> 00:02.000\nun", 3, "id"),
        ("WEBVTT\n00:01.000 --> 00:02.000\nun", 2, "header"),
        (VTT + "un\n\ndeux\n", 6, "blank line"),
        (VTT + "un --> deux\n", 4, "arrow"),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\nun", 3, "times"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nun", 3, "end"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nun\n\n00:04.000 --> 00:07.000\ndeux", 6, "order"),
        ("WEBVTT\n\na\n00:01.000 --> 00:02.000\nun\n\na\n00:03.000 --> 00:04.000\nun", 7, "id"),
        (VTT + "un\n\nSTYLE\n::cue {}\n", 6, "order"),
        (VTT + "Tom & Jerry", 4, "escape"),
        (VTT + "<blink>un</blink>", 4, "escape"),
        (VTT + "<i>un", 4, "tag"),
        (VTT + "un <00:01.000>deux", 4, "stamp"),
    ],
)
def test_a_broken_rule_of_webvtt_is_found_on_its_line(tmp_path: Path, content: str, line: int, rule: str) -> None:
    assert (line, rule) in problems(tmp_path, "c.vtt", content)


@over_rows("content", [SRT, "\ufeff" + SRT.replace("\n", "\r\n"), SRT + "\n\n"])
def test_a_valid_subrip_file_has_no_problems(tmp_path: Path, content: str) -> None:
    assert problems(tmp_path, "c.srt", content) == []


@over_rows(
    "old, new, line, rule",
    [
        ("2\n00:00:03", "4\n00:00:03", 5, "number"),
        ("deux", "deux\n\ntrois", 9, "blank line"),
        ("00:00:03,000", "00:00:03.000", 6, "times"),
        ("00:00:04,000", "00:00:03,000", 6, "end"),
        ("00:00:03,000", "00:00:00,500", 6, "order"),
        ("00:00:03,000", "00:00:01,500", 6, "overlap"),
        ("deux\n", "", 7, "text"),
        ("deux", "deux --> trois", 7, "arrow"),
    ],
)
def test_a_broken_rule_of_subrip_is_found_on_its_line(tmp_path: Path, old: str, new: str, line: int, rule: str) -> None:
    assert problems(tmp_path, "c.srt", SRT.replace(old, new)) == [(line, rule)]


def test_the_name_or_else_the_content_decides_the_format(tmp_path: Path) -> None:
    assert problems(tmp_path, "c.txt", VTT + "un") == []
    assert problems(tmp_path, "c.txt", SRT) == []
    assert problems(tmp_path, "c.srt", VTT + "un") == [(1, "format")]
    assert problems(tmp_path, "c.srt", "") == [(1, "empty")]
    with pytest.raises(CaptionError, match=r"neither WebVTT nor SubRip; expected"):
        problems(tmp_path, "c.txt", "Bonjour à tous.")


def test_bytes_that_are_not_utf8_are_a_problem_on_their_line(tmp_path: Path) -> None:
    assert (4, "utf-8") in problems(tmp_path, "c.vtt", VTT.encode() + "éclair".encode("cp1252"))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptionError, match="binary or UTF-16, expected captions in UTF-8"):
        problems(tmp_path, "c.vtt", "WEBVTT\n\n".encode("utf-16"))
    with pytest.raises(CaptionError, match="cannot be read"):
        check_captions(tmp_path / "missing.vtt")
    with pytest.raises(CaptionError, match="cannot be read"):
        check_captions(tmp_path)
    large = tmp_path / "large.vtt"
    with large.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    with pytest.raises(CaptionError, match="larger than 32 MB"):
        check_captions(large)


def test_at_most_a_thousand_problems_are_reported(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "c.vtt", "WEBVTT\n\n" + "a\n\n" * 5000)) == 1000


_LINE = st.one_of(
    st.sampled_from(["WEBVTT", "", "1", "00:01.000 --> 00:02.000", "00:00:01,000 --> 00:00:02,000", "NOTE", "STYLE"]),
    st.text(st.sampled_from("<>&;/.:-0123456789vib \tabé\u0661"), max_size=30),
)


@given(st.lists(_LINE, max_size=30), st.sampled_from(["c.vtt", "c.srt"]))
def test_any_text_can_be_checked(tmp_path_factory: pytest.TempPathFactory, lines: list[str], name: str) -> None:
    found = problems(tmp_path_factory.mktemp("check"), name, "\n".join(lines))
    assert found == sorted(found, key=lambda problem: problem[0])
