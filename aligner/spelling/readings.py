"""All the ways in which a voice may read what is written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from aligner.spelling.letters import sounded
from aligner.spelling.standard import cut, groups, read_out


def readings(tokens: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """For each token the ways in which it may be read aloud, likeliest first, in letters of ``ALPHABET``.

    Never an empty tuple; ``("",)`` where there is nothing to say. In plain letters the first is that of ``spell``,
    wherever that gives letters a-z only.
    """
    ways = [_readings(token, language) for token in tokens]
    for start, stop in groups(tokens):
        whole = _readings("".join(tokens[start:stop]), language)
        cuts = [cut(way, [own[0] for own in ways[start:stop]]) for way in whole]
        ways[start:stop] = [tuple(dict.fromkeys(pieces)) for pieces in zip(*cuts, strict=True)]
    return ways


@lru_cache(maxsize=65_536)
def _readings(token: str, language: str) -> tuple[str, ...]:
    return (sounded(read_out(token, language), language),)
