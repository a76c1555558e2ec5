"""The bench's tables.

Conventions: milliseconds and per cent; a dash is a figure over nothing.
"""

from collections.abc import Iterable, Sequence

from aligner.model import TimedWord
from tests.bench.evaluation import Evidence, summarise
from tests.bench.trial import Trial

_TIMING = (
    *("episode", "method", "words", "mean", "median", "p95", "end", "<=100", "<=200", ">1 s", "missed"),
    *("unspoken", "recall", "precis.", "honest", "time"),
)
_NAMES = (
    "set",
    "figure",
    "episode",
    "method",
    "kind",
    "relation",
    "break",
    "text",
    "word",
    "edge",
    "language",
    "confidence",
)
_CAPTIONS = ("episode", "method", "cues", "norms", "readable", "best")


def timing_table(trials: Iterable[Trial]) -> str:
    """Return a row for each trial, and one for the usual method if it was run."""
    rows = []
    for trial in trials:
        rows.append([trial.name, trial.method, *_timing_cells(trial.ours), _ratio(trial.took, trial.duration)])
        if trial.usual:
            rows.append(["", "usual", *_timing_cells(trial.usual), ""])
    return table(_TIMING, rows)


def caption_table(trials: Iterable[Trial]) -> str:
    """Return a row for each trial: the shares of its captions that meet the norms."""
    rows = []
    for trial in trials:
        cues = trial.cues
        shares = [
            percent(count / cues.cues if cues.cues else None) for count in (cues.within, cues.readable, cues.best)
        ]
        rows.append([trial.name, trial.method, str(cues.cues), *shares])
    return table(_CAPTIONS, rows)


def _timing_cells(evidence: Evidence) -> list[str]:
    score = summarise(evidence)
    times = (score.start_mean, score.start_median, score.start_p95, score.end_median)
    near = (score.within_100_ms, score.within_200_ms)
    lost = (score.beyond_1_s, score.missed)
    found = (score.unspoken_f1, score.untranscribed_recall, score.untranscribed_precision, score.honesty)
    return [
        str(score.spoken),
        *map(milliseconds, times),
        *map(percent, near),
        *(percent(share, decimals=2) for share in lost),
        *map(percent, found),
    ]


def shown(timed: TimedWord | None) -> str:
    """Return when a word was found, with its status and confidence."""
    if timed is None:
        return "-  no word"
    where = f"{timed.span.start:.2f}" if timed.span else "-"
    return f"{where}  {timed.word.text!r} {timed.status} {timed.confidence:.2f}"


def milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{1000 * value:.1f}"


def percent(value: float | None, decimals: int = 1) -> str:
    return "-" if value is None else f"{100 * value:.{decimals}f}"


def _ratio(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table with columns as wide as their content, names left-aligned and figures right-aligned."""
    lines = [head, *rows]
    widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
    named = [head[k] in _NAMES for k in range(len(head))]
    padded = (
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, named, strict=True)
        )
        for line in lines
    )
    return "\n".join(line.rstrip() for line in padded)
