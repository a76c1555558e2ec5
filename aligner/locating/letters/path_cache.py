"""The paths of windows that an earlier search found, so that only the windows that a change touched are searched.

Conventions
-----------
A window's paths are known by all that decides them: the letters of its words, its place in the emissions, these as a
whole, and the code of the search itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.content_cache import ContentCache, code_of, content_key
from aligner.emissions import Emissions
from aligner.locating.letters import paths as paths_code
from aligner.locating.letters import viterbi as viterbi_code
from aligner.locating.letters.paths import Paths, ctc_scores, find_paths, framewise_scores
from aligner.locating.letters.windows import Window

_ENTRY = np.dtype([("frames", "<i4", (2, 2)), ("gain", "<f4", (2,))])  # of each word, by each kind of emissions


def cached_paths(
    classes: Sequence[Sequence[int]], windows: Sequence[Window], emissions: Emissions, cache: ContentCache
) -> Paths:
    """The path of all words by either kind of emissions; searched for where it is not known."""
    heard = _digest(emissions)
    keys = [_key(classes, window, heard) for window in windows]
    owned = [window.words[window.first : window.last] for window in windows]
    known = [cache.get(key) for key in keys]
    new = [window for window, kept in zip(windows, known, strict=True) if kept is None]
    paths = Paths(*find_paths(classes, new, (framewise_scores, ctc_scores), emissions))
    for key, own, kept in zip(keys, owned, known, strict=True):
        if kept is None:
            cache.put(key, _entry(paths, own).tobytes())
        else:
            entry = np.frombuffer(kept, _ENTRY)
            for k, path in enumerate(paths):
                path.frames[own], path.gain[own] = entry["frames"][:, k], entry["gain"][:, k]
    return paths


def _entry(paths: Paths, words: NDArray[np.int64]) -> NDArray[np.void]:
    entry = np.empty(len(words), _ENTRY)
    for k, path in enumerate(paths):
        entry["frames"][:, k], entry["gain"][:, k] = path.frames[words], path.gain[words]
    return entry


def _digest(emissions: Emissions) -> bytes:
    digest = hashlib.sha256(emissions.prior.tobytes())
    digest.update(np.ascontiguousarray(emissions.values).data)
    return digest.digest()


def _key(classes: Sequence[Sequence[int]], window: Window, heard: bytes) -> bytes:
    """``heard`` is the digest of the emissions."""
    code = code_of(__file__, str(paths_code.__file__), str(viterbi_code.__file__))
    letters = [classes[word] for word in window.words.tolist()]
    arrays = [array.tobytes() for array in (window.heard, window.breaks, window.frames)]
    return content_key(code, heard, letters, window.first, window.last, *arrays)
