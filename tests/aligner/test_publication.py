"""Dates as tags, feeds and alignments tell them."""

from __future__ import annotations

import pytest

from aligner.publication import published_date


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("2026-05-01", "2026-05-01"),
        ("20260501", "2026-05-01"),
        ("2026-05-01T10:00:00", "2026-05-01"),
        ("2026-05-01 10:00", "2026-05-01"),
        ("2026-05-01T23:30:00-05:00", "2026-05-01"),  # where it was published
        ("2026-05-01T10:00:00Z", "2026-05-01"),
        ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-01"),
        ("1 May 26 10:00 +0200", "2026-05-01"),
        (" 2026 ", "2026"),
        ("2026-05", "2026-05"),
        ("2026-13", None),
        ("2026-02-30T10:00:00", None),
        ("Fri, 99 May 2026 10:00:00 GMT", None),
        ("Fri, 01 May 99999999999999999999 10:00:00 GMT", None),
        ("hier", None),
        ("", None),
    ],
)
def test_dates_are_read_as_tags_and_feeds_tell_them(told: str, expected: str | None) -> None:
    assert published_date(told) == expected
