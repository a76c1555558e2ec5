"""Work in threads: results in order, a few pieces ahead, and nothing left running however the caller leaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from aligner.recognition.parallel import in_order


def test_results_come_in_the_pieces_order_however_long_each_takes() -> None:
    def work(piece: int, stop: threading.Event) -> int:
        time.sleep(0.02 if piece % 3 == 0 else 0.0)
        return piece * piece

    assert [future.result() for future in in_order(work, range(20), 3)] == [k * k for k in range(20)]


def test_no_more_pieces_are_taken_than_are_worked_on_and_wait() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(100):
            taken.append(piece)
            yield piece

    with closing(in_order(lambda piece, stop: piece, pieces(), 2)) as results:
        for done in range(1, 50):
            next(results)
            assert len(taken) <= done + 2


def test_an_error_in_one_piece_is_that_pieces_and_no_others() -> None:
    def work(piece: int, stop: threading.Event) -> float:
        return 1 / piece

    futures = list(in_order(work, [1, 0, 2], 2))
    assert (futures[0].result(), futures[2].result()) == (1, 0.5)
    with pytest.raises(ZeroDivisionError):
        futures[1].result()


def test_who_leaves_early_stops_the_work_and_leaves_no_thread() -> None:
    told: list[bool] = []

    def work(piece: int, stop: threading.Event) -> None:
        if piece:
            told.append(stop.wait(10))

    threads = threading.active_count()
    with closing(in_order(work, range(50), 2)) as results:
        next(results)
    assert all(told)
    assert threading.active_count() == threads


def test_an_error_in_taking_pieces_is_the_callers() -> None:
    def pieces() -> Iterator[int]:
        yield 1
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        list(in_order(lambda piece, stop: piece, pieces(), 2))
