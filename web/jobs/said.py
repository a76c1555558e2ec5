"""What a child says: progress as lines of JSON among the plain lines of its standard error."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

_LONGEST_LINE = 1 << 18  # bytes; a longer line is taken in parts
_LONGEST_TEXT = 500  # characters of a line that is kept
_NAME, _WARNING = "quotecast: ", "warning: "


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; ``total`` None is not known yet, ``seconds_left`` None cannot be told."""

    stage: str
    done: float
    total: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at, though the work goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The line that ends a run, with all its warnings."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plain:
    """Any other line; the last one says why a child failed."""

    text: str


def understood(line: str) -> Progress | Warned | Outcome | Plain | None:
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


def _meant(line: str) -> Progress | Outcome | None:
    """What a line of JSON means; None if it is only something that looks like one."""
    try:
        data = json.loads(line)
        if data.get("done") is True:
            return Outcome(tuple(str(warning["message"])[:_LONGEST_TEXT] for warning in data.get("warnings", [])))
        return Progress(
            stage=str(data["stage"])[:40],
            done=_number(data["done"]) or 0.0,
            total=_number(data.get("total")),
            seconds_left=_number(data.get("seconds_left")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return float(value)
