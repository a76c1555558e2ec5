"""An alignment with anything wrong in it is told as damaged, or shown everywhere."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.attack.alignments import attack
from tests.attack.requests import Target, over

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts a request here")


@pytest.mark.parametrize("count", [5, pytest.param(30, marks=pytest.mark.nightly)])
def test_whatever_an_alignment_holds_it_is_refused_in_one_sentence_or_shown(tmp_path: Path, count: int) -> None:
    before = signal.signal(signal.SIGALRM, over)
    made, failures = attack(Target(tmp_path), seed=count, count=count)
    signal.signal(signal.SIGALRM, before)
    assert failures == []
    assert made["read"] > count / 5
    assert made["refused"] > count / 5
