"""What the last ``add`` or ``update`` left open, as a file that the app reads: pairs in doubt, what is left over on
either side, what is there twice, what was not taken of an episode's source.

    LIBRARY/.quotecast/archive/doubts.json

Conventions
-----------
- Sounds and texts are told by the names that are shown, and by hashes of their keys: those hold addresses of feeds,
  in which there may be a password.
- Of each kind so many are told; ``counts`` has how many there are.
- It is read as if somebody had sent it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from aligner.storage.atomic import write_files
from aligner.storage.checked_json import Count, Share, decode, encodable
from aligner.storage.file_names import printable
from aligner.storage.file_states import until_changed
from media.confinement import read_regular
from web.archive.doubts.said import Said, said
from web.archive.errors import ArchiveError
from web.archive.pairing.items import Sound, Text
from web.archive.pairing.pairs import Candidate as Found
from web.archive.pairing.pairs import Pair, Pairing

DOUBTS = "doubts.json"
MOST = 1000  # of each kind
MOST_CANDIDATES = 8
MOST_LINES = 4
LATEST = 32_503_680_000  # seconds: the year 3000
_MOST_REASONS, _MOST_CLAIMANTS = 4, 4
_LONGEST_NAME = 200  # characters
_LONGEST_LINE = 1000  # characters
_LONGEST_FOLDER = 255  # characters of a name on a disk
_LARGEST_BYTES = 16_000_000  # a thousand questions of eight candidates each have some 8 MB
_LIBRARIES = 4
_KEY_DIGITS = 24

Key = Annotated[str, Meta(pattern=f"^[0-9a-f]{{{_KEY_DIGITS}}}$")]
_Name = Annotated[str, Meta(max_length=_LONGEST_NAME)]
_Line = Annotated[str, Meta(max_length=_LONGEST_LINE)]


class Candidate(Struct, frozen=True):
    """A transcript that may be of a sound; the lines that it is ``opening`` with, and its language; ``is_gone`` where
    either can be had no more."""

    key: Key
    name: _Name
    confidence: Share
    reasons: Annotated[tuple[Said, ...], Meta(max_length=_MOST_REASONS)] = ()
    is_gone: bool = False
    opening: Annotated[tuple[_Line, ...], Meta(max_length=MOST_LINES)] = ()
    language: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,35}$")] | None = None

    @property
    def percent(self) -> int:
        """The confidence as a terminal has it, which shows two digits."""
        return round(100 * float(f"{self.confidence:.2f}"))


class Question(Struct, frozen=True):
    """A sound in doubt and the ``candidates`` for it, first the one of its pair, which may be that of other sounds too,
    the ``claimants``; ``is_remote`` where it lies in a feed alone."""

    key: Key
    name: _Name
    candidates: Annotated[tuple[Candidate, ...], Meta(min_length=1, max_length=MOST_CANDIDATES)]
    claimants: Annotated[tuple[_Name, ...], Meta(max_length=_MOST_CLAIMANTS)] = ()
    is_remote: bool = False

    @property
    def proposed(self) -> tuple[Candidate, ...]:
        """The candidates that can be chosen, the likeliest first: of the whole pairing another may be the best."""
        return tuple(sorted((each for each in self.candidates if not each.is_gone), key=lambda each: -each.confidence))


class Item(Struct, frozen=True):
    """A sound or a transcript that is left over."""

    key: Key
    name: _Name


class Stay(Struct, frozen=True):
    """What lies at the source of the episode in a ``folder``, and was not taken: a ``sound``, and ``why``; a text, as
    it is ``waiting`` for a sound of this episode, or for one that is ``unread``; or as the one here was ``edited``, or
    it is nearly word for word ``anothers``; or another ``version``, of that ``name``, which can be chosen by the keys
    of sound and ``text``.
    ``sha256`` and ``size`` tell whether it was taken since, ``name`` and ``changed`` (s) what it is called there, and
    since when it is so."""

    folder: Annotated[str, Meta(max_length=_LONGEST_FOLDER)]
    kind: Literal["sound", "waiting", "unread", "edited", "anothers", "version"]
    sha256: Annotated[str, Meta(max_length=64)]
    size: Count | None = None
    why: Said | None = None
    name: _Name = ""
    sound: Key | None = None
    text: Key | None = None
    changed: Annotated[int, Meta(ge=0, le=LATEST)] | None = None


class Counts(Struct, frozen=True):
    """How many there are of each kind."""

    questions: Count = 0
    sounds: Count = 0
    texts: Count = 0
    twice: Count = 0
    stays: Count = 0
    beside: Count = 0


class Doubts(Struct, frozen=True):
    """What is open; ``kept`` are questions whose answer made no episode; ``twice`` has by the name of what stays what
    was left out as the same, ``beside`` by that of a transcript that is taken those that are called so too; ``stays``
    are of episodes."""

    questions: Annotated[tuple[Question, ...], Meta(max_length=MOST)] = ()
    sounds: Annotated[tuple[Item, ...], Meta(max_length=MOST)] = ()
    texts: Annotated[tuple[Item, ...], Meta(max_length=MOST)] = ()
    twice: Annotated[tuple[tuple[_Name, _Name], ...], Meta(max_length=MOST)] = ()
    counts: Counts = Counts()
    kept: Annotated[tuple[Question, ...], Meta(max_length=MOST)] = ()
    stays: Annotated[tuple[Stay, ...], Meta(max_length=MOST)] = ()
    beside: Annotated[tuple[tuple[_Name, _Name], ...], Meta(max_length=MOST)] = ()


_NOTHING = Doubts()


class _File(Struct):
    format: Literal["quotecast-archive-doubts"]
    version: Literal[1]
    open: Doubts


def key_of(key: str) -> str:
    """The key of a sound or text, which may hold an address, as it is told."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_DIGITS]


