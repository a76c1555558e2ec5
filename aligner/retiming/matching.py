"""Which stretches of a new sound are the old one.

Conventions
-----------
- Times are seconds of decoded sound, an encoder's delay being part of what was moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from media.fingerprint import FINE_MS, Fingerprint, fingerprint_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aligner.retiming.lines import Line, Run

    Samples = NDArray[np.float32]
    Blocks = Sequence[tuple[float, Samples]]

Sound = Callable[[float, float | None], "Iterator[tuple[float, Samples]]"]
"""Gives the blocks of a sound at 16 kHz from a second to another, or to its end, as often as it is asked."""

_SAME_EPISODE = 0.4  # of what is heard in the old sound
_PITCHES = (1.02, 0.98, 1.01, 0.99, 1.04, 0.96, 1.03, 0.97)  # tried where too little is found; the pace tells more
_TRIED_SECONDS, _TRIED_AT = 20.0, (0.2, 0.5, 0.8)
_OTHER_PITCH = 0.001  # a pace that is further from that of the old sound may come with another pitch
_LEAST_SEEDS = 20
_MOST_FASTER_PERCENT = 5  # of audio that runs at still another pace hardly a seed is found
_RATE = 16000  # samples a second
_LEAST_GAP = 0.1  # seconds; less between two stretches is how exactly their edges are known
_SAME_MOMENT = 3.0  # hops: lines that lie no further apart in the old sound meet where something was inserted
_SEAM_HOPS, _UNTOLD_HOPS = 8, 2  # on either side of an insertion that are joined, and whose frames reach beyond these
_SEAM_REACH = 20  # hops of the new sound, 0.16 s, by which a line's edge may be off


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the ``old`` sound and where it is in the ``new`` one; in between, time runs evenly."""

    old: Span
    new: Span

    @property
    def rate(self) -> float:
        """Seconds of the old sound in a second of the new one: above 1 where that is faster."""
        return self.old.duration / self.new.duration

    def moved(self, seconds: float) -> float:
        """Where a moment of the old sound is in the new one."""
        return self.new.start + (seconds - self.old.start) / self.rate


def stretches(old: Fingerprint, new: Fingerprint, sound: Sound) -> tuple[Stretch, ...]:
    """The stretches of a new ``sound``, whose fine fingerprint is ``new``, that are the old one, in order of the new
    one; none share any sound.

    A passage that was moved breaks the order of the old sound. What lies between two of them is new there, or dropped
    here. Pieces of less than some two seconds are not found by themselves.

    Raises AnotherEpisodeError: too little of the old sound is in it, or it is more than 5% faster or slower;
    MediaError: the new one cannot be decoded.
    """
    from aligner.retiming.lines import lines

    pitch, new, runs = _matched(old, new, sound)
    share = _share(old, runs)
    if share < _SAME_EPISODE:
        raise AnotherEpisodeError(
            "the new sound is another episode: {share:.0f}% of the old one is in it; expected another version of it, "
            "at most {most}% faster or slower",
            share=100 * share,
            most=_MOST_FASTER_PERCENT,
        )
    return tuple(
        Stretch(
            Span(line.first * old.hop, line.last * old.hop),
            Span(line.at(line.first) * new.hop, line.at(line.last) * new.hop),
        )
        for line in _with_seams(old, lines(old, new, runs), sound, pitch)
    )


def gaps(spans: Iterable[Span], duration: float) -> list[Span]:
    """Return what of a sound is in none of the spans, in order."""
    in_order = sorted(spans, key=lambda span: span.start)
    edges = [0.0, *(edge for span in in_order for edge in (span.start, span.end)), duration]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(start, end) for start, end in pairs if end - start >= _LEAST_GAP]


def _with_seams(old: Fingerprint, lines: Sequence[Line], sound: Sound, pitch: float) -> list[Line]:
    """Return the lines, in order of the new audio, that meet where something was inserted, to some 10 ms."""
    found = sorted(lines, key=lambda line: line.first)
    for index in range(len(found) - 1):
        before, after = found[index : index + 2]
        inserted = (after.at(after.first) - before.at(before.last)) * FINE_MS / 1000
        if after.first - before.last < _SAME_MOMENT and abs(inserted) > _LEAST_GAP:
            seam = _seam(old, before, after, sound, pitch)
            found[index : index + 2] = replace(before, last=seam), replace(after, first=seam)
    return sorted(found, key=lambda line: line.at(line.first))


