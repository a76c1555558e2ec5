"""Locating between what a person fixed: each stretch of words between two pins in the sound that is left between them.

Conventions
-----------
A pin is a wall: the words before its words are said before its time, those after them after it. What a person says is
not said is not sought. So no pin is moved, whichever ear listens, and one pin sets right what is around it: its own
sentence, or the next where it is the whole of one, is looked for beside it first, for where that is said twice a wall
would let it be torn between the copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from aligner.emissions import FRAME, Emissions
from aligner.locating.spoken_words import breaks_after
from aligner.model import (
    UNSPOKEN,
    Audio,
    HeardWord,
    Located,
    Pin,
    PinKind,
    Placement,
    Recognition,
    Span,
    Status,
    Transcript,
)
from aligner.pins import Stretch, stretches
from aligner.spans import SpeechSpans

Locate = Callable[[Transcript, Audio, Recognition], Located]
"""Finds a whole transcript in a whole sound."""

_LEAST = 2 * FRAME  # seconds of sound in which anything can be sought
_LETTER = 0.1  # seconds beside a pin that its sentence may take for each letter, half as much again as letters do,
_PAUSE = 0.7  # and besides
_SENTENCE = 2  # what ends one, as of ``breaks_after``


def locate_between(
    transcript: Transcript,
    audio: Audio,
    recognition: Recognition,
    pins: Sequence[Pin],
    locate: Locate,
    whole: Stretch | None = None,
) -> Located:
    """When each word of ``whole`` is said, by default all of them: as pinned, or as ``locate`` finds it between pins.

    The placements are those of the words of ``whole``; of what the text lacks nothing is told between pins.

    Raises
    ------
    ValueError
        The pins contradict each other.
    """
    everything = Stretch(range(len(transcript.words)), Span(0.0, audio.duration))
    whole = whole or everything
    if not pins and whole == everything:
        return locate(transcript, audio, recognition)
    search = _Search(transcript, audio, recognition, locate)
    return search.located([*pins, *search.sentences(pins, whole)], whole)


@dataclass(frozen=True, slots=True)
class _Search:
    """A transcript, its sound, what an ear made of that, and how a text is found in a sound."""

    transcript: Transcript
    audio: Audio
    recognition: Recognition
    locate: Locate

    def located(self, pins: Sequence[Pin], whole: Stretch) -> Located:
        """When each word of ``whole`` is said, between the pins."""
        fixed = dict(_fixed(pins))
        placements = {word: fixed.get(word, UNSPOKEN) for word in whole.words}
        for stretch in stretches(pins, whole):
            sought = [word for word in stretch.words if word not in fixed]
            if sought and stretch.span.duration >= _LEAST:
                placements |= zip(sought, self._alone(sought, stretch.span), strict=True)
        return Located(tuple(placements[word] for word in whole.words), ())

    def sentences(self, pins: Sequence[Pin], whole: Stretch) -> Iterator[Pin]:
        """Where the sentences of pinned words are, as far as most of their words are found beside these."""
        ends = np.flatnonzero(breaks_after(self.transcript) >= _SENTENCE) + 1
        edges = np.concatenate([[0], ends, [len(self.transcript.words)]]).tolist()
        parts = stretches(pins, whole)
        pinned = {Stretch(pin.words, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span}
        for before, own, after in zip(parts, parts[1:], parts[2:], strict=False):
            if own not in pinned:
                continue
            at = int(np.searchsorted(ends, own.words.start, side="right"))
            words = range(max(before.words.start, edges[at]), min(after.words.stop, edges[at + 1]))
            if words == own.words:
                words = range(own.words.start, min(after.words.stop, edges[at + 2]))
            if words == own.words:  # the words beside it are pinned too
                continue
            start = own.span.start - self._room(range(words.start, own.words.start))
            end = own.span.end + self._room(range(own.words.stop, words.stop))
            room = Stretch(words, Span(max(before.span.start, start), min(after.span.end, end)))
            found = self.located([Pin(PinKind.WORD, own.words, own.span)], room).placements
            said = [(k, each.span) for k, each in zip(words, found, strict=True) if each.status.is_heard and each.span]
            if 2 * len(said) > len(words):
                (first, start_), (last, end_) = said[0], said[-1]
                yield Pin(PinKind.PASSAGE, range(first, last + 1), Span(start_.start, end_.end))

    def _room(self, words: range) -> float:
        letters = sum(len(word.text) for word in self.transcript.words[words.start : words.stop])
        return _LETTER * letters + _PAUSE

    def _alone(self, words: Sequence[int], span: Span) -> Iterator[Placement]:
        """Words sought in a stretch of the sound, as if there were nothing else."""
        part = replace(self.transcript, words=tuple(self.transcript.words[word] for word in words))
        offset = round(span.start / FRAME) * FRAME
        sound, heard = _part_of_sound(self.audio, offset, span.end), _part_of_heard(self.recognition, offset, span)
        return (_moved(each, offset, span) for each in self.locate(part, sound, heard).placements)


def _fixed(pins: Sequence[Pin]) -> Iterator[tuple[int, Placement]]:
    """The words that pins place by themselves, with their placements."""
    for pin in pins:
        if pin.kind is not PinKind.PASSAGE:
            status = Status.EXACT if pin.span else Status.UNSPOKEN
            yield from ((word, Placement(pin.span, status, 1.0, pinned=True)) for word in pin.words)


def _part_of_sound(audio: Audio, offset: float, end: float) -> Audio:
    speech = SpeechSpans(audio.speech).between(offset, end)
    moved = tuple(Span(span.start - offset, span.end - offset) for span in speech)
    return replace(audio, duration=end - offset, speech=moved, kept=None)


def _part_of_heard(recognition: Recognition, offset: float, span: Span) -> Recognition:
    """What was recognised in a span, ``offset`` being its second 0."""
    if recognition.emissions is not None:
        whole = recognition.emissions
        values = whole.values[round(offset / FRAME) : round(span.end / FRAME)]
        return replace(recognition, emissions=Emissions(values, whole.prior))
    inside = (w for w in recognition.words if span.start <= (w.start + w.end) / 2 < span.end)
    moved = (HeardWord(w.text, max(0.0, w.start - offset), w.end - offset, w.probability) for w in inside)
    return replace(recognition, words=tuple(moved))


def _moved(placement: Placement, offset: float, within: Span) -> Placement:
    """The placement in seconds of the episode; unspoken where rounding leaves nothing of it in the stretch."""
    if placement.span is None:
        return placement
    start, end = (
        min(max(time + offset, within.start), within.end) for time in (placement.span.start, placement.span.end)
    )
    return replace(placement, span=Span(start, end)) if start < end else UNSPOKEN
