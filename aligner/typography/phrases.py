"""Tokens that are read as one thing: set phrases of a language or a text, and short quotations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aligner.languages import Captioning
from aligner.typography.characters import width
from aligner.typography.sentences import CLOSERS, OPENERS
from aligner.typography.tokens import Token

STRIPPED = CLOSERS + OPENERS + ".,;:!?…"
_SHORT_QUOTE = 42
_INNER_MARK = re.compile("['–—]")

Pair = tuple[str, str]


def recurring_pairs(tokens: Sequence[Token], language: Captioning) -> frozenset[Pair]:
    """Pairs of neighbours that are a set phrase in this text: ``click workers``, ``machine learning``.

    Both words mean something, stand together half of the times that the rarer one is there, and do so beside
    different words: a passage that comes again makes no phrases. None are told in a language whose common words are
    not known.
    """
    common = language.clinging | language.leaning | language.clause | language.phrase
    words = [bare(token.text) for token in tokens] if common else []
    counts = Counter(words)
    beside: dict[Pair, set[Pair]] = {}
    for position in range(1, len(words)):
        left, right = words[position - 1], words[position]
        if counts[left] > 1 and counts[right] > 1 and last_word(left) not in common and first_word(right) not in common:
            before = words[position - 2] if position > 1 else ""
            after = words[position + 1] if position + 1 < len(words) else ""
            beside.setdefault((left, right), set()).add((before, after))
    return frozenset(
        pair
        for pair, places in beside.items()
        if len({before for before, _ in places}) > 1 and 2 * len(places) >= min(counts[pair[0]], counts[pair[1]])
    )


def inside_locutions(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """The positions of tokens that lie within a set phrase of the language, its first token not counted."""
    phrases = _phrases(language.locutions)
    heads = tuple(bare(token.text) for token in tokens)
    for first, word in enumerate(heads):
        for phrase in phrases.get(word.rsplit("'", 1)[-1], ()):
            last = first + len(phrase) - 1
            if last < len(heads) and _follows(tokens, heads, first, phrase):
                yield from range(first + 1, last + 1)


def _follows(tokens: Sequence[Token], heads: tuple[str, ...], first: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words after the first are those of the phrase, without punctuation between them."""
    last = first + len(phrase) - 1
    if len(phrase) > 2 and heads[first + 1 : last] != phrase[1:-1]:
        return False
    if phrase[-1] not in (heads[last], heads[last].split("'", 1)[0]):
        return False
    return not any(tokens[at].text[-1] in STRIPPED for at in range(first, last))


@lru_cache(maxsize=32)
def _phrases(locutions: frozenset[str]) -> dict[str, list[tuple[str, ...]]]:
    """The words of each set phrase, by the last part of its first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in locutions:
        words = tuple(phrase.split())
        if len(words) > 1:
            found.setdefault(last_word(words[0]), []).append(words)
    return found


def inside_short_quotes(tokens: Sequence[Token], language: Captioning) -> Iterator[int]:
    """The positions of tokens that lie within a quotation short enough for a line, its first token not counted."""
    for first, opening in enumerate(tokens):
        closers = [pair[1] for pair in language.quotes if pair[0] == opening.text[0]]
        if not closers:
            continue
        length = 0
        for last in range(first, len(tokens)):
            length += width(tokens[last].before * (last > first) + tokens[last].text)
            if length > _SHORT_QUOTE or tokens[last].paragraph != opening.paragraph:
                break
            if any(_closes(tokens[last].text, closer) for closer in closers):
                yield from range(first + 1, last + 1)
                break


def _closes(text: str, closer: str) -> bool:
    """Whether a quotation ends with this token: a mark within it, as in ``foto’s``, closes nothing."""
    _, mark, rest = text[-3:].rpartition(closer)
    return bool(mark) and not any(map(str.isalpha, rest))


def last_word(text: str) -> str:
    """The last word of a token, after its last apostrophe or dash: ``qu’il`` gives ``il``, ``l’`` gives ``l``, and
    ``town—the`` gives ``the``."""
    return _INNER_MARK.split(bare(text))[-1]


def first_word(text: str) -> str:
    """The first word of a token, before its first apostrophe or dash: ``qu’il`` gives ``qu``."""
    return _INNER_MARK.split(bare(text), maxsplit=1)[0]


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A token in lower case without the punctuation around it."""
    return text.replace("’", "'").replace("ʼ", "'").strip(STRIPPED).lower()
