"""WebVTT and SubRip files: their content, and what is read back from those of any words at any times."""

import itertools
import re
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.captions import CaptionRules, Cue, SpeakerNames, build_cues, to_srt, to_vtt
from aligner.durations import to_milliseconds
from aligner.model import Alignment, Status, Verdict
from aligner.timed_text import check_captions
from aligner.timed_text.write import clock
from aligner.transcript import read_transcript
from aligner.typography.tokens import width
from media.video.bidirectional import without_bidi_controls
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def test_webvtt_has_a_header_and_cues_with_voices() -> None:
    assert to_vtt(build_cues(spoken(("Ada Morel", "Il pleut."), speed=10.0))) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.450\n<v Ada Morel>Il pleut.\n"
    )


def test_a_cue_of_two_speakers_has_a_voice_tag_for_each_line() -> None:
    text = to_vtt(build_cues(spoken(("Ada Morel", "Tu viens ?"), ("Luc Petit", "Oui !"))))
    assert text.endswith("<v Ada Morel>– Tu viens\u202f?</v>\n<v Luc Petit>– Oui\u202f!</v>\n")


def test_markup_in_the_text_is_escaped() -> None:
    text = to_vtt(build_cues(spoken(("A & <B>", "x <i> --> &lt; y"))))
    assert "<v A &amp; &lt;B&gt;>x &lt;i&gt; --&gt; &amp;lt; y" in text


def test_a_poor_verdict_is_a_comment_in_webvtt() -> None:
    cues = build_cues(spoken("Il pleut."))
    text = to_vtt(cues, verdict=Verdict.POOR)
    assert text.split("\n\n")[1].startswith("NOTE Verdict: poor.")
    assert [caption.text for caption in webvtt.from_string(text)] == ["Il pleut."]
    assert "NOTE" not in to_vtt(cues, verdict=Verdict.GOOD)


def test_words_have_timestamps_if_asked() -> None:
    cues = build_cues(spoken("Il pleut ~très fort.", speed=10.0))
    assert "Il <00:00:01.300>pleut très <00:00:01.900>fort." in to_vtt(cues, word_times=True)


def test_right_to_left_lines_are_embedded_and_read_back_without_marks(tmp_path: Path) -> None:
    text = "3 קוראים באים מחר לגינה של New York. מי ידע את זה?"
    alignment = spoken(("דנה", text), language="he")
    for name, content in (
        ("c.srt", to_srt(build_cues(alignment))),
        ("c.vtt", to_vtt(build_cues(alignment), word_times=True)),
    ):
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8"))
        shown = [line for line in content.splitlines() if "ם" in line or "?" in line]
        assert all(re.fullmatch("(?:<v דנה>)?\u202b[^\u202b\u202c]+\u202c", line) for line in shown), shown
        assert check_captions(path) == []
        assert read_transcript(path).text.split() == text.split()


def test_subrip_has_numbered_cues_and_crlf() -> None:
    assert to_srt(build_cues(spoken("Il pleut.", "|5 Il vente.", speed=10.0))) == (
        "1\r\n00:00:01,000 --> 00:00:02,450\r\nIl pleut.\r\n\r\n2\r\n00:00:07,000 --> 00:00:08,450\r\nIl vente.\r\n"
    )


@over_rows("word", ["<i>", "</font", "<b", "-->"])
def test_text_that_looks_like_markup_stays_visible_in_subrip(word: str, tmp_path: Path) -> None:
    path = tmp_path / "c.srt"
    path.write_bytes(to_srt(build_cues(spoken(f"un {word} deux"))).encode("utf-8"))
    assert check_captions(path) == []
    (event,) = pysubs2.load(str(path))
    assert event.text.replace("\u2060", "") == f"un {word} deux"


@over_rows("words", ["un {\\an8} deux", "2 < 3 {4}", "{{x}}"])
def test_braces_become_wide_ones_that_players_show(words: str) -> None:
    assert words.replace("{", "｛").replace("}", "｝") in to_srt(build_cues(spoken(words)))


def test_a_poor_verdict_is_a_cue_in_the_first_long_silence_of_subrip(tmp_path: Path) -> None:
    cues = build_cues(spoken("Il pleut.", "|9 Il vente.", verdict=Verdict.POOR))
    text = to_srt(cues, language="fr", verdict=Verdict.POOR)
    path = tmp_path / "c.srt"
    path.write_bytes(text.encode("utf-8"))
    assert check_captions(path) == []
    assert [event.plaintext.startswith("[ces sous-titres") for event in pysubs2.load(str(path))] == [False, True, False]
    assert "[" not in to_srt(cues, verdict=Verdict.GOOD)


def test_a_poor_verdict_is_a_cue_in_subrip_even_without_silence_or_cues() -> None:
    assert to_srt([], verdict=Verdict.POOR).startswith("1\r\n00:00:00,000 --> 00:00:0")
    busy = build_cues(spoken("Il pleut sur tout le port.", start=0.0))
    assert to_srt(busy, language="xx", verdict=Verdict.POOR).count("-->") == 2


