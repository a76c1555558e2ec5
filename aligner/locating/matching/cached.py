"""The matching of stretches of letters, as an earlier text had them too; alike stretches are matched alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import msgpack

from aligner.content_cache import ContentCache, code_of, content_key
from aligner.locating.matching.affine import Run, align_letters
from aligner.locating.matching.copies import Copies, copied_letters
from aligner.locating.matching.seeds import Letters, Pairs, seed_pairs

_KEPT = np.dtype("<i4")


def cached_seeds(reference: Letters, hypothesis: Letters, length: int, crossings: int, cache: ContentCache) -> Pairs:
    """As ``seed_pairs``; sought where it is not known."""
    key = content_key(_code(), reference.tobytes(), hypothesis.tobytes(), length, crossings)
    kept = cache.get(key)
    if kept is None:
        kept = _packed(seed_pairs(reference, hypothesis, length, crossings))
        cache.put(key, kept)
    return _unpacked(kept)


def cached_alignments(runs: Sequence[Run], cache: ContentCache) -> list[Pairs]:
    """As ``align_letters``, shape (n, 2) each; aligned where it is not known."""
    keys = [_key(run) for run in runs]
    new = [k for k, key in enumerate(keys) if cache.get(key) is None]
    for k, pairs in zip(new, align_letters([runs[k] for k in new]), strict=True):
        cache.put(keys[k], _packed(np.array(pairs, np.int64)))
    return [_unpacked(cache.used[key]) for key in keys]


def cached_copies(letters: Letters, cache: ContentCache) -> list[Copies]:
    """As ``copied_letters``; looked for where it is not known."""
    key = content_key(_code(), "copies", letters.tobytes())
    kept = cache.get(key)
    if kept is None:
        found = copied_letters(letters)
        kept = msgpack.encode([(one.slack, *one.edges) for one in found])
        cache.put(key, kept)
    return [Copies(tuple(edges), slack) for slack, *edges in msgpack.decode(kept, type=list[list[int]])]


def _key(run: Run) -> bytes:
    reference, hypothesis = ((side.letters.tobytes(), side.tears.tobytes(), repr(side.copies)) for side in run)
    return content_key(_code(), reference, hypothesis)


def _code() -> bytes:
    return code_of(str(Path(__file__).parent))


def _packed(pairs: Pairs) -> bytes:
    return pairs.astype(_KEPT).tobytes()


def _unpacked(kept: bytes) -> Pairs:
    return np.frombuffer(kept, _KEPT).reshape(-1, 2).astype(np.int64)
