"""The records of an archive: source contents, pairs, imported episodes, findings and results."""

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
    """The location and the version of a file from which an episode is made. ``location`` is a path or web address.
    ``state`` is the size and modification time or, on the web, ETag, date or size. As long as ``state`` is the same,
    the file need not be read again. ``sha256`` is empty until the file has been read."""

    location: str
    state: str
    sha256: str

    @property
    def path(self) -> Path:
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, folder or file from which an archive imports. ``show`` is the show that a feed describes. If
    ``is_private`` is true, the feed's host may have a private IP address."""

    location: str
    show: Show | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class NameFacts:
    """Facts extracted from the names and titles of a file, such as the episode number. ``numbers`` are pairs (season,
    episode), with None for an unknown season. ``bare`` are numbers without a word such as "episode". ``dates`` are ISO
    8601; an ambiguous date gives two. ``words`` are in lower case without accents."""

    numbers: frozenset[tuple[int | None, int]] = frozenset()
    bare: frozenset[int] = frozenset()
    dates: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    @property
    def all_numbers(self) -> frozenset[int]:
        return frozenset(number for _, number in self.numbers) | self.bare


@dataclass(frozen=True, slots=True)
class Clues:
    """Clues that show which episode a file belongs to.

    ``names`` are the name of the file and, if the folder holds only this episode, that of the folder. ``titles`` come
    from tags, headings or the feed item. ``facts`` are extracted from both. ``keywords`` are hashes of distinctive
    words in a transcript, or in an audio file's title and description. ``length`` is in seconds or (for text) in words.
    """

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    facts: NameFacts = field(default_factory=NameFacts)
    language: str | None = None
    show: str | None = None
    date: str | None = None
    length: float | None = None
    keywords: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Audio:
    """Audio that may become an episode: a file, a feed item, or both. ``key`` identifies the audio in all imports: it
    is the key of the feed item, or the file's hash if there is no item. ``own_folder`` is the file's folder if it
    contains only this audio and one transcript."""

    key: str
    clues: Clues
    file: Origin | None = None
    item: FeedItem | None = None
    own_folder: Path | None = None

    @property
    def name(self) -> str:
        if self.file:
            return _file_name(self.file, self.own_folder)
        return printable(self.item.title or name_in(self.item.audio.url)) if self.item else self.key


@dataclass(frozen=True, slots=True)
class Text:
    """A transcript: a file, or a link in a feed to a file that is fetched later. ``words_hash`` is the same for all
    files with the same words. ``title`` is None if other transcripts have the same title. ``labels`` are the speakers'
    names in the transcript. ``own_folder`` is the file's folder if that holds only one episode."""

    key: str
    clues: Clues
    file: Origin | None = None
    link: Link | None = None
    words_hash: str = ""
    first_lines: tuple[str, ...] = ()
    title: str | None = None
    labels: tuple[str, ...] = ()
    own_folder: Path | None = None

    @property
    def name(self) -> str:
        if self.file:
            return _file_name(self.file, self.own_folder)
        return printable(name_in(self.link.url)) if self.link else self.key


@dataclass(frozen=True, slots=True)
class Reason:
    """Evidence for or against a pair of audio and transcript. ``odds`` are log-odds, negative if against the pair."""

    odds: float
    words: Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transcript that may belong to an audio file. ``confidence`` is 0 to 1; the strongest ``reasons`` come first."""

    text: Text
    confidence: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Audio with its likeliest transcript (``best``) and other candidates."""

    audio: Audio
    best: Candidate
    others: tuple[Candidate, ...] = ()

    @property
    def confidence(self) -> float:
        return self.best.confidence


@dataclass(frozen=True, slots=True)
class Pairing:
    """The result of pairing: the pairs, by falling confidence, and the audio and texts that remain unpaired."""

    pairs: tuple[Pair, ...] = ()
    audio: tuple[Audio, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(slots=True)
class SourceContents:
    """The contents of an archive's sources. ``audio`` and ``texts`` are those that no episode uses yet.

    ``duplicates`` are pairs of names: a file that is used, and its ignored duplicate. ``faults`` are messages about
    unusable files. ``states`` maps paths to ``Origin.state``, ``items`` maps keys to feed items. ``unread`` maps the
    location of each unreadable source to its error. ``read`` are the other sources, each with its feed's present show.
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
class ImportedEpisode:
    """An imported episode, with the origins of its files, which later imports check for changes. ``folder`` is the name
    of the episode's folder, ``key`` the ``Audio.key`` of its audio, ``feed`` the address of its feed. If the hash of
    the library's transcript is no longer ``text.sha256``, the transcript was edited in the library."""

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
    """A new version (``origin``) of an episode's audio or transcript at its source. The user may accept or ignore it.

    ``kind`` is ``audio`` or ``transcript``, ``decision`` is ``take``, ``ignore`` or None. ``problem`` is the message
    (``media.errors.to_facts``) if applying the change failed. ``is_edited`` is true if the transcript was edited in the
    library after the import.
    """

    folder: str
    kind: str
    origin: Origin
    decision: str | None = None
    problem: Mapping[str, Any] | None = None
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A question to the user, or a report about a file, source or episode that needs attention.

    Kinds: ``question`` (which transcript belongs to the audio?), ``audio`` (audio without a transcript), ``text`` (a
    transcript without audio), ``duplicate``, ``fault`` (an unusable file), ``unread`` (an unreadable source), ``gone``
    (a file missing in its source), ``missing`` (an episode without its folder). ``key`` is unique within a kind.
    ``answer`` is the key of the transcript that the user chose, empty if the user chose none, None if undecided.
    """

    kind: str
    key: str
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of aligning an episode in a run. ``key`` is a hash of audio and transcript. ``files`` is JSON with the
    names, sizes and modification times of both. ``error`` is a message (``media.errors.to_facts``), None if the episode
    was aligned. ``written`` maps the hashes of the files that a worker wrote to their names; it is not stored."""

    folder: str
    key: str
    files: str
    error: Mapping[str, Any] | None = None
    written: Mapping[str, str] = field(default_factory=dict)


def _file_name(file: Origin, own_folder: Path | None) -> str:
    return printable(f"{own_folder.name}/{file.path.name}" if own_folder else file.path.name)
