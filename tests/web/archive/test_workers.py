"""What workers did is heard once, whatever becomes of their scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from web.archive.runs import workers
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.workers import SchedulerLostError, Workers


def test_what_was_heard_before_the_scheduler_was_lost_counts_and_the_rest_is_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tasks = {name: Task("/library", name, Stage.ALIGN, name) for name in ("one", "two")}
    outcome = Outcome(episode="one", stage=Stage.ALIGN, key="one", state=State.DONE)

    def breaks_off(_client: Any, ended: list[tuple[str, Any]]) -> Iterator[tuple[str, Outcome]]:
        if any(name == "one" for name, _ in ended):
            yield "one", outcome
        raise OSError("the connection is closed")

    monkeypatch.setattr(workers, "_results", breaks_off)
    hands = Workers("tcp://127.0.0.1:1")
    hands._client = SimpleNamespace(status="running")
    hands._given = {name: (task, SimpleNamespace(status="finished")) for name, task in tasks.items()}
    assert hands.heard() == [(tasks["one"], outcome)]
    with pytest.raises(SchedulerLostError):
        hands.heard()
    assert hands.taken_back() == [tasks["two"]]
