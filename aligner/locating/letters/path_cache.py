"""Paths that an earlier search found, so that after a change of the text only the windows it touched are searched.

Conventions
-----------
A window's paths are known by a hash of all that decides them: the letters of its words, the emissions of its frames,
and the code of the search itself.
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
from aligner.locating.letters import viterbi as viterbi_code
from aligner.locating.letters.paths import Paths, ctc_scores, find_paths, framewise_scores
from aligner.locating.letters.windows import Window

_ENTRY = np.dtype([("frames", "<i4", (2, 2)), ("gain", "<f4", (2,))])  # of each word, by each kind of emissions


class PathCache:
    """Paths by what decided them. ``used`` are those that were asked for or found since it was made."""

    def __init__(self, known: Mapping[bytes, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[bytes, bytes] = {}

    @property
    def changed(self) -> bool:
        """Whether something was found that was not known before."""
        return any(self._known.get(key) != found for key, found in self.used.items())

    def get(self, key: bytes, window: Window) -> NDArray[np.void] | None:
        """What was kept of a window's own words under ``key``, if anything was."""
        kept = self._known.get(key)
        if kept is None or len(kept) != (window.last - window.first) * _ENTRY.itemsize:
            return None
        self.used[key] = kept
        return np.frombuffer(kept, _ENTRY)

    def put(self, key: bytes, found: NDArray[np.void]) -> None:
        self.used[key] = found.tobytes()


def cached_paths(
    classes: Sequence[Sequence[int]], windows: Sequence[Window], emissions: Emissions, cache: PathCache
) -> Paths:
    """The path of all words by either kind of emissions; searched for where it is not known."""
    keys = [_key(classes, window, emissions) for window in windows]
    owned = [window.words[window.first : window.last] for window in windows]
    known = [cache.get(key, window) for key, window in zip(keys, windows, strict=True)]
    new = [window for window, kept in zip(windows, known, strict=True) if kept is None]
    paths = Paths(*(find_paths(classes, new, scorer, emissions) for scorer in (framewise_scores, ctc_scores)))
    for key, own, kept in zip(keys, owned, known, strict=True):
        if kept is None:
            cache.put(key, _entry(paths, own))
        else:
            for k, path in enumerate(paths):
                path.frames[own], path.gain[own] = kept["frames"][:, k], kept["gain"][:, k]
    return paths


def _entry(paths: Paths, words: NDArray[np.int64]) -> NDArray[np.void]:
    entry = np.empty(len(words), _ENTRY)
    for k, path in enumerate(paths):
        entry["frames"][:, k], entry["gain"][:, k] = path.frames[words], path.gain[words]
    return entry


def _key(classes: Sequence[Sequence[int]], window: Window, emissions: Emissions) -> bytes:
    letters = ";".join(",".join(map(str, classes[word])) for word in window.words)
    about = f"{_code()} {window.first} {window.last} {letters} {emissions.prior.tobytes().hex()}"
    key = hashlib.blake2b(about.encode("ascii"), digest_size=16)
    key.update(window.heard.tobytes())
    key.update(window.frames.tobytes())
    key.update(emissions.values[window.frames].tobytes())
    return key.digest()


@cache
def _code() -> str:
    """A hash of the code that finds paths: after a change of it nothing is known any more."""
    files = (Path(str(file)) for file in (__file__, paths_code.__file__, viterbi_code.__file__))
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=16).hexdigest()
