"""Doubt: runs of words whose times deserve a look, and of those that were not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from aligner.emissions import Emissions
from aligner.locating.quality import doubtful_runs, span_of
from aligner.model import Alignment, Kind, Span, Status
from aligner.report.unheard import unheard_runs
from aligner.report.unlike import torn_runs, unlike_runs


class Why(StrEnum):
    """Why a run of words is in doubt."""

    UNSURE = "unsure"  # by its confidence
    UNHEARD = "unheard"  # other letters are heard than those of its words
    UNLIKE = "unlike"  # what is heard is no more like the sentence than what is heard anywhere
    TORN = "torn"  # speech that the text lacks parts it from the rest of its sentence


@dataclass(frozen=True, slots=True)
class Doubt:
    """A run of words that deserves a look; ``cost`` is how many of them may be at a wrong time."""

    words: range
    span: Span
    cost: float
    why: Why = Why.UNSURE


def doubts(alignment: Alignment, emissions: Emissions | None = None) -> list[Doubt]:
    """The runs in doubt, the costliest first: by confidence, which is the chance that a word's time is right; and, by
    the ``emissions`` of the sound where they are known, words that are called heard where other letters were, and
    sentences where they, or all of them, may be said elsewhere or by nobody."""
    found = [Doubt(run, span, _cost(alignment, run)) for run, span in doubtful_runs(alignment)]
    if emissions:
        for why, runs in (
            (Why.UNHEARD, unheard_runs(alignment, emissions)),
            (Why.TORN, torn_runs(alignment, emissions)),
            (Why.UNLIKE, unlike_runs(alignment, emissions)),
        ):
            for run in runs:
                found = _with(found, alignment, run, why)
    return sorted(found, key=lambda doubt: (-doubt.cost, doubt.span.start))


def _with(found: Sequence[Doubt], alignment: Alignment, run: range, why: Why) -> list[Doubt]:
    """The doubts with one more run; with those that it meets, it is one."""
    met = [each for each in found if run.start < each.words.stop and each.words.start < run.stop]
    if why is Why.UNHEARD and met:
        return [*found]
    runs = [run, *(each.words for each in met)]
    words = range(min(each.start for each in runs), max(each.stop for each in runs))
    span = span_of(alignment, words)
    if span is None:
        return [*found]
    said = float(sum(alignment.words[k].span is not None for k in run))
    cost = max([said, *(each.cost for each in met)])
    return [*(each for each in found if each not in met), Doubt(words, span, cost, why)]


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
