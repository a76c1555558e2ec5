"""Pieces hold all speech, none is too long, each has its audio; results come in order of the pieces."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Span
from aligner.recognition.asr import cut, in_order, plan_pieces

LONGEST = 10.0


@st.composite
def speeches(draw: st.DrawFn) -> list[Span]:
    at = 0.0
    spans = []
    for pause, length in draw(st.lists(st.tuples(st.floats(0.15, 5), st.floats(0.1, 25)), max_size=30)):
        spans.append(Span(at + pause, at + pause + length))
        at = spans[-1].end
    return spans


@given(speeches())
def test_pieces_contain_all_speech_in_order_and_none_is_too_long(speech: list[Span]) -> None:
    pieces = plan_pieces(speech, LONGEST)
    assert all(piece.duration <= LONGEST + 1e-6 for piece in pieces)
    assert all(a.end <= b.start + 1e-9 for a, b in itertools.pairwise(pieces))
    spoken = sum(span.duration for span in speech)
    held = sum(max(0.0, min(s.end, p.end) - max(s.start, p.start)) for s in speech for p in pieces)
    assert held == pytest.approx(spoken)


@given(st.lists(st.floats(0, 30), max_size=12, unique=True), st.integers(1, 700))
def test_each_piece_has_its_own_audio_for_any_block_size(edges: list[float], block: int) -> None:
    rate = 100
    sound = np.arange(30 * rate, dtype=np.float32)
    ordered = sorted(edges)
    pieces = [Span(a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False)]
    blocks = [(at / rate, sound[at : at + block]) for at in range(0, len(sound), block)]
    for piece, (at, samples) in zip(pieces, cut(blocks, pieces, rate), strict=True):
        first = round(piece.start * rate)
        assert at == first / rate
        assert samples.tolist() == list(range(first, round(piece.end * rate)))


def test_results_come_in_the_order_of_pieces() -> None:
    def work(piece: int, stop: threading.Event) -> int:
        time.sleep(0.02 if piece % 3 == 0 else 0.0)
        return piece * piece

    assert [future.result() for future in in_order(work, range(20), 3)] == [k * k for k in range(20)]


def test_no_more_pieces_are_read_than_workers_need() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(100):
            taken.append(piece)
            yield piece

    with closing(in_order(lambda piece, stop: piece, pieces(), 2)) as results:
        for done in range(1, 50):
            next(results)
            assert len(taken) <= done + 2


def test_leaving_early_stops_the_work_and_leaves_no_thread() -> None:
    told: list[bool] = []

    def work(piece: int, stop: threading.Event) -> None:
        if piece:
            told.append(stop.wait(10))

    threads = threading.active_count()
    with closing(in_order(work, range(50), 2)) as results:
        next(results)
    assert all(told)
    assert threading.active_count() == threads
