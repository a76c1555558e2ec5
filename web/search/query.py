"""Parse a search query and translate it to FTS5.

A query has words in any order and phrases in quotation marks; the last word may be only the beginning of a word. A text
before a colon is a speaker's name if a speaker has this name. FTS5 ignores case and accents. Only letters, marks and
digits of a query are copied to FTS5 expressions, and always quoted, so a query cannot inject operators.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aligner.typography import has_unspaced, unspaced_apart

LONGEST_QUERY = 200  # characters
_MOST_TERMS = 20  # more are ignored, since each is slow
_SHORTEST_PREFIX = 3  # letters
_QUOTATION_MARKS = re.compile('["＂“”„‟«»‹›「」『』]')  # not single ones, which are apostrophes too
_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")  # not in a time such as 3:15
_BETWEEN_WORDS = re.compile(r"[\s:;,.!?…/()\[\]]+")
_LETTERS = (("oe", "œ"), ("ae", "æ"), ("ss", "ß"))  # equivalent spellings that FTS5 distinguishes


@dataclass(frozen=True, slots=True)
class Term:
    """A lower-case word or phrase to search for. With ``is_prefix``, the last word may be the beginning of a word."""

    text: str
    is_prefix: bool = False

    @property
    def phrase(self) -> str:
        """The term as an FTS5 expression."""
        spellings = [unspaced_apart(self.text)]
        for apart, joined in _LETTERS:
            spellings[0] = spellings[0].replace(joined, apart)
            spellings += [each.replace(apart, joined) for each in spellings if apart in each]
        return " OR ".join(f'"{each}"{"*" if self.is_prefix else ""}' for each in spellings)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query. If it starts with a speaker's name and a colon, ``label`` has the name's words, to search for in
    speakers' names, and ``terms`` the rest, to search for in passages. Titles are searched for the ``whole`` query."""

    terms: tuple[Term, ...]
    whole: tuple[Term, ...]
    label: tuple[Term, ...] = ()

    def having(self, terms: Sequence[Term]) -> str:
        """Return the FTS5 expression for passages with all ``terms`` in the text or the speaker's name. If the query
        has a ``label``, the label must be in the name and the terms in the text. Single letters must always be in the
        text, because transcripts may name speakers by letters (``A:``)."""
        by = [f"({{speaker}} : ({term.phrase}))" for term in self.label]
        columns = ("{said}" if self.label or len(term.text) == 1 else "{said speaker}" for term in terms)
        return " AND ".join([*by, *(f"({each} : ({term.phrase}))" for each, term in zip(columns, terms, strict=True))])


def read_query(text: str, is_speaker: Callable[[Query], bool] = lambda _: False) -> Query:
    """Parse a query, cut to ``LONGEST_QUERY``; ``is_speaker`` returns whether the label of a query names a speaker.

    Examples
    --------
    >>> [term.text for term in read_query("Élise: “le camembert” d’été").terms]
    ['élise', 'le camembert', 'd été']
    """
    text = text[:LONGEST_QUERY]
    whole = _terms(text)
    # The longest label first, since a name may contain a colon.
    for colon in reversed(list(_COLON.finditer(text))):
        label = tuple(map(Term, _words(text[: colon.start()]).split()))
        query = Query(_terms(text[colon.end() :]), whole, label)
        if label and is_speaker(query):
            return query
    return Query(whole, whole)


def _terms(text: str) -> tuple[Term, ...]:
    pieces, terms = _QUOTATION_MARKS.split(text), list[Term]()
    for number, piece in enumerate(pieces):
        is_phrase = number % 2 == 1
        words = list(filter(None, map(_words, [piece] if is_phrase else _BETWEEN_WORDS.split(piece))))
        terms += map(Term, words)
        if words and not is_phrase and number == len(pieces) - 1:
            last = words[-1].rpartition(" ")[2]
            terms[-1] = Term(words[-1], len(last) >= _SHORTEST_PREFIX and not has_unspaced(last[-1]))
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]


def _words(text: str) -> str:
    """Return the lower-case words of a text (letters, marks and digits), separated by single spaces."""
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text.lower())
    return " ".join("".join(kept).split())
