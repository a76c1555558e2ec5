"""A figure that got worse is found, whether higher or lower is better."""

from __future__ import annotations

import json

from tests.bench.accuracy import COMMITTED, LEAST, MOST, worsened


def test_a_worse_figure_is_found_and_no_other() -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))["sample"]
    assert committed.keys() == {*MOST, *LEAST}
    assert worsened(committed, committed) == set()
    for name, most in MOST.items():
        assert worsened({**committed, name: committed[name] + most + 0.1}, committed) == {name}
        assert worsened({**committed, name: committed[name] - most - 0.1}, committed) == set()
    for name, least in LEAST.items():
        assert worsened({**committed, name: committed[name] - least - 0.1}, committed) == {name}
