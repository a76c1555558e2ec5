"""Caption formats: each of their rules, broken once, and what is read in any file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import CaptionError
from aligner.timed_text import CueBlock, check_captions, read_cues, write_srt, write_vtt
from aligner.timed_text.cues import plain, timed_pieces, unrolled, voices
from aligner.timed_text.write import srt_text, vtt_text, vtt_voice
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


def lines(text: str) -> list[list[str]]:
    """Return the lines of each cue."""
    return [list(cue.lines) for cue in read_cues(text).cues]


def test_a_cue_has_times_settings_and_the_number_of_its_line() -> None:
    text = "WEBVTT\nLanguage: fr\n\nintro\n00:01.500 --> 01:00:02.000 align:start line:0\n<v Ada>un\ndeux\n"
    found = read_cues(text)
    assert found.cues == (CueBlock(1.5, 3602.0, ("<v Ada>un", "deux"), "align:start line:0", 5),)
    assert found.language == "fr"


def test_text_after_a_blank_line_belongs_to_the_previous_cue() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nun\n\ndeux\n \ntrois\n\n2\n00:00:03,000 --> 00:00:04,000\nquatre"
    for end in ("\n", "\r\n", "\r"):
        assert lines("\ufeff" + text.replace("\n", end)) == [["un", "deux", "trois"], ["quatre"]]


def test_comments_styles_and_regions_of_webvtt_are_not_text() -> None:
    text = (
        "WEBVTT a title\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE\na\nb\n\n"
        "00:01.000 --> 00:02.000\nun\nNOTE deux\n\nNOTE not this\n\nSTYLE\n::cue(b) {}\n\ntrois\n\nSTYLE\n"
    )
    assert lines(text) == [["un", "NOTE deux", "trois", "STYLE"]]
    assert read_cues(text).above == ()


def test_text_above_the_first_cue_belongs_to_none() -> None:
    found = read_cues("Un titre\n\n1\n00:00:01,000 --> 00:00:02,000\nun\n")
    assert (found.above, [cue.lines for cue in found.cues]) == (("Un titre",), [("un",)])


@over_rows(
    "text, expected",
    [
        # A number in the text, above the number of the next cue.
        ("1\n{0}\nEn\n1984\n\n2\n{1}\ndeux", [["En", "1984"], ["deux"]]),
        # Blank lines between all lines, as some converters leave them.
        ("1\n\n{0}\n\nun\n\n2\n\n{1}\n\ndeux", [["un"], ["deux"]]),
        # The next number apart from its times is that of a cue; another number is text.
        ("1\n{0}\nun\n\n2\n\n{1}\ndeux", [["un"], ["deux"]]),
        ("1\n{0}\nun\n\n7\n\n{1}\ndeux", [["un", "7"], ["deux"]]),
    ],
)
def test_numbers_of_cues_and_in_text_are_distinguished(text: str, expected: list[list[str]]) -> None:
    times = "00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"
    assert lines(text.format(*times)) == expected


@over_rows(
    "times, start, end, is_timed",
    [
        ("00:00:03,000 --> 00:00:0x,000", 3.0, 5.0, True),
        ("00:00:0x,000 --> 00:00:04,000", 2.0, 4.0, False),
        ("00:00:03,000 -> 00:00:04,000", 3.0, 4.0, True),
        ("00:00:03, 000 --> 00:00:04,000", 3.0, 4.0, True),
    ],
)
def test_a_cue_with_broken_times_is_read(times: str, start: float, end: float, is_timed: bool) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\nun\n\n2\n{times}\ndeux\n\n3\n00:00:05,000 --> 00:00:06,000\ntrois\n"
    cue = read_cues(text).cues[1]
    assert (cue.start, cue.end, cue.is_timed, cue.lines) == (start, end, is_timed, ("deux",))


def test_an_arrow_in_a_text_is_text() -> None:
    first = "00:00:01,000 --> 00:00:02,000"
    text = ["un --> deux", "2 --> 3", "00:05 --> dix heures", "[00:05 -> 00:07] oui", "00:05 -> 00:07 oui"]
    assert lines("\n".join([first, *text])) == [text]


def test_a_text_without_times_has_no_cues() -> None:
    found = read_cues("Bonjour --> à tous.\n")
    assert (found.cues, found.above) == ((), ("Bonjour --> à tous.",))
    assert read_cues("").cues == ()


def test_tags_and_escapes_are_removed_and_similar_text_stays() -> None:
    assert plain("<i>un</i> <c.loud>&amp; <00:01.500>deux</c> {\\an8}&#39;&lt;b&gt; ") == "un & deux '<b>"
    assert plain('<font color="red">un</font><br>deux') == "un deux"
    assert plain("a <b and c> d AT&T &not &nosuch; <3 {x}") == "a <b and c> d AT&T &not &nosuch; <3 {x}"


def test_a_line_is_split_at_its_voices() -> None:
    assert voices("un <v.loud Ada  Morel>deux</v> <v Tom &amp; Co>trois") == [
        (None, "un "),
        ("Ada Morel", "deux</v> "),
        ("Tom & Co", "trois"),
    ]


def test_a_piece_ends_at_the_next_word_time() -> None:
    cue = CueBlock(1.0, 3.0, ("un <00:01.500>deux", "<00:09.000>trois"))
    assert list(timed_pieces(cue)) == [("un", 1.0, 1.5), ("deux", 1.5, 3.0), ("trois", 3.0, 3.0)]


def rolled(*shown: tuple[str, ...]) -> list[str]:
    """Return the lines of consecutive cues without repetitions."""
    cues = [CueBlock(float(n), n + 1.0, texts) for n, texts in enumerate(shown)]
    return [line for cue in unrolled(cues) for line in cue.lines]


def test_lines_of_roll_up_captions_are_read_once() -> None:
    assert rolled(("a", "b"), ("b", "c"), ("c", "d")) == ["a", "b", "c", "d"]
    assert rolled(("a",), ("a", "b"), ("a", "b", "c"), ("c", "d")) == ["a", "b", "c", "d"]


def test_a_repeated_utterance_is_no_roll_up_caption() -> None:
    assert rolled(("Non.",), ("Non.",), ("Non.",), ("Si.",)) == ["Non.", "Non.", "Non.", "Si."]
    assert rolled(("a", "b"), ("b", "c"), ("d",)) == ["a", "b", "b", "c", "d"]


@pytest.mark.nightly
@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**7),
            st.integers(1, 10**5),
            st.lists(st.text("abé &;'", min_size=1).filter(str.strip), min_size=1, max_size=3),
        ),
        max_size=5,
    )
)
def test_written_cues_read_back(drawn: list[tuple[int, int, list[str]]]) -> None:
    cues = [CueBlock(start / 1000, (start + length) / 1000, tuple(texts)) for start, length, texts in drawn]
    for text in (write_vtt(cues), write_srt(cues)):
        found = read_cues(text).cues
        assert [(cue.start, cue.end, cue.lines) for cue in found] == [
            (pytest.approx(cue.start), pytest.approx(cue.end), cue.lines) for cue in cues
        ]


@given(st.text(st.sampled_from("0123456789:.,-> \n<c>/é&;#{}\\NOTE"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for shown in (text, f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}"):
        for cue in unrolled(read_cues(shown).cues):
            assert all(start <= end or end == cue.end for _, start, end in timed_pieces(cue))


@over_rows("written", [srt_text, vtt_text])
def test_unwritable_characters_are_replaced(written: Callable[[str], str]) -> None:
    for character in ("\0", "\x01", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"):
        assert written(f"a{character}b") == "a\ufffdb"
    assert written("a\u2060é🎉\u202fb") == "a\u2060é🎉\u202fb"


@over_rows("name", ["Anna --", "<!--", "--", "-->", "A & <b>"])
def test_any_name_of_a_speaker_reads_back(name: str) -> None:
    written = write_vtt([CueBlock(0.0, 1.0, tuple(vtt_voice(name, ["Well."])))])
    assert written.count("-->") == 1
    ((read, text),) = voices(written.splitlines()[-1])
    assert (read or "").replace("\u2060", "") == name
    assert text == "Well."
