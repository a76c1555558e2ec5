"""What the bench of cuts counts, planted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from aligner.captions import CaptionRules, SpeakerNames
from tests.aligner.captions.spoken import Paragraph, spoken
from tests.bench.cuts import judged, read_episode

NAMED = CaptionRules(max_line=32, max_voices=1, speaker_names=SpeakerNames.CHANGE)


def counts(*said: Paragraph, rules: CaptionRules, language: str = "en") -> Counter[str]:
    alignment = spoken(*said, language=language)
    return Counter(what for what, _ in judged(alignment, rules))


def test_what_is_said_at_an_even_pace_has_no_fault() -> None:
    found = counts("The ferry will not come before the fog has gone. We had better walk.", rules=CaptionRules())
    assert found == {"cues": 2}


def test_a_reply_of_a_moment_is_short_fast_and_more_name_than_words() -> None:
    found = counts(
        ("Ada Morel", "The ferry will not come."), ("The voice of the lift", "No."), ("Ada Morel", "Then we walk."),
        rules=NAMED,
    )  # fmt: skip
    assert found["under 1 s"] == found["more name than words"] == found["over 20 characters a second"] == 1
    assert found["over 20, names not counted"] == 0


def test_an_end_is_bad_after_an_article_and_not_spared_where_no_line_holds_more() -> None:
    found = counts("Wir fahren in die Geschwindigkeitsbegrenzungszone", rules=NAMED, language="de")
    assert found["lines that end badly"] + found["cues that end badly"] == 1
    assert not any("spared" in what for what in found)


def test_a_text_is_said_by_whom_it_names(tmp_path: Path) -> None:
    text = tmp_path / "talk.txt"
    text.write_text("Ada: Hello, Luc.\nLuc: It is {9|nine}.\n", encoding="utf-8")
    for names, called in ((None, ["Ada", "Luc"]), (["X Y"], ["X Y", "X Y 2"])):
        alignment = read_episode(f"en:{text}", names)
        assert [each.segment.speaker for each in alignment.segments] == called
        assert [timed.word.text for timed in alignment.words] == ["Hello,", "Luc.", "It", "is", "9."]
