"""Searching titles and words of all episodes, whatever the case, accents, apostrophes and hyphens.

A query is a phrase: its words one after the other, the last of which may be only begun. Where an episode has it
nowhere, passages that hold all its words close together are given instead.

Nobody knows how long an episode is, or how often it says a word: places are looked for one after the other, and no
more of them than are given or counted.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from aligner.errors import AlignmentError
from aligner.model import Span
from aligner.normalization import fold
from aligner.typography import is_unspaced
from web.errors import Unusable
from web.library.alignments import known_error
from web.library.episode import Episode
from web.library.shelf import Library
from web.library.word_index import Index, index_of

LONGEST_QUERY = 200  # characters
MOST_HITS = 20  # given of an episode; more are counted
_MANY, _HITS_OF_MANY = 10, 5  # episodes from which fewer are given of each
_BEFORE, _AFTER = 60, 120  # characters of a snippet around what was found
_LEAST_BEGUN = 3  # letters of a word that may be only begun
_NEAR = 40  # words within which all of a query's are looked for
_LONGEST_MATCH = 500  # characters; of a longer one the beginning is shown
_MOST_COUNTED = 100_000  # hits in an episode
_MOST_PLACES = 300_000  # of single words, among which some that are close together are looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query was found. ``words`` index the alignment's; ``span`` is when they are said, if any is.

    ``before``, ``match`` and ``after`` are the transcript's own text, of one passage; a long match is cut.
    """

    words: range
    chars: range
    span: Span | None
    speaker: str | None
    before: str
    match: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave in one episode: by its title or show, and in its words; ``total`` hits, not all of them given.

    ``sha256`` is the transcript's, by which links to its words are told from links to another wording; ``unread`` is
    true where there is an alignment that cannot be read, so that nothing is known of its words.
    """

    episode: Episode
    in_title: bool
    hits: tuple[Hit, ...]
    total: int
    sha256: str | None
    unread: bool = False


def search(library: Library, query: str) -> list[Found]:
    """The episodes that have ``query`` in their title, show or words, those with it in the title first; at the end
    those whose words could not be searched."""
    parts = fold(query[:LONGEST_QUERY], " ").split()
    if not parts:
        return []
    looked_at = (_in_episode(episode, parts) for episode in library.episodes())
    told = (each for each in looked_at if each.in_title or each.hits or each.unread)
    found = sorted(told, key=lambda each: (not each.in_title, not each.hits))
    return found if len(found) < _MANY else [replace(each, hits=each.hits[:_HITS_OF_MANY]) for each in found]


def _in_episode(episode: Episode, parts: list[str]) -> Found:
    pattern = _pattern(parts)
    titles = [fold(title, " ").split() for title in (episode.title, episode.details.show or "")]
    in_title = any(pattern.search(f" {' '.join(words)} ") for words in titles)
    index = _index_of(episode)
    if index is None:
        return Found(episode, in_title, (), 0, None, unread=episode.alignment is not None)
    spans = _spans(index, pattern, parts)
    hits = tuple(_hit(index, span) for span in islice(spans, MOST_HITS))
    total = len(hits) + sum(1 for _ in islice(spans, _MOST_COUNTED - len(hits)))
    return Found(episode, in_title, hits, total, index.sha256)


def _pattern(parts: list[str], begun: bool = True) -> re.Pattern[str]:
    """The parts as they stand in a folded text, the last perhaps only ``begun``; in scripts without spaces anywhere."""
    phrase = " ".join(parts)
    if is_unspaced(phrase):
        return re.compile(re.escape(phrase))
    rest = "[^ ]*" if begun and len(parts[-1]) >= _LEAST_BEGUN else ""
    return re.compile(rf"(?<= ){re.escape(phrase)}{rest}(?= )")


def _spans(index: Index, pattern: re.Pattern[str], parts: list[str]) -> Iterator[range]:
    """The words of each place, in order of the text."""
    spaces, matches = _Spaces(index), pattern.finditer(index.folded)
    if first := next(matches, None):
        return (spaces.words(match.start(), match.end()) for match in chain([first], matches))
    return _together(index, parts) if len(parts) > 1 else iter(())


class _Spaces:
    """From places in the folded text to words, counting spaces once, since places come in order."""

    def __init__(self, index: Index) -> None:
        self._index, self._at, self._count = index, 0, 0

    def words(self, start: int, end: int) -> range:
        self._count += self._index.folded.count(" ", self._at, start)
        self._at = start
        first, last = self._count - 1, self._count - 1 + self._index.folded.count(" ", start, end)
        return range(self._index.owners[first], self._index.owners[last] + 1)


def _together(index: Index, parts: list[str]) -> Iterator[range]:
    """Stretches of few words that hold every part, in any order, none overlapping another."""
    patterns = [_pattern([part], begun=part == parts[-1]) for part in dict.fromkeys(parts)]
    if not all(pattern.search(index.folded) for pattern in patterns):
        return iter(())
    places = heapq.merge(*(_places(index, number, pattern) for number, pattern in enumerate(patterns)))
    return _windows(islice(places, _MOST_PLACES), len(patterns))


def _places(index: Index, number: int, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The words in which ``pattern`` is found, each with its ``number``."""
    spaces = _Spaces(index)
    return ((spaces.words(m.start(), m.end())[0], number) for m in pattern.finditer(index.folded))


def _windows(places: Iterator[tuple[int, int]], wanted: int) -> Iterator[range]:
    last: dict[int, int] = {}
    for word, number in places:
        last[number] = word
        if len(last) == wanted and word - (first := min(last.values())) < _NEAR:
            yield range(first, word + 1)
            last.clear()


def _hit(index: Index, words: range) -> Hit:
    start, end = index.char_starts[words[0]], index.char_ends[words[-1]]
    first, last, speaker = index.passages[index.segments[words[0]]]
    said = [k for k in words if index.starts_ms[k] >= 0]
    before = index.text[max(first, start - _BEFORE) : start]
    after = index.text[end : min(max(last, end), end + _AFTER)]
    return Hit(
        words=words,
        chars=range(start, end),
        span=Span(index.starts_ms[said[0]] / 1000, index.ends_ms[said[-1]] / 1000) if said else None,
        speaker=speaker,
        before=_from_a_word(before, cut=start - _BEFORE > first),
        match=index.text[start:end]
        if end - start <= _LONGEST_MATCH
        else f"{index.text[start : start + _LONGEST_MATCH]}…",
        after=_to_a_word(after, cut=end + _AFTER < last),
    )


def _beginning_of(text: str) -> str:
    return text if len(text) <= _LONGEST_MATCH else f"{text[:_LONGEST_MATCH]}…"


def _from_a_word(text: str, cut: bool) -> str:
    return f"… {text.partition(' ')[2]}" if cut else text


def _to_a_word(text: str, cut: bool) -> str:
    return f"{text.rpartition(' ')[0]} …" if cut else text


def _index_of(episode: Episode) -> Index | None:
    """The index of an aligned episode; None where there is no alignment that can be read."""
    if episode.alignment is None:
        return None
    try:
        return None if known_error(episode.alignment) else index_of(episode.alignment)
    except (OSError, AlignmentError, Unusable):
        return None  # the page says so
