"""The records of a caption: a cue, its lines, their words.

Conventions
-----------
- A cue's times are seconds of the episode on the millisecond grid, ``[start, end)``; cues are in order and disjoint.
- A word keeps its own span, None where that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from aligner.model import Span


class CueKind(StrEnum):
    """What a cue shows."""

    SPEECH = "speech"
    STAGE = "stage"
    UNTRANSCRIBED = "untranscribed"


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word as shown, the punctuation that stands apart from it included (``mot !``).

    ``before`` parts it from the word before where both share a line: a space, a no-break space or nothing. ``word`` is
    an index into ``Alignment.words``; None for stage directions and lone punctuation.
    """

    text: str
    before: str
    span: Span | None
    word: int | None


@dataclass(frozen=True, slots=True)
class CueLine:
    """A line of a cue: one speaker's. ``lead`` is what captions add before the words: a dash, the speaker's name."""

    speaker: str | None
    lead: str
    words: tuple[CueWord, ...]

    @property
    def spoken(self) -> str:
        """The words alone, without what captions add."""
        first, *rest = self.words or (CueWord("", "", None, None),)
        return first.text + "".join(word.before + word.text for word in rest)

    @property
    def text(self) -> str:
        return f"{self.lead} {self.spoken}" if self.lead and self.words else self.lead + self.spoken


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption on screen."""

    start: float
    end: float
    lines: tuple[CueLine, ...]
    kind: CueKind = CueKind.SPEECH

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"cue ends at {self.end}, not after its start {self.start}")
        if not self.lines or not all(line.text for line in self.lines):
            raise ValueError(f"cue at {self.start} has an empty line")

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[CueWord, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def voice_start(self) -> float | None:
        """When the first word whose time is known is said."""
        return next((word.span.start for word in self.words if word.span), None)


def shifted(cues: Iterable[Cue], seconds: float) -> list[Cue]:
    """The same cues ``seconds`` later (earlier where negative), as a clip that starts elsewhere needs them."""

    def moved(time: float) -> float:
        return round(time + seconds, 3)

    def moved_word(word: CueWord) -> CueWord:
        return replace(word, span=word.span and Span(moved(word.span.start), moved(word.span.end)))

    def moved_cue(cue: Cue) -> Cue:
        lines = (replace(line, words=tuple(map(moved_word, line.words))) for line in cue.lines)
        return replace(cue, start=moved(cue.start), end=moved(cue.end), lines=tuple(lines))

    return list(map(moved_cue, cues))
