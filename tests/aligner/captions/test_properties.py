"""Properties of the captions of any words at any times."""

from __future__ import annotations

import itertools
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.captions import CaptionRules, Cue, SpeakerNames, build_cues, to_srt, to_vtt
from aligner.durations import to_milliseconds
from aligner.model import Alignment, Status
from aligner.timed_text import check_captions
from aligner.timed_text.write import clock
from aligner.typography.tokens import width
from media.video.bidirectional import without_bidi_controls
from tests.aligner.captions.spoken import spoken

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
