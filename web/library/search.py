"""Searching titles and words of all episodes, whatever the case, accents, apostrophes and hyphens.

A query is a phrase: its words one after the other, the last of which may be only begun. Where an episode has it
nowhere, passages that hold all its words close together are given instead.

What is searched of an episode is kept beside it until its alignment changes.

Conventions
-----------
- ``folded`` is the transcript's words in small letters without accents, each part between single spaces: ``l’été :``
  and ``L'Été`` both give `` l ete ``. The part that starts after the k-th space belongs to word ``owners[k]``.
- Times are milliseconds, -1 where a word is not said; offsets are code points of ``text``.
"""

from __future__ import annotations

import contextlib
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import le
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from aligner.durations import to_milliseconds
from aligner.errors import AlignmentError, OutputError
from aligner.model import Alignment, Span
from aligner.normalization import fold
from aligner.storage.atomic import making, write_text
from aligner.storage.file_states import state_of, until_changed
from aligner.storage.user_folders import HIDDEN
from aligner.typography import is_unspaced
from media.confinement import read_regular
from web.bounded import call
from web.errors import Unusable
from web.library.alignments import known_error, opened_alignment, remember
from web.library.episode import Episode
from web.library.shelf import Library

if TYPE_CHECKING:
    _Numbers = array[int]
else:
    _Numbers = array  # which Python 3.11 lets no one subscript

LONGEST_QUERY = 200  # characters
MOST_HITS = 20  # given of an episode; more are counted
_MANY, _HITS_OF_MANY = 10, 5  # episodes from which fewer are given of each
_BEFORE, _AFTER = 60, 120  # characters of a snippet around what was found
_LEAST_BEGUN = 3  # letters of a word that may be only begun
_NEAR = 40  # words within which all of a query's are looked for
_LARGEST_BYTES = 1 << 26  # of what is kept; three hours of talk have some 3 MB
_LONGEST_MS = 10**12  # of a sound
_VERSION = 3  # of what is kept: another one is made anew
_AT_HAND = 1024  # episodes; an hour of talk takes 0.3 MB


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query was found. ``words`` index the alignment's; ``span`` is when they are said, if any is.

    ``before``, ``match`` and ``after`` are the transcript's own text, of one passage.
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


@dataclass(frozen=True, slots=True)
class Index:
    """What searching needs of an episode."""

    folded: str
    owners: _Numbers
    starts_ms: _Numbers
    ends_ms: _Numbers
    char_starts: _Numbers
    char_ends: _Numbers
    segments: _Numbers
    passages: Sequence[tuple[int, int, str | None]]  # range of characters and speaker, by segment
    text: str
    sha256: str


class _Kept(msgspec.Struct):
    stamp: tuple[int, int, int]
    index: Index


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
    spans = _spans(index, pattern, parts) if index else []
    hits = tuple(_hit(index, span) for span in spans[:MOST_HITS]) if index else ()
    unread = index is None and episode.alignment is not None
    return Found(episode, in_title, hits, len(spans), index.sha256 if index else None, unread)


def _pattern(parts: list[str], begun: bool = True) -> re.Pattern[str]:
    """The parts as they stand in a folded text, the last perhaps only ``begun``; in scripts without spaces anywhere."""
    phrase = " ".join(parts)
    if is_unspaced(phrase):
        return re.compile(re.escape(phrase))
    rest = "[^ ]*" if begun and len(parts[-1]) >= _LEAST_BEGUN else ""
    return re.compile(rf"(?<= ){re.escape(phrase)}{rest}(?= )")


def _spans(index: Index, pattern: re.Pattern[str], parts: list[str]) -> list[range]:
    """The words of each place, in order of the text."""
    spaces = _Spaces(index)
    phrases = [spaces.words(match.start(), match.end()) for match in pattern.finditer(index.folded)]
    return phrases or (_together(index, parts) if len(parts) > 1 else [])


class _Spaces:
    """From places in the folded text to words, counting spaces once, since places come in order."""

    def __init__(self, index: Index) -> None:
        self._index, self._at, self._count = index, 0, 0

    def words(self, start: int, end: int) -> range:
        self._count += self._index.folded.count(" ", self._at, start)
        self._at = start
        first, last = self._count - 1, self._count - 1 + self._index.folded.count(" ", start, end)
        return range(self._index.owners[first], self._index.owners[last] + 1)


