"""Work on a few pieces at a time, in threads, results in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


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
