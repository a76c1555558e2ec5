"""Cutting an episode into pieces of sound that a recogniser can take, at silences; and working on a few at a time.

Conventions
-----------
- A piece is a span of the episode that begins and ends with speech; stretches without speech fall between pieces.
- Only one piece's sound is in memory at a time.
"""

from __future__ import annotations

import itertools
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from aligner.model import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


Piece = TypeVar("Piece")
Result = TypeVar("Result")

LONGEST = 28.0  # with its margins a piece fills one of Whisper's windows of 30 s
SKIP = 2.0  # a stretch this long without speech is left out
MARGIN = 0.2  # of the silence around a piece is kept, for recognisers like to hear it begin

THREADS = "QUOTECAST_THREADS"
"""The variable of the environment that says how many pieces are listened to at a time."""

_AT_A_TIME = 2  # see ``letters/MODEL_CARD.md`` for what was measured


def plan_pieces(speech: Sequence[Span], longest: float) -> list[Span]:
    """Group spans of speech into pieces of at most ``longest``, cut at their longest pauses.

    Speech that goes on without a pause for longer than ``longest`` is cut in equal parts, in mid-word.
    """
    pieces: list[Span] = []
    group: list[Span] = []
    for span in _no_longer_than(speech, longest):
        if group and span.start - group[-1].end >= SKIP:
            pieces.append(Span(group[0].start, group[-1].end))
            group = []
        group.append(span)
        while group[-1].end - group[0].start > longest:
            cut = _best_cut(group, longest)
            pieces.append(Span(group[0].start, group[cut - 1].end))
            group = group[cut:]
    if group:
        pieces.append(Span(group[0].start, group[-1].end))
    return pieces


def cut(blocks: Iterable[tuple[float, Samples]], pieces: Sequence[Span], rate: int) -> Iterator[tuple[float, Samples]]:
    """The sound of each piece with its start, out of blocks that follow each other. Pieces do not overlap."""
    import numpy as np

    held = np.zeros(0, np.float32)
    held_at = 0
    source = iter(blocks)
    for piece in pieces:
        first, last = round(piece.start * rate), round(piece.end * rate)
        while held_at + len(held) < last and (block := next(source, None)) is not None:
            at, samples = round(block[0] * rate), block[1]
            before = max(held_at, min(first, at))
            held = np.concatenate([held[before - held_at :], samples]) if len(held) else samples
            held_at = before if len(held) > len(samples) else at
        yield first / rate, held[max(0, first - held_at) : max(0, last - held_at)]


def with_margins(pieces: Sequence[Span], duration: float) -> list[Span]:
    """Widen each piece into the silence around it, by ``MARGIN`` and at most to the middle of what lies between."""
    edges = [0.0, *((a.end + b.start) / 2 for a, b in itertools.pairwise(pieces)), duration]
    return [
        Span(max(piece.start - MARGIN, left), min(piece.end + MARGIN, right))
        for piece, left, right in zip(pieces, edges, edges[1:], strict=False)
    ]


def at_a_time() -> int:
    """How many pieces an ear listens to at a time, each on a thread of its own: two, or as the environment says where
    several processes share the cores."""
    told = os.environ.get(THREADS, "")
    return max(1, int(told)) if told.isdecimal() and len(told) <= 3 else _AT_A_TIME


def in_order(
    work: Callable[[Piece, threading.Event], Result], pieces: Iterable[Piece], workers: int
) -> Generator[Future[Result], None, None]:
    """Do ``work`` on pieces on ``workers`` threads, a few ahead of the caller; give results back in the pieces' order.

    However the caller leaves, Ctrl-C included, the event is set, so that work may stop early, and threads end.
    """
    stop = threading.Event()
    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Result]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(work, piece, stop))
            if len(waiting) > workers:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _no_longer_than(speech: Sequence[Span], longest: float) -> Iterator[Span]:
    for span in speech:
        parts = max(1, -int(-span.duration // longest))
        edges = [span.start + span.duration * part / parts for part in range(parts)] + [span.end]
        yield from (Span(a, b) for a, b in itertools.pairwise(edges))


def _best_cut(group: Sequence[Span], longest: float) -> int:
    """How many spans go into a piece: a long pause is good, and so is a piece that is nearly full."""

    def worth(count: int) -> float:
        pause = group[count].start - group[count - 1].end
        fill = (group[count - 1].end - group[0].start) / longest
        return pause * (0.5 + fill if fill > 0.4 else 0.3)

    fitting = [count for count in range(1, len(group)) if group[count - 1].end - group[0].start <= longest]
    return max(fitting, key=worth)
