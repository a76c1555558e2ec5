"""The cuts of passages that an earlier text had too, with the same words at the same times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import msgpack

from aligner import typography
from aligner.captions.layout import Layout, Leads
from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules
from aligner.content_cache import ContentCache, code_of, content_key

_TEXT = ("utf-8", "surrogatepass")  # a transcript in JSON may have halves of surrogate pairs


class Step(NamedTuple):
    """A cue of a cut: where it starts and in which state, how it is set."""

    start: int
    state: int
    layout: Layout


class KnownCuts:
    """The cuts of one passage, by their leads; what else decides them is as a ``Cutter`` or ``Typesetter`` has it."""

    def __init__(
        self, passage: Passage, following: float, rules: CaptionRules, dash: str, cache: ContentCache | None
    ) -> None:
        self._passage, self._beside = passage, (following, rules, dash)
        self._cache = cache

    def cut(self, leads: Leads, search: Callable[[], Sequence[Step]]) -> Sequence[Step]:
        """The cues of the cut with these leads in order; searched for where it is not known."""
        if self._cache is None:
            return search()
        key = content_key(self._digest, _packed("\n".join(leads.texts)), sorted(leads.optional))
        kept = self._cache.get(key)
        if kept is not None:
            return _unpacked_steps(kept)
        steps = search()
        self._cache.put(key, _packed_steps(steps))
        return steps

    @cached_property
    def _digest(self) -> bytes:
        """A hash of all that decides how the passage is cut, but its leads."""
        passage = self._passage
        first = passage.tokens[0].paragraph
        return content_key(
            code_of(str(Path(__file__).parent), *typography.__path__),
            passage.kind,
            _packed("\n".join(f"{token.before}\t{token.text}" for token in passage.tokens)),
            [(token.paragraph - first, token.timed) for token in passage.tokens],
            (passage.starts, passage.ends, passage.breaks),
            (sorted(passage.changes), sorted(passage.unsure)),
            self._beside,
        )


def _packed(text: str) -> bytes:
    return text.encode(*_TEXT)


def _packed_steps(steps: Sequence[Step]) -> bytes:
    return msgpack.encode([(start, state, *layout[:3], *map(_packed, layout.leads)) for start, state, layout in steps])


def _unpacked_steps(kept: bytes) -> list[Step]:
    steps = msgpack.decode(kept, type=list[tuple[int, int, float, int, int, bytes, bytes]])
    return [
        Step(start, state, Layout(cost, chars, split, (upper.decode(*_TEXT), lower.decode(*_TEXT))))
        for start, state, cost, chars, split, upper, lower in steps
    ]