def _together(index: Index, parts: list[str]) -> list[range]:
    """Stretches of few words that hold every part, in any order, none overlapping another."""
    places: list[tuple[int, int]] = []
    for number, part in enumerate(dict.fromkeys(parts)):
        spaces, pattern = _Spaces(index), _pattern([part], begun=part == parts[-1])
        places += [(spaces.words(m.start(), m.end())[0], number) for m in pattern.finditer(index.folded)]
    return list(_windows(sorted(places), len(set(parts))))


def _windows(places: list[tuple[int, int]], wanted: int) -> Iterator[range]:
    last: dict[int, int] = {}
    for word, number in places:
        last[number] = word
        first = min(last.values())
        if len(last) == wanted and word - first < _NEAR:
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
        match=index.text[start:end],
        after=_to_a_word(after, cut=end + _AFTER < last),
    )


def _from_a_word(text: str, cut: bool) -> str:
    return f"… {text.partition(' ')[2]}" if cut else text


def _to_a_word(text: str, cut: bool) -> str:
    return f"{text.rpartition(' ')[0]} …" if cut else text


def _index_of(episode: Episode) -> Index | None:
    """The index of an aligned episode; None where there is no alignment that can be read."""
    if episode.alignment is None:
        return None
    try:
        return None if known_error(episode.alignment) else _index(episode.alignment)
    except (OSError, AlignmentError, Unusable):
        return None  # the page says so


@until_changed(_AT_HAND)
def _index(alignment: Path) -> Index:
    kept, stamp = alignment.parent / HIDDEN / "words.json", (_VERSION, *state_of(alignment))
    try:
        read = msgspec.json.decode(read_regular(kept, _LARGEST_BYTES), type=_Kept, dec_hook=_numbers)
        if read.stamp == stamp and _is_consistent(read.index):
            return read.index
    except (OSError, ValueError, OverflowError):
        pass  # not there, of another version, or damaged: made anew
    index = _built(alignment)
    # In a library that cannot be written it is made at each start.
    with contextlib.suppress(OutputError), making(kept.parent):
        write_text(kept, msgspec.json.encode(_Kept(stamp, index), enc_hook=array.tolist).decode())
    return index


def _is_consistent(index: Index) -> bool:
    """Whether what others may have written can be searched: every number in it is the place of something."""
    words, length = len(index.starts_ms), len(index.text)
    each_word = (index.ends_ms, index.char_starts, index.char_ends, index.segments)
    said = [start for start in index.starts_ms if start >= 0]
    return (
        index.folded[:1] == index.folded[-1:] == " "
        and index.folded.count(" ") == len(index.owners) + 1
        and all(len(numbers) == words for numbers in each_word)
        and index.owners.tolist() == sorted(index.owners)
        and _lie_in(index.owners, words)
        and _lie_in(index.segments, len(index.passages))
        and _lie_in(index.char_starts, length)
        and _lie_in(index.char_ends, length + 1)
        and all(0 <= start <= end <= length for start, end, _ in index.passages)
        and said == sorted(said)
        and all(map(le, index.starts_ms, index.ends_ms))
        and max(index.ends_ms, default=0) <= _LONGEST_MS
    )


def _lie_in(numbers: _Numbers, stop: int) -> bool:
    return not numbers or (min(numbers) >= 0 and max(numbers) < stop)


def _numbers(_kind: type, value: Any) -> _Numbers:
    return array("l", value)


def _built(path: Path) -> Index:
    """A new index, made by a child; that it cannot be made is remembered."""
    state = state_of(path)
    try:
        index = call(_build_of, path)
    except (AlignmentError, Unusable) as error:
        remember(path, state, error)
        raise
    remember(path, state, None)
    return index


def _build_of(path: Path) -> Index:
    return _build(opened_alignment(path))


def _build(alignment: Alignment) -> Index:
    parts = [fold(timed.word.text, " ").split() for timed in alignment.words]
    return Index(
        folded=" " + "".join(f"{part} " for word in parts for part in word),
        owners=array("l", [k for k, word in enumerate(parts) for _ in word]),
        starts_ms=array("l", [to_milliseconds(w.span.start) if w.span else -1 for w in alignment.words]),
        ends_ms=array("l", [to_milliseconds(w.span.end) if w.span else -1 for w in alignment.words]),
        char_starts=array("l", [w.word.char_start for w in alignment.words]),
        char_ends=array("l", [w.word.char_end for w in alignment.words]),
        segments=array("l", [w.word.segment for w in alignment.words]),
        passages=[(s.segment.char_start, s.segment.char_end, s.segment.speaker) for s in alignment.segments],
        text=alignment.transcript.text,
        sha256=alignment.transcript.sha256,
    )
