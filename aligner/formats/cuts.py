"""An episode cut into the turns of its speakers, as editing software reads it: one event after the other, and nothing
of the sound left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath

from aligner.formats.intervals import disjoint, steps
from aligner.formats.material import Material, Turn
from aligner.formats.text_lines import beginning, on_one_line
from aligner.model import Span

FRAMES_PER_SECOND = 25

_PAUSE = 2.0  # seconds; what is longer is music or silence, and an event of its own
_HANDLE = 0.5  # seconds of such a one that are left to the words beside it: a breath, the room


@dataclass(frozen=True, slots=True)
class Cut:
    """From frame ``start`` to before ``end``; ``turn`` is None where the text has nothing."""

    start: int
    end: int
    turn: Turn | None

    @property
    def name(self) -> str:
        """Who speaks, and the first words."""
        return named(self.turn.speaker, " ".join(each.text for each in self.turn.paragraphs)) if self.turn else "-"


def named(speaker: str | None, text: str) -> str:
    """Who speaks, and the first words, on one line."""
    return f"{on_one_line(speaker)}: {beginning(text)}" if speaker else beginning(text)


def frames(seconds: float) -> int:
    """The nearest frame, half rounded up: the one rule by which times become frames."""
    return steps(seconds, FRAMES_PER_SECOND)


def cuts(material: Material) -> list[Cut]:
    """All of the sound, in order."""
    pieces = list(_pieces(material))
    places = disjoint([span for span, _ in pieces], FRAMES_PER_SECOND)
    return [Cut(start, end, turn) for (start, end), (_, turn) in zip(places, pieces, strict=True)]


def sound_name(material: Material) -> str:
    """What the sound's file is called, by which editing software finds it."""
    return PureWindowsPath(material.sound_file).name  # of either kind of path


def _pieces(material: Material) -> Iterator[tuple[Span, Turn | None]]:
    """Stretches that follow each other without a gap, from the start to the end of the sound."""
    said = [(turn, turn.span) for turn in material.turns if turn.span]
    end = material.alignment.audio.duration
    last = 0.0
    for number, (turn, span) in enumerate(said):
        following = said[number + 1][1].start if number + 1 < len(said) else end
        if not number and span.start >= _PAUSE:
            last = span.start - _HANDLE
            yield Span(0.0, last), None
        pause = following - span.end
        if pause >= _PAUSE:
            yield Span(last, span.end + _HANDLE), turn
            last = end if number + 1 == len(said) else following - _HANDLE
            yield Span(span.end + _HANDLE, last), None
        else:
            until = following if number + 1 == len(said) or pause < 0 else (span.end + following) / 2
            yield Span(last, max(last, until)), turn
            last = max(last, until)
    if not said:
        yield Span(0.0, end), None
