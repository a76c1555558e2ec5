"""Sound that a person has settled as an advert, a jingle or nothing that needs text: no word is sought there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.model import Audio, HeardWord, Located, Pin, Recognition, Settled, Span
from aligner.settled import OF_SOUND

Search = Callable[[Audio, Recognition], Located]
"""Finds words in a sound, given what was heard of it."""

_EDGE = 0.1  # seconds in which letters of the words beside may still be heard


def located_outside(search: Search, audio: Audio, recognition: Recognition, silent: tuple[Span, ...]) -> Located:
    """What ``search`` finds; where that has a word in what is ``silent``, what it finds with that silenced: so nothing
    is otherwise where none is."""
    found = search(audio, recognition)
    if not any(each.span and not each.pinned and _is_in(silent, each.span) for each in found.placements):
        return found
    return search(*silenced(audio, recognition, silent))


def silent_spans(settled: Sequence[Settled], pins: Sequence[Pin]) -> tuple[Span, ...]:
    """The sound that is ``settled`` as needing no text, in order, without that in which ``pins`` have words said."""
    known = (Span(each.start, each.end) for each in settled if each.kind in OF_SOUND)
    return tuple(_without(sorted(known, key=_start), [pin.span for pin in pins if pin.span]))


def silenced(audio: Audio, recognition: Recognition, silent: tuple[Span, ...]) -> tuple[Audio, Recognition]:
    """A sound and what was heard of it, as if nobody spoke in what is ``silent``."""
    if not silent:
        return audio, recognition
    words = tuple(word for word in recognition.words if not _is_in(silent, word))
    emissions = recognition.emissions and _silent_in(recognition.emissions, silent)
    speech = tuple(_without(audio.speech, silent))
    return replace(audio, speech=speech), replace(recognition, words=words, emissions=emissions)


def _is_in(silent: Sequence[Span], one: Span | HeardWord) -> bool:
    middle = (one.start + one.end) / 2
    return any(span.start <= middle < span.end for span in silent)


@lru_cache(maxsize=1)  # an episode is corrected many times, and an hour's are thirty million bytes
def _silent_in(emissions: Emissions, silent: tuple[Span, ...]) -> Emissions:
    values = emissions.values.copy()
    for span in silent:
        part = values[round((span.start + _EDGE) / FRAME) : max(0, round((span.end - _EDGE) / FRAME))]
        part[:] = silent_frames(len(part))
    return Emissions(values, emissions.prior)


def _without(spans: Iterable[Span], holes: Sequence[Span]) -> Iterator[Span]:
    """What is left of the spans beside the holes."""
    in_order = sorted(holes, key=_start)
    for span in spans:
        start = span.start
        for hole in in_order:
            if hole.end > start and hole.start < span.end:
                if hole.start > start:
                    yield Span(start, hole.start)
                start = max(start, hole.end)
        if start < span.end:
            yield Span(start, span.end)


def _start(span: Span) -> float:
    return span.start
