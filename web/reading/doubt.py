"""Stretches of an episode whose word times deserve a look."""

from __future__ import annotations

from aligner.model import Alignment, Span

_UNSURE = 0.6  # confidence below which a word is in doubt
_SURE_BETWEEN = 2  # words in a row that are sure end a stretch when there are more than these
_SHORTEST = 2.0  # seconds


def doubtful(alignment: Alignment) -> list[Span]:
    """Runs of words in doubt that last two seconds or more, a sure word or two among them."""
    spans: list[Span] = []
    run: list[Span] = []
    sure = 0
    for word in (*(w for w in alignment.words if w.span), None):
        if word and word.span and word.confidence < _UNSURE:
            run.append(word.span)
            sure = 0
            continue
        sure += 1
        if run and (word is None or sure > _SURE_BETWEEN):
            start, end = run[0].start, max(span.end for span in run)
            if end - start >= _SHORTEST:
                spans.append(Span(start, end))
            run = []
    return spans
