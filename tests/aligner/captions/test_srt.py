"""What SubRip files look like; that they are sound and read back is among the properties."""

from __future__ import annotations

from pathlib import Path

import pysubs2
import pytest

from aligner.captions import build_cues, check_captions, to_srt
from aligner.captions.languages import language_of
from aligner.model import Verdict
from tests.aligner.captions.spoken import spoken


def test_a_file_has_numbered_cues_and_crlf() -> None:
    assert to_srt(build_cues(spoken("Il pleut.", "|5 Il vente.", speed=10.0))) == (
        "1\r\n00:00:01,000 --> 00:00:02,450\r\nIl pleut.\r\n\r\n2\r\n00:00:07,000 --> 00:00:08,450\r\nIl vente.\r\n"
    )


@pytest.mark.parametrize("word", ["<i>", "</font", "<b", "-->"])
def test_what_players_take_for_markup_stays_visible(word: str, tmp_path: Path) -> None:
    path = tmp_path / "c.srt"
    path.write_bytes(to_srt(build_cues(spoken(f"un {word} deux"))).encode("utf-8"))
    assert check_captions(path) == []
    (event,) = pysubs2.load(str(path))
    assert event.text.replace("\u2060", "") == f"un {word} deux"


def test_what_players_take_for_a_position_no_longer_is_one() -> None:
    assert "{\\" not in to_srt(build_cues(spoken("un {\\an8} deux")))


def test_arithmetic_is_left_alone() -> None:
    assert "2 < 3 {4}" in to_srt(build_cues(spoken("2 < 3 {4}")))


def test_a_poor_verdict_is_a_cue_in_the_first_silence_that_holds_it(tmp_path: Path) -> None:
    cues = build_cues(spoken("Il pleut.", "|9 Il vente.", verdict=Verdict.POOR))
    text = to_srt(cues, language="fr", verdict=Verdict.POOR)
    path = tmp_path / "c.srt"
    path.write_bytes(text.encode("utf-8"))
    assert check_captions(path) == []
    assert [event.plaintext.startswith("[ces sous-titres") for event in pysubs2.load(str(path))] == [False, True, False]
    assert "[" not in to_srt(cues, verdict=Verdict.GOOD)


@pytest.mark.parametrize("language", ["fr", "en", "es", "it", "pt", "de"])
def test_the_warning_is_broken_between_words_only(language: str) -> None:
    shown = to_srt([], language=language, verdict=Verdict.POOR).split("\r\n", 2)[2].strip()
    assert " ".join(shown.split("\r\n")) == f"[{language_of(language).unreliable}]"


def test_a_poor_verdict_is_marked_even_without_silence_or_cues() -> None:
    assert to_srt([], verdict=Verdict.POOR).startswith("1\r\n00:00:00,000 --> 00:00:0")
    busy = build_cues(spoken("Il pleut sur tout le port.", start=0.0))
    assert to_srt(busy, language="xx", verdict=Verdict.POOR).count("-->") == 2
