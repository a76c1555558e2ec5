"""Which sounds are one recording in several encodings, as a master lies beside what is published: told by the sound.

Only sounds that are as long as each other are compared, by fingerprints (``media.fingerprint``) of two stretches of
each, which a child with limits decodes; a sound at most once while it stays as it is. Where these agree, so must others
all over the sounds: two may share a jingle, or an hour of which something was said anew.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import numpy as np

from aligner.storage.file_states import until_changed
from media.errors import UserError
from media.fingerprint import FINE_MS, HOP_MS, Fingerprint, fingerprint_of
from web.archive.pairing.items import File, Sound
from web.bounded import call
from web.errors import WebError
from web.library.sent_files import look_at

AS_LONG = 0.3  # seconds by which stated lengths may differ: encoders add up to 0.1 of silence
_LONGEST, _FURTHER = 15.0, 5.0  # seconds of a stretch, and of each of the others
_FEWEST, _MOST, _EVERY = 16, 40, 150.0  # of the others; seconds from one to the next
_MOST_APART = 150 // FINE_MS  # fine hops by which an encoder may move the sound
_FINER, _BITS = HOP_MS // FINE_MS, 32
_LEAST_TOLD = 20  # hops of a stretch, in which other sounds have no less than 0.4 of wrong bits
_LEAST_TOLD_OF_ALL = 40
_MOST_WRONG = 0.3  # share of bits; real voices in twelve encodings have 0.21 and less, other voices 0.44 and more
_LARGE = frozenset([".wav", ".aif", ".aiff", ".flac", ".mp4", ".mov", ".mkv", ".avi", ".webm"])  # masters, videos
_AT_HAND, _FURTHER_AT_HAND = 16_384, 64  # sounds


@dataclass(frozen=True, slots=True)
class Copy:
    """A sound that is another one, ``of``, in another encoding; ``folder`` is the name of that of the episode which has
    it, where that is known."""

    sound: Sound
    of: Sound
    folder: str | None = None


Once = Callable[[Sequence[Sound]], tuple[tuple[Sound, ...], tuple[Copy, ...]]]
"""Tells sounds that stay from those that are one of them in another encoding."""


def once(
    sounds: Sequence[Sound], is_kept: Callable[[Sound], bool] = lambda _: False
) -> tuple[tuple[Sound, ...], tuple[Copy, ...]]:
    """The sounds without those that are another of them in another encoding, and these. One that ``is_kept`` is never
    left out; else that stays which is published: compressed, and of several the largest. It has what the others tell
    of it too."""
    kept, of = list[Sound](), dict[str, Sound]()  # by their lengths; by the key of the copy
    known = {sound.key: sound for sound in sounds if sound.file and sound.clues.length}
    for sound in sorted(known.values(), key=lambda each: (not is_kept(each), *_weight(each))):
        first = bisect_left(kept, _length(sound) - AS_LONG, key=_length)
        near = kept[first : bisect_right(kept, _length(sound) + AS_LONG, key=_length)]
        path, is_own = _file(sound).path, is_kept(sound)
        if not is_own and (same := next((each for each in near if are_alike(_file(each).path, path)), None)):
            of[sound.key] = same
        else:
            insort(kept, sound, key=_length)
    copies, copied = list[Copy](), defaultdict[str, list[Sound]](list)
    for sound in sounds:
        if same := of.get(sound.key):
            copies.append(Copy(sound, same))
            copied[same.key].append(sound)
    left = [sound for sound in sounds if sound.key not in of]
    return tuple(reduce(_told_by, copied[sound.key], sound) for sound in left), tuple(copies)


def _told_by(sound: Sound, copy: Sound) -> Sound:
    """A sound with what a copy tells of it too: its names, where it lies, and the folder that it may have to itself."""
    mine, other = sound.clues, copy.clues
    clues = replace(
        mine,
        names=tuple(dict.fromkeys((*mine.names, *other.names))),
        titles=tuple(dict.fromkeys((*mine.titles, *other.titles))),
        told=mine.told.over(other.told),
        show=mine.show or other.show,
        date=mine.date or other.date,
        said=tuple(sorted({*mine.said, *other.said})),
    )
    is_alone = copy.alone and not sound.alone
    told = replace(sound, clues=clues, folder=copy.folder if is_alone else sound.folder, alone=sound.alone or is_alone)
    return told.lying_also(sound, copy)


def _weight(sound: Sound) -> tuple[bool, int]:
    size = _file(sound).size
    is_large = _file(sound).path.suffix.lower() in _LARGE
    return is_large, size if is_large else -size


def _length(sound: Sound) -> float:
    return sound.clues.length or 0.0


def _file(sound: Sound) -> File:
    assert sound.file
    return sound.file


def duration_of(path: Path) -> float | None:
    """Seconds of a sound as its header has it; None where that says nothing, or cannot be read."""
    with contextlib.suppress(UserError, WebError, OSError):
        return look_at(path).duration
    return None


def are_alike(one: Path, other: Path) -> bool:
    """Whether two sounds that are as long as each other are alike in each stretch that tells something."""
    with contextlib.suppress(OSError):  # one is gone meanwhile
        told = [(count, wrong) for count, wrong in likenesses(one, other) if count >= _LEAST_TOLD]
        if sum(count for count, _ in told) >= _LEAST_TOLD_OF_ALL and all(wrong <= _MOST_WRONG for _, wrong in told):
            others = likenesses(one, other, others_of)
            return all(wrong <= _MOST_WRONG for count, wrong in others if count >= _LEAST_TOLD)
    return False


def is_another(one: Path, other: Path) -> bool:
    """Whether a sound is surely no version of one, neither cut otherwise nor encoded anew: too little is in it of what
    is heard in that. No where either is silent, cannot be decoded, or takes too long."""
    try:
        return call(_is_another, one, other)
    except (UserError, WebError, OSError):
        return False


def _is_another(one: Path, other: Path) -> bool:
    from aligner.errors import AnotherEpisodeError
    from aligner.retiming.matching import stretches
    from media.decode import sound_blocks

    mine, its = fingerprint_of(sound_blocks(one)), fingerprint_of(sound_blocks(other), FINE_MS)
    if not (mine.tells.any() and its.tells.any()):
        return False
    try:
        stretches(mine, its, lambda start, end: sound_blocks(other, start=start, end=end))
    except AnotherEpisodeError:
        return True
    return False


def likenesses(
    one: Path, other: Path, stretches_of: Callable[[Path], tuple[_Stretch, ...]] | None = None
) -> Iterator[tuple[int, float]]:
    """Of each stretch of two sounds, the two of each unless others are named, how many hops tell something of both, and
    the share of their bits that is wrong, where one lies on the other so that it is least; nothing where one cannot be
    decoded.

    Raises
    ------
    OSError
        One is not there.
    """
    of = stretches_of or _stretches
    yield from (_likeness(*pair) for pair in zip(of(one), of(other), strict=False))


def _likeness(one: _Stretch, other: _Stretch) -> tuple[int, float]:
    mine, its = one.fingerprint, other.fingerprint
    if not len(its.bits):
        return 0, 1.0
    k = np.flatnonzero(mine.tells[::_FINER]) * _FINER
    i = k + (one.first - other.first) * _FINER + np.arange(-_MOST_APART, _MOST_APART + 1)[:, None]
    inside = (i >= 0) & (i < len(its.bits))
    i[~inside] = 0
    told = inside & its.tells[i]
    counts = told.sum(axis=1)
    wrong = (np.bitwise_count(mine.bits[k] ^ its.bits[i]) * told).sum(axis=1)
    shares = np.where(counts >= _LEAST_TOLD, wrong / (_BITS * np.maximum(counts, 1)), 1.0)
    best = int(shares.argmin())
    return int(counts[best]), float(shares[best])


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """The fine ``fingerprint`` of a stretch of a sound, and which hop of a kept one is its ``first``."""

    first: int
    fingerprint: Fingerprint


@until_changed(_AT_HAND)
def _stretches(path: Path) -> tuple[_Stretch, ...]:
    """Two stretches of a sound, all of it where it is short; none where it cannot be decoded."""
    try:
        return call(_decoded, path)
    except (UserError, WebError, OSError):
        return ()


@until_changed(_FURTHER_AT_HAND)
def others_of(path: Path) -> tuple[_Stretch, ...]:
    """Others all over a sound, all of it where it is short; none where it cannot be decoded."""
    try:
        return call(_decoded, path, _FURTHER, True)
    except (UserError, WebError, OSError):
        return ()


def _decoded(path: Path, longest: float = _LONGEST, is_all_over: bool = False) -> tuple[_Stretch, ...]:
    from media.container import stated_duration
    from media.decode import sound_blocks

    length = stated_duration(path) or 0.0
    many = min(max(_FEWEST, round(length / _EVERY)), _MOST, max(1, int(length / longest)))
    count = many if is_all_over else 2
    seconds, stretches = min(longest, length / count), list[_Stretch]()
    for k in range(count):
        middle = length * (2 * k + 1) / (2 * count)
        first = round((middle - seconds / 2) * 1000 / HOP_MS)
        start = first * HOP_MS / 1000
        blocks = sound_blocks(path, start=start, end=start + seconds)
        stretches.append(_Stretch(first, fingerprint_of(blocks, FINE_MS)))
    return tuple(stretches)
