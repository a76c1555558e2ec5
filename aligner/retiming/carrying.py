"""What was heard of an old sound, carried to the new one, and what is new in that, listened to.

So nothing is listened to twice, neither now nor when words are set right later: what comes of it is kept beside what is
heard of whole sounds (``recognition.before``), and never taken for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from aligner.corrections.repair import Heard
from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.locating.spoken_words import is_latin
from aligner.model import Alignment, Audio, HeardWord, Recognition, Span
from aligner.recognition import RATE, Ear, Progress, examine
from aligner.recognition.before import ears_that_listened, keep_carried
from aligner.recognition.cache import load_audio
from aligner.retiming.matching import Stretch, gaps
from aligner.retiming.moving import Timeline
from aligner.spans import SpeechSpans
from media.kept_sound import KeptSound

if TYPE_CHECKING:
    from aligner.recognition import Samples

_AROUND = 1.0  # seconds before and after in which a detector of speech, and an ear, find their way
_JOINED = 0.02  # seconds


@dataclass(frozen=True, slots=True)
class NewSound:
    """A sound as it was decoded, and ``kept``, if it was. ``warnings`` are what the user should know of it; ``place``
    is where it will be, if not where it is."""

    path: Path
    sha256: str
    duration: float
    warnings: tuple[str, ...] = ()
    kept: KeptSound | None = None
    place: Path | None = None

    def blocks(self, start: float, end: float | None, block: float = 30.0) -> Iterator[tuple[float, Samples]]:
        """Read it from a second to another, or to its end: as it was kept, else decoded again."""
        from media.decode import sound_blocks

        kept = self.kept
        return kept.blocks(start, end, block) if kept else sound_blocks(self.path, RATE, start, end, block)

    def loudness(self, span: Span) -> float:
        """Return the sum of the absolute values of the samples in a span."""
        return sum(float(np.abs(samples).sum()) for _, samples in self.blocks(span.start, span.end))


def carried(
    alignment: Alignment,
    old: Heard | None,
    stretches: Sequence[Stretch],
    sound: NewSound,
    unheard: Sequence[Span],
    progress: Progress,
) -> Heard:
    """What is heard of the new sound: of the ``old`` one what is known, and what lies in its new spans. Where nothing
    is known of the old one, that is all, with the spans ``unheard``, in which words stood."""
    timeline, fresh = Timeline(stretches, sound.duration), gaps([each.new for each in stretches], sound.duration)
    audio = load_audio(sound.path, sound.sha256)
    if audio is None and old is None:
        audio = examine(sound.path, progress)
    elif audio is None and old:
        speech = joined([*_moved_speech(old.audio, timeline), *_speech_in(fresh, sound)])
        audio = Audio(sound.path, sound.sha256, sound.duration, speech, sound.warnings)
    assert audio
    audio = replace(audio, kept=sound.kept)
    ear = _ear_of(alignment)
    wanted = fresh if old else joined([*fresh, *unheard])
    heard = _listened(audio, ear, wanted, progress)
    if old is None:
        return Heard(audio, heard)
    whole = _both(old.recognition, heard, stretches, timeline, audio.duration)
    keep_carried(alignment, audio, whole)
    return Heard(audio, whole)


def _moved_speech(audio: Audio, timeline: Timeline) -> Iterator[Span]:
    return (piece for span in audio.speech for piece in timeline.pieces(span))


def _speech_in(spans: Sequence[Span], sound: NewSound) -> Iterator[Span]:
    """Where someone talks in some spans of a sound, of which no more is decoded."""
    from aligner.recognition.speech import BLOCK, speech_probabilities, speech_spans

    for span in spans:
        first, last = max(0.0, span.start - _AROUND), min(sound.duration, span.end + _AROUND)
        probabilities = speech_probabilities(sound.blocks(first, last, BLOCK))
        found = speech_spans(p for _, block in probabilities for p in block.tolist())
        yield from SpeechSpans([Span(each.start + first, each.end + first) for each in found]).between(
            span.start, span.end
        )


def joined(spans: Iterable[Span], apart: float = _JOINED) -> tuple[Span, ...]:
    """Spans in order, those that are no further ``apart`` as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if found and span.start - found[-1].end <= apart:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def _ear_of(alignment: Alignment) -> Ear:
    """The ear that listened to the old sound; where words were given, one that times what is said."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    *_, ear = [None, *ears_that_listened(alignment)]
    given = LettersEar if is_latin(alignment.transcript) else WordsEar
    return ear or given("base", alignment.language)


def _listened(audio: Audio, ear: Ear, spans: Sequence[Span], progress: Progress) -> Recognition:
    """What an ear makes of some spans of a sound."""
    speech = SpeechSpans(audio.speech)
    parts = (part for span in spans for part in speech.between(span.start - _AROUND, span.end + _AROUND))
    spoken = joined(parts)
    if not spoken:
        return Recognition((), "und")
    return ear.recognise(replace(audio, speech=spoken), progress)


def _both(
    old: Recognition, new: Recognition, stretches: Sequence[Stretch], timeline: Timeline, duration: float
) -> Recognition:
    """What was heard of an old sound where the new one has that, and of the new one elsewhere."""
    if old.emissions is None:
        words = [*_moved_words(old.words, timeline), *_outside(new.words, stretches)]
        return replace(old, words=tuple(sorted(words, key=lambda word: word.start)))
    values, is_known = _moved_values(old.emissions.values, stretches, int(np.ceil(duration / FRAME)))
    if new.emissions is not None:
        fresh = new.emissions.values[: len(values)]
        values[: len(fresh)][~is_known[: len(fresh)]] = fresh[~is_known[: len(fresh)]]
    return replace(old, emissions=Emissions(values, old.emissions.prior))


def _moved_values(
    old: NDArray[np.float16], stretches: Sequence[Stretch], frames: int
) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
    """Emissions moved to the frames nearest in the new sound, and which frames have some."""
    values, is_known = silent_frames(frames), np.zeros(frames, np.bool_)
    for stretch in stretches:
        first, stop = round(stretch.new.start / FRAME), min(frames, round(stretch.new.end / FRAME) + 1)
        there = stretch.old.start + (np.arange(first, stop) * FRAME - stretch.new.start) * stretch.rate
        places = np.round(there / FRAME).astype(np.int64)
        inside = (places >= 0) & (places < len(old))
        values[first:stop][inside] = old[places[inside]]
        is_known[first:stop] |= inside
    return values, is_known


def _moved_words(words: Iterable[HeardWord], timeline: Timeline) -> Iterator[HeardWord]:
    for word in words:
        if span := timeline.word(Span(word.start, word.end)):
            yield replace(word, start=span.start, end=span.end)


def _outside(words: Iterable[HeardWord], stretches: Sequence[Stretch]) -> Iterator[HeardWord]:
    kept = [each.new for each in stretches]
    return (word for word in words if not any(span.start <= (word.start + word.end) / 2 < span.end for span in kept))
