"""The index by which a published show is searched: scripts that its page loads in parts, as far as a query needs them.

``static/js/search`` reads it, and finds by it what the episode's page finds. A page from a disk
can load scripts alone, so each part is one, and leaves what it holds under the address that it is asked by. The hash in
that tells it from a part of the same kind that an earlier run wrote, and that an earlier page still asks for.

Conventions
-----------
- The folded texts (``web.site.word_index``) of all episodes stand one after the other, the oldest first, so that a
  new one moves no other's words. A place is a code point of that, a term one of its parts; ``*c`` is a character of a
  part in a script without spaces, or the space after it, ``@n`` a speaker by number.
- ``index-HASH.js`` has the episodes, the speakers, and the first term of each part of terms.
- ``terms-N-HASH.js`` has terms in the order of UTF-16, and of each its postings: the places where it begins; of a
  speaker the turns.
- ``words-N-HASH.js`` has a block of an episode's words: its text as it is shown, how long each word is, folded too, and
  when it is said, in hundredths of a second, outwards.
- Lists of numbers are packed (``web.site.packing``), ascending ones as gaps.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby
from typing import Any

from aligner.model import HASH_DIGITS
from aligner.normalization import fold
from aligner.typography import has_unspaced, is_unspaced, unbroken
from web.site.episodes import ShowEpisode
from web.site.packing import packed, signed
from web.site.published import published_index
from web.site.word_index import AFTER, BEFORE, Index, build, sentence_ends

VERSION = 1

_WORDS_A_BLOCK = 2000  # some 20 kB
_BYTES_A_PART = 64_000  # of terms; one term may have more
_VERSION_DIGITS = 8  # of a hash
_LEAST_BEGUN = 3  # letters by which a term may be sought that is only begun


def search_files(episodes: Sequence[ShowEpisode]) -> tuple[str, dict[str, bytes]]:
    """The index of the episodes, newest first: the address of the file to load first, and the files by path below the
    show's folder, all in ``search/``.

    Raises
    ------
    OSError, AlignmentError
        An alignment cannot be read.
    """
    files: dict[str, bytes] = {}
    told, terms, blocks, postings = list[dict[str, Any]](), list[list[str]](), list[str](), _Postings()
    for episode in reversed(episodes):
        alignment = episode.read()
        index = build(alignment) if alignment else None
        if index is None and episode.folder:
            index = published_index(episode.folder)
        told.append(_told(episode, index, postings))
        if index:
            postings.add(index)
            blocks += [_add(files, f"words-{k}", each) for k, each in enumerate(_blocks(index, postings), len(blocks))]
    for number, part in enumerate(_parts(postings.packed())):
        content = {"terms": ",".join(term for term, _ in part), "postings": " ".join(each for _, each in part)}
        terms.append([part[0][0], _add(files, f"terms-{number}", content)])
    speakers = [[name, _folded(name)] for name in postings.speakers]
    head = {"version": VERSION, "episodes": told, "speakers": speakers, "terms": terms, "blocks": blocks}
    return f"search/index-{_add(files, 'index', head)}.js", files


@dataclass(slots=True)
class _Postings:
    """Where each term stands, and each speaker begins to speak, in the episodes that were added."""

    terms: dict[str, array[int]] = field(default_factory=lambda: defaultdict(lambda: array("L")))
    turns: dict[int, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
    speakers: dict[str, int] = field(default_factory=dict)
    length: int = 0
    words: int = 0

    def number_of(self, speaker: str) -> int:
        return self.speakers.setdefault(speaker, len(self.speakers))

    def add(self, index: Index) -> None:
        at = self.length + 1
        for part in index.folded.split():
            if part.isascii():
                self.terms[part].append(at)
            else:
                self._add_unspaced(part, at)
            at += len(part) + 1
        starts = [self.length + start for start in _starts(index)]
        for speaker, words, is_given in _turns(index):
            start, length = starts[words.start], starts[words.stop] - starts[words.start]
            self.turns[self.number_of(speaker)].append((start, 2 * length + is_given, self.words + words.start))
        self.length += len(index.folded)
        self.words += len(index.segments)

    def _add_unspaced(self, part: str, at: int) -> None:
        # By one that begins with several such characters none asks: they are sought one by one.
        if not is_unspaced(part[:_LEAST_BEGUN]):
            self.terms[part].append(at)
        if has_unspaced(part):
            for number, character in enumerate(f"{part} ", at):
                self.terms[f"*{character}"].append(number)

    def packed(self) -> Iterator[tuple[str, str]]:
        """The terms in their order, with their postings."""
        turns = {f"@{number}": packed(_turn_gaps(each)) for number, each in self.turns.items()}
        for term in sorted([*self.terms, *turns], key=lambda term: term.encode("utf-16-be")):
            yield term, turns[term] if term in turns else packed(_gaps(self.terms[term]))


def _told(episode: ShowEpisode, index: Index | None, postings: _Postings) -> dict[str, Any]:
    """What is told of an episode before any of its words is sought; ``blocks`` are the words and the length of each."""
    digest = episode.digest
    told = {"name": episode.name, "titles": [_folded(digest.title), _folded(digest.show or "")]}
    if index is None:
        return told | {"unread": True}
    starts = _starts(index)
    lengths = [(len(words), starts[words.stop] - starts[words.start]) for words in _ranges(index)]
    return told | {
        "language": index.language,
        "version": index.sha256[:HASH_DIGITS],
        "speakers": sorted({postings.number_of(speaker) for _, _, speaker in index.passages if speaker}),
        "length": len(index.folded),
        "blocks": packed(number for block in lengths for number in block),
    }


def _blocks(index: Index, postings: _Postings) -> Iterator[dict[str, Any]]:
    """The words of an episode, some at a time, each with the text that is shown around them.

    ``passages`` are, of those that they stand in, the words in the block, how far after the one before it each begins,
    its length, and its speaker's number and one, or 0; ``sentences`` where those begin in the text.
    """
    shown, starts = unbroken(index.text, index.language), _starts(index)
    sentences = [
        start + end
        for start, stop, _ in index.passages
        for end in sentence_ends(index.text[start:stop], index.language)
    ]
    for words in _ranges(index):
        (begin, _, _), (_, end, _) = (index.passages[index.segments[words[k]]] for k in (0, -1))
        first, last = index.char_starts[words[0]], index.char_ends[words[-1]]
        following = (
            index.char_starts[words.stop] if words.stop < len(index.char_starts) else last
        )  # no gap between blocks
        text = range(min(first, max(begin, first - BEFORE)), max(last, min(end, last + AFTER), following))
        within = sentences[bisect_right(sentences, text.start) : bisect_right(sentences, text.stop)]
        yield {
            "from": text.start,
            "text": shown[text.start : text.stop],
            "words": packed(_words(index, words, text.start, starts)),
            "passages": packed(_passages(index, words, postings)),
            "sentences": packed(_gaps([sentence - text.start for sentence in within])),
        }


def _words(index: Index, words: range, before: int, starts: Sequence[int]) -> Iterator[int]:
    """Of each word thrice its length, and more: nothing where it stands a character after the one before and is as long
    folded; 1 where folded it is a character shorter, as by a mark; else 2, and then how far after that one it stands,
    and its length folded with a space, 0 for none. Then 0 where no time is known of it; else one more than how far it
    begins after the end of the one before, and one more than how long it lasts, 0 where nobody says it."""
    said = 0
    for k in words:
        gap, length = index.char_starts[k] - before, index.char_ends[k] - index.char_starts[k]
        folded = starts[k + 1] - starts[k]
        shape = length - folded + 1
        if gap == 1 and shape in (0, 1) and folded:
            yield 3 * length + shape
        else:
            yield from (3 * length + 2, signed(gap), folded)
        before = index.char_ends[k]
        if index.starts_ms[k] < 0:
            yield 0
        else:
            start, end = index.starts_ms[k] // 10, -(-index.ends_ms[k] // 10)
            is_said = index.ends_ms[k] >= 0
            yield from (1 + signed(start - said), 1 + end - start if is_said else 0)
            said = end if is_said else start


def _passages(index: Index, words: range, postings: _Postings) -> Iterator[int]:
    before = 0
    for segment, each in groupby(index.segments[words.start : words.stop]):
        start, end, speaker = index.passages[segment]
        yield from (len(list(each)), signed(start - before), end - start)
        yield postings.number_of(speaker) + 1 if speaker else 0
        before = end


def _turns(index: Index) -> Iterator[tuple[str, range, bool]]:
    """The turns of each speaker that have words, and whether the first passage of each has some."""
    counts = Counter(index.segments)
    word = 0
    for speaker, passages in groupby(enumerate(index.passages), key=lambda each: each[1][2]):
        lengths = [counts[number] for number, _ in passages]
        if speaker and sum(lengths):
            yield speaker, range(word, word + sum(lengths)), lengths[0] > 0
        word += sum(lengths)


def _starts(index: Index) -> list[int]:
    """Where each word begins in the folded text, or the next one where it has no part; and where the last has ended."""
    lengths = [0] * len(index.segments)
    for part, owner in zip(index.folded.split(), index.owners, strict=True):
        lengths[owner] += len(part) + 1
    return list(accumulate(lengths, initial=1))


def _ranges(index: Index) -> list[range]:
    words = range(len(index.segments))
    return [words[k : k + _WORDS_A_BLOCK] for k in words[::_WORDS_A_BLOCK]]


def _parts(terms: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Neighbours among terms, as many as a part may have."""
    part, size = list[tuple[str, str]](), 0
    for term, postings in terms:
        length = len(term) + len(postings)
        if part and size + length > _BYTES_A_PART:
            yield part
            part, size = [], 0
        part.append((term, postings))
        size += length
    if part:
        yield part


def _gaps(numbers: Iterable[int]) -> Iterator[int]:
    before = 0
    for number in numbers:
        yield number - before
        before = number


def _turn_gaps(turns: Iterable[tuple[int, int, int]]) -> Iterator[int]:
    """Of each turn how far it begins after the one before, twice its length, and one more where its first passage has
    words, and how many words later it begins."""
    before = word_before = 0
    for start, length, word in turns:
        yield from (start - before, length, word - word_before)
        before, word_before = start, word


def _folded(name: str) -> str:
    return " ".join(fold(name, " ").split())


def _add(files: dict[str, bytes], name: str, content: Any) -> str:
    """Add a part; returns the hash that its address has."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    digits = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_VERSION_DIGITS]
    address = f"search/{name}-{digits}.js"
    files[address] = f'globalThis["{address}"] = {text};\n'.encode("utf-8", "replace")
    return digits
