"""How far a run is, as it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from web.archive.runs.outcome import Stage
from web.archive.runs.records import Record


@dataclass(slots=True)
class Progress:
    """How far a run is: of so many ``episodes``, what is known of each stage that is ``over``, by episode; those that
    are ``incomplete``, and whether they have their sound, or ``with_app``; how often each stage ``ran``, and how many
    tries ``failed``; why what is yet to be tried again was not done (``put_off``); what the run ``waits_for``, its
    ``troubles`` with machines, and what is ``damaged`` of what earlier runs left."""

    episodes: int = 0
    over: dict[str, dict[Stage, Record]] = field(default_factory=dict)
    incomplete: dict[str, bool] = field(default_factory=dict)
    with_app: set[str] = field(default_factory=set)
    ran: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    put_off: dict[tuple[str, Stage], str] = field(default_factory=dict)
    waits_for: str | None = None
    troubles: list[str] = field(default_factory=list)
    damaged: str | None = None
