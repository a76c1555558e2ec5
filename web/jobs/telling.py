"""What the process of a job says: how far it is, in lines of JSON among the plain lines of its standard error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import msgspec

from aligner.storage.checked_json import decode
from media.errors import from_facts

_LONGEST_LINE = 1 << 18  # bytes; a longer line is taken in parts
_LONGEST_TEXT = 500  # characters of a line that is kept
_NAME, _WARNING = "quotecast: ", "warning: "


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; ``total`` None is not known yet, ``seconds_left`` None cannot be told.
    ``run_done``, from 0 to 1, and ``run_seconds_left`` are of the whole run, None where that is not planned."""

    stage: str
    done: float
    total: float | None
    seconds_left: float | None
    run_done: float | None = None
    run_seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at, though the work goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The line that ends a run, with all its warnings."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The error that ends a run, and the name of its class."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """Any other line; where a child fails without a word of why, the last one says it."""

    text: str


def understood(line: str) -> Progress | Warned | Outcome | Failed | Plain | None:
    """What a line of standard error is; None for an empty one."""
    line = line.strip()
    if not line:
        return None
    if line.startswith("{") and (meant := _meant(line)):
        return meant
    text = line.removeprefix(_NAME)
    if text != line and text.startswith(_WARNING):
        return Warned(text.removeprefix(_WARNING)[:_LONGEST_TEXT])
    return Plain(text[:_LONGEST_TEXT])


def lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a child's stream as they come, until it ends."""
    while line := stream.readline(_LONGEST_LINE):
        yield line.decode("utf-8", "replace").rstrip("\r\n")


class _Line(msgspec.Struct):
    """A line of JSON: of progress, or the last one, of an ``error`` and its ``kind`` or with ``done`` true."""

    done: bool | float | None = None
    stage: str = ""
    total: float | None = None
    seconds_left: float | None = None
    run_done: float | None = None
    run_seconds_left: float | None = None
    warnings: list[dict[str, Any]] = []
    error: dict[str, Any] | None = None
    kind: str = ""


def _meant(line: str) -> Progress | Outcome | Failed | None:
    """What a line of JSON means; None if it is only something that looks like one."""
    try:
        data = decode(line.encode("utf-8"), _Line)
        if data.error:
            return Failed(_kept(data.error), data.kind[:40])
        if data.done is True:
            return Outcome(tuple(map(_kept, data.warnings)))
    except ValueError:
        return None
    if data.done is None or not data.stage:
        return None
    amounts = data.total, data.seconds_left, data.run_done, data.run_seconds_left
    return Progress(data.stage[:40], _known(data.done) or 0.0, *map(_known, amounts))


def _kept(facts: Mapping[str, Any]) -> str:
    """A message that was told, cut if it is too long."""
    text = from_facts(facts)
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT]


def _known(amount: float | None) -> float | None:
    """An amount, None where it can be none: what is left of a stage that takes longer than it was to take."""
    return amount if amount is not None and 0 <= amount < math.inf else None
