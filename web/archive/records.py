"""The records of an archive: what its sources offer, which of it belongs together, what was made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.feeds.items import FeedItem, Link, Show, name_in
from aligner.storage.file_names import printable
from media.errors import Message


@dataclass(frozen=True, slots=True)
class Origin:
    """A file at a source: its path or address, the state that it was in there (of a file its size and time of change,
    of an address what the server said), and its hash, empty if it was not read yet."""

    place: str
    state: str
    sha256: str

    @property
    def path(self) -> Path:
        return Path(self.place)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or folder that is read; ``state`` is what a feed's server said of it, ``show`` what the feed says, and
    ``is_private`` that its host may be off the public web."""

    place: str
    state: str = ""
    show: Show | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What names and titles say: numbers as (season, number) with None for an unknown season, ``bare`` numbers that
    nothing marks as an episode's, dates as in ISO 8601 (several if day and month may be swapped), and folded words."""

    numbers: frozenset[tuple[int | None, int]] = frozenset()
    bare: frozenset[int] = frozenset()
    dates: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def all_numbers(self) -> frozenset[int]:
        return frozenset(number for _, number in self.numbers) | self.bare


@dataclass(frozen=True, slots=True)
class Clues:
    """What hints at the episode that a file belongs to.

    ``names`` are of its file and its own folder, ``titles`` of its tags, headings or feed item; ``facts`` is what both
    say.
    ``said`` are hashes of telling words that a transcript says, or that are said about an audio file. ``length`` is in
    seconds of audio, in words of a transcript.
    """

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    facts: NameFacts = field(default_factory=NameFacts)
    language: str | None = None
    show: str | None = None
    date: str | None = None
    length: float | None = None
    said: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Audio:
    """An audio file that may become an episode: a file, an item of a feed, or both.

    ``key`` is stable between runs: that of a feed's item, else the file's hash. ``alone_in`` is the folder in which it
    lies with one transcript and nothing else.
    """

    key: str
    clues: Clues
    file: Origin | None = None
    item: FeedItem | None = None
    alone_in: Path | None = None

    @property
    def name(self) -> str:
        """Return what it is called in listings."""
        if self.file:
            return _file_name(self.file, self.alone_in)
        return printable(self.item.title or name_in(self.item.audio.url)) if self.item else self.key


@dataclass(frozen=True, slots=True)
class Text:
    """A transcript: a file, or what a feed declares, which may be fetched later.

    ``wording`` is a hash of its words whatever the format; ``opening`` its first lines; ``title`` one that only this
    transcript has; ``labels`` its speakers.
    """

    key: str
    clues: Clues
    file: Origin | None = None
    link: Link | None = None
    wording: str = ""
    opening: tuple[str, ...] = ()
    title: str | None = None
    labels: tuple[str, ...] = ()
    alone_in: Path | None = None

    @property
    def name(self) -> str:
        """Return what it is called in listings."""
        if self.file:
            return _file_name(self.file, self.alone_in)
        return printable(name_in(self.link.url)) if self.link else self.key


@dataclass(frozen=True, slots=True)
class Reason:
    """One hint that speaks for a pair, or against it if ``odds`` (a natural logarithm) are negative."""

    odds: float
    words: Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transcript that may belong to an audio file, how sure that is (0 to 1), and why, the strongest reason first."""

    text: Text
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """An audio file and its likeliest transcript (``best``), with the ``others`` that it could have."""

    audio: Audio
    best: Candidate
    others: tuple[Candidate, ...] = ()

    @property
    def confidence(self) -> float:
        return self.best.confidence


@dataclass(frozen=True, slots=True)
class Pairing:
    """All pairs, the surest first, and what is left over on either side."""

    pairs: tuple[Pair, ...] = ()
    audio: tuple[Audio, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(slots=True)
class Offer:
    """What the sources offer that is not known yet, and how they stand.

    ``duplicates`` are pairs of names, the first of what is used; ``faults`` sentences on files that cannot be used;
    ``states`` the state of every file by its path, ``items`` every item of a feed by its guid; ``unread`` sources that
    could not be read, ``read`` those that were, with their state.
    """

    audio: list[Audio] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    items: dict[str, FeedItem] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    read: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tracked:
    """An episode that an archive follows: its folder's name, the ``key`` and title of its audio when it was added,
    and the feed that it is an item of.

    ``text.sha256`` is the hash of the transcript as the archive put it there; any other was edited in the library.
    """

    folder: str
    key: str
    title: str
    audio: Origin
    text: Origin | None = None
    date: str | None = None
    seconds: float | None = None
    feed: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something new at the source of an episode that waits for a decision: ``kind`` is ``audio`` or ``transcript``,
    ``decision`` is ``take``, ``ignore`` or None; ``problem`` (facts of a message) says why it was not taken,
    ``is_edited`` that the transcript was edited in the library since the archive put it there."""

    folder: str
    kind: str
    origin: Origin
    decision: str | None = None
    problem: Mapping[str, Any] | None = None
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the sources hold beside the episodes, or a ``question`` to a person; ``key`` names it among those
    of its kind. ``answer`` to a question: the key of a transcript, empty for none of them, None while it is open.

    Kinds: ``question``, ``audio`` (without a transcript), ``text`` (without audio), ``duplicate``, ``fault``,
    ``unread`` (a source), ``gone``, ``missing`` (the folder of an episode).
    """

    kind: str
    key: str
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a run made of an episode: ``key`` is a hash of its inputs, ``files`` their names, sizes and times, ``error``
    the facts of a message (``media.errors.to_facts``), None if it was aligned; ``written`` what quotecast wrote
    into the folder, on the way from the worker alone."""

    folder: str
    key: str
    files: str
    error: Mapping[str, Any] | None = None
    written: Mapping[str, str] = field(default_factory=dict)


def _file_name(file: Origin, alone_in: Path | None) -> str:
    return printable(f"{alone_in.name}/{file.path.name}" if alone_in else file.path.name)
