"""The words of a quote as they stand on the screen, with how well a reader bears a break before each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from aligner.captions.breaks import break_costs
from aligner.captions.languages import language_of
from aligner.captions.tokens import Token, read_tokens
from aligner.quotes import Cut
from media.audiogram.script import ShownWord

_WIDE = 10**6  # characters of a line: nothing is set here


def shown_words(cut: Cut) -> tuple[ShownWord, ...]:
    """The words of the quote that are said, in the clip's time; footnote marks, headings and the like left out."""
    tokens = [
        token
        for paragraph in read_tokens(cut.alignment, _WIDE)
        for token in paragraph
        if token.word is not None and token.word in cut.quote.words and token.start is not None
    ]
    return as_shown(tokens, cut.alignment.language)


def as_shown(tokens: Sequence[Token], language: str) -> tuple[ShownWord, ...]:
    """The tokens, all of which have times, with the cost of a break before each.

    A word ends where the next one starts at the latest, and none starts before the one before it.
    """
    times = _in_order([(token.start or 0.0, token.end or 0.0) for token in tokens])
    pauses = [0.0, *(start - end for (_, end), (start, _) in pairwise(times))]
    costs = break_costs(tokens, pauses, language_of(language))
    return tuple(
        ShownWord(token.text, start, end, token.speaker, token.before, cost)
        for token, (start, end), cost in zip(tokens, times, costs, strict=True)
    )


def _in_order(times: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    starts: list[float] = []
    for start, _ in times:
        starts.append(max(start, starts[-1]) if starts else start)
    followings = [*starts[1:], float("inf")]
    return [
        (start, max(start, min(end, following)))
        for start, (_, end), following in zip(starts, times, followings, strict=True)
    ]
