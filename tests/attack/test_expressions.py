"""No regular expression takes more than some seconds on its worst inputs; the attack finds those that would."""

import re
import signal

import pytest

from tests.attack.expressions import Expression, expressions, seconds
from tests.attack.running import attacked
from tests.attack.worst_inputs import worst_inputs
from tests.tables import over_rows

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="processor time is not limited here")


@pytest.mark.nightly
def test_every_expression_is_quick_on_its_worst_inputs():
    done = attacked("expressions", 900, "--characters", "20000", "--count", "3")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.nightly
def test_every_expression_is_quick_on_a_million_characters():
    done = attacked("expressions", 900, "--count", "1")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.nightly
def test_expressions_are_found_wherever_they_are():
    found, _ = expressions()
    where = {expression.where for expression in found}
    assert {"aligner.transcript.names.SENTENCE", "aligner.transcript.marks.ONLY_TIME"} <= where
    assert "aligner.timed_text.check._SETTINGS" in where  # in a table
    assert any(name.startswith("aligner.transcript.html:") for name in where)  # in a function
    assert {"aligner.languages ordinal", "aligner.languages swaps"} <= where


@over_rows(
    "pattern, way",
    [
        (r"(?:a+)+b", "match"),
        (r"\s+$", "search"),
        (r"a\s*:?\s*b", "match"),
        (r"<[^>]*>", "scan"),
    ],
)
def test_what_would_be_slow_is_found(pattern, way, monkeypatch):
    monkeypatch.setattr("tests.attack.expressions.LONGEST_SECONDS", 0.2)
    slow = Expression("planted", re.compile(pattern), (way,))
    assert any(seconds(slow, way, each, 100_000) is None for each in worst_inputs(slow.pattern))


def test_what_is_quick_is_not_called_slow():
    quick = Expression("planted", re.compile(r"(?<!\s)\s++$"), ("scan",))
    assert all(seconds(quick, "scan", each, 100_000) is not None for each in worst_inputs(quick.pattern))
