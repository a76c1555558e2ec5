"""An episode cut into its speakers' turns for editing software: consecutive events that cover all of the audio."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath

from aligner.formats.intervals import disjoint
from aligner.formats.material import Material, Turn
from aligner.formats.text_lines import beginning, on_one_line
from aligner.model import Span

FRAMES_PER_SECOND = 25

_REEL = 8  # characters
_UNNAMED = "AX"  # the reel of a source that is not a tape
_BLACK = "BL"

_PAUSE = 2.0  # seconds; a longer pause is an event of its own, as music or silence
_HANDLE = 0.5  # seconds of such a pause that go to the turns beside it, for breaths and room tone


@dataclass(frozen=True, slots=True)
class Cut:
    """A turn, or a pause if ``turn`` is None, from video frame ``start`` up to but excluding frame ``end``."""

    start: int
    end: int
    turn: Turn | None

    @property
    def name(self) -> str:
        """The speaker and the first words of the turn; ``-`` for a pause."""
        return named(self.turn.speaker, " ".join(each.text for each in self.turn.paragraphs)) if self.turn else "-"


def named(speaker: str | None, text: str) -> str:
    """Return a name on one line for a part of the episode: the speaker, if any, and the first words of the text."""
    return f"{on_one_line(speaker)}: {beginning(text)}" if speaker else beginning(text)


def cuts(material: Material) -> list[Cut]:
    """Return the turns and long pauses of the whole episode as cuts, in order and without gaps."""
    pieces = list(_pieces(material))
    ranges = disjoint([span for span, _ in pieces], FRAMES_PER_SECOND)
    return [Cut(start, end, turn) for (start, end), (_, turn) in zip(ranges, pieces, strict=True)]


def audio_name(material: Material) -> str:
    """Return the name of the audio file, by which editing software finds it."""
    return PureWindowsPath(material.audio_path).name  # understands both / and \


def _pieces(material: Material) -> Iterator[tuple[Span, Turn | None]]:
    """Yield spans that cover the audio without gaps, each with its turn, or with None for a pause."""
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


def edl(material: Material) -> str:
    """Return an edit decision list (CMX 3600) of the whole episode, with an event for each turn and long pause.

    Times are non-drop-frame at 25 frames a second. Comments about the whole list come after the first event, since some
    programs refuse comments before it. The list is in UTF-8, so that the name of the audio is exact.
    """
    return "".join(f"{line}\n" for line in _lines(material))


def reel(name: str) -> str:
    """Return a reel name for a file: ASCII letters and digits, never ``BL``, which means black."""
    stem = unicodedata.normalize("NFKD", name.rpartition(".")[0] or name)
    found = re.sub("[^A-Z0-9]", "", stem.upper())[:_REEL]
    return found if found and found != _BLACK else _UNNAMED


def _lines(material: Material) -> Iterator[str]:
    name = audio_name(material)
    yield f"TITLE: {on_one_line(material.title)}"
    yield "FCM: NON-DROP FRAME"
    for number, cut in enumerate(cuts(material), start=1):
        times = map(_timecode, (cut.start, cut.end, cut.start, cut.end))  # source times, then record times
        yield ""
        yield f"{number:03d}  {reel(name):{_REEL}} AA    C        {' '.join(times)}"
        yield f"* FROM CLIP NAME: {on_one_line(name)}"
        yield f"* COMMENT: {cut.name}"
        if number == 1:
            yield f"* COMMENT: {FRAMES_PER_SECOND} frames a second."
            yield from (f"* COMMENT: {each}" for each in material.remarks)


def _timecode(frame: int) -> str:
    seconds, rest = divmod(frame, FRAMES_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{rest:02d}"
