"""Spans, and runs of flags."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.spans import runs


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        ("", []),
        ("0", []),
        ("1", [slice(0, 1)]),
        ("0110100", [slice(1, 3), slice(4, 5)]),
        ("1100001", [slice(0, 2), slice(6, 7)]),
    ],
)
def test_flags_that_stand_together_are_a_run(flags: str, found: list[slice]) -> None:
    assert runs(np.array([flag == "1" for flag in flags], bool)) == found
