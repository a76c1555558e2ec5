"""The bench of corrections plants faults and finds them mended, and holds edits against alignments made anew."""

from __future__ import annotations

import random

import pytest

from tests.aligner.episodes import alignment_of
from tests.bench import corrections
from tests.places import SAMPLE
from tests.tables import over_rows

TEXT = "The ferry left the harbour before dawn with nine passengers and a crate of oranges on the upper deck below."


@pytest.mark.nightly
def test_one_correction_mends_a_passage_of_the_sample_and_its_edits_come_to_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert corrections.main([str(SAMPLE), "--faults", "4", "--edits", "2"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line]
    faults, edits = dict(zip(*lines[:2], strict=True)), dict(zip(*lines[2:], strict=True))
    assert int(faults["words"]) > 20
    assert int(faults["left"]) <= 0.05 * int(faults["words"])
    assert float(edits["share"]) >= 99.0


@over_rows("seed", range(5))
def test_what_is_planted_is_wrong_and_in_order(seed: int) -> None:
    right = alignment_of(TEXT, TEXT)
    wrong = corrections.shifted(right, range(8, 16), random.Random(seed))
    assert set(range(8, 16)) & set(corrections.off(wrong.words, right.words, 0.1))
    starts = [word.span.start for word in wrong.words if word.span]
    assert starts == sorted(starts)
    silent = corrections.unspoken(right, range(8, 16))
    assert corrections.off(silent.words, right.words, 0.1) == list(range(8, 16))
