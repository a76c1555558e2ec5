"""How a text parts its paragraphs and writes its labels, so that those which are put in look like the others."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aligner.model import Kind, Segment
from aligner.transcript.structure import VOICE_CHANGE
from aligner.transcript.times import TIMES

BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")

_NAMELESS = "{}: "  # how a label is written where the text has none
_NAME = "{}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph, with what ``parts`` it from the one before, and the ``label`` or the dash that opens it.

    Places in its ``segments`` count from its start. One that is new has none yet; ``old`` is that whose place it took.
    """

    kind: Kind
    speaker: str | None
    text: str
    parts: str = ""
    label: str = ""
    segments: tuple[Segment, ...] = ()
    old: Turn | None = None

    @property
    def is_new(self) -> bool:
        return not self.segments

    @property
    def is_said(self) -> bool:
        """Whether what comes after it without a label goes on with its speaker."""
        return self.kind is Kind.SPEECH or self.speaker is not None

    @property
    def names(self) -> bool:
        """Whether its label names somebody."""
        return any(map(str.isalnum, self.label))


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """A text's habits: what ``parts`` paragraphs, the ``dash`` that opens a turn of nobody who is named, empty if none
    does; the ``usual`` label of each speaker, and how one of another is made; the ``width`` at which lines are broken,
    None where they are not."""

    parts: str
    dash: str
    usual: Mapping[str, str]
    made: str
    width: int | None

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> LabelStyle:
        said = [turn for turn in turns if turn.kind is Kind.SPEECH]
        named = [turn for turn in said if turn.names and turn.speaker and not TIMES.search(turn.label)]
        labels: dict[str, Counter[str]] = {}
        for turn in named:
            labels.setdefault(str(turn.speaker), Counter())[turn.label] += 1
        made = Counter(t.label.replace(str(t.speaker), _NAME, 1) for t in named if str(t.speaker) in t.label)
        dashes = Counter(turn.label for turn in said if turn.speaker is None and _is_dash(turn.label))
        broken = [turn.label + turn.text for turn in turns if BREAK.search(turn.text)]
        lines = [len(line) for each in broken for line in BREAK.split(each)]
        return cls(
            parts=_habit(turns, bool(lines)),
            dash=_likeliest(dashes) or "",
            usual={speaker: _likeliest(found) or "" for speaker, found in labels.items()},
            made=_likeliest(made) or _NAMELESS,
            width=max(lines, default=None),
        )

    def label(self, speaker: str, old: Turn | None) -> str:
        """The label of a speaker, in the place of that of an ``old`` turn: a time in that stays."""
        if old and old.names and old.speaker and old.speaker in old.label and TIMES.search(old.label):
            return old.label.replace(old.speaker, speaker, 1)
        return self.usual.get(speaker) or self.made.replace(_NAME, speaker, 1)

    def wrapped(self, turn: Turn) -> Turn:
        """The turn with its lines broken as those of the text are."""
        before = "x" * len(BREAK.split(turn.label)[-1])
        if self.width is None or len(before + turn.text) <= self.width:
            return turn
        lines = textwrap.wrap(
            turn.text, self.width, initial_indent=before, break_long_words=False, break_on_hyphens=False
        )
        return replace(turn, text=_newline(self.parts).join(lines)[len(before) :])


def _habit(turns: Sequence[Turn], wrapped: bool) -> str:
    """What parts most paragraphs; a time that stands before one on its line parts none."""
    found = Counter(
        turn.parts
        for before, turn in pairwise(turns)
        if turn.parts.isspace() and (before.is_said or BREAK.search(turn.parts))
    )
    return _likeliest(found) or ("\n\n" if wrapped else "\n")


def _is_dash(label: str) -> bool:
    found = VOICE_CHANGE.match(f"{label}x")
    return found is not None and found.end() == len(label)


def _newline(parts: str) -> str:
    found = BREAK.search(parts)
    return found.group() if found else "\n"


def _likeliest(found: Counter[str]) -> str | None:
    """The most frequent; of those as frequent the shortest, which has no more than it needs."""
    return max(found, key=lambda each: (found[each], -len(each)), default=None)
