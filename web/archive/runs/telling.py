"""What is told of a run: as it goes, on the terminal and in a file that a page may read; and at its end."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from aligner.cli.terminal import tell
from aligner.durations import time_left
from aligner.errors import OutputError
from aligner.storage.atomic import write_text
from aligner.storage.user_folders import HIDDEN
from web.archive.runs.outcome import Stage, State
from web.archive.runs.records import ARCHIVE, MOST_FALLS, Record
from web.archive.runs.running import Run
from web.library.details import read_details

STATE = "state.json"
FORMAT, VERSION = "quotecast-archive", 1

_LINE_EVERY, _STATE_EVERY = 10.0, 1.0  # seconds
_MORE_SELDOM = 0.25  # of the time that a run has taken by then, until its next line: 40 lines in ten hours
_MOST_LISTED = 1_000  # failures in the file
_MOST_TOLD = 20  # lines of one kind at the end
_WORST_FIRST = ("poor", "fair", "good")

Called = Callable[[str], str]
"""What an episode is called in what is shown, by the name of its folder."""

Tell = Callable[[bool], None]
"""Called as often as one likes, at last with True."""


def facts_of(run: Run) -> dict[str, Any]:
    """How far a run is, as JSON has it: episodes by state and verdict, hours of sound, pace, what failed and why."""
    told, estimate = run.progress, run.estimate
    troubles = list(_troubles(run))
    failed = {name for name, _, _ in troubles}
    done = [name for name, stages in told.over.items() if name not in failed and _is_whole(run, name)]
    left = told.episodes - len(done) - len(failed) - len(set(told.incomplete) - failed) - len(told.with_app)
    pace, seconds = estimate.pace, estimate.seconds_left
    return {
        "format": FORMAT,
        "version": VERSION,
        "episodes": {
            "all": told.episodes,
            "done": len(done),
            "left": max(0, left),
            "failed": len(failed),
            "incomplete": len(told.incomplete),
            "with_app": len(told.with_app),
        },
        "verdicts": dict(_verdicts(run)),
        "hours": {"done": round(estimate.sound_done / 3600, 3), "left": round(estimate.sound_left / 3600, 3)},
        "hours_an_hour": pace and round(pace, 2),
        "seconds_left": None if seconds is None else round(seconds),
        "waits_for": told.waits_for,
        "troubles": told.troubles,
        "failures": [
            {"episode": name, "stage": stage, "state": record.outcome.state, "why": record.outcome.message}
            for name, stage, record in troubles[:_MOST_LISTED]
        ],
    }


def called_in(root: Path) -> Called:
    """How episodes of the library at ``root`` are called: by their titles, with the folder where that has another name,
    for what is told of them is of files in it."""

    def called(name: str) -> str:
        with contextlib.suppress(ValueError):
            stored = read_details(root / name)
            title = stored.details.title if stored else None
            if title and title != name:
                return f"{title} ({name})"
        return name

    return called


@contextlib.contextmanager
def telling(run: Run, root: Path, mode: str) -> Iterator[Callable[[], None]]:
    """What shows how far the ``run`` is, as ``mode`` says, and keeps the state's file; called as it goes."""
    with contextlib.ExitStack() as stack:
        shown = _shown(mode, stack)
        path, next_at, writer = root / HIDDEN / ARCHIVE / STATE, [0.0], _writer()

        def told(at_last: bool = False) -> None:
            now = time.monotonic()
            if now < next_at[0] and not at_last:
                return
            next_at[0] = now + _STATE_EVERY
            facts = facts_of(run)
            with contextlib.suppress(OutputError, OSError):  # who looks at it sees that it is old
                told_too = {"running": not at_last, "at": round(time.time()), "writer": writer}
                write_text(path, json.dumps({**facts, **told_too}) + "\n")
            shown(facts, at_last)

        try:
            yield told
        finally:
            told(at_last=True)


def _writer() -> dict[str, Any]:
    """What tells this process from any other, for those who want to know whether it is still there."""
    import psutil

    return {"host": platform.node(), "pid": os.getpid(), "started": psutil.Process().create_time()}


def _shown(mode: str, stack: contextlib.ExitStack) -> Callable[[dict[str, Any], bool], None]:
    if mode == "json":
        return lambda facts, at_last: (
            None if at_last else tell(json.dumps({**facts, "failures": len(facts["failures"])}))
        )
    if mode == "none":
        return lambda facts, at_last: None
    if sys.stderr.isatty():
        from rich.console import Console

        console = Console(stderr=True)
        if console.is_interactive:
            return stack.enter_context(_bar(console))
    return lines_where_moved(time.monotonic)


def lines_where_moved(clock: Callable[[], float]) -> Callable[[dict[str, Any], bool], None]:
    """What tells a line where anything has moved, the more seldom the longer it takes."""
    began = next_at = clock()
    before: object = None

    def line(facts: dict[str, Any], at_last: bool) -> None:
        nonlocal next_at, before
        now, moved = clock(), (facts["episodes"], facts["waits_for"])
        if before is None:  # it has only begun
            before, next_at = moved, now + _LINE_EVERY
        if now >= next_at and not at_last and moved != before:
            before, next_at = moved, now + max(_LINE_EVERY, _MORE_SELDOM * (now - began))
            tell(line_of(facts))

    return line


