"""Times on the millisecond grid."""

from __future__ import annotations

from aligner.timed_text.times import clock, to_milliseconds


def test_milliseconds_round_half_up_and_carry() -> None:
    assert [to_milliseconds(seconds) for seconds in (0.0005, 1.0015, 59.9996)] == [1, 1002, 60000]
    assert clock(to_milliseconds(59.9996), ".") == "00:01:00.000"
    assert clock(360_000_000, ",") == "100:00:00,000"
