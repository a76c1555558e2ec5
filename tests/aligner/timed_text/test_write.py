"""What is written into files; whole files are among the tests of captions, reading back among those of cues."""

from __future__ import annotations

from aligner.durations import to_milliseconds
from aligner.timed_text.write import clock


def test_a_stamp_carries_and_has_as_many_hours_as_it_needs() -> None:
    assert clock(to_milliseconds(59.9996), ".") == "00:01:00.000"
    assert clock(360_000_000, ",") == "100:00:00,000"
