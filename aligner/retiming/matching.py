"""Find which spans of new audio contain passages of the old audio. Times are seconds of decoded audio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from aligner.retiming.lines import BITS, FINER, Line, Run, lines, matched_runs, seeds, wrong_bits
from aligner.retiming.moving import LEAST_GAP, MatchedSpan
from media.fingerprint import FINE_MS, Fingerprint, fingerprint_of

Samples = NDArray[np.float32]
ReadAudio = Callable[[float, float | None], Iterator[tuple[float, Samples]]]
"""Decodes audio at 16 kHz from a second to another, or to its end, in blocks of a time and samples."""

_SAME_EPISODE = 0.4  # share of the old audio that must be found
_PITCHES = (1.01, 0.99, 1.02, 0.98, 1.04, 0.96, 1.03, 0.97)  # tried if too little is found
_TRIED_SECONDS, _TRIED_AT = 10.0, np.linspace(0.05, 0.95, 12)
_OTHER_PITCH = 0.001  # a pace that differs by more may come with another pitch
_USUAL_LEVEL, _QUIETER = 0.06, 2.0  # root mean square of audio; it is amplified if that needs a larger factor
_MANY_SEEDS, _MOST_TRIED = 20, 3  # seeds that make a pitch certain, and how many pitches are tried otherwise
_LITTLE = 0.9  # share of the old audio below which another pitch is tried
_MOST_FASTER_PERCENT = 5  # beyond that hardly any seed is found
_RATE = 16000  # samples a second
_SAME_MOMENT = 3.0  # hops: lines no further apart in the old audio meet where something was inserted
_SEAM_HOPS = 8  # hops joined on either side of an insertion
_UNKNOWN_HOPS = 2  # of them at the ends, without a full frame
_SEAM_REACH = 20  # new hops, 0.16 s, by which a line's edge may be off


def match_audio(old: Fingerprint, new: Fingerprint, read: ReadAudio) -> tuple[MatchedSpan, ...]:
    """Return the spans that two recordings share, in order of the new audio. They do not overlap.

    ``new`` is the fingerprint of the new audio with hops of ``FINE_MS``; ``read`` decodes the new audio. Passages that
    were moved are found too, if they last about two seconds; one suffices for a passage in order.

    Raises AnotherEpisodeError if too little of the old audio is found, or the new audio is more than 5 % faster or
    slower; MediaError if the new audio cannot be decoded.
    """
    pieces = _pieces(new, read)
    louder = _USUAL_LEVEL / max(1e-6, float(np.sqrt(np.square(np.concatenate([np.zeros(1), *pieces])).mean())))
    if louder > _QUIETER:
        read, pieces = partial(_amplified, read, louder), [piece * louder for piece in pieces]
        new = fingerprint_of(read(0.0, None), FINE_MS)
    pitch, new, found = _best_match(old, new, read, pieces)
    share = _share(old, found)
    if share < _SAME_EPISODE:
        raise AnotherEpisodeError(
            "the new audio is another episode: it has only {share:.0f}% of the old audio; give another version, at "
            "most {most}% faster or slower",
            share=100 * share,
            most=_MOST_FASTER_PERCENT,
        )
    return tuple(
        MatchedSpan(
            Span(line.first * old.hop, line.last * old.hop),
            Span(line.at(line.first) * new.hop, line.at(line.last) * new.hop),
        )
        for line in _with_seams(old, lines(old, new, found), read, pitch)
    )


def _with_seams(old: Fingerprint, found: Sequence[Line], read: ReadAudio, pitch: float) -> list[Line]:
    """Return all lines (maps from old to new times) in order of the new audio, with their ends moved to the seams: the
    places where audio was inserted, found to within 10 ms."""
    by_old = sorted(found, key=lambda line: line.first)
    for index in range(len(by_old) - 1):
        one, other = by_old[index : index + 2]
        inserted = (other.at(other.first) - one.at(one.last)) * FINE_MS / 1000
        if other.first - one.last < _SAME_MOMENT and abs(inserted) > LEAST_GAP:
            seam = _seam(old, one, other, read, pitch)
            by_old[index : index + 2] = replace(one, last=seam), replace(other, first=seam)
    return sorted(by_old, key=lambda line: line.at(line.first))


def _seam(old: Fingerprint, before: Line, after: Line, read: ReadAudio, pitch: float) -> float:
    """Return the seam between two lines: the hop of the old audio at which audio was inserted.

    Each hop nearby is tried: an insertion at this hop is removed from the new audio. At the right hop, what remains has
    the fingerprint most similar to the old one. ``pitch`` is the change of pitch.
    """
    middle = (before.last + after.first) / 2
    first = round(middle) - _SEAM_HOPS
    halves = []
    for line in (before, after):
        start, end = line.at(first) * FINE_MS / 1000, line.at(first + 2 * _SEAM_HOPS) * FINE_MS / 1000
        if start < 0:
            return middle
        halves.append(np.concatenate([np.zeros(0, np.float32), *(samples for _, samples in read(start, end))]))
    k = np.arange(first + _UNKNOWN_HOPS, first + 2 * _SEAM_HOPS - _UNKNOWN_HOPS)
    i = np.rint((k - first) * before.pace).astype(np.int64)
    wrong: dict[float, int] = {}
    for by in sorted(range(-_SEAM_REACH, _SEAM_REACH + 1), key=abs):
        seam = middle + by / before.pace
        at = round((seam - first) * before.pace * FINE_MS * _RATE / 1000)
        joined = fingerprint_of([(0.0, np.concatenate([halves[0][:at], halves[1][at:]]))], FINE_MS, pitch)
        differing, sides = wrong_bits(old, joined, k, i)
        wrong[seam] = int(differing[sides == 2].sum() + BITS / 2 * (sides == 1).sum())
    return min(wrong, key=lambda seam: wrong[seam])


def _pieces(new: Fingerprint, read: ReadAudio) -> list[Samples]:
    """Return a few short pieces of the new audio."""
    starts = _TRIED_AT * max(0.0, new.duration - _TRIED_SECONDS)
    return [samples for start in starts for _, samples in read(start, min(new.duration, start + _TRIED_SECONDS))]


def _amplified(read: ReadAudio, louder: float, start: float, end: float | None) -> Iterator[tuple[float, Samples]]:
    for at, samples in read(start, end):
        yield at, samples * np.float32(louder)


def _best_match(
    old: Fingerprint, new: Fingerprint, read: ReadAudio, pieces: Sequence[Samples]
) -> tuple[float, Fingerprint, list[Run]]:
    """Return the change of pitch (1.0 for none) at which the new audio matches best, the fingerprint of the new audio
    computed for this change, and the matching runs."""
    pace, found = matched_runs(old, new, FINER)
    pitches = [1 / pace]
    if _share(old, found) < _LITTLE:
        blocks = [(0.0, piece) for piece in pieces]
        counts = {pitch: len(seeds(old, fingerprint_of(blocks, FINE_MS, pitch))[0]) for pitch in (1.0, *_PITCHES)}
        likely = sorted(filter(counts.get, counts), key=lambda pitch: -counts[pitch])
        pitches += likely[: 1 if max(counts.values()) > _MANY_SEEDS else _MOST_TRIED]
    best = 1.0, new, found
    for pitch in set(pitches):
        if abs(pitch - 1) >= _OTHER_PITCH:
            other = fingerprint_of(read(0.0, None), FINE_MS, pitch)
            _, others = matched_runs(old, other, FINER / pitch)
            if sum(run.gain for run in others) > sum(run.gain for run in best[2]):
                best = pitch, other, others
    return best


def _share(old: Fingerprint, found: list[Run]) -> float:
    """Return the share of the old audio (0 to 1) that the runs cover; silence does not count."""
    audible = int(old.is_informative.sum())
    covered = sum(int(old.is_informative[run.first : run.last].sum()) for run in found)
    return covered / audible if audible else 0.0
