"""Words beside which something is set keep a place beside it; nothing lasts into anything else."""

import contextlib
import random
from itertools import pairwise

import pytest

from aligner.corrections.commands import Move, Place, Start, corrected
from aligner.errors import CorrectionError
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, to_text
from tests.aligner.corrections.test_repair import episode
from tests.tables import over_rows

pytestmark = pytest.mark.nightly

_TOUCHING = 0.005  # seconds


def check_nothing_overlaps(alignment: Alignment) -> None:
    said = [word for word in alignment.words if word.span]
    for one, two in pairwise(said):
        assert one.span
        assert two.span
        assert one.span.start <= two.span.start
        assert one.span.end <= two.span.start + _TOUCHING, (one, two)


@over_rows("seed", range(6))
def test_whatever_is_placed_stays_and_nothing_lasts_into_anything_else(seed: int) -> None:
    alignment, heard = episode()
    check_nothing_overlaps(alignment)
    chance = random.Random(seed)
    for _ in range(4):
        word = chance.choice([k for k, each in enumerate(alignment.words) if each.span])
        span = alignment.words[word].span
        assert span
        by = chance.choice([-2, -0.6, -0.2, 0.2, 0.6, 2])
        start = max(0.0, span.start + by)
        command = chance.choice(
            [Place(word, start, start + chance.uniform(0.1, 1.5)), Start(word, start), Move(word, word + 1, by)]
        )
        with contextlib.suppress(CorrectionError):  # it contradicts what was set before
            alignment = from_content(to_text(corrected(alignment, command, heard)).encode())
            made = alignment.words[word]
            assert made.pinned
            assert made.span
            assert not isinstance(command, Place) or made.span.start == pytest.approx(command.start, abs=0.001)
        check_nothing_overlaps(alignment)
