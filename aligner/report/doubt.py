"""Doubt: runs of words whose times deserve a look."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.model import Alignment, Span
from aligner.report.word_range import span_of

UNSURE = 0.6
"""Confidence below which a word is in doubt."""

_SURE_BETWEEN = 2  # words in a row that are sure end a run when there are more than these
_SHORTEST = 2.0  # seconds


def doubtful_runs(alignment: Alignment) -> list[tuple[range, Span]]:
    """Runs of words in doubt that last two seconds or more, a sure word or two among them: the words' indices, and when
    they are said."""
    found: list[tuple[range, Span]] = []
    for run in _runs(alignment):
        span = span_of(alignment, run)
        if span and span.duration >= _SHORTEST:
            found.append((run, span))
    return found


def _runs(alignment: Alignment) -> Iterator[range]:
    run: list[int] = []
    sure = 0
    for index, word in enumerate(alignment.words):
        if word.span is None:
            continue
        if word.confidence < UNSURE:
            run.append(index)
            sure = 0
            continue
        sure += 1
        if run and sure > _SURE_BETWEEN:
            yield range(run[0], run[-1] + 1)
            run = []
    if run:
        yield range(run[0], run[-1] + 1)
