"""Captions again after a change of the text: the same cues, and only the passages that it touched are cut."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aligner.captions import CaptionRules, Cue, CueBuilder, SpeakerNames
from aligner.captions.cutting import Cutter
from aligner.content_cache import ContentCache
from aligner.model import Alignment, Status
from tests.aligner.captions.spoken import spoken
from tests.aligner.captions.test_properties import alignments
from tests.tables import over_rows

RULES = CaptionRules()
PASSAGES = [
    "Un bateau passe lentement, sans bruit, devant le vieux port.",
    "|3 Elle rit.",
    "|3 Je ne sais pas, dit-il.",
]


def cues(alignment: Alignment, known: ContentCache | None = None, rules: CaptionRules = RULES) -> list[list[Cue]]:
    builder = CueBuilder(alignment, rules, known=known)
    return [builder.cues(names) for names in SpeakerNames]


@pytest.mark.nightly
@given(alignments(), alignments(), st.data())
@settings(max_examples=15, deadline=None)
def test_with_what_an_earlier_text_had_the_cues_are_those_built_without(
    one: Alignment, other: Alignment, data: st.DataObject
) -> None:
    assume(one.words)
    first = ContentCache()
    assert cues(one, first) == cues(one)
    at = data.draw(st.integers(0, len(one.words) - 1))
    word = replace(one.words[at], span=None, status=Status.UNSPOKEN)
    unsaid = replace(one, words=(*one.words[:at], word, *one.words[at + 1 :]))
    second = ContentCache(first.used)
    assert cues(unsaid, second) == cues(unsaid)
    assert cues(other, ContentCache(first.used | second.used)) == cues(other)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first words of the passages that were cut."""
    begun: list[str] = []
    search = Cutter._searched

    def noted(self: Cutter, leads: object) -> object:
        begun.append(self._passage.tokens[0].text)
        return search(self, leads)  # type: ignore[arg-type]

    monkeypatch.setattr(Cutter, "_searched", noted)
    return begun


def test_only_passages_that_an_edit_touched_are_cut_again(searched: list[str]) -> None:
    first = ContentCache()
    CueBuilder(spoken(*PASSAGES), RULES, known=first).cues(SpeakerNames.NEVER)
    assert searched == ["Un", "Elle", "Je"]
    again = ContentCache(first.used)
    CueBuilder(spoken(*PASSAGES), RULES, known=again).cues(SpeakerNames.NEVER)
    assert not again.changed
    edited = [PASSAGES[0], PASSAGES[1].replace("rit", "dit"), PASSAGES[2]]
    CueBuilder(spoken(*edited), RULES, known=ContentCache(first.used)).cues(SpeakerNames.NEVER)
    assert searched == ["Un", "Elle", "Je", "Elle"]


@over_rows("changed", [{"max_lines": 1}, {"max_line": 30}, {"max_speed": 9.0}, {"min_duration": 2.0}, {"lend": 0.0}])
def test_other_rules_cut_anew(changed: dict[str, Any]) -> None:
    first, rules = ContentCache(), CaptionRules(**changed)
    cues(spoken(*PASSAGES), first)
    assert cues(spoken(*PASSAGES), ContentCache(first.used), rules) == cues(spoken(*PASSAGES), rules=rules)
