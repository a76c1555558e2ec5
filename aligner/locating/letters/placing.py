"""A placement for every word: those that were found, and between them those that were not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.gaps import Gap, find_gaps, in_order, share_out, similarity
from aligner.locating.letters.anchors import DecodedLetters
from aligner.locating.letters.scoring import Findings
from aligner.model import UNSPOKEN, Audio, Placement, Span, Status, Transcript
from aligner.normalization import unaccented
from aligner.spans import JoinedSpans, SpeechSpans, total

_LETTER = 0.05  # seconds that a letter takes, where an episode has too few found words to tell
_ENOUGH_WORDS = 20

# What to do with words that were not found.
_LEAST_ROOM = 0.5  # a gap with less room than this share of its natural length is not said
_LOOSE_ROOM = 2.5  # with more than this many natural lengths, words stay beside their neighbours ...
_LONG_GAP = 1.5  # ... or, if they would take this many seconds, are not said: they would have been found
_OTHER_SPEECH = 0.4  # letters heard in the room, per letter of such a gap, that speak for other words,
_ALIKE = 0.55  # unless so large a share of them is the gap's; unrelated speech shares 0.45
_SENTENCE = 2  # what ends one
_LIKELY = 0.1  # that a word starts: where the head hears one, though not which; where it hears none it is 0.01
_LEAST_VOICE = 0.1  # seconds before the next word
_TAIL = 0.3  # seconds of speech that a detector hears after a word has ended


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was heard of a text; ``spelled`` are its words' letters, ``breaks`` as of ``spoken_words.breaks_after``,
    ``pace`` the seconds that a letter takes."""

    audio: Audio
    emissions: Emissions
    decoded: DecodedLetters
    spelled: Sequence[str]
    breaks: NDArray[np.int64]
    pace: float


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """All that filling a gap looks at; ``lengths`` are the words' numbers of letters, ``starts`` how likely a word
    starts in each frame."""

    heard: Evidence
    placements: Sequence[Placement]
    speech: SpeechSpans
    lengths: NDArray[np.int64]
    starts: NDArray[np.float32]


def place(transcript: Transcript, findings: Findings, heard: Evidence) -> tuple[Placement, ...]:
    """Give every word its time, or say that it is not spoken. Starts never decrease; ends come after starts. How sure
    that is depends on all of them (``confidence``): here found words have their score, and others nothing."""
    placements = [_found(findings, k) if findings.found[k] else UNSPOKEN for k in range(len(transcript.words))]
    lengths = np.array([len(word) for word in heard.spelled], np.int64)
    starts = np.exp(np.asarray(heard.emissions.starts, np.float32))
    scene = _Scene(heard, tuple(placements), SpeechSpans(heard.audio.speech), lengths, starts)
    for gap in find_gaps(transcript, placements):
        for word, placement in _filled(gap, scene):
            placements[word] = placement
    return in_order(placements, heard.audio.duration)


def _found(findings: Findings, word: int) -> Placement:
    status = Status.EXACT if findings.exact[word] else Status.FUZZY
    start, end = float(findings.starts[word]), float(findings.ends[word])
    return Placement(Span(max(0.0, start), max(0.0, end)), status, float(findings.score[word]))


def pace_of(findings: Findings, lengths: NDArray[np.int64]) -> float:
    """Seconds a letter takes in this episode; ``lengths`` are the words' numbers of letters."""
    sure = findings.exact & (lengths >= 4)
    if sure.sum() < _ENOUGH_WORDS:
        return _LETTER
    paces = np.sort((findings.ends - findings.starts)[sure] / lengths[sure])
    return float(paces[(len(paces) - 1) // 2] + paces[len(paces) // 2]) / 2  # np.median would load masked arrays


def _filled(gap: Gap, scene: _Scene) -> Iterable[tuple[int, Placement]]:
    """Times for the words of a gap: none if it is not said."""
    start, end = _edges(gap, scene)
    lengths = np.maximum(scene.lengths[list(gap.words)], 1) * scene.heard.pace
    room = scene.speech.between(start, end)
    needed, available = float(lengths.sum()), total(room)
    if available < _LEAST_ROOM * needed or (needed >= _LONG_GAP and _is_other(gap, start, end, scene)):
        return ()
    if available <= _LOOSE_ROOM * needed:
        return share_out(room, gap.words, lengths.tolist())
    if needed >= _LONG_GAP:
        return ()
    return _beside_neighbours(gap, start, end, lengths, scene)


def _beside_neighbours(
    gap: Gap, start: float, end: float, lengths: NDArray[np.float64], scene: _Scene
) -> Iterable[tuple[int, Placement]]:
    """Times for the words of a gap in much more room: those that begin the sentence of the word after it lead on to
    that one, the others follow the word before."""
    leading = _leading(gap, scene.heard.breaks)
    follow, lead = gap.words[: len(gap.words) - leading], gap.words[len(gap.words) - leading :]
    after, before = lengths[: len(follow)], lengths[len(follow) :]
    if follow:
        voice = _voice(start, end, scene)
        yield from share_out(JoinedSpans(voice).part(0.0, float(after.sum())), follow, after.tolist())
    if lead:
        room = JoinedSpans(scene.speech.between(start, end))
        part = room.part(room.size - float(before.sum()), room.size)
        yield from share_out(part, lead, before.tolist())


def _leading(gap: Gap, breaks: NDArray[np.int64]) -> int:
    """How many of a gap's last words are of one sentence with the word after it, if that begins in the gap."""
    if gap.before is None:
        return len(gap.words)
    ends = np.flatnonzero(breaks[[gap.before, *gap.words]] >= _SENTENCE)
    return len(gap.words) - int(ends[-1]) if len(ends) and gap.after is not None else 0


def _voice(start: float, end: float, scene: _Scene) -> list[Span]:
    """The speech of a room from where a word is heard to begin in it, if one is; else without what only the word before
    may be drawn out to."""
    first, last = int(start / FRAME) + 1, int((end - _LEAST_VOICE) / FRAME)
    starts = scene.starts[first:last]
    if len(starts) and starts.max() >= _LIKELY:
        later = scene.speech.between((first + int(starts.argmax())) * FRAME, end)
        if total(later) >= _LEAST_VOICE:
            return later
    room = scene.speech.between(start, end)
    return room[1:] if len(room) > 1 and room[0].start == start and room[0].duration < _TAIL else room


def _edges(gap: Gap, scene: _Scene) -> tuple[float, float]:
    """Where the word before a gap ends and the one after it starts."""
    before = scene.placements[gap.before].span if gap.before is not None else None
    after = scene.placements[gap.after].span if gap.after is not None else None
    start = before.end if before else 0.0
    return start, max(start, after.start if after else scene.heard.audio.duration)


def _is_other(gap: Gap, start: float, end: float, scene: _Scene) -> bool:
    """Whether so much else was heard in the room of a gap that its words are not said there."""
    low, high = np.searchsorted(scene.heard.decoded.frames, np.array([start, end]) / FRAME)
    said = scene.heard.decoded.letters[low:high]
    wanted = unaccented("".join(scene.heard.spelled[word] for word in gap.words))
    return len(said) >= _OTHER_SPEECH * len(wanted) and similarity(wanted, said) < _ALIKE
