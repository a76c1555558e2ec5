"""Paths that an earlier search found, so that after a change of the text only the stretches it touched are searched.

Conventions
-----------
A stretch's paths are known by a hash of all that decides them: the letters of its words, the scores of its frames, the
options, and the code of the search itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.letters import paths as paths_code
from aligner.locating.letters import trellis as trellis_code
from aligner.locating.letters.paths import PathOptions, Paths, find_paths, what_sounds, what_spikes
from aligner.locating.letters.stretches import Stretch

_OPINIONS = (what_sounds, what_spikes)
_KEPT = np.dtype([("frames", "<i4", (len(_OPINIONS), 2)), ("gain", "<f4", (len(_OPINIONS),))])  # of each word


class Memory:
    """Paths by what decided them. ``used`` are those that were asked for or found since it was made."""

    def __init__(self, known: Mapping[bytes, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[bytes, bytes] = {}

    @property
    def changed(self) -> bool:
        """Whether something was found that was not known before."""
        return any(self._known.get(key) != found for key, found in self.used.items())

    def recall(self, key: bytes, stretch: Stretch) -> NDArray[np.void] | None:
        """What was kept of a stretch's own words under ``key``, if anything was."""
        kept = self._known.get(key)
        if kept is None or len(kept) != (stretch.last - stretch.first) * _KEPT.itemsize:
            return None
        self.used[key] = kept
        return np.frombuffer(kept, _KEPT)

    def keep(self, key: bytes, found: NDArray[np.void]) -> None:
        self.used[key] = found.tobytes()


def recalled_paths(
    classes: Sequence[Sequence[int]],
    stretches: Sequence[Stretch],
    scores: Emissions,
    options: PathOptions,
    memory: Memory,
) -> tuple[Paths, Paths]:
    """The path of all words by either opinion, what sounds and what spikes; searched for where it is not known."""
    keys = [_key(classes, stretch, scores, options) for stretch in stretches]
    owned = [stretch.words[stretch.first : stretch.last] for stretch in stretches]
    known = [memory.recall(key, stretch) for key, stretch in zip(keys, stretches, strict=True)]
    new = [stretch for stretch, kept in zip(stretches, known, strict=True) if kept is None]
    sounds, spikes = (find_paths(classes, new, opinion, scores, options) for opinion in _OPINIONS)
    for key, own, kept in zip(keys, owned, known, strict=True):
        if kept is None:
            memory.keep(key, _taken((sounds, spikes), own))
        else:
            for k, paths in enumerate((sounds, spikes)):
                paths.frames[own], paths.gain[own] = kept["frames"][:, k], kept["gain"][:, k]
    return sounds, spikes


def _taken(paths: tuple[Paths, ...], words: NDArray[np.int64]) -> NDArray[np.void]:
    found = np.empty(len(words), _KEPT)
    for k, path in enumerate(paths):
        found["frames"][:, k], found["gain"][:, k] = path.frames[words], path.gain[words]
    return found


def _key(classes: Sequence[Sequence[int]], stretch: Stretch, scores: Emissions, options: PathOptions) -> bytes:
    letters = ";".join(",".join(map(str, classes[word])) for word in stretch.words)
    about = f"{_search()} {options!r} {stretch.first} {stretch.last} {letters} {scores.prior.tobytes().hex()}"
    key = hashlib.blake2b(about.encode("ascii"), digest_size=16)
    key.update(stretch.frames.tobytes())
    key.update(scores.values[stretch.frames].tobytes())
    return key.digest()


@cache
def _search() -> str:
    """A hash of the code that finds paths: after a change of it nothing is known any more."""
    files = (Path(str(file)) for file in (__file__, paths_code.__file__, trellis_code.__file__))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=16).hexdigest()
