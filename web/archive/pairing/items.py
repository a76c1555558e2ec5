"""The records of what an archive is made of: sounds and texts, and all that tells of which episode they are."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aligner.storage.file_names import printable
from web.archive.pairing.names import Told, told_by


@dataclass(frozen=True, slots=True)
class Link:
    """A file that a feed names: its ``url``, and its type, language, size in bytes and hash (as subresource integrity
    writes it) as far as they are declared."""

    url: str
    type: str | None = None
    language: str | None = None
    size: int | None = None
    integrity: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was when it was looked at: where it lies, how long it was and when it was changed (ns), its hash."""

    path: Path
    size: int
    changed: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed: what it says of an episode, each as far as it does; dates are as ISO 8601 writes them."""

    guid: str
    title: str | None = None
    show: str | None = None
    date: str | None = None
    link: str | None = None
    season: int | None = None
    number: int | None = None
    seconds: float | None = None
    language: str | None = None
    description: str = ""
    cover: str | None = None
    persons: tuple[str, ...] = ()
    sound: Link | None = None
    transcripts: tuple[Link, ...] = ()
    chapters: tuple[str, ...] = ()
    chapters_at: str | None = None

    @property
    def name(self) -> str:
        """What it is called in what is shown."""
        own = self.title or self.sound_name or self.date
        return own or (_shown_address(self.guid) if "://" in self.guid else self.guid)

    @property
    def sound_name(self) -> str | None:
        """What the file of its sound is called."""
        return _shown_address(self.sound.url) if self.sound else None


@dataclass(frozen=True, slots=True)
class Clues:
    """What tells of which episode something is: its names (of its file, and of the folder that it has to itself), its
    titles, what all these tell of numbers and dates, words that are said in it or of it, as sorted hashes, and how long
    it is: seconds of a sound, words of a text."""

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)
    language: str | None = None
    show: str | None = None
    date: str | None = None
    length: float | None = None
    said: tuple[int, ...] = ()

    @classmethod
    def of(cls, names: tuple[str, ...], titles: tuple[str, ...], **known: object) -> Clues:
        """The clues, with what names and titles tell."""
        told = Told()
        for name in names:
            told = told.joined(told_by(name))
        for title in titles:
            told = told.joined(told_by(title, is_title=True))
        return cls(names, titles, told, **known)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound that may be an episode: a file, an item of a feed, or both. ``alone`` tells whether it lies
    in its ``folder`` with one text and nothing else of the kind; ``beside`` are other folders in which it lies once
    more; ``label`` is what it is called where its own name is another's too (``labels``)."""

    key: str
    clues: Clues
    file: File | None = None
    entry: Entry | None = None
    folder: Path | None = None
    alone: bool = False
    beside: tuple[Path, ...] = ()
    label: str = ""

    @property
    def name(self) -> str:
        """What it is called in what is shown."""
        if self.label:
            return self.label
        if self.file:
            return _shown(self.file.path, self.clues)
        assert self.entry
        return self.entry.name

    def lying_also(self, *others: Sound) -> Sound:
        """The same sound, which lies where the others do too."""
        lies_in = (each for other in others for each in (other.folder, *other.beside))
        folders = dict.fromkeys((*self.beside, *filter(None, lies_in)))
        return replace(self, beside=tuple(each for each in folders if each != self.folder)) if others else self

    def also(self, entry: Entry, clues: Clues) -> Sound:
        """The same sound, of which a feed tells too."""
        mine = self.clues
        joined = replace(
            mine,
            names=(*mine.names, *clues.names),
            titles=(*clues.titles, *mine.titles),
            told=clues.told.over(mine.told),
            language=clues.language or mine.language,
            show=clues.show or mine.show,
            date=clues.date or mine.date,
            said=tuple(sorted({*mine.said, *clues.said})),
        )
        return replace(self, entry=entry, clues=joined)


@dataclass(frozen=True, slots=True)
class Text:
    """A transcript: a file, or what a feed declares; ``same`` is the hash of its words, whatever its format, ``label``
    as that of a ``Sound``, ``opening`` the first lines of what is said in it, ``titles`` those that it plainly has and
    no other, and ``labels`` its speakers'."""

    key: str
    clues: Clues
    file: File | None = None
    link: Link | None = None
    of: str | None = None  # the key of the sound that the feed declares it for
    folder: Path | None = None
    alone: bool = False
    same: str = ""
    label: str = ""
    opening: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in what is shown."""
        if self.label:
            return self.label
        if self.file:
            return _shown(self.file.path, self.clues)
        assert self.link
        return _shown_address(self.link.url)


def _shown_address(address: str) -> str:
    """The last part of an address, in which nothing that is asked for with it is told: that may be somebody's key."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(address)
        return unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.hostname or "?"
    return "?"


def _shown(path: Path, clues: Clues) -> str:
    """A file's name, after that of its folder where it tells nothing itself."""
    tells = printable(path.stem) in clues.names
    return path.name if tells else f"{printable(path.parent.name)}/{path.name}"