@contextlib.contextmanager
def _bar(console: Any) -> Iterator[Callable[[dict[str, Any], bool], None]]:
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    with Bars(BarColumn(), TextColumn("{task.description}"), console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(facts: dict[str, Any], at_last: bool) -> None:
            hours = facts["hours"]
            total = hours["done"] + hours["left"]
            bars.update(task, description=line_of(facts), completed=hours["done"], total=total or None)

        yield show


def line_of(facts: dict[str, Any]) -> str:
    """How far a run is, in a line."""
    episodes = facts["episodes"]
    kind = "episode" if episodes["all"] == 1 else "episodes"
    parts = [f"{episodes['all'] - episodes['left']} of {episodes['all']} {kind}"]
    if episodes["failed"]:
        parts.append(f"{episodes['failed']} failed")
    if facts["hours_an_hour"]:
        parts.append(f"{facts['hours_an_hour']:.1f} h of sound an hour")
    if facts["waits_for"]:
        parts.append(f"waiting for {facts['waits_for']}")
    elif facts["seconds_left"]:
        parts.append(f"{time_left(facts['seconds_left'])} left")
    return ", ".join(parts)


def lines_at_end(run: Run, seconds: float, called: Called = str) -> list[str]:
    """What came of a run, what needs a person first; episodes are ``called`` so, by the names of their folders."""
    facts = facts_of(run)
    episodes, ran = facts["episodes"], run.progress.ran
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in facts["verdicts"].items())
    nothing = "none came to an end" if run.progress.failed else "none was run"
    worked = ", ".join(f"{stage} {count}" for stage, count in sorted(ran.items())) or nothing
    pace = f", {facts['hours_an_hour']:.1f} h of sound an hour" if facts["hours_an_hour"] else ""
    lines = [f"Failed    {called(name)}: {_why(stage, record)}" for name, stage, record in _troubles(run)]
    poor = [
        f"Look at   {called(name)}: poor"
        for name, stages in sorted(run.progress.over.items())
        if _verdict(stages) == "poor"
    ]
    lacking = [
        f"Lacks     {called(name)}: its {'transcript' if has_sound else 'sound'}"
        for name, has_sound in run.progress.incomplete.items()
    ]
    return [
        *(f"Worker    {each}" for each in run.progress.troubles),
        *_some(lines),
        *_some(poor),
        *_some(lacking),
        *_some([f"Left      {called(name)}: the app is at work on it" for name in sorted(run.progress.with_app)]),
        *_some(_put_off(run, called)),
        f"Episodes  {episodes['done']} done, {episodes['failed']} failed, {episodes['left']} left,"
        f" {episodes['incomplete']} without sound or text",
        *([f"Verdicts  {verdicts}"] if verdicts else []),
        f"Stages    {worked}",
        f"Took      {seconds:.0f} s{pace}",
    ]


def _troubles(run: Run) -> Iterator[tuple[str, Stage, Record]]:
    """Stages that failed: by what a person can set right, then those that fell, then by a machine; one an episode."""
    order = (State.FAILED, State.FELL, State.BROKE)
    found = [
        (order.index(record.outcome.state), name, stage, record)
        for name, stages in run.progress.over.items()
        for stage, record in stages.items()
        if record.outcome.state in order
    ]
    seen = set[str]()
    for _, name, stage, record in sorted(found, key=lambda each: each[:3]):
        if name not in seen:
            seen.add(name)
            yield name, stage, record


def _put_off(run: Run, called: Called) -> list[str]:
    """Why what was to be tried again is left, each reason once: it is often the same for all."""
    by_reason = defaultdict[str, set[str]](set)
    for (name, _), reason in run.progress.put_off.items():
        by_reason[reason].add(name)
    return [
        f"Left      {called(min(names))}{f' and {len(names) - 1} more' if len(names) > 1 else ''}: {reason}"
        for reason, names in by_reason.items()
    ]


def _why(stage: Stage, record: Record) -> str:
    reason = (record.outcome.message or {}).get("message", "")
    if record.outcome.state is State.FELL:
        return f"{stage}: set aside after {MOST_FALLS} falls, {reason}; --retry tries it again"
    if record.outcome.state is State.BROKE:
        return f"{stage}: {reason}; the next run tries it again"
    return f"{stage}: {reason}"


def _is_whole(run: Run, name: str) -> bool:
    """Whether all stages of the episode are done."""
    return name not in run.progress.incomplete and len(run.progress.over[name]) == len(Stage)


def _verdict(stages: dict[Stage, Record]) -> str | None:
    aligned = stages.get(Stage.ALIGN)
    return aligned.outcome.verdict if aligned and aligned.outcome.state is State.DONE else None


def _verdicts(run: Run) -> Iterator[tuple[str, int]]:
    counts = Counter(verdict for stages in run.progress.over.values() if (verdict := _verdict(stages)))
    known = [verdict for verdict in _WORST_FIRST if counts[verdict]]
    return iter([(verdict, counts[verdict]) for verdict in (*known, *sorted(set(counts) - set(known)))])


def _some(lines: list[str]) -> list[str]:
    more = len(lines) - _MOST_TOLD
    return (
        [*lines[:_MOST_TOLD], f"          and {more} others, in the library's {HIDDEN}/{ARCHIVE}/{STATE}"]
        if more > 0
        else lines
    )
