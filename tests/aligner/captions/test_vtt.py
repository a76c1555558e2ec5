"""What WebVTT files look like; that they are sound and read back is among the properties."""

from __future__ import annotations

from dataclasses import replace

import webvtt

from aligner.captions import build_cues, to_vtt
from aligner.model import Verdict
from tests.aligner.captions.spoken import spoken


def test_a_file_has_a_header_and_cues_with_voices() -> None:
    assert to_vtt(build_cues(spoken(("Ada Morel", "Il pleut."), speed=10.0))) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.450\n<v Ada Morel>Il pleut.\n"
    )


def test_a_file_without_cues_is_a_header() -> None:
    assert to_vtt([]) == "WEBVTT\n"


def test_a_shared_cue_has_a_voice_for_each_line() -> None:
    text = to_vtt(build_cues(spoken(("Ada Morel", "Tu viens ?"), ("Luc Petit", "Oui !"))))
    assert text.endswith("<v Ada Morel>– Tu viens ?</v>\n<v Luc Petit>– Oui !</v>\n")


def test_what_looks_like_markup_is_text() -> None:
    text = to_vtt(build_cues(spoken(("A & <B>", "x <i> --> &lt; y"))))
    assert "<v A &amp; &lt;B&gt;>x &lt;i&gt; --&gt; &amp;lt; y" in text


def test_a_poor_verdict_is_written_in_a_comment_that_readers_skip() -> None:
    cues = build_cues(spoken("Il pleut."))
    text = to_vtt(cues, verdict=Verdict.POOR)
    assert text.split("\n\n")[1].startswith("NOTE Verdict: poor.")
    assert [caption.text for caption in webvtt.from_string(text)] == ["Il pleut."]
    assert "NOTE" not in to_vtt(cues, verdict=Verdict.GOOD)


def test_words_carry_their_times_where_asked() -> None:
    cues = build_cues(spoken("Il pleut ~très fort.", speed=10.0))
    assert "Il <00:00:01.300>pleut très <00:00:01.900>fort." in to_vtt(cues, word_times=True)


def test_word_times_that_do_not_increase_inside_the_cue_are_left_out() -> None:
    (cue,) = build_cues(spoken("un deux trois quatre", speed=10.0))
    times = (cue.start, 1.5, 1.5, cue.end)
    words = tuple(replace(word, start=time) for word, time in zip(cue.words, times, strict=True))
    text = to_vtt([replace(cue, lines=(replace(cue.lines[0], words=words),))], word_times=True)
    assert text.endswith("un <00:00:01.500>deux trois quatre\n")
