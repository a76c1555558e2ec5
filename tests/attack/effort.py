"""How long the attacks take: ``QUOTECAST_EFFORT=20 pytest -m '' tests/attack`` tries twenty times as much."""

import os

from hypothesis import HealthCheck, settings

EFFORT = float(os.environ.get("QUOTECAST_EFFORT", "1"))


def often(count: int) -> int:
    """Return how often to try what is tried ``count`` times with ordinary effort."""
    return max(1, round(count * EFFORT))


def examples(count: int) -> settings:
    """Return settings for so many examples, the same ones each time with ordinary effort."""
    checks = list(HealthCheck)
    return settings(max_examples=often(count), derandomize=EFFORT <= 1, database=None, suppress_health_check=checks)