def doubts_in(folder: Path) -> Doubts:
    """What is open, as the archive's ``folder`` tells it; nothing where it was never told.

    Raises
    ------
    ArchiveError
        It cannot be read, is damaged, or of a later quotecast.
    """
    path = folder / DOUBTS
    try:
        found = _doubts_in(path)
    except FileNotFoundError:
        return Doubts()
    except OSError as error:
        raise ArchiveError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    if isinstance(found, str):
        raise ArchiveError("{path}: is damaged, or of a later quotecast ({detail})", path=path, detail=found)
    return found


@until_changed(_LIBRARIES)
def _doubts_in(path: Path) -> Doubts | str:
    """What is open; what is wrong with the file where that is damaged, which is looked at once, too."""
    try:
        return decode(read_regular(path, _LARGEST_BYTES), _File).open
    except ValueError as error:
        return str(error)


def leave(
    folder: Path,
    pairing: Pairing,
    sure: float,
    settled: Iterable[str],
    is_whole: bool,
    beside: Doubts = _NOTHING,
) -> None:
    """Tell what is open after episodes were made: what is less ``sure`` than that, and left over, but for what is
    ``settled``, by its keys. Where not all sources were looked at, what was open of the others still is. Told
    ``beside`` that are questions that are ``kept``, of which nothing else is asked, and ``stays``.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    done = frozenset(map(key_of, settled))
    answered = frozenset(each.key for each in beside.kept)
    now = _open_of(pairing, sure, done, answered)
    if not is_whole:
        looked_at = (
            *(item for each in pairing.pairs for item in (each.sound, each.text)), *pairing.sounds, *pairing.texts,
        )  # fmt: skip
        with contextlib.suppress(ArchiveError):  # it is told anew
            known = done.union(key_of(each.key) for each in looked_at)
            now = _joined(now, doubts_in(folder), known, answered)
    counts = msgspec.structs.replace(now.counts, stays=beside.counts.stays)
    now = msgspec.structs.replace(now, kept=beside.kept, stays=beside.stays, counts=counts)
    write_files({folder / DOUBTS: _content_of(now)})


def _content_of(doubts: Doubts) -> bytes:
    """The file of what is open; of more questions than it can hold those that fit."""
    while True:
        told = msgspec.to_builtins(_File("quotecast-archive-doubts", 1, doubts))
        content = encodable(json.dumps(told, ensure_ascii=False)).encode("utf-8")
        if len(content) <= _LARGEST_BYTES:
            return content
        questions, kept = (of[: len(of) * 3 // 4] for of in (doubts.questions, doubts.kept))
        doubts = msgspec.structs.replace(doubts, questions=questions, kept=kept)


def _open_of(pairing: Pairing, sure: float, done: frozenset[str], answered: frozenset[str]) -> Doubts:
    doubtful = [each for each in pairing.in_doubt(sure) if key_of(each.sound.key) not in done | answered]
    questions = tuple(map(_question, doubtful[:MOST]))
    asked = {each.key for question in questions for each in question.candidates}
    settled = done | asked
    sounds = [each for each in pairing.sounds if key_of(each.key) not in done]
    texts = [each for each in pairing.texts if key_of(each.key) not in settled]
    return Doubts(
        questions,
        tuple(map(_item, sounds[:MOST])),
        tuple(map(_item, texts[:MOST])),
        tuple((shown_name(one), shown_name(other)) for one, other in pairing.twice[:MOST]),
        Counts(len(doubtful), len(sounds), len(texts), len(pairing.twice), beside=len(pairing.beside)),
        beside=tuple((shown_name(one), shown_name(other)) for one, other in pairing.beside[:MOST]),
    )


def _joined(now: Doubts, before: Doubts, known: frozenset[str], answered: frozenset[str]) -> Doubts:
    """What is open now, and what was before of what is not ``known`` now."""
    more: dict[str, list[Any]] = {
        "questions": [each for each in before.questions if each.key not in known | answered],
        "sounds": [each for each in before.sounds if each.key not in known],
        "texts": [each for each in before.texts if each.key not in known],
        "twice": [each for each in before.twice if each not in now.twice],
        "beside": [each for each in before.beside if each not in now.beside],
    }
    counts = Counts(**{kind: getattr(now.counts, kind) + len(of) for kind, of in more.items()})
    return Doubts(**{kind: (*getattr(now, kind), *of)[:MOST] for kind, of in more.items()}, counts=counts)


def _question(pair: Pair) -> Question:
    likeliest = Found(pair.text, pair.confidence, pair.reasons)
    return Question(
        key_of(pair.sound.key),
        shown_name(pair.sound.name),
        tuple(map(_candidate, (likeliest, *pair.others)[:MOST_CANDIDATES])),
        tuple(map(shown_name, pair.claimants[:_MOST_CLAIMANTS])),
        is_remote=pair.sound.file is None,
    )


def _candidate(found: Found) -> Candidate:
    reasons = tuple(said(each.words, each.odds < 0) for each in found.reasons[:_MOST_REASONS])
    text = found.text
    return Candidate(
        key_of(text.key),
        shown_name(text.name),
        found.confidence,
        reasons,
        opening=text.opening,
        language=text.clues.language,
    )


def _item(of: Sound | Text) -> Item:
    return Item(key_of(of.key), shown_name(of.name))


def shown_name(name: str) -> str:
    """A name as it is told, cut in its middle where it is too long."""
    told = printable(name)
    if len(told) <= _LONGEST_NAME:
        return told
    return f"{told[: _LONGEST_NAME // 2]}…{told[1 - _LONGEST_NAME // 2 :]}"  # either end may tell it from another