_HOSTILE = [
    "-->", "<b>", "</v>", "&amp;", "&", "a<b", "{\\an8}", "<i>", "🎉", "\u202eשלום", "é\u0301\u0301", "x" * 60, "«",
    "!", "—", "[3]", "a\u00a0!", "\\N", "WEBVTT", "NOTE", "STYLE", "00:01", "7", "日本語です", "…", "100", "%",
]  # fmt: skip
_WORD = st.one_of(
    st.sampled_from(_HOSTILE),
    st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1, max_size=12),
    st.text("abcdé’,.", min_size=1, max_size=9),
).filter(lambda word: word.strip() and not word.startswith(("~", "|")) and "(" not in word)
_NAME = st.one_of(st.none(), st.sampled_from(["Ada Morel", "Luc <b>", "A --> B", "&c", "x" * 70, "Ada Petit"]))


@st.composite
def alignments(draw: st.DrawFn) -> Alignment:
    """Draw speech with hostile words and names of speakers, unspoken words and silences."""
    paragraphs = []
    for _ in range(draw(st.integers(1, 4))):
        words = draw(st.lists(_WORD, min_size=1, max_size=25))
        marks = draw(st.lists(st.sampled_from(["", "", "", "", "~", "|2 ", "|0.5 "]), min_size=len(words)))
        paragraphs.append((draw(_NAME), " ".join(m + w for m, w in zip(marks, words, strict=False))))
    return spoken(
        *paragraphs,
        language=draw(st.sampled_from(["fr", "en", "de", "ja", "xx"])),
        speed=draw(st.sampled_from([5.0, 14.0, 19.0, 40.0])),
    )


def words_of_spoken_sentences(alignment: Alignment) -> list[int]:
    return [number for number, word in enumerate(alignment.words) if word.status is not Status.UNSPOKEN]


def shown_words(cues: list[Cue]) -> list[int]:
    return list(dict.fromkeys(word.word for cue in cues for word in cue.words if word.word is not None))


@given(alignments(), st.sampled_from(SpeakerNames))
@settings(max_examples=150, deadline=None)
def test_cues_keep_all_spoken_words_in_order_and_fit_their_lines(alignment: Alignment, names: SpeakerNames) -> None:
    rules = CaptionRules(speaker_names=names)
    cues = build_cues(alignment, rules)
    shown = shown_words(cues)
    assert shown == sorted(shown)
    assert set(words_of_spoken_sentences(alignment)) <= set(shown)
    assert all(before.end <= after.start for before, after in itertools.pairwise(cues))
    for cue in cues:
        assert len(cue.lines) <= 2
        for line in cue.lines:
            assert width(line.text) <= 42 or len(line.words) == 1


@given(alignments())
@settings(max_examples=60, deadline=None)
def test_cues_keep_the_spelling_of_the_transcript(alignment: Alignment) -> None:
    shown = "".join(line.spoken for cue in build_cues(alignment) for line in cue.lines)
    for number in words_of_spoken_sentences(alignment):
        assert "".join(alignment.words[number].word.text.split()) in "".join(shown.split())


@given(alignments(), st.sampled_from(SpeakerNames), st.booleans())
@settings(max_examples=100, deadline=None)
def test_webvtt_is_valid_and_reads_back(
    tmp_path_factory: pytest.TempPathFactory, alignment: Alignment, names: SpeakerNames, word_times: bool
) -> None:
    cues = build_cues(alignment, CaptionRules(speaker_names=names))
    path = written(tmp_path_factory, "c.vtt", to_vtt(cues, word_times=word_times, verdict=alignment.verdict))
    assert check_captions(path) == []
    back = webvtt.read(str(path))
    assert len(back) == len(cues)
    for cue, caption in zip(cues, back, strict=True):
        assert caption.start == clock(to_milliseconds(cue.start), ".")
        assert caption.end == clock(to_milliseconds(cue.end), ".")
        assert _unescaped(caption.text) == without_bidi_controls(cue.text)


def _unescaped(text: str) -> str:
    return without_bidi_controls(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.nightly
@given(alignments(), st.sampled_from(SpeakerNames))
@settings(max_examples=100, deadline=None)
def test_subrip_is_valid_and_reads_back(
    tmp_path_factory: pytest.TempPathFactory, alignment: Alignment, names: SpeakerNames
) -> None:
    cues = build_cues(alignment, CaptionRules(speaker_names=names))
    path = written(tmp_path_factory, "c.srt", to_srt(cues, language=alignment.language))
    assert [problem for problem in check_captions(path) if problem.rule != "empty"] == []
    back = pysubs2.load(str(path), encoding="utf-8", format_="srt")
    assert [(event.start, event.end) for event in back] == [
        (round(cue.start * 1000), round(cue.end * 1000)) for cue in cues
    ]
    # pysubs2 takes a last line that is a number for the number of a next cue.
    for cue, event in zip(cues[:-1], back, strict=False):
        assert _comparable(event.text.replace("\\N", "\n")) == _comparable(cue.text)


def _comparable(text: str) -> str:
    """Return text without word joiners and marks of direction, and with plain braces."""
    return without_bidi_controls(text.replace("｛", "{").replace("｝", "}")).replace("\u2060", "")


def written(factory: pytest.TempPathFactory, name: str, text: str) -> Path:
    path = factory.mktemp("captions") / name
    path.write_bytes(text.encode("utf-8"))
    return path
