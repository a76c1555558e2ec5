"""The content of WebVTT and SubRip files; ``test_properties`` reads them back."""

from __future__ import annotations

import re
from pathlib import Path

import pysubs2
import webvtt

from aligner.captions import build_cues, to_srt, to_vtt
from aligner.model import Verdict
from aligner.timed_text import check_captions
from aligner.transcript import read_transcript
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