def _seam(old: Fingerprint, before: Line, after: Line, sound: Sound, pitch: float) -> float:
    """Return the hop of the old audio at which something was inserted.

    The new audio has both halves of the old one around that moment. They are joined at each moment that it may be:
    where it is, the fingerprint of both is the most like that of the old audio.
    """
    import numpy as np

    from aligner.retiming.lines import BITS, wrong_bits

    middle = (before.last + after.first) / 2
    first = round(middle) - _SEAM_HOPS
    halves = []
    for line in (before, after):
        start, end = line.at(first) * FINE_MS / 1000, line.at(first + 2 * _SEAM_HOPS) * FINE_MS / 1000
        if start < 0:
            return middle
        halves.append(np.concatenate([np.zeros(0, np.float32), *(samples for _, samples in sound(start, end))]))
    k = np.arange(first + _UNTOLD_HOPS, first + 2 * _SEAM_HOPS - _UNTOLD_HOPS)
    i = np.rint((k - first) * before.pace).astype(np.int64)
    wrong: dict[float, int] = {}
    for by in sorted(range(-_SEAM_REACH, _SEAM_REACH + 1), key=abs):
        seam = middle + by / before.pace
        at = round((seam - first) * before.pace * FINE_MS * _RATE / 1000)
        joined = fingerprint_of([(0.0, np.concatenate([halves[0][:at], halves[1][at:]]))], FINE_MS, pitch)
        differing, sides = wrong_bits(old, joined, k, i)
        wrong[seam] = int(differing[sides == 2].sum() + BITS / 2 * (sides == 1).sum())
    return min(wrong, key=lambda seam: wrong[seam])


def _matched(old: Fingerprint, new: Fingerprint, sound: Sound) -> tuple[float, Fingerprint, list[Run]]:
    """How much higher the new sound is taken to be, so that it is the most like the old one; its fingerprint then, and
    the runs in it."""
    if not (old.tells.any() and new.tells.any()):
        return 1.0, new, []
    pace, runs = _runs(old, new)
    pitch = 1 / pace
    if _share(old, runs) < _SAME_EPISODE:
        starts = [max(0.0, share * new.duration - _TRIED_SECONDS / 2) for share in _TRIED_AT]
        pieces = [list(sound(start, min(new.duration, start + _TRIED_SECONDS))) for start in starts]
        count, likely = max((_seeds_in(pieces, old, pitch), pitch) for pitch in _PITCHES)
        pitch = likely if count > _LEAST_SEEDS else 1.0
    if abs(pitch - 1) >= _OTHER_PITCH:
        other = fingerprint_of(sound(0.0, None), FINE_MS, pitch)
        _, others = _runs(old, other)
        if _gain(others) > _gain(runs):
            return pitch, other, others
    return 1.0, new, runs


def _runs(old: Fingerprint, new: Fingerprint) -> tuple[float, list[Run]]:
    """How much of the new sound's time passes in that of the old one, and the runs."""
    from aligner.retiming.lines import FINER, chosen, pace_of, runs, seeds

    k, i = seeds(old, new)
    pace = pace_of(k, i)
    return pace / FINER, chosen(runs(old, new, k, i, pace))


def _seeds_in(pieces: Sequence[Blocks], old: Fingerprint, pitch: float) -> int:
    """Return how many seeds pieces have that are so much higher than the old audio."""
    from aligner.retiming.lines import seeds

    return sum(len(seeds(old, fingerprint_of(piece, FINE_MS, pitch))[0]) for piece in pieces)


def _gain(runs: list[Run]) -> float:
    return sum(run.gain for run in runs)


def _share(old: Fingerprint, runs: list[Run]) -> float:
    """How much of what is heard in the old sound is in the runs."""
    heard = int(old.tells.sum())
    return sum(int(old.tells[run.first : run.last].sum()) for run in runs) / heard if heard else 0.0
