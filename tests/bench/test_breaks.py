"""The count of bad breaks finds those that are planted."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from aligner.captions import Cue, CueLine, CueWord
from tests.aligner.captions.spoken import spoken
from tests.bench import breaks
from tests.tables import over_rows

PARTS = {"la": "DET", "mer": "NOUN", "bleue": "ADJ", "monte": "VERB", "dans": "ADP", "Ada": "PROPN", "Morel": "PROPN"}


class Tagged(SimpleNamespace):
    """A token as spaCy has them, its part of speech from a list; an adjective leans on the word before it."""

    def __len__(self) -> int:
        return len(self.text)


def tagger(text: str) -> list[Tagged]:
    rest = {"dep_": "", "is_space": False, "is_punct": False, "morph": SimpleNamespace(get=lambda _: [])}
    return [
        Tagged(text=m[0], idx=m.start(), i=i, pos_=PARTS.get(m[0], "X"), head=SimpleNamespace(i=i - 1), **rest)
        for i, m in enumerate(re.finditer(r"\w+|[^\w\s]", text))
    ]


@over_rows(
    "left, right, fault",
    [
        ("monte la", "mer", "DET|NOUN"),
        ("la mer", "bleue", "NOUN|ADJ"),
        ("monte dans", "la mer", "ADP|DET"),
        ("Ada", "Morel monte", "PROPN|PROPN"),
        ("la mer bleue", "monte", ""),
        ("la mer,", "bleue monte", ""),
        ("la mer monte. Puis", "la mer", "short head"),
        ("la mer monte.", "Puis la mer", ""),
    ],
)
def test_a_planted_break_is_judged(monkeypatch: pytest.MonkeyPatch, left: str, right: str, fault: str) -> None:
    monkeypatch.setattr(breaks, "tagger_of", lambda _: tagger)
    before = "x x x " if fault != "short head" and "Puis" not in right else ""
    alignment = spoken(f"{before}{left} {right}")
    shown = iter(range(len(alignment.words)))
    lines = [
        CueLine(None, "", tuple(CueWord(text, " ", None, next(shown)) for text in part.split()))
        for part in (before + left, right)
    ]
    within, across = [Cue(1.0, 3.0, tuple(lines))], [Cue(1.0, 3.0, (lines[0],)), Cue(3.0, 5.0, (lines[1],))]
    assert [(each.fault, each.of_cues) for each in breaks.breaks_of(alignment, within)] == [(fault, False)]
    assert [(each.fault, each.of_cues) for each in breaks.breaks_of(alignment, across)] == [(fault, True)]


@over_rows("pause, early", [(0.2, []), (0.6, ["monte. | Puis"])])
def test_a_sentence_is_early_where_a_silence_lies_between_its_cue_and_its_voice(pause: float, early: list[str]) -> None:
    alignment = spoken(f"La mer monte. |{pause} Puis elle descend.")
    words = [CueWord(word.word.text, " ", word.span, k) for k, word in enumerate(alignment.words)]
    together = [Cue(1.0, 4.0, (CueLine(None, "", tuple(words)),))]
    assert breaks.early_sentences(alignment, together) == (early, 1)
    lines = CueLine(None, "", tuple(words[:3])), CueLine(None, "", tuple(words[3:]))
    voice = words[3].span
    assert voice
    parted = [Cue(1.0, 1.9, lines[:1]), Cue(voice.start, 4.0, lines[1:])]
    assert breaks.early_sentences(alignment, parted) == ([], 1)
