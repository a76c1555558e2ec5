"""Doubt: runs of words whose times deserve a look, and of those that were not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from aligner.emissions import Emissions
from aligner.model import Alignment, Kind, Span, Status
from aligner.report.unheard import unheard_runs
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


@dataclass(frozen=True, slots=True)
class Doubt:
    """A run of words that deserves a look; ``cost`` is how many of them may be at a wrong time."""

    words: range
    span: Span
    cost: float


def doubts(alignment: Alignment, emissions: Emissions | None = None) -> list[Doubt]:
    """The runs in doubt, the costliest first: by confidence, which is the chance that a word's time is right; and, by
    the ``emissions`` of the sound where they are known, words that are called heard where other letters were."""
    found = [Doubt(run, span, _cost(alignment, run)) for run, span in doubtful_runs(alignment)]
    for run in unheard_runs(alignment, emissions) if emissions else ():
        span = span_of(alignment, run)
        if span and not any(run.start < each.words.stop and each.words.start < run.stop for each in found):
            found.append(Doubt(run, span, float(len(run))))
    return sorted(found, key=lambda doubt: (-doubt.cost, doubt.span.start))


def _cost(alignment: Alignment, run: range) -> float:
    return sum(1 - word.confidence for word in alignment.words[run.start : run.stop] if word.span)


def unspoken_runs(alignment: Alignment) -> Iterator[range]:
    """Runs of words of speech without a time, those of which a person says so apart from others; words of other kinds
    neither break a run nor join it."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    speech = ((k, word) for k, word in enumerate(alignment.words) if kinds[word.word.segment] is Kind.SPEECH)
    for (is_unspoken, _), group in groupby(speech, lambda each: (each[1].status is Status.UNSPOKEN, each[1].pinned)):
        if is_unspoken:
            indices = [index for index, _ in group]
            yield range(indices[0], indices[-1] + 1)


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
