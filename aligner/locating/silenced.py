"""Sound that a person has settled as an advert, a jingle or nothing that needs text: no word is sought there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.model import Audio, Recognition, Span
from aligner.pins import Pin
from aligner.settled import OF_SOUND, Settled

_EDGE = 0.1  # seconds in which letters of the words beside may still be heard


def silenced(
    audio: Audio, recognition: Recognition, settled: Sequence[Settled], pins: Sequence[Pin]
) -> tuple[Audio, Recognition]:
    """A sound and what was heard of it, as if nobody spoke in what is ``settled`` as sound without text, but where
    ``pins`` have words said."""
    known = (Span(each.start, each.end) for each in settled if each.kind in OF_SOUND)
    silent = tuple(_without(sorted(known, key=_start), [pin.span for pin in pins if pin.span]))
    if not silent:
        return audio, recognition
    words = tuple(w for w in recognition.words if not any(s.start <= (w.start + w.end) / 2 < s.end for s in silent))
    emissions = recognition.emissions and _silent_in(recognition.emissions, silent)
    speech = tuple(_without(audio.speech, silent))
    return replace(audio, speech=speech), replace(recognition, words=words, emissions=emissions)


@lru_cache(maxsize=1)  # an episode is corrected many times, and an hour's are thirty million bytes
def _silent_in(emissions: Emissions, silent: tuple[Span, ...]) -> Emissions:
    values = emissions.values.copy()
    for span in silent:
        part = values[round((span.start + _EDGE) / FRAME) : max(0, round((span.end - _EDGE) / FRAME))]
        part[:] = silent_frames(len(part))
    return Emissions(values, emissions.prior)


def _without(spans: Iterable[Span], holes: Sequence[Span]) -> Iterator[Span]:
    """What is left of the spans beside the holes."""
    for span in spans:
        start = span.start
        for hole in sorted(holes, key=_start):
            if hole.end > start and hole.start < span.end:
                if hole.start > start:
                    yield Span(start, hole.start)
                start = max(start, hole.end)
        if start < span.end:
            yield Span(start, span.end)


def _start(span: Span) -> float:
    return span.start
