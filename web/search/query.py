"""What a person types into the search, and what FTS5 is asked for it.

A query is words in any order and phrases in quotation marks; the last word may be only begun. A name before a colon is
who speaks, if somebody is called so. FTS5 folds case and accents, of the query as of the text; an expression holds
only letters, marks and digits in quotation marks, and the operators of this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aligner.typography import has_unspaced, unspaced_apart

LONGEST_QUERY = 200  # characters
_MOST_TERMS = 20  # each costs a look at every passage; more are ignored
_LEAST_BEGUN = 3  # letters of a word that may be only begun
_QUOTATION_MARKS = re.compile('["＂“”„‟«»‹›「」『』]')  # no single ones, which are apostrophes too
_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")  # 3:15 is a time
_BETWEEN_WORDS = re.compile(r"[\s:;,.!?…/()\[\]]+")
_LETTERS = (("oe", "œ"), ("ae", "æ"), ("ss", "ß"))  # the same to a reader, not to FTS5


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, in small letters; with ``begun`` its last word may go on."""

    text: str
    begun: bool = False

    @property
    def phrase(self) -> str:
        """The term in FTS5's language."""
        spellings = [unspaced_apart(self.text)]
        for apart, joined in _LETTERS:
            spellings[0] = spellings[0].replace(joined, apart)
            spellings += [each.replace(apart, joined) for each in spellings if apart in each]
        return " OR ".join(f'"{each}"{"*" if self.begun else ""}' for each in spellings)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: ``terms`` are sought in what is said, with a ``label`` by speakers whose names hold all of
    its terms; ``whole`` are the terms that a title is searched for."""

    terms: tuple[Term, ...]
    whole: tuple[Term, ...]
    label: tuple[Term, ...] = ()

    def having(self, terms: Sequence[Term]) -> str:
        """Return the expression for passages that have all these terms, each in the words or the speaker's name.

        A term of one letter may be the label of a speaker, as A in an interview, and is sought in the words alone, as
        all are after a label.
        """
        by = [f"({{speaker}} : ({term.phrase}))" for term in self.label]
        columns = ("{said}" if self.label or len(term.text) == 1 else "{said speaker}" for term in terms)
        return " AND ".join([*by, *(f"({each} : ({term.phrase}))" for each, term in zip(columns, terms, strict=True))])


def read_query(text: str, is_speaker: Callable[[Query], bool] = lambda _: False) -> Query:
    """Read a query, as far as it is not too long; ``is_speaker`` returns whether anybody has the name of a label.

    Examples
    --------
    >>> [term.text for term in read_query("Élise: “le camembert” d’été").terms]
    ['élise', 'le camembert', 'd été']
    """
    text = text[:LONGEST_QUERY]
    whole = _terms(text)
    # The longest label first: a name may hold a colon.
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
            terms[-1] = Term(words[-1], len(last) >= _LEAST_BEGUN and not has_unspaced(last[-1]))
    return tuple(dict.fromkeys(terms))[:_MOST_TERMS]


def _words(text: str) -> str:
    """Return the letters, marks and digits of a text in small letters, the words between single spaces."""
    kept = (c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text.lower())
    return " ".join("".join(kept).split())
