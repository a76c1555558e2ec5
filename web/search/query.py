"""What a person types into the search, and what FTS5 is asked for it.

A query is words in any order and phrases in quotation marks; the last word may be only begun. A name before a colon is
who speaks, if somebody is called so. FTS5 never sees what was typed: an expression holds folded letters and digits in
quotation marks, and the operators of this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aligner.normalization import fold
from aligner.typography import has_unspaced, unspaced_apart

LONGEST_QUERY = 200  # characters
_LEAST_BEGUN = 3  # letters of a word that may be only begun
_QUOTATION_MARKS = re.compile('["＂“”„‟«»‹›「」『』]')  # no single ones, which are apostrophes too
_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")  # 3:15 is a time
_BETWEEN_WORDS = re.compile(r"[\s:;,.!?…/()\[\]]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase, folded; with ``begun`` its last word may go on."""

    text: str
    begun: bool = False

    @property
    def phrase(self) -> str:
        """The term in FTS5's language."""
        return f'"{unspaced_apart(self.text)}"{"*" if self.begun else ""}'

    def is_in(self, text: str) -> bool:
        """Return whether the term is in a text, as FTS5 would say."""
        sought = " ".join(unspaced_apart(self.text).split())
        return f" {sought}{'' if self.begun else ' '}" in f" {tokens(text)} "


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
        by = [f"({{speaker}} : {term.phrase})" for term in self.label]
        columns = ("{said}" if self.label or len(term.text) == 1 else "{said speaker}" for term in terms)
        return " AND ".join([*by, *(f"({each} : {term.phrase})" for each, term in zip(columns, terms, strict=True))])

    def best_first(self, terms: Sequence[Term]) -> list[str]:
        """Return expressions for passages that have all these terms: where somebody whom some of the terms name says
        others, where the terms are said as one phrase, and any."""
        best, either = list[str](), " OR ".join(term.phrase for term in terms if len(term.text) > 1)
        if len(terms) > 1 and not self.label:
            if either:
                best.append(f"{self.having(terms)} AND ({{speaker}} : ({either})) AND ({{said}} : ({either}))")
            best.append(f"{{said}} : {Term(' '.join(term.text for term in terms), terms[-1].begun).phrase}")
        return [*best, self.having(terms)]


def read_query(text: str, is_speaker: Callable[[tuple[Term, ...]], bool] = lambda _: False) -> Query:
    """Read a query, as far as ``LONGEST_QUERY``; ``is_speaker`` returns whether somebody's name has these terms.

    Examples
    --------
    >>> [term.text for term in read_query("Élise: “le camembert” d’été").terms]
    ['elise', 'le camembert', 'd ete']
    """
    text = text[:LONGEST_QUERY]
    whole = _terms(text)
    # The longest label first: a name may hold a colon.
    for colon in reversed(list(_COLON.finditer(text))):
        label = tuple(Term(word) for word in tokens(text[: colon.start()]).split())
        if label and is_speaker(label):
            return Query(_terms(text[colon.end() :]), whole, label)
    return Query(whole, whole)


@lru_cache(10_000)  # each query asks it of all titles
def tokens(text: str) -> str:
    """Return the tokens of a text between single spaces: its folded words, and each character of a script without
    spaces."""
    return " ".join(unspaced_apart(fold(text, " ")).split())


def _terms(text: str) -> tuple[Term, ...]:
    pieces, terms = _QUOTATION_MARKS.split(text), list[Term]()
    for number, piece in enumerate(pieces):
        is_phrase = number % 2 == 1
        folded = (" ".join(fold(word, " ").split()) for word in ([piece] if is_phrase else _BETWEEN_WORDS.split(piece)))
        words = [word for word in folded if word]
        terms += map(Term, words)
        if words and not is_phrase and number == len(pieces) - 1:
            terms[-1] = Term(words[-1], _may_go_on(words[-1]))
    return tuple(dict.fromkeys(terms))


def _may_go_on(word: str) -> bool:
    last = word.rpartition(" ")[2]
    return len(last) >= _LEAST_BEGUN and not has_unspaced(last[-1])
