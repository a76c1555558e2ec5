"""The places where a quote is: how they are told to a person, and which of several are teasers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aligner.durations import clock
from aligner.model import Alignment, Kind
from aligner.quotes.likeness import spelled

_SHOWN = 70  # characters of a passage in a list
# A passage near the start that is said again is called a teaser if it has so many words, shorter ones being turns of
# phrase; those are where the words around them are said again too, so many in all. Near is the first third of the
# episode, of a long one so many seconds.
_TEASED, _TEASED_AROUND, _OPENING, _OPENING_SHARE = 3, 6, 180.0, 1 / 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote is in the transcript, and how alike both are (0 to 1).

    ``words`` indexes ``Alignment.words``; ``spoken`` is true where most of what the quote has of them is said,
    ``teaser`` where it is near the start and said again later. ``lacking`` are words at the quote's ends that are not
    there.
    """

    words: range
    score: float
    spoken: bool
    teaser: bool = False
    lacking: tuple[str, ...] = ()


def described(alignment: Alignment, place: Place) -> str:
    """The time, speaker, likeness and words of a place, those that are said if it is, for a line of a list."""
    words = [alignment.words[k] for k in place.words]
    start = next((word.span.start for word in words if word.span), None)
    speaker = alignment.segments[words[0].word.segment].segment.speaker
    text = " ".join(word.word.text for word in words if word.span or not place.spoken)
    notes = " teaser," * place.teaser + " not said," * (not place.spoken)
    at = "-:--" if start is None else clock(start)
    said_by = f" {speaker}," if speaker else ""
    return f"{at}{said_by}{notes} {place.score:.0%}: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"


def speech_of(alignment: Alignment, words: Iterable[int]) -> list[int]:
    """Those of the words that are speech, no part of a heading, a note or a stage direction."""
    segments = alignment.segments
    return [k for k in words if segments[alignment.words[k].word.segment].segment.kind is Kind.SPEECH]


def apart(places: Iterable[Place]) -> list[Place]:
    """The places, best first, without those that overlap a better one."""
    kept: list[Place] = []
    taken: set[int] = set()
    for place in places:
        if taken.isdisjoint(place.words):
            taken.update(place.words)
            kept.append(place)
    return kept


def with_teasers(alignment: Alignment, copies: Sequence[Place]) -> list[Place]:
    """In order of the text, those near the start marked as teasers where the same is said after the start; what is
    there to the letter is one only of what is so too."""
    opening = min(_OPENING, _OPENING_SHARE * alignment.audio.duration)
    starts = {place: _start(alignment, place.words) for place in copies}
    later = [place for place, start in starts.items() if place.spoken and start is not None and start >= opening]
    said_again = _SaidAgain(alignment, later)
    return [
        replace(place, teaser=start is not None and start < opening and said_again.has(place))
        for place, start in sorted(starts.items(), key=lambda each: each[0].words.start)
    ]


class _SaidAgain:
    """What of a quote is said after the start, with the words around it."""

    def __init__(self, alignment: Alignment, later: Sequence[Place]) -> None:
        self._alignment, self._later = alignment, later
        self._is_exact = any(place.score == 1.0 for place in later)
        self._around = {each for place in later if place.score == 1.0 for each in self._passages(place)}

    def has(self, place: Place) -> bool:
        """Whether a place is one that is said again."""
        if len(place.words) >= _TEASED:
            return bool(self._later) and (place.score < 1.0 or self._is_exact)
        return place.score == 1.0 and not self._around.isdisjoint(self._passages(place))

    def _passages(self, place: Place) -> Iterable[tuple[int, tuple[str, ...]]]:
        """The passages of ``_TEASED_AROUND`` words with a short quote in them, and where in them it is."""
        if len(place.words) >= _TEASED:
            return
        before = _TEASED_AROUND - len(place.words)
        first, stop = place.words.start - before, place.words.stop + before
        near = speech_of(self._alignment, range(max(0, first), min(stop, len(self._alignment.words))))
        letters = spelled([self._alignment.words[k].word.text for k in near], self._alignment.language)
        at = near.index(place.words.start)
        for start in range(max(0, at - before), min(at, len(near) - _TEASED_AROUND) + 1):
            yield at - start, letters[start : start + _TEASED_AROUND]


def _start(alignment: Alignment, words: range) -> float | None:
    return next((span.start for k in words if (span := alignment.words[k].span)), None)
