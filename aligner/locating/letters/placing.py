"""A placement for every word: those that were found, and between them those that were not.

Conventions
-----------
Seconds. A *run* is a maximal stretch of speech words that were not found; its *room* is the sound between the found
word before it and the one after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME
from aligner.locating.letters.finding import Findings
from aligner.locating.letters.sights import HeardLetters
from aligner.model import UNSPOKEN, Audio, Kind, Placement, Span, Status, Transcript
from aligner.normalization import plain
from aligner.spans import Room, Speech, total

_LETTER = 0.05  # seconds that a letter takes, where an episode has too few found words to tell
_ENOUGH_WORDS = 20
_LEAST_WORD = 0.02
_LONGEST_COMPARED = 5_000  # letters, some six minutes of speech; more would have been found


@dataclass(frozen=True, slots=True)
class PlacingOptions:
    """What to do with words that were not found."""

    least_room: float = 0.5  # a run with less room than this share of its natural length is not said
    loose_room: float = 2.5  # with more than this many natural lengths, words stay beside their neighbours ...
    long_run: float = 1.5  # ... or, if they would take this many seconds, are not said: they would have been found
    other_speech: float = 0.4  # letters heard in the room, per letter of such a run, that speak for other words,
    alike: float = 0.55  # unless so large a share of them is the run's; unrelated speech shares 0.45
    evidence: float = 0.3  # confidence of a word that has its place between others, and no more
    beside: float = 0.2  # of one in a loose room


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """All that placing a run looks at; ``letter`` is how long one takes in this episode."""

    speech: Speech
    letters: HeardLetters
    spelled: Sequence[str]
    lengths: NDArray[np.int64]
    letter: float


@dataclass(frozen=True, slots=True)
class _Run:
    """Words that were not found, the found ones around them, and the room between."""

    words: tuple[int, ...]
    room: tuple[float, float]


def place(
    transcript: Transcript,
    findings: Findings,
    spelled: Sequence[str],
    letters: HeardLetters,
    audio: Audio,
    options: PlacingOptions | None = None,
) -> tuple[Placement, ...]:
    """Give every word its time, or say that it is not spoken. Starts never decrease; ends come after starts.

    ``spelled`` are the words' letters.
    """
    options = options or PlacingOptions()
    placements = [_found(findings, k) if findings.found[k] else UNSPOKEN for k in range(len(transcript.words))]
    lengths = np.array([len(word) for word in spelled], np.int64)
    scene = _Scene(Speech(audio.speech), letters, spelled, lengths, _pace(findings, lengths))
    if findings.found.any():
        for run in _runs(transcript, findings, audio.duration):
            for word, placement in _place_run(run, scene, options):
                placements[word] = placement
    return tuple(_in_order(placements, audio.duration))


def _found(findings: Findings, word: int) -> Placement:
    status = Status.EXACT if findings.exact[word] else Status.FUZZY
    start, end = float(findings.starts[word]), float(findings.ends[word])
    return Placement(Span(max(0.0, start), max(0.0, end)), status, float(findings.confidence[word]))


def _pace(findings: Findings, lengths: NDArray[np.int64]) -> float:
    """Seconds a letter takes in this episode."""
    sure = findings.exact & (lengths >= 4)
    if sure.sum() < _ENOUGH_WORDS:
        return _LETTER
    return float(np.median((findings.ends - findings.starts)[sure] / lengths[sure]))


def _runs(transcript: Transcript, findings: Findings, duration: float) -> Iterator[_Run]:
    """Runs in order; words of other kinds neither break a run nor join it."""
    words: list[int] = []
    free = 0.0
    for k, word in enumerate(transcript.words):
        if findings.found[k]:
            if words:
                yield _Run(tuple(words), (free, max(free, float(findings.starts[k]))))
            words, free = [], float(findings.ends[k])
        elif transcript.segments[word.segment].kind is Kind.SPEECH:
            words.append(k)
    if words:
        yield _Run(tuple(words), (free, max(free, duration)))


def _place_run(run: _Run, scene: _Scene, options: PlacingOptions) -> list[tuple[int, Placement]]:
    """Times for the words of ``run``: none if it is not said."""
    start, end = run.room
    lengths = np.maximum(scene.lengths[list(run.words)], 1) * scene.letter
    spans = scene.speech.between(start, end)
    needed, available = float(lengths.sum()), total(spans)
    if available < options.least_room * needed or (needed >= options.long_run and _other(run, scene, options)):
        return []
    if available <= options.loose_room * needed:
        return _spread(run.words, lengths, spans, options.evidence)
    if needed >= options.long_run:
        return []
    return _spread(run.words, lengths, Room(spans).part(0.0, needed), options.beside)


def _other(run: _Run, scene: _Scene, options: PlacingOptions) -> bool:
    """Whether so much else was heard in the room of a run that the run is not said there."""
    from rapidfuzz.distance import LCSseq

    low, high = np.searchsorted(scene.letters.frames, np.array(run.room) / FRAME)
    heard = scene.letters.letters[low:high]
    wanted = plain("".join(scene.spelled[word] for word in run.words))
    if len(heard) < options.other_speech * len(wanted):
        return False
    if max(len(heard), len(wanted)) > _LONGEST_COMPARED:
        return True
    return float(LCSseq.normalized_similarity(wanted, heard)) < options.alike


def _spread(
    words: Sequence[int], lengths: NDArray[np.float64], room: Sequence[Span], confidence: float
) -> list[tuple[int, Placement]]:
    places = Room(room).spread(lengths.tolist())
    return [
        (word, Placement(place, Status.INTERPOLATED, confidence)) for word, place in zip(words, places, strict=True)
    ]


def _in_order(placements: Sequence[Placement], duration: float) -> Iterator[Placement]:
    """Starts never decrease, ends come after starts and, where that leaves them any length, before the next start."""
    timed = [placement.span.start for placement in placements if placement.span]
    latest = max(0.0, duration - _LEAST_WORD)
    starts = np.minimum(np.maximum.accumulate(np.array(timed or [0.0])), latest)
    following = iter([*starts[1:], duration])
    ordered = iter(starts)
    for placement in placements:
        if placement.span is None:
            yield placement
            continue
        start = float(next(ordered))
        end = max(min(placement.span.end, float(next(following))), start + _LEAST_WORD)
        yield replace(placement, span=Span(start, end))
