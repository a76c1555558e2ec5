"""What is searched of an episode: its words, folded, and where each of them stands.

An index is kept beside the episode, sealed with a key of the user's own: only what this user's server has made is
believed, of an alignment with the very same bytes. Where no key can be kept, or nothing be written, it is made anew at
each start.

Conventions
-----------
- ``folded`` is the transcript's words in small letters without accents, each part between single spaces: ``l’été :``
  and ``L'Été`` both give `` l ete ``. The part that starts after the k-th space belongs to word ``owners[k]``.
- Times are milliseconds, -1 where a word is not said; one of a heading, a note or a stage direction then starts where
  what follows it is said, and has no end. Offsets are code points of ``text``.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import sys
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import msgspec

from aligner.durations import to_milliseconds
from aligner.errors import OutputError
from aligner.model import Alignment, Kind, TimedSegment, TimedWord
from aligner.normalization import fold
from aligner.storage.alignment_head import LARGEST_BYTES
from aligner.storage.atomic import making, write_text
from aligner.storage.file_states import FileState, OneAtATime, state_of
from aligner.storage.keys import users_key
from aligner.storage.user_folders import HIDDEN
from media.confinement import read_regular
from web.errors import Unusable
from web.library.alignments import by_child, opened_alignment

if TYPE_CHECKING:
    _Numbers = array[int]
else:
    _Numbers = array  # which Python 3.11 lets no one subscript

KEY = "words"
"""The name of the key, in the user's configuration."""

_DOMAIN = b"quotecast-words 1"
_VERSION = 7  # of what is kept: another one is made anew
_LARGEST_BYTES = 1 << 26  # of a file that is kept, and of an index in memory; three hours of talk have some 3 MB
_AT_HAND_BYTES = 300_000_000  # of indexes in memory; an hour of talk takes 0.3 MB
_PASSAGE_BYTES = 200  # that one takes in memory, about


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
    language: str

    @property
    def speakers(self) -> set[str]:
        """All who speak by name."""
        return {speaker for _, _, speaker in self.passages if speaker}

    @property
    def size_bytes(self) -> int:
        """The memory that it takes, about."""
        numbers = self.owners, self.starts_ms, self.ends_ms, self.char_starts, self.char_ends, self.segments
        texts = sum(map(sys.getsizeof, (self.folded, self.text, *numbers)))
        return texts + len(self.passages) * _PASSAGE_BYTES


class _Kept(msgspec.Struct):
    version: int
    alignment_sha256: str
    index: Index


class _Sealed(msgspec.Struct):
    seal: str
    kept: msgspec.Raw  # a _Kept, undecoded


def index_of(alignment: Path) -> Index:
    """The index of an alignment as it is now.

    Raises
    ------
    OSError
        The alignment is not there.
    AlignmentError
        It is damaged.
    Unusable, Busy
        It cannot be read within bounds, or not now; or its words are too many.
    """
    with _one_at_a_time(alignment):  # who asks meanwhile waits, and is given the same
        state = state_of(alignment)
        known, index = _at_hand.get(alignment, state)
        if not known:
            index = _opened(alignment, state)
            _at_hand.keep(alignment, state, index)
    if index is None:
        raise Unusable("bounded.memory")
    return index


class _AtHand:
    """The indexes that were asked for last, None for one that is too large, as far as they take no more memory than
    they may."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Path, tuple[FileState, Index | None]] = OrderedDict()
        self.size_bytes = 0

    def get(self, path: Path, state: FileState) -> tuple[bool, Index | None]:
        """Whether the index of the alignment in that state is known, and the index."""
        with self._lock:
            known, index = self._kept.get(path, (None, None))
            if known != state:
                return False, None
            self._kept.move_to_end(path)
            return True, index

    def keep(self, path: Path, state: FileState, index: Index | None) -> None:
        with self._lock:
            if path in self._kept:
                self._forget(path)
            self._kept[path] = state, index
            self.size_bytes += _bytes_of(index)
            while self.size_bytes > _AT_HAND_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, path: Path) -> None:
        _, index = self._kept.pop(path)
        self.size_bytes -= _bytes_of(index)


def _bytes_of(index: Index | None) -> int:
    return _PASSAGE_BYTES + (index.size_bytes if index else 0)


_at_hand = _AtHand()
_one_at_a_time = OneAtATime()


def _opened(alignment: Path, state: FileState) -> Index | None:
    """The index that was kept, else a new one, which is kept."""
    kept, key = alignment.parent / HIDDEN / "words.json", _key()
    sha256 = hashlib.sha256(read_regular(alignment, LARGEST_BYTES)).hexdigest() if key else ""
    if key and (index := _read(kept, sha256, key)):
        return index
    index = by_child(_build_of, alignment, state)
    if key and index:
        content = msgspec.json.encode(_Kept(_VERSION, sha256, index), enc_hook=array.tolist)
        sealed = msgspec.json.encode(_Sealed(_seal(content, key), msgspec.Raw(content)))
        # In a library that cannot be written it is made at each start.
        with contextlib.suppress(OutputError), making(kept.parent):
            write_text(kept, sealed.decode())
    return index


def _read(kept: Path, sha256: str, key: bytes) -> Index | None:
    """The index in a file that this user's server has made of an alignment with that hash; None if it is another."""
    try:
        sealed = msgspec.json.decode(read_regular(kept, _LARGEST_BYTES), type=_Sealed)
        if not hmac.compare_digest(sealed.seal.encode(), _seal(sealed.kept, key).encode()):
            return None
        read = msgspec.json.decode(sealed.kept, type=_Kept, dec_hook=_numbers)
    except (OSError, ValueError, RecursionError):
        return None  # not there, of another version, or damaged
    return read.index if (read.version, read.alignment_sha256) == (_VERSION, sha256) else None


def _key() -> bytes | None:
    try:
        return users_key(KEY)
    except OutputError:  # the server says so at its start
        return None


def _seal(content: bytes | msgspec.Raw, key: bytes) -> str:
    made = hmac.new(key, _DOMAIN, hashlib.sha256)
    made.update(content)
    return made.hexdigest()


def _numbers(_kind: type, value: Any) -> _Numbers:
    return array("l", value)


def _build_of(path: Path) -> Index | None:
    """A new index; None where it is too large."""
    index = build(opened_alignment(path))
    return index if index.size_bytes <= _LARGEST_BYTES else None


def build(alignment: Alignment) -> Index:
    """A new index of any alignment."""
    parts = [fold(timed.word.text, " ").split() for timed in alignment.words]
    return Index(
        folded=" " + "".join(f"{part} " for word in parts for part in word),
        owners=array("l", [k for k, word in enumerate(parts) for _ in word]),
        starts_ms=array("l", [_start_ms(w, alignment.segments[w.word.segment]) for w in alignment.words]),
        ends_ms=array("l", [to_milliseconds(w.span.end) if w.span else -1 for w in alignment.words]),
        char_starts=array("l", [w.word.char_start for w in alignment.words]),
        char_ends=array("l", [w.word.char_end for w in alignment.words]),
        segments=array("l", [w.word.segment for w in alignment.words]),
        passages=[(s.segment.char_start, s.segment.char_end, s.segment.speaker) for s in alignment.segments],
        text=alignment.transcript.text,
        sha256=alignment.transcript.sha256,
        language=alignment.language,
    )


def _start_ms(word: TimedWord, within: TimedSegment) -> int:
    if word.span:
        return to_milliseconds(word.span.start)
    return -1 if within.segment.kind is Kind.SPEECH or within.start is None else to_milliseconds(within.start)
