"""The words of a quote as they stand on the screen, with how well a reader bears a break before each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from aligner.languages import language_of
from aligner.quotes import Cut
from aligner.typography import Token, break_costs, read_sentences, read_tokens, without_stage
from media.video.screens import ShownWord

_DASH = "–\u00a0"


def shown_words(cut: Cut) -> tuple[ShownWord, ...]:
    """The words of the quote in the clip's time; footnote marks, headings, stage directions and the like left out.

    As in captions, a sentence of which nothing is said is left out; a word of a spoken one that was not found in the
    sound is there, and has no length.
    """
    tokens = []
    for sentence in without_stage(read_sentences(read_tokens(cut.alignment), cut.quote.words)):
        for token, (start, end) in zip(sentence.tokens, sentence.spans(), strict=True):
            tokens.append(replace(token, start=start, end=end))
    return as_shown(tokens, cut.alignment.language)


def as_shown(tokens: Sequence[Token], language: str) -> tuple[ShownWord, ...]:
    """The tokens, all of which have times, with the cost of a break before each.

    A word ends where the next one starts at the latest, and none starts before the one before it. The dashes of a
    dialogue are shown.
    """
    times = _in_order([(token.start or 0.0, token.end or 0.0) for token in tokens])
    pauses = [0.0, *(start - end for (_, end), (start, _) in pairwise(times))]
    costs = break_costs(tokens, pauses, language_of(language).captioning)
    dialogue = any(token.opens for token in tokens[1:])
    return tuple(
        ShownWord(
            _DASH * (dialogue and token.opens) + token.text,
            start,
            end,
            token.speaker,
            token.before,
            cost,
            opens=token.opens,
        )
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
