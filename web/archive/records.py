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
    """The origin of a file: a path or web address, ``location``.

    A changed file has another ``state``, so changes are detected without reading. ``state`` is size and modification
    time or, on the web, ETag, date or size. ``sha256`` is empty until the file has been read.
    """

    location: str
    state: str
    sha256: str

    @property
    def path(self) -> Path:
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class Source:
    """A feed or folder of the archive. With ``is_private`` the feed may be on a host with a private IP address."""

    location: str
    show: Show | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class NameFacts:
    """Facts from names and titles.

    ``numbers`` are (season, number), with None for an unknown season. ``bare`` are numbers without a word such as
    "episode". ``dates`` are ISO 8601; an ambiguous date gives two. ``words`` are in lower case without accents.
    """

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

    ``names`` are the file's name and that of its folder if the folder holds only this episode. ``titles`` come from
    tags, headings or the feed item. ``facts`` are extracted from both. ``keywords`` are hashes of distinctive words in
    a transcript, or in an audio file's title and description. ``length`` is in seconds for audio, in words for text.
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
    """Audio that may become an episode: a file, a feed item, or both.

    ``key`` is the key of the feed item, else the file's hash; it is the same in each run. ``own_folder`` is the file's
    folder if it contains only this audio and one transcript.
    """

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
    """A transcript: a file, or a link in a feed that is fetched later.

    ``words_hash`` is the same for all formats of one transcript. ``title`` is None if other transcripts have it too;
    ``labels`` are the speakers' names in the transcript.
    """

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
    """Evidence for a pair, or against it if ``odds`` (a natural logarithm) is negative."""

    odds: float
    words: Message


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transcript that may belong to an audio file. The ``confidence`` is 0 to 1; the strongest reasons come first."""

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
    """All pairs, the most confident first, and the audio and texts without a partner."""

    pairs: tuple[Pair, ...] = ()
    audio: tuple[Audio, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(slots=True)
class SourceContents:
    """The contents of an archive's sources.

    No episode uses ``audio`` and ``texts`` yet. ``duplicates`` are pairs of names, the used file first. ``faults`` are
    messages about unusable files. ``states`` are ``Origin.state`` by path, ``items`` the feed items by key. ``unread``
    are errors by the location of a failed source; ``read`` are the other sources, with the show as in the feed now.
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
    """An episode that the archive imported. Its sources are checked for changes.

    ``folder`` is the name of its folder; ``key`` is ``Audio.key`` at the import. ``text.sha256`` is the hash of the
    imported transcript; if the library's transcript has another hash, it was edited in the library.
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
    """A new version of an episode's audio or transcript at its source, which a person accepts or ignores.

    ``kind`` is ``audio`` or ``transcript``, ``decision`` is ``take``, ``ignore`` or None. ``problem`` is the message
    (``media.errors.to_facts``) of a failed attempt to use the version. ``is_edited``: the transcript was edited in the
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
    """A question to a person, or something in the sources that became no episode.

    Kinds: ``question``, ``audio`` (without a transcript), ``text`` (without audio), ``duplicate``, ``fault`` (an
    unusable file), ``unread`` (an unreadable source), ``gone`` (a file missing in its source), ``missing`` (an
    episode's folder). ``key`` is unique among findings of a kind. ``answer`` is the key of the chosen transcript, empty
    for none of them, None for an open question."""

    kind: str
    key: str
    name: str
    details: Mapping[str, Any] = field(default_factory=dict)
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The result of aligning an episode in a run.

    ``key`` is a hash of audio and transcript; ``files`` are the names, sizes and times of both as JSON. ``error`` is a
    message (``media.errors.to_facts``), None if the episode was aligned. ``written`` are the hashes of the files that
    a worker wrote (``aligner.storage.atomic.written_in``); these hashes are not stored.
    """

    folder: str
    key: str
    files: str
    error: Mapping[str, Any] | None = None
    written: Mapping[str, str] = field(default_factory=dict)


def _file_name(file: Origin, own_folder: Path | None) -> str:
    return printable(f"{own_folder.name}/{file.path.name}" if own_folder else file.path.name)
