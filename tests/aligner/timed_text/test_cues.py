"""Reading cues: what belongs to which, however far a file is from its format."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.durations import to_milliseconds
from aligner.timed_text import CueBlock, read_cues, write_srt, write_vtt
from aligner.timed_text.cues import plain, timed_pieces, unrolled, voices
from aligner.timed_text.write import clock, srt_text, vtt_text, vtt_voice
from tests.tables import over_rows


def lines(text: str) -> list[list[str]]:
    """The lines of each cue."""
    return [list(cue.lines) for cue in read_cues(text).cues]


def test_a_cue_has_times_settings_and_the_number_of_its_line() -> None:
    text = "WEBVTT\nLanguage: fr\n\nintro\n00:01.500 --> 01:00:02.000 align:start line:0\n<v Ada>un\ndeux\n"
    found = read_cues(text)
    assert found.cues == (CueBlock(1.5, 3602.0, ("<v Ada>un", "deux"), "align:start line:0", 5),)
    assert found.language == "fr"


def test_text_after_a_blank_line_belongs_to_the_cue_before() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nun\n\ndeux\n \ntrois\n\n2\n00:00:03,000 --> 00:00:04,000\nquatre"
    assert lines(text) == [["un", "deux", "trois"], ["quatre"]]
    assert lines("WEBVTT\n\n00:01.000 --> 00:02.000\n\nun\n\ndeux\n\n00:03.000 --> 00:04.000\ntrois\n") == [
        ["un", "deux"],
        ["trois"],
    ]


def test_comments_styles_and_regions_of_webvtt_are_not_text() -> None:
    text = (
        "WEBVTT a title\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\nNOTE\na\nb\n\n"
        "00:01.000 --> 00:02.000\nun\nNOTE deux\n\nNOTE not this\n\nSTYLE\n::cue(b) {}\n\ntrois\n\nSTYLE\n"
    )
    assert lines(text) == [["un", "NOTE deux", "trois", "STYLE"]]
    assert read_cues(text).above == ()


def test_text_above_the_first_cue_is_kept_apart() -> None:
    found = read_cues("Un titre\n\n1\n00:00:01,000 --> 00:00:02,000\nun\n")
    assert (found.above, [cue.lines for cue in found.cues]) == (("Un titre",), [("un",)])


@over_rows(
    "text, expected",
    [
        # A number that is said, and the next cue's below it.
        ("1\n{0}\nEn\n1984\n\n2\n{1}\ndeux", [["En", "1984"], ["deux"]]),
        ("1\n{0}\nEn\n1984\n2\n{1}\ndeux", [["En", "1984"], ["deux"]]),
        ("{0}\nEn\n1984\n\n{1}\ndeux", [["En", "1984"], ["deux"]]),
        ("{0}\nEn\n1984\n{1}\ndeux", [["En", "1984"], ["deux"]]),
        # Each line below a blank one, as converters of line ends leave them.
        ("1\n\n{0}\n\nun\n\n2\n\n{1}\n\ndeux", [["un"], ["deux"]]),
        # A number apart from its times counts on; another one is said.
        ("1\n{0}\nun\n\n2\n\n{1}\ndeux", [["un"], ["deux"]]),
        ("1\n{0}\nun\n\n7\n\n{1}\ndeux", [["un", "7"], ["deux"]]),
        ("1\n{0}\n\n2\n{1}\ndeux", [[], ["deux"]]),
    ],
)
def test_a_number_is_told_from_a_cues_number(text: str, expected: list[list[str]]) -> None:
    times = "00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:04,000"
    assert lines(text.format(*times)) == expected


@over_rows(
    "times, start, end, is_timed",
    [
        ("00:00:03,000 --> ", 3.0, 5.0, True),
        ("00:00:03,000 --> 00:00:0x,000", 3.0, 5.0, True),
        ("00:00:0x,000 --> 00:00:04,000", 2.0, 4.0, False),
        ("00:00:03:000 --> 00:00:04:000", 2.0, 5.0, False),
        ("00:00:03,000 -> 00:00:04,000", 3.0, 4.0, True),
        ("00:00:03,000 –> 00:00:04,000", 3.0, 4.0, True),
        ("00:00:03, 000 --> 00:00:04,000", 3.0, 4.0, True),
        ("2 00:00:03,000-->00:00:04,000 X1:10 X2:20 Y1:1 Y2:2", 3.0, 4.0, True),
    ],
)
def test_broken_times_are_still_the_times_of_a_cue(times: str, start: float, end: float, is_timed: bool) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\nun\n\n2\n{times}\ndeux\n\n3\n00:00:05,000 --> 00:00:06,000\ntrois\n"
    cue = read_cues(text).cues[1]
    assert (cue.start, cue.end, cue.is_timed, cue.lines) == (start, end, is_timed, ("deux",))


def test_an_arrow_in_a_text_is_text() -> None:
    first = "00:00:01,000 --> 00:00:02,000"
    said = ["un --> deux", "2 --> 3", "00:05 --> dix heures", "[00:05 -> 00:07] oui", "00:05 -> 00:07 oui"]
    assert lines("\n".join([first, *said])) == [said]


@over_rows("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end: str) -> None:
    text = "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\nun\n\ndeux".replace("\n", end)
    assert lines(text) == [["un", "deux"]]


def test_a_text_without_times_has_no_cues() -> None:
    found = read_cues("Bonjour --> à tous.\n")
    assert (found.cues, found.above) == ((), ("Bonjour --> à tous.",))
    assert read_cues("").cues == ()


def test_tags_and_escapes_are_taken_off_and_what_only_looks_like_them_stays() -> None:
    assert plain("<i>un</i> <c.loud>&amp; <00:01.500>deux</c> {\\an8}&#39;&lt;b&gt; ") == "un & deux '<b>"
    assert plain('<font color="red">un</font><br>deux') == "un deux"
    assert plain("a <b and c> d AT&T &not &nosuch; <3 {x}") == "a <b and c> d AT&T &not &nosuch; <3 {x}"


def test_voices_of_a_line() -> None:
    assert voices("un <v.loud Ada  Morel>deux</v> <v Tom &amp; Co>trois") == [
        (None, "un "),
        ("Ada Morel", "deux</v> "),
        ("Tom & Co", "trois"),
    ]


def test_a_piece_lasts_until_the_next_words_time() -> None:
    cue = CueBlock(1.0, 3.0, ("un <00:01.500>deux", "<00:09.000>trois"))
    assert list(timed_pieces(cue)) == [("un", 1.0, 1.5), ("deux", 1.5, 3.0), ("trois", 3.0, 3.0)]


def rolled(*shown: tuple[str, ...]) -> list[str]:
    """The lines that are left of cues one after another."""
    cues = [CueBlock(float(n), n + 1.0, texts) for n, texts in enumerate(shown)]
    return [line for cue in unrolled(cues) for line in cue.lines]


def test_lines_that_roll_up_or_grow_are_shown_once() -> None:
    assert rolled(("a", "b"), ("b", "c"), ("c", "d")) == ["a", "b", "c", "d"]
    assert rolled(("a",), ("a", "b"), ("a", "b", "c"), ("c", "d")) == ["a", "b", "c", "d"]


def test_what_is_said_again_is_no_rolling_up() -> None:
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
def test_what_is_written_is_read_again(drawn: list[tuple[int, int, list[str]]]) -> None:
    cues = [CueBlock(start / 1000, (start + length) / 1000, tuple(texts)) for start, length, texts in drawn]
    for text in (write_vtt(cues), write_srt(cues)):
        found = read_cues(text).cues
        assert [(cue.start, cue.end, cue.lines) for cue in found] == [
            (pytest.approx(cue.start), pytest.approx(cue.end), cue.lines) for cue in cues
        ]


@given(st.text(st.sampled_from("0123456789:.,-> \n<c>/é&;#{}\\NOTE"), max_size=200))
def test_no_text_brings_the_reader_down(text: str) -> None:
    for shown in (text, f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}"):
        for cue in unrolled(read_cues(shown).cues):
            assert all(start <= end or end == cue.end for _, start, end in timed_pieces(cue))


def test_a_stamp_carries_and_has_as_many_hours_as_it_needs() -> None:
    assert clock(to_milliseconds(59.9996), ".") == "00:01:00.000"
    assert clock(360_000_000, ",") == "100:00:00,000"


@over_rows("written", [srt_text, vtt_text])
def test_what_is_no_character_of_a_text_is_shown_as_such(written: Callable[[str], str]) -> None:
    for held in ("\0", "\x01", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"):
        assert written(f"a{held}b") == "a\ufffdb"
    assert written("a\u2060é🎉\u202fb") == "a\u2060é🎉\u202fb"


@over_rows("name", ["Anna --", "<!--", "--", "-->", "A & <b>"])
def test_whatever_a_speaker_is_called_the_file_is_written_and_the_name_read_again(name: str) -> None:
    written = write_vtt([CueBlock(0.0, 1.0, tuple(vtt_voice(name, ["Well."])))])
    assert written.count("-->") == 1
    ((read, said),) = voices(written.splitlines()[-1])
    assert (read or "").replace("\u2060", "") == name
    assert said == "Well."
