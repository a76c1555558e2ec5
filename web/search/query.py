"""What a person seeks: words, wherever they stand, and phrases in quotation marks, which are sought as they are.

A name typed before a colon is who speaks: what follows it is sought in what they say, and nowhere else. Other colons
only part words.

Terms are sought in folded text: small letters without accents, each part between single spaces (``word_index``).
FTS5 is asked for tokens: parts, but that each character of a script without spaces is one of its own. It is never
asked for what was typed, only for letters and digits in quotation marks; and it may say too much, but not too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from aligner.normalization import fold
from aligner.typography import has_unspaced, is_unspaced, unspaced_apart

LONGEST_QUERY = 200  # characters
_LEAST_BEGUN = 3  # letters of a word that may be only begun
_QUOTATION_MARKS = re.compile('["＂“”„‟«»‹›「」『』]')  # no single ones, which are apostrophes too
_COLON = re.compile(r"(?<!\d)[:：]|[:：](?!\d)")  # in 3:15 it is of a time
_BETWEEN_WORDS = re.compile(r"[\s:;,.!?…/()\[\]]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that stand one after the other, the last perhaps only ``begun``; those in scripts without spaces
    begin and end anywhere.

    ``sought`` is what is looked for in a folded text, ``lead`` of its characters before the first letter. A place is
    where the first letter stands, and where the last has ended.
    """

    text: str
    begun: bool
    sought: str
    lead: int

    def places(self, folded: str) -> Iterator[tuple[int, int]]:
        """Every place in a folded text, none overlapping another."""
        step = self.lead + len(self.text)
        at = folded.find(self.sought)
        while at >= 0:
            yield self._place(folded, at)
            at = folded.find(self.sought, at + step)

    def count(self, folded: str, most: int) -> int:
        """How many places there are, up to ``most``."""
        if self.lead and self.sought.endswith(" "):
            # The space after one may be that before the next: they are looked for in a text that has each twice.
            return min(most, folded.replace(" ", "  ").count(self.sought.replace(" ", "  ")[1:-1]))
        return sum(1 for _ in islice(self.places(folded), most))

    def nearest(self, folded: str, place: tuple[int, int], low: int, high: int) -> tuple[int, int] | None:
        """The place nearest to another, or the same, that lies between ``low`` and ``high``."""
        start, end = place
        after = folded.find(self.sought, start - self.lead, high)
        before = folded.rfind(self.sought, low, start)
        if after < 0 or (before >= 0 and start - before < after - end):
            return self._place(folded, before) if before >= 0 else None
        return self._place(folded, after)

    def is_in(self, words: str) -> bool:
        """Whether it stands in a text that is not folded."""
        return self.sought in f" {folded_words(words)} "

    @property
    def phrase(self) -> str:
        """What FTS5 is asked for, which is wherever the term is."""
        tokens = unspaced_apart(self.text).split()
        # What begins or ends anywhere may do so within a part of other letters.
        if self.lead == 0 and not has_unspaced(tokens[0]):
            del tokens[0]
        if not self.begun and not self.sought.endswith(" ") and not has_unspaced(tokens[-1]):
            del tokens[-1]
        return f'"{" ".join(tokens)}"{"*" if self.begun else ""}'

    def _place(self, folded: str, at: int) -> tuple[int, int]:
        start = at + self.lead
        end = start + len(self.text)
        return start, folded.find(" ", end) if self.begun else end


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a colon, folded, and ``rest``, which follows it: None where the colon is within, so that it
    may be of a name that holds one."""

    text: str
    rest: str | None

    def named(self, names: Iterable[str]) -> frozenset[str]:
        """Who is meant: whoever is called just so, else whose name has all of its words."""
        folded = {name: folded_words(name) for name in names if self.rest is not None or set(":：") & set(name)}
        if exact := frozenset(name for name, each in folded.items() if each == self.text):
            return exact
        if self.rest is None:
            begun = _term(self.text, begun=True).sought.lstrip(" ")
            return frozenset(name for name, each in folded.items() if f"{each} ".startswith(begun))
        words = [_term(word, begun=False).sought for word in self.text.split(" ")]
        return frozenset(name for name, each in folded.items() if all(word in f" {each} " for word in words))


@dataclass(frozen=True, slots=True)
class Query:
    """``terms`` are all sought, each once; ``phrase`` is the whole as it was typed, None where it has no more than one
    word, or marks of quotation; ``pairs`` are neighbours of which one is a single letter, an initial perhaps;
    ``labels`` are the names that may be meant by what stands before a colon, the longest first."""

    terms: tuple[Term, ...]
    phrase: Term | None
    pairs: tuple[Term, ...] = ()
    labels: tuple[Label, ...] = ()

    def is_named(self, term: Term, name: str) -> bool:
        """Whether one of the terms is a part of a name; a single letter, which may be a label, only beside another."""
        if len(term.text) > 1:
            return term.is_in(name)
        return any(term.text in pair.text.split(" ") and pair.is_in(name) for pair in self.pairs)


def read_query(text: str) -> Query:
    """What ``text`` seeks; what goes beyond ``LONGEST_QUERY`` is not read.

    Examples
    --------
    >>> [term.text for term in read_query("Élise: “le camembert” d’été").terms]
    ['elise', 'le camembert', 'd ete']
    """
    text = text[:LONGEST_QUERY]
    pieces = _QUOTATION_MARKS.split(text)
    terms: list[Term] = []
    for number, piece in enumerate(pieces):
        quoted = number % 2 == 1
        is_last = number == len(pieces) - 1
        words = [folded_words(word) for word in ([piece] if quoted else _BETWEEN_WORDS.split(piece))]
        words = [word for word in words if word]
        begun = is_last and not quoted
        terms += [_term(word, begun and k == len(words) - 1) for k, word in enumerate(words)]
    whole = " ".join(term.text for term in terms)
    phrase = _term(whole, begun=True) if len(terms) > 1 and len(pieces) == 1 else None
    beside = pairwise(terms)
    pairs = (
        _term(f"{one.text} {other.text}", other.begun) for one, other in beside if 1 in map(len, (one.text, other.text))
    )
    return Query(tuple(dict.fromkeys(terms)), phrase, tuple(pairs), _labels(text))


def called(name: str) -> str:
    """The words of a name by which somebody is called: none in small letters, as "de" or "von", unless all are."""
    words = " ".join(word for word in name.split() if not word[0].islower())
    return words if folded_words(words) else name


def _labels(text: str) -> tuple[Label, ...]:
    rests: dict[str, str | None] = {}
    at = 0
    for number, piece in enumerate(_QUOTATION_MARKS.split(text)):
        for colon in _COLON.finditer(piece) if number % 2 == 0 else ():
            rests.setdefault(folded_words(text[: at + colon.start()]), text[at + colon.end() :])
        at += len(piece) + 1
    if rests:
        rests.setdefault(folded_words(text), None)
    return tuple(Label(label, rest) for label, rest in reversed(rests.items()) if label)


@lru_cache(10_000)  # each query asks it of all who speak
def folded_words(text: str) -> str:
    """The words of a text as they are sought, each part between single spaces."""
    return " ".join(fold(text, " ").split())


def _term(text: str, begun: bool) -> Term:
    first, last = text.partition(" ")[0], text.rpartition(" ")[2]
    starts_within, ends_within = (is_unspaced(text) and has_unspaced(word) for word in (first, last))
    begun = begun and not ends_within and len(last) >= _LEAST_BEGUN
    lead, trail = "" if starts_within else " ", "" if ends_within or begun else " "
    return Term(text, begun, f"{lead}{text}{trail}", len(lead))
